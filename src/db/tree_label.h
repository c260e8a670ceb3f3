/* New labels for tenants that are there: what tree.c needs when a place is taken or left. Included in db/ alone. */
#ifndef TENANTRY_DB_TREE_LABEL_H
#define TENANTRY_DB_TREE_LABEL_H

#include "db/db.h"

/* Where siblings stand: the parent's label, and how far two neighbouring labels are apart at least. */
struct tree_level {
	uint64_t parent, step;
};

struct tree_level tree_level_below(uint64_t parent_pos);

/* Makes room behind the sibling at BEFORE (the parent's label: before all): spreads the smallest aligned block around it
 * that is not too dense. *LABEL is free then, and in its order. */
enum error tree_make_room(struct db *db, struct tree_level level, uint64_t before, uint64_t *label, uint64_t *rewritten);

/* A reseller with all below it, or a customer, to NEW, where nothing is. Facts, list table and search index. */
enum error tree_shift(struct db *db, uint64_t old, uint64_t new, uint64_t *rewritten);

#endif
