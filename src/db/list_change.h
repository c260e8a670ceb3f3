/* Which tenants' objects have changed, in an order that can be followed.
 *
 * Whoever writes a row of the list table notes it here, in the same transaction: db/list_node.c, list_table.c and list_time.c, where all
 * of those writes are. A note has no place in the order until it is committed. Places are marks, given out under a lock of the
 * tree's row by whoever asks for one: all notes that are committed by then get the next mark, those that are not a later one. So
 * nothing ever appears behind a mark that was given out. Marks are instants (milliseconds), and tell nothing but when one was asked for. */
#ifndef TENANTRY_DB_LIST_CHANGE_H
#define TENANTRY_DB_LIST_CHANGE_H

#include "db/list.h"

#define LIST_CHANGE_DAYS 30 /* so long changes are kept */

/* Notes tenants, by key, by label, one of which all is known (RESELLER: itself or above it, 0 for a distributor); that TENANT was RESELLER's and is not any more; that a whole tree was written anew, so that those who
 * follow it begin again. In the caller's transaction. */
enum error list_change_tenants(struct db *db, const uint64_t *tenants, size_t count);
enum error list_change_one(struct db *db, uint64_t tenant, uint64_t reseller, uint64_t distributor, const char *id);
enum error list_change_labels(struct db *db, const uint64_t *labels, size_t count);
enum error list_change_left(struct db *db, uint64_t tenant, uint64_t reseller);
enum error list_change_all(struct db *db, uint64_t distributor_label);

/* A mark of now, and the oldest since which changes can be asked. What the caller reads after this has at least all changes up to
 * the mark. Not in a transaction. */
enum error list_change_mark(struct db *db, const struct scope *scope, uint64_t *mark, uint64_t *oldest);

/* A tenant that changed: its place, or 0 when it is not in the scope any more. */
struct list_change {
	uint64_t mark, tree_pos;
	const char *id;
};

/* Up to LIMIT of the scope, with marks above SINCE and not above UNTIL, in their order, from behind the one with mark AFTER and ID on (0 and
 * NULL: from the first on). One that has changed again since UNTIL may be missing: it comes later. */
enum error list_change_read(struct db *db, const struct scope *scope, uint64_t since, uint64_t until, uint64_t after, const char *id,
	unsigned limit, struct arena *arena, struct list_change **changes, size_t *count);

/* Throws away what nobody can ask for any more. */
enum error list_change_housekeep(struct db *db);

#endif
