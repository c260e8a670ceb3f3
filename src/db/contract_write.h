/* Keeping the rows of the Contracts list: written, compared, followed through time. Included in db/ alone; the rest of the
 * program calls db/list_table.h, which sees to these too. */
#ifndef TENANTRY_DB_CONTRACT_WRITE_H
#define TENANTRY_DB_CONTRACT_WRITE_H

#include "db/list_fact.h"

struct gram_sort;

/* Adds the pieces of the contracts of a tenant to SORT. */
enum error contract_grams_add(struct gram_sort *sort, struct arena *arena, const struct list_fact *fact);

/* Writes the rows of the facts of [low, high) in place of what is there. */
enum error contract_write_chunk(struct db *db, struct arena *arena, uint64_t low, uint64_t high,
	const struct list_fact *facts, size_t count);

/* The rows of one tenant and their pieces: FACT is NULL when it is gone. OLD_POS: the label that it had. */
enum error contract_write_tenant(struct db *db, struct arena *arena, uint64_t tenant, uint64_t old_pos,
	const struct list_fact *fact);

/* Calls DIFFERENCE for what is stored otherwise in [low, high) than the facts say. NOW: SQL's instant; what hangs on the day is left
 * out of rows whose next change has passed. */
typedef void contract_difference_fn(void *arg, const char *id, const char *column, const char *stored, const char *fact);
enum error contract_compare_chunk(struct db *db, struct arena *arena, uint64_t low, uint64_t high,
	const struct list_fact *facts, size_t count, const char *now, contract_difference_fn *difference, void *arg);

/* Writes the rows of up to CHUNK tenants anew whose next change has passed. */
enum error contract_follow_time(struct db *db, unsigned chunk, unsigned *done);

#endif
