/* Addresses to come back to after logging in or switching. */
#ifndef TENANTRY_APP_LOGIN_H
#define TENANTRY_APP_LOGIN_H

#include "app/context.h"

/* NEXT when it is a path of ours (begins with one "/", no second one, no backslash or control character), else NULL. Without the base
 * path: what the page wrote into the form. */
const char *login_next(const struct context *c, const char *next);

#endif
