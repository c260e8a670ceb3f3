/* Places in the tree: siblings stand in the order of their names (as the database sorts them, ties by public ID), each with
 * a label between its neighbours' (scope/scope.h).
 *
 * All of it happens in the caller's transaction, under a lock of the parent's row. Facts, list table, counters and search
 * index move together. *REWRITTEN counts the tenants whose label became another one. */
#ifndef TENANTRY_DB_TREE_H
#define TENANTRY_DB_TREE_H

#include "db/db.h"

struct tree_new {
	uint64_t parent; /* internal key */
	const char *id, *name, *domain, *created; /* created: SQL's instant */
};

/* Makes a tenant below PARENT and its row of the list table; *TENANT is its key. ERR_NOT_FOUND when the parent is gone,
 * ERR_REFUSED when there is no room below it. */
enum error tree_add(struct db *db, const struct tree_new *new, uint64_t *tenant, uint64_t *rewritten);

/* Locks what a change of TENANT needs: its parent, OTHER_PARENT (0: none), itself. Called before its facts are changed.
 * ERR_NOT_FOUND when one of them is gone. */
enum error tree_lock(struct db *db, uint64_t tenant, uint64_t other_parent);

/* After TENANT's name or parent was changed: gives it its place, with all below it, and brings the list table up to the
 * facts, above the old place too. Does for every other change of its facts as well. */
enum error tree_settle(struct db *db, uint64_t tenant, uint64_t *rewritten);

/* The same when its name or domain alone was changed: what follows from the rest is not read again. */
enum error tree_rename(struct db *db, uint64_t tenant, uint64_t *rewritten);

#endif
