/* The doctor's look: does the list table say what the facts say? Reads in one snapshot, changes nothing.
 *
 * A row whose next change has passed is not wrong, only not yet followed: its contract counts are left out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/text.h"
#include "db/connection.h"
#include "db/contract_write.h"
#include "db/list_fact.h"
#include "db/list_gram.h"
#include "db/list_table.h"
#include "db/source_day.h"

/* The columns of list_table_stored, in order. Texts are compared as they stand, numbers as numbers. */
enum { COLUMN_TREE_POS, COLUMN_PUBLIC_ID = 2, COLUMN_C_FIRST = 20, COLUMN_NEXT_CHANGE = 26, COLUMN_COUNT };
static const char *const column_names[COLUMN_COUNT] = {
	"tree_pos", "tenant_id", "public_id", "parent_public_id", "tier", "suspended", "name", "domain", "created_at",
	"search", "admin_name", "admin_pending", "onboarding", "tasks_done", "tasks_total", "rollup", "s_failed",
	"s_warning", "s_success", "s_not_available", "c_active", "c_scheduled", "c_draft", "c_expired", "c_cancelled",
	"c_superseded", "next_change",
};
static const char *const total_names[] = {
	"tenant_id", "total.total", "total.tier_2", "total.tier_3", "total.onboarding", "total.suspended",
	"total.r_failed", "total.r_warning", "total.r_success",
};

struct compare {
	struct db *db;
	struct arena *arena; /* of the chunk */
	struct gram_sort *sort, *contract_sort;
	struct db_rows *stored;
	char **row;          /* the stored row at hand; NULL after the last one */
	list_difference_fn *difference;
	void *arg;
	unsigned limit;
	uint64_t count;
	char now[CLOCK_INSTANT_SIZE];
};

static void report(struct compare *compare, const char *id, const char *column, const char *stored, const char *fact)
{
	if (compare->count++ < compare->limit)
		compare->difference(compare->arg, id, column, stored != NULL ? stored : "", fact != NULL ? fact : "");
}

static void report_contract(void *arg, const char *id, const char *column, const char *stored, const char *fact)
{
	report(arg, id, column, stored, fact);
}

static const char *number(struct arena *arena, uint64_t value)
{
	return arena_printf(arena, "%" PRIu64, value);
}

/* What the stored row should say, column by column. */
static void expected(struct arena *arena, const struct list_fact *fact, const char *columns[COLUMN_COUNT])
{
	const uint64_t numbers[] = { fact->tree_pos, fact->tenant };
	const uint64_t middle[] = { fact->admin_pending, fact->onboarding, fact->tasks_done, fact->tasks_total,
		list_rollup(fact->sources), fact->sources[ROLLUP_FAILED], fact->sources[ROLLUP_WARNING],
		fact->sources[ROLLUP_SUCCESS], fact->sources[ROLLUP_NOT_AVAILABLE] };
	size_t column = 0;

	for (size_t i = 0; i < 2; i++)
		columns[column++] = number(arena, numbers[i]);
	columns[column++] = fact->id;
	columns[column++] = fact->parent;
	columns[column++] = number(arena, fact->tier);
	columns[column++] = number(arena, fact->suspended);
	columns[column++] = fact->name;
	columns[column++] = fact->domain;
	columns[column++] = fact->created;
	columns[column++] = fact->search;
	columns[column++] = fact->admin;
	for (size_t i = 0; i < sizeof middle / sizeof *middle; i++)
		columns[column++] = number(arena, middle[i]);
	for (size_t i = 0; i < CONTRACT__MAX; i++)
		columns[column++] = number(arena, fact->contracts[i]);
	columns[column++] = fact->next_change;
}

static bool is_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void compare_row(struct compare *compare, const struct list_fact *fact, char **row)
{
	const char *columns[COLUMN_COUNT];
	const char *change = row[COLUMN_NEXT_CHANGE];
	bool due = change != NULL && strcmp(change, compare->now) <= 0;

	expected(compare->arena, fact, columns);
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		if (!is_equal(columns[i], row[i]) && !(due && i >= COLUMN_C_FIRST))
			report(compare, fact->id, column_names[i], row[i], columns[i]);
	}
	if (fact->newly_onboarded)
		report(compare, fact->id, "onboarded_at", NULL, "all tasks are done");
}

static enum error compare_totals(struct compare *compare, const struct list_fact *fact, const struct list_totals *totals)
{
	const int64_t values[] = { (int64_t)fact->tenant, totals->total, totals->tier[TIER_RESELLER],
		totals->tier[TIER_CUSTOMER], totals->onboarding, totals->suspended, totals->rollup[ROLLUP_FAILED],
		totals->rollup[ROLLUP_WARNING], totals->rollup[ROLLUP_SUCCESS] };
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(compare->db, NULL, STMT_LIST_TOTAL_STORED, DB_VALUES(DB_UINT(fact->tenant)), &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	if (row == NULL) {
		report(compare, fact->id, "total", NULL, number(compare->arena, (uint64_t)totals->total));
		return ERR_NONE;
	}
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (db_int(row[i]) != values[i])
			report(compare, fact->id, total_names[i], row[i], number(compare->arena, (uint64_t)values[i]));
	}
	return ERR_NONE;
}

/* Goes to the stored row of a customer with the label; on the way, rows of nobody are told. */
static bool stored_reach(struct compare *compare, uint64_t label)
{
	while (compare->row != NULL && db_uint(compare->row[COLUMN_TREE_POS]) < label) {
		report(compare, compare->row[COLUMN_PUBLIC_ID], "row", "stored", "no such tenant there");
		compare->row = db_next(compare->stored);
	}
	return compare->row != NULL && db_uint(compare->row[COLUMN_TREE_POS]) == label;
}

/* Passes over the rows of tenants above the customers, whose facts are whole only later. */
static enum error take_chunk(void *arg, uint64_t low, uint64_t high, const struct list_fact *facts, size_t count)
{
	struct compare *compare = arg;
	enum error error;

	arena_reset(compare->arena);
	db_rows_free(compare->stored);
	compare->stored = NULL;
	error = db_query(compare->db, NULL, STMT_LIST_TABLE_STORED, DB_VALUES(DB_UINT(low), DB_UINT(high)),
		&compare->stored);
	if (error != ERR_NONE)
		return error;
	compare->row = db_next(compare->stored);
	for (size_t i = 0; i < count && error == ERR_NONE; i++) {
		struct text_gram *grams;
		size_t gram_count = text_grams(compare->arena, facts[i].search, &grams);

		error = gram_sort_add(compare->sort, facts[i].tree_pos, grams, gram_count);
		if (error == ERR_NONE)
			error = contract_grams_add(compare->contract_sort, compare->arena, &facts[i]);
		if (!stored_reach(compare, facts[i].tree_pos)) {
			report(compare, facts[i].id, "row", NULL, "missing");
			continue;
		}
		if (facts[i].tier == TIER_CUSTOMER)
			compare_row(compare, &facts[i], compare->row);
		compare->row = db_next(compare->stored);
	}
	stored_reach(compare, high);
	if (error == ERR_NONE)
		error = contract_compare_chunk(compare->db, compare->arena, low, high, facts, count, compare->now, report_contract,
			compare);
	return error;
}

static enum error take_row(void *arg, const struct list_fact *fact, const struct list_totals *totals)
{
	struct compare *compare = arg;
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **row;

	if (totals == NULL)
		return ERR_NONE;
	error = db_query(compare->db, NULL, STMT_LIST_TABLE_STORED,
		DB_VALUES(DB_UINT(fact->tree_pos), DB_UINT(fact->tree_pos + 1)), &rows);
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	if (row != NULL)
		compare_row(compare, fact, row);
	error = compare_totals(compare, fact, totals);
	return error == ERR_NONE ? contract_compare_totals(compare->db, compare->arena, fact, report_contract, compare) : error;
}

static enum error take_chunk_end(void *arg)
{
	(void)arg;
	return ERR_NONE;
}

static enum error take_gram(void *arg, const struct gram_entry *entry, enum gram_difference difference)
{
	struct compare *compare = arg;
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **row;

	if (compare->count >= compare->limit) {
		compare->count++;
		return ERR_NONE;
	}
	error = db_query(compare->db, NULL, STMT_LIST_GRAM_OWNER, DB_VALUES(DB_UINT(entry->tree_pos)), &rows);
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	report(compare, row != NULL ? row[0] : "", "search index", difference == GRAM_EXCESS ? number(compare->arena, entry->gram) : NULL,
		difference == GRAM_EXCESS ? NULL : number(compare->arena, entry->gram));
	return ERR_NONE;
}

static void day_difference(void *arg, uint64_t tenant, const char *date, const char *column, int64_t stored, int64_t fact)
{
	struct compare *compare = arg;
	DB_ROWS_AUTO rows = NULL;
	char **row = db_query(compare->db, NULL, STMT_LIST_OWNER, DB_VALUES(DB_UINT(tenant)), &rows) == ERR_NONE ? db_next(rows) : NULL;

	report(compare, row != NULL ? row[0] : "", arena_printf(compare->arena, "runs of %s: %s", date, column),
		arena_printf(compare->arena, "%" PRId64, stored), arena_printf(compare->arena, "%" PRId64, fact));
}

/* All trees, and what stands between them in the list table. */
static enum error compare_all(struct compare *compare, struct arena *arena)
{
	const struct list_sink sink = { compare, take_chunk, take_row, take_chunk_end };
	struct list_tree *trees;
	uint64_t low = 0;
	size_t count;
	enum error error = list_trees(compare->db, arena, &trees, &count);

	for (size_t i = 0; i <= count && error == ERR_NONE; i++) {
		error = take_chunk(compare, low, i < count ? trees[i].low : INT64_MAX, NULL, 0);
		if (i == count || error != ERR_NONE)
			break;
		error = list_facts_walk(compare->db, &trees[i], &sink);
		if (error == ERR_NONE)
			error = source_day_compare(compare->db, trees[i].low, day_difference, compare);
		low = trees[i].high;
	}
	if (error == ERR_NONE)
		error = gram_sort_done(compare->sort);
	if (error == ERR_NONE)
		error = gram_sort_done(compare->contract_sort);
	if (error == ERR_NONE)
		error = gram_compare(compare->db, GRAM_TENANT, 0, UINT64_MAX, compare->sort, take_gram, compare);
	if (error == ERR_NONE)
		error = gram_compare(compare->db, GRAM_CONTRACT, 0, UINT64_MAX, compare->contract_sort, take_gram, compare);
	return error;
}

enum error list_table_compare(struct db *db, unsigned limit, list_difference_fn *difference, void *arg,
	uint64_t *differences)
{
	ARENA_AUTO arena = arena_new();
	struct compare compare = { .db = db, .arena = arena_new(), .difference = difference, .arg = arg, .limit = limit,
		.sort = gram_sort_new(), .contract_sort = gram_sort_new() };
	bool own_snapshot = !db->in_transaction;
	enum error error = compare.sort != NULL && compare.contract_sort != NULL ? ERR_NONE : ERR_INTERNAL;

	clock_sql(clock_now_ms(), compare.now);
	if (error == ERR_NONE && own_snapshot)
		error = db_snapshot_begin(db);
	if (error == ERR_NONE)
		error = compare_all(&compare, arena);
	db_rows_free(compare.stored);
	if (own_snapshot)
		db_snapshot_end(db);
	gram_sort_free(compare.sort);
	gram_sort_free(compare.contract_sort);
	arena_free(compare.arena);
	*differences = compare.count;
	return error;
}
