/* What changes in the list table by time alone: contract counts at a day's beginning, sources that have been
 * silent for too long. The housekeeper calls this again and again; must stay small in what it locks at once. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/contract_write.h"
#include "db/list_change.h"
#include "db/list_node.h"
#include "db/list_table.h"

/* A row whose contracts are counted anew. */
struct due {
	uint64_t label;
	const struct list_tree *tree;
	unsigned contracts[CONTRACT__MAX];
	char next[CLOCK_DATE_SIZE];
};

struct round {
	struct arena *arena;
	unsigned chunk, done;
	struct due *dues;
	struct list_tree **trees; /* those seen in this round */
	size_t due_count, tree_count;
};

static int due_compare(const void *left, const void *right)
{
	uint64_t a = ((const struct due *)left)->label, b = ((const struct due *)right)->label;

	return a < b ? -1 : a > b;
}

static enum error tree_get(struct db *db, struct round *round, uint64_t label, const struct list_tree **tree)
{
	struct list_tree *found;
	enum error error;

	for (size_t i = round->tree_count; i-- > 0;) {
		if (round->trees[i]->low == tree_distributor(label)) {
			*tree = round->trees[i];
			return ERR_NONE;
		}
	}
	found = arena_alloc(round->arena, sizeof *found);
	error = list_tree_of(db, label, found);
	if (error == ERR_NONE)
		*tree = round->trees[round->tree_count++] = found;
	return error;
}

static enum error due_read(struct db *db, struct round *round)
{
	char now[CLOCK_INSTANT_SIZE];
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **row;

	clock_sql(clock_now_ms(), now);
	error = db_query(db, NULL, STMT_LIST_TIME_DUE, DB_VALUES(DB_TEXT(now), DB_UINT(round->chunk)), &rows);
	if (error != ERR_NONE)
		return error;
	round->dues = arena_array(round->arena, db_rows_count(rows) + 1, sizeof *round->dues);
	round->trees = arena_array(round->arena, db_rows_count(rows) + 1, sizeof *round->trees);
	round->due_count = round->tree_count = 0;
	while ((row = db_next(rows)) != NULL)
		round->dues[round->due_count++].label = db_uint(row[0]);
	qsort(round->dues, round->due_count, sizeof *round->dues, due_compare);
	for (size_t i = 0; i < round->due_count && error == ERR_NONE; i++)
		error = tree_get(db, round, round->dues[i].label, &round->dues[i].tree);
	return error;
}

static enum error due_count(struct db *db, struct round *round)
{
	uint64_t *labels = arena_array(round->arena, round->due_count + 1, sizeof *labels);
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **row;

	for (size_t i = 0; i < round->due_count; i++)
		labels[i] = round->dues[i].label;
	error = db_query(db, NULL, STMT_LIST_TIME_CONTRACTS, DB_VALUES(DB_UINTS(labels, round->due_count)), &rows);
	if (error != ERR_NONE)
		return error;
	while ((row = db_next(rows)) != NULL) {
		struct due key = { .label = db_uint(row[0]) };
		struct due *due = bsearch(&key, round->dues, round->due_count, sizeof key, due_compare);

		if (due != NULL)
			list_fact_contract(due->tree, due->contracts, due->next, row[1], row[2], row[3], db_uint(row[4]) != 0);
	}
	return ERR_NONE;
}

/* Those who follow changes learn of the new counts. */
static enum error due_note(struct db *db, const struct round *round)
{
	uint64_t *labels = arena_array(round->arena, round->due_count + 1, sizeof *labels);

	for (size_t i = 0; i < round->due_count; i++)
		labels[i] = round->dues[i].label;
	return list_change_labels(db, labels, round->due_count);
}

static enum error follow_contracts(struct db *db, void *arg)
{
	struct round *round = arg;
	enum error error;

	arena_reset(round->arena);
	error = due_read(db, round);
	if (error == ERR_NONE && round->due_count > 0)
		error = due_count(db, round);
	for (size_t i = 0; i < round->due_count && error == ERR_NONE; i++) {
		const struct due *due = &round->dues[i];

		error = db_execute(db, NULL, STMT_LIST_TIME_STORE, DB_VALUES(DB_UINT(due->contracts[CONTRACT_ACTIVE]),
			DB_UINT(due->contracts[CONTRACT_SCHEDULED]), DB_UINT(due->contracts[CONTRACT_DRAFT]),
			DB_UINT(due->contracts[CONTRACT_EXPIRED]), DB_UINT(due->contracts[CONTRACT_CANCELLED]),
			DB_UINT(due->contracts[CONTRACT_SUPERSEDED]),
			DB_TEXT(list_fact_instant(due->tree, round->arena, due->next)), DB_UINT(due->label)), NULL);
	}
	if (error == ERR_NONE)
		error = due_note(db, round);
	round->done = (unsigned)round->due_count;
	return error;
}

/* Sources that may have become stale, with their tenants; and where these stand. */
struct stale {
	uint64_t *sources, *tenants, *labels; /* labels: of the tenants in the order of their keys */
	size_t source_count, tenant_count;
};

static int key_compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

static enum error stale_find(struct db *db, struct round *round, const char *now, struct stale *stale)
{
	DB_ROWS_AUTO rows = NULL;
	DB_ROWS_AUTO places = NULL;
	enum error error = db_query(db, NULL, STMT_LIST_TIME_STALE, DB_VALUES(DB_TEXT(now), DB_UINT(round->chunk)), &rows);
	char **row;

	round->done = 0;
	if (error != ERR_NONE || db_rows_count(rows) == 0)
		return error;
	round->done = (unsigned)db_rows_count(rows);
	stale->sources = arena_array(round->arena, round->done, sizeof *stale->sources);
	stale->tenants = arena_array(round->arena, round->done, sizeof *stale->tenants);
	stale->labels = arena_array(round->arena, round->done, sizeof *stale->labels);
	while ((row = db_next(rows)) != NULL) {
		stale->sources[stale->source_count] = db_uint(row[0]);
		stale->tenants[stale->source_count++] = db_uint(row[1]);
	}
	error = db_query(db, NULL, STMT_LIST_TIME_TENANTS, DB_VALUES(DB_UINTS(stale->tenants, stale->source_count)), &places);
	while (error == ERR_NONE && (row = db_next(places)) != NULL) {
		stale->tenants[stale->tenant_count] = db_uint(row[0]);
		stale->labels[stale->tenant_count++] = db_uint(row[1]);
	}
	return error;
}

/* Sources whose last good run is too long ago: from success to warning, and so for the rows above them. A run that has come in between
 * has taken its source out of them. */
static enum error follow_sources(struct db *db, void *arg)
{
	static const unsigned one_success[SOURCE_STATES] = { [ROLLUP_SUCCESS] = 1 };
	static const unsigned one_warning[SOURCE_STATES] = { [ROLLUP_WARNING] = 1 };
	struct round *round = arg;
	struct list_nodes nodes = { .arena = round->arena };
	struct stale stale = { 0 };
	char now[CLOCK_INSTANT_SIZE];
	uint64_t *labels;
	size_t count = 0, label_count = 0;
	DB_ROWS_AUTO rows = NULL;
	char **row;

	arena_reset(round->arena);
	clock_sql(clock_now_ms(), now);
	enum error error = stale_find(db, round, now, &stale);
	if (error == ERR_NONE && stale.source_count > 0)
		error = db_query(db, NULL, STMT_LIST_TIME_SOURCES,
			DB_VALUES(DB_UINTS(stale.sources, stale.source_count), DB_TEXT(now)), &rows);
	if (error != ERR_NONE || stale.source_count == 0)
		return error;
	labels = arena_array(round->arena, stale.source_count, sizeof *labels);
	while ((row = db_next(rows)) != NULL) {
		uint64_t tenant = db_uint(row[1]), *place = bsearch(&tenant, stale.tenants, stale.tenant_count, sizeof tenant, key_compare);

		stale.sources[count++] = db_uint(row[0]);
		/* Disconnected ones and those of deleted tenants count nowhere. */
		if (db_uint(row[2]) != ROLLUP_SUCCESS || row[3] == NULL || place == NULL)
			continue;
		labels[label_count] = stale.labels[place - stale.tenants];
		list_nodes_need(&nodes, labels[label_count++]);
	}
	if (count == 0)
		return ERR_NONE;
	error = list_nodes_load(db, &nodes);
	for (size_t i = 0; i < label_count && error == ERR_NONE; i++) {
		list_nodes_sources(&nodes, labels[i], true, one_success, -1);
		list_nodes_sources(&nodes, labels[i], true, one_warning, 1);
	}
	if (error == ERR_NONE)
		error = list_nodes_store(db, &nodes);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_LIST_TIME_SOURCE, DB_VALUES(DB_UINTS(stale.sources, count)), NULL);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_LIST_TIME_SOURCE_SEEN, DB_VALUES(DB_UINTS(stale.sources, count)), NULL);
	return error;
}

enum error list_table_follow_time(struct db *db, unsigned chunk, unsigned *done)
{
	ARENA_AUTO arena = arena_new();
	struct round contracts = { .arena = arena, .chunk = chunk }, sources = { .arena = arena, .chunk = chunk };
	enum error error = db_transaction(db, follow_contracts, &contracts);

	unsigned rows = 0;

	*done = 0;
	if (error == ERR_NONE)
		error = contract_follow_time(db, chunk, &rows);
	if (error == ERR_NONE)
		error = db_transaction(db, follow_sources, &sources);
	if (error == ERR_NONE)
		*done = contracts.done > sources.done ? contracts.done : sources.done;
	if (error == ERR_NONE && rows > *done)
		*done = rows;
	return error;
}
