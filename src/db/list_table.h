/* tenant_list, tenant_total, tenant_gram, contract_list and contract_gram repeat facts. Here is the one place that knows how:
 * rebuilding a range of them from the facts, comparing, and following time.
 *
 * Used by command/ (demo, import, doctor) and the housekeeper; the writes of pages will use the single-tenant form. */
#ifndef TENANTRY_DB_LIST_TABLE_H
#define TENANTRY_DB_LIST_TABLE_H

#include "db/db.h"

/* Rebuilds the rows of all tenants of one distributor (its label), in chunks, in the caller's
 * transaction or, with COMMIT_CHUNKS, committing each. Memory is constant. */
enum error list_table_rebuild(struct db *db, uint64_t distributor_pos, bool commit_chunks);

/* The row of one tenant (its internal key) as the facts are now, with its entries in the search index and what it counts
 * for in the rows and counters above it; in the caller's transaction, after the facts were written. A deleted tenant's
 * row goes. A reseller whose label changed is not for it: its customers' labels change too. This is also the one call after
 * any change of a contract (made, saved, activated, cancelled, superseded): the counts of its tenant, its rows in the
 * Contracts list and the text they are found by follow. Once a tenant, after the last write. */
enum error list_table_refresh(struct db *db, uint64_t tenant);

/* Fills what a database of an older program does not have yet: after db_migrate(). Does nothing when it is there; begins anew when it was cut
 * off in the middle. */
enum error list_table_fill(struct db *db);

/* Compares with the facts, in a snapshot of its own; calls DIFFERENCE for each difference (at most LIMIT). */
typedef void list_difference_fn(void *arg, const char *tenant_public_id, const char *column,
	const char *stored, const char *fact);
enum error list_table_compare(struct db *db, unsigned limit, list_difference_fn *difference, void *arg,
	uint64_t *differences);

/* Stores the contract counts of rows whose next_change has passed and marks sources whose stale_at has
 * passed, up to CHUNK of each; *DONE is how many (call again while it is CHUNK). */
enum error list_table_follow_time(struct db *db, unsigned chunk, unsigned *done);

#endif
