/* Making the list table of a tree anew.
 *
 * Writes the rows chunk by chunk as the facts are walked, and the search index at the end, in its own order. Meant
 * for trees that nobody changes at the same time (demo data, imports, repairs); pages use list_table_refresh(). */
#include "db/list_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/text.h"
#include "db/bulk.h"
#include "db/list_change.h"
#include "db/contract_write.h"
#include "db/list_fact.h"
#include "db/list_gram.h"
#include "db/list_write.h"
#include "db/source_day.h"

/* What a chunk is going to write. */
struct rebuild {
	struct db *db;
	bool commit;
	struct gram_sort *sort, *contract_sort;
	struct arena *arena;
	const struct list_fact *facts; /* of the chunk, for the rows of their contracts */
	size_t fact_count;
	const struct list_fact **rows;
	const struct list_totals **totals; /* NULL for customers */
	size_t count, capacity;
	uint64_t low, high;
};

void list_write_values(const struct list_fact *fact, struct db_value values[LIST_WRITE_VALUES])
{
	const struct db_value row[LIST_WRITE_VALUES] = { DB_UINT(fact->tree_pos), DB_UINT(fact->tenant), DB_TEXT(fact->id),
		DB_TEXT(fact->parent), DB_UINT(fact->tier), DB_UINT(fact->suspended), DB_TEXT(fact->name),
		DB_TEXT(fact->domain), DB_TEXT(fact->created), DB_TEXT(fact->search), DB_TEXT(fact->admin),
		DB_UINT(fact->admin_pending), DB_UINT(fact->onboarding), DB_UINT(fact->tasks_done),
		DB_UINT(fact->tasks_total), DB_UINT(list_rollup(fact->sources)), DB_UINT(fact->sources[ROLLUP_FAILED]),
		DB_UINT(fact->sources[ROLLUP_WARNING]), DB_UINT(fact->sources[ROLLUP_SUCCESS]),
		DB_UINT(fact->sources[ROLLUP_NOT_AVAILABLE]), DB_UINT(fact->contracts[CONTRACT_ACTIVE]),
		DB_UINT(fact->contracts[CONTRACT_SCHEDULED]), DB_UINT(fact->contracts[CONTRACT_DRAFT]),
		DB_UINT(fact->contracts[CONTRACT_EXPIRED]), DB_UINT(fact->contracts[CONTRACT_CANCELLED]),
		DB_UINT(fact->contracts[CONTRACT_SUPERSEDED]), DB_TEXT(fact->next_change) };

	memcpy(values, row, sizeof row);
}

enum error list_write_onboarded(struct db *db, const uint64_t *tenants, size_t count)
{
	char now[CLOCK_INSTANT_SIZE];

	if (count == 0)
		return ERR_NONE;
	clock_sql(clock_now_ms(), now);
	return db_execute(db, NULL, STMT_LIST_TABLE_ONBOARDED, DB_VALUES(DB_TEXT(now), DB_UINTS(tenants, count)), NULL);
}

static enum error write_rows(struct rebuild *rebuild)
{
	struct bulk *bulk = bulk_new(rebuild->db, STMT_LIST_TABLE_PUT);
	enum error error = ERR_NONE;

	for (size_t i = 0; i < rebuild->count && error == ERR_NONE; i++) {
		struct db_value values[LIST_WRITE_VALUES];

		list_write_values(rebuild->rows[i], values);
		error = bulk_row(bulk, values, LIST_WRITE_VALUES);
	}
	if (error == ERR_NONE)
		error = bulk_flush(bulk);
	bulk_free(bulk);
	return error;
}

static enum error write_totals(struct rebuild *rebuild)
{
	struct bulk *bulk = bulk_new(rebuild->db, STMT_LIST_TOTAL_PUT);
	enum error error = ERR_NONE;

	for (size_t i = 0; i < rebuild->count && error == ERR_NONE; i++) {
		const struct list_totals *totals = rebuild->totals[i];

		if (totals == NULL)
			continue;
		struct db_value values[10 + COUNTER__MAX] = { DB_UINT(rebuild->rows[i]->tenant), DB_INT(totals->total),
			DB_INT(totals->tier[TIER_RESELLER]), DB_INT(totals->tier[TIER_CUSTOMER]), DB_INT(totals->onboarding),
			DB_INT(totals->suspended), DB_INT(totals->rollup[ROLLUP_FAILED]),
			DB_INT(totals->rollup[ROLLUP_WARNING]), DB_INT(totals->rollup[ROLLUP_SUCCESS]),
			/* above any that counting has come to since the last rebuild */
			DB_INT(clock_now_ms()) };
		contract_totals_values(&totals->contracts, values + 10);
		error = bulk_row(bulk, values, sizeof values / sizeof *values);
	}
	if (error == ERR_NONE)
		error = bulk_flush(bulk);
	bulk_free(bulk);
	return error;
}

static enum error write_onboarded(struct rebuild *rebuild)
{
	uint64_t *tenants = arena_array(rebuild->arena, rebuild->count + 1, sizeof *tenants);
	size_t count = 0;

	for (size_t i = 0; i < rebuild->count; i++) {
		if (rebuild->rows[i]->newly_onboarded)
			tenants[count++] = rebuild->rows[i]->tenant;
	}
	return list_write_onboarded(rebuild->db, tenants, count);
}

/* Writes the chunk; may be run again. */
static enum error write_chunk(struct db *db, void *arg)
{
	struct rebuild *rebuild = arg;
	enum error error = db_execute(db, NULL, STMT_LIST_TABLE_SWEEP,
		DB_VALUES(DB_UINT(rebuild->low), DB_UINT(rebuild->high)), NULL);

	if (error == ERR_NONE)
		error = write_rows(rebuild);
	if (error == ERR_NONE)
		error = write_totals(rebuild);
	if (error == ERR_NONE)
		error = write_onboarded(rebuild);
	if (error == ERR_NONE)
		error = contract_write_chunk(db, rebuild->arena, rebuild->low, rebuild->high, rebuild->facts, rebuild->fact_count);
	return error;
}

static enum error take_chunk(void *arg, uint64_t low, uint64_t high, const struct list_fact *facts, size_t count)
{
	struct rebuild *rebuild = arg;
	enum error error = ERR_NONE;

	arena_reset(rebuild->arena);
	for (size_t i = 0; i < count && error == ERR_NONE; i++) {
		struct text_gram *grams;
		size_t gram_count = text_grams(rebuild->arena, facts[i].search, &grams);

		error = gram_sort_add(rebuild->sort, facts[i].tree_pos, grams, gram_count);
		if (error == ERR_NONE)
			error = contract_grams_add(rebuild->contract_sort, rebuild->arena, &facts[i]);
	}
	arena_reset(rebuild->arena);
	/* besides its own a chunk has at most the rows that were held from earlier ones */
	rebuild->capacity = count + 2;
	rebuild->rows = arena_array(rebuild->arena, rebuild->capacity, sizeof *rebuild->rows);
	rebuild->totals = arena_array(rebuild->arena, rebuild->capacity, sizeof *rebuild->totals);
	rebuild->count = 0;
	rebuild->facts = facts;
	rebuild->fact_count = count;
	rebuild->low = low;
	rebuild->high = high;
	return error;
}

static enum error take_row(void *arg, const struct list_fact *fact, const struct list_totals *totals)
{
	struct rebuild *rebuild = arg;
	struct list_totals *copy = NULL;

	if (rebuild->count == rebuild->capacity) {
		log_error("rebuilding the list: more rows than tenants");
		return ERR_INTERNAL;
	}
	if (totals != NULL) {
		copy = arena_alloc(rebuild->arena, sizeof *copy);
		*copy = *totals;
	}
	rebuild->rows[rebuild->count] = fact;
	rebuild->totals[rebuild->count++] = copy;
	return ERR_NONE;
}

static enum error take_chunk_end(void *arg)
{
	struct rebuild *rebuild = arg;

	return rebuild->commit ? db_transaction(rebuild->db, write_chunk, rebuild) : write_chunk(rebuild->db, rebuild);
}

/* Who follows the tree's changes reads all of it anew: that is less work than a note for each row. */
static enum error begin_again(struct db *db, void *arg)
{
	const struct list_tree *tree = arg;

	return list_change_all(db, tree->low);
}

enum error list_table_rebuild(struct db *db, uint64_t distributor_pos, bool commit_chunks)
{
	ARENA_AUTO arena = arena_new();
	struct rebuild rebuild = { .db = db, .commit = commit_chunks, .arena = arena };
	const struct list_sink sink = { &rebuild, take_chunk, take_row, take_chunk_end };
	struct list_tree tree;
	enum error error = list_tree_of(db, distributor_pos, &tree);

	if (error != ERR_NONE)
		return error;
	/* Chunks that others see at once are told before and after. */
	if (commit_chunks)
		error = db_transaction(db, begin_again, &tree);
	if (error != ERR_NONE)
		return error;
	rebuild.sort = gram_sort_new();
	rebuild.contract_sort = gram_sort_new();
	error = rebuild.sort != NULL && rebuild.contract_sort != NULL ? list_facts_walk(db, &tree, &sink) : ERR_INTERNAL;
	if (error == ERR_NONE)
		error = gram_sort_done(rebuild.sort);
	if (error == ERR_NONE)
		error = gram_sort_done(rebuild.contract_sort);
	if (error == ERR_NONE)
		error = gram_store(db, GRAM_TENANT, tree.low, tree.high, rebuild.sort);
	if (error == ERR_NONE)
		error = gram_store(db, GRAM_CONTRACT, tree.low, tree.high, rebuild.contract_sort);
	gram_sort_free(rebuild.sort);
	gram_sort_free(rebuild.contract_sort);
	if (error == ERR_NONE)
		error = source_day_rebuild(db, tree.low, commit_chunks);
	if (error == ERR_NONE)
		error = commit_chunks ? db_transaction(db, begin_again, &tree) : begin_again(db, &tree);
	return error;
}

static enum error is_missing(struct db *db, enum statement statement, bool *missing)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, statement, DB_NO_VALUES, &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	*missing = row != NULL && db_uint(row[0]) != 0;
	return error;
}

/* Chunks are committed one by one: what was begun is noted before the first of them, and so taken up again when it is cut off. */
static enum error fill_begin(struct db *db, void *arg)
{
	char now[CLOCK_INSTANT_SIZE];

	clock_sql(clock_now_ms(), now);
	return db_execute(db, NULL, STMT_LIST_FILL_BEGIN, DB_VALUES(DB_TEXT((const char *)arg), DB_TEXT(now)), NULL);
}

static enum error fill_end(struct db *db, void *arg)
{
	(void)arg;
	return db_execute(db, NULL, STMT_LIST_FILL_END, DB_NO_VALUES, NULL);
}

static enum error fill_list(struct db *db, const struct list_tree *tree)
{
	return list_table_rebuild(db, tree->low, true);
}

static enum error fill_days(struct db *db, const struct list_tree *tree)
{
	return source_day_rebuild(db, tree->low, true);
}

static enum error fill_near(struct db *db, const struct list_tree *tree)
{
	enum error error = gram_tell_near(db, GRAM_TENANT, tree->low, tree->high);

	return error == ERR_NONE ? gram_tell_near(db, GRAM_CONTRACT, tree->low, tree->high) : error;
}

/* In this order: what is filled first brings along what comes after it. NAME: as the statement MISSING has it. */
static const struct {
	enum statement missing;
	const char *name, *what;
	enum error (*fill)(struct db *db, const struct list_tree *tree);
} fills[] = {
	{ STMT_CONTRACT_LIST_MISSING, "contract_list", "the list of contracts", fill_list },
	{ STMT_SOURCE_DAY_MISSING, "source_day", "the counters of runs by day", fill_days },
	{ STMT_LIST_NEAR_MISSING, "near", "what is near the pieces of the search indexes", fill_near },
};

static enum error fill(struct db *db, size_t which)
{
	ARENA_AUTO arena = arena_new();
	struct list_tree *trees;
	size_t count = 0;
	bool missing = false;
	enum error error = is_missing(db, fills[which].missing, &missing);

	if (error != ERR_NONE || !missing)
		return error;
	log_info("filling %s", fills[which].what);
	error = db_transaction(db, fill_begin, (char *)(uintptr_t)fills[which].name);
	if (error == ERR_NONE)
		error = list_trees(db, arena, &trees, &count);
	for (size_t i = 0; i < count && error == ERR_NONE; i++)
		error = fills[which].fill(db, &trees[i]);
	return error == ERR_NONE ? db_transaction(db, fill_end, NULL) : error;
}

enum error list_table_fill(struct db *db)
{
	enum error error = ERR_NONE;

	for (size_t i = 0; i < sizeof fills / sizeof *fills && error == ERR_NONE; i++)
		error = fill(db, i);
	return error;
}
