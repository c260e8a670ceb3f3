/* Keeping the rows of the Contracts list: written, compared, followed through time. Included in db/ alone; the rest of the
 * program calls db/list_table.h, which sees to these too. */
#ifndef TENANTRY_DB_CONTRACT_WRITE_H
#define TENANTRY_DB_CONTRACT_WRITE_H

#include "db/list_fact.h"

struct gram_sort;
struct list_nodes;

/* Adds the pieces of the contracts of a tenant to SORT. */
enum error contract_grams_add(struct gram_sort *sort, struct arena *arena, const struct list_fact *fact);

/* The counters as values, in the order of their columns. */
void contract_totals_values(const struct contract_totals *totals, struct db_value values[COUNTER__MAX]);

/* Writes the rows of the facts of [low, high) in place of what is there. */
enum error contract_write_chunk(struct db *db, struct arena *arena, uint64_t low, uint64_t high,
	const struct list_fact *facts, size_t count);

/* The rows of one tenant and their pieces: FACT is NULL when it is gone. OLD_POS: the label that it had. What they count for goes to
 * NODES, which are to be stored. */
enum error contract_write_tenant(struct db *db, struct list_nodes *nodes, uint64_t tenant, uint64_t old_pos,
	const struct list_fact *fact);

/* The rows of a tenant that has another label, name or search text, as FACT says them, and their pieces. */
enum error contract_write_renamed(struct db *db, struct arena *arena, uint64_t old_pos, const struct list_fact *fact);

/* Calls DIFFERENCE for what is stored otherwise in [low, high) than the facts say. NOW: SQL's instant; what hangs on the day is left
 * out of rows whose next change has passed. */
typedef void contract_difference_fn(void *arg, const char *id, const char *column, const char *stored, const char *fact);
enum error contract_compare_chunk(struct db *db, struct arena *arena, uint64_t low, uint64_t high,
	const struct list_fact *facts, size_t count, const char *now, contract_difference_fn *difference, void *arg);

/* The same for the counters of FACT, a distributor or a reseller: they are compared with the rows. */
enum error contract_compare_totals(struct db *db, struct arena *arena, const struct list_fact *fact,
	contract_difference_fn *difference, void *arg);

/* Writes the rows of up to CHUNK tenants anew whose next change has passed. */
enum error contract_follow_time(struct db *db, unsigned chunk, unsigned *done);

#endif
