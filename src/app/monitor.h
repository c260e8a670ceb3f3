/* Inside of monitoring: whether the database can be used. */
#ifndef TENANTRY_APP_MONITOR_H
#define TENANTRY_APP_MONITOR_H

#include "app/context.h"

/* Reads a table, the schema's version, and whether a cluster's node is in its majority. NULL: all is well, else what is not. */
const char *monitor_fault(struct context *c);

#endif
