/* Mail that waits to be sent: the housekeeper's part. */
#ifndef TENANTRY_APP_OUTBOX_H
#define TENANTRY_APP_OUTBOX_H

#include "app/app.h"

/* How long a forgotten password's link lives. */
#define OUTBOX_RESET_MINUTES 60

/* Sends what is due, at most a few messages a call. A server that does not take one is left alone until the next call. */
enum error outbox_housekeep(struct app *app);

#endif
