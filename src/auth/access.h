/* Ways in that end with a deed, whoever does it: the pages and `tenantry import` ask here. */
#ifndef TENANTRY_AUTH_ACCESS_H
#define TENANTRY_AUTH_ACCESS_H

#include "db/db.h"

/* What the present parents of these tenants of the scope have made for them, themselves or somebody acting as them: API tokens and invitations
 * that nobody has accepted end. In the transaction of the move, which holds the tenants, before it. */
enum error access_end_moved(struct db *db, const struct scope *scope, const uint64_t *tenants, size_t count);

#endif
