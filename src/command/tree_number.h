/* Numbers a subtree anew in the order of names, with equal gaps. */
#ifndef TENANTRY_COMMAND_TREE_NUMBER_H
#define TENANTRY_COMMAND_TREE_NUMBER_H

#include "db/db.h"

/* Labels from here on belong to nobody: numbering parks tenants there for a moment, and an import inserts its new ones with
 * TREE_PARKED + line (below 2^25). */
#define TREE_PARKED (UINT64_C(16383) << (2 * TREE_PART_BITS))

/* Gives new labels to all resellers of the distributor TOP and their customers, or to all customers of the reseller TOP
 * (internal key), deleted ones too, by name and, for equal names, public ID. In the caller's transaction; what repeats
 * labels (tenant_list, tenant_gram) is the caller's to rebuild. */
enum error tree_number(struct db *db, uint64_t top, enum tier tier, uint64_t tree_pos);

#endif
