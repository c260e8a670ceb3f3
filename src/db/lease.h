/* Work that one host alone does at a time, of all whose housekeepers share the database. */
#ifndef TENANTRY_DB_LEASE_H
#define TENANTRY_DB_LEASE_H

#include "db/db.h"

/* Takes or keeps the lease NAME for HOLDER (a name that a host keeps over a restart) for MS milliseconds. *HELD: it is HOLDER's now.
 * Compares the hosts' clocks, which must agree within a fraction of MS; one that was set far ahead does not hold it for ever. */
enum error lease_take(struct db *db, const char *name, const char *holder, unsigned ms, bool *held);

#endif
