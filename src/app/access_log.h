/* The line of the access log for a request, and the warning for one that was slow. Used by the pipeline alone. */
#ifndef TENANTRY_APP_ACCESS_LOG_H
#define TENANTRY_APP_ACCESS_LOG_H

#include "app/context.h"

/* Counts and logs a request that has been answered with STATUS (ERROR: why it was refused) after TIME_US. */
void access_log(const struct context *c, int status, enum error error, uint64_t time_us);

#endif
