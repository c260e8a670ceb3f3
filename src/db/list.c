/* The Customers list: rows, counts and places, as list.h says them.
 *
 * Owns what an acting tenant may not see of its own row: a reseller's onboarding and the drafts of its own
 * contracts. Both are masked below this interface, in rows here, in filters and totals (list_query.c,
 * list_count.c) alike, so that nothing above can forget it. */
#include "db/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/connection.h"
#include "db/contract_day.h"
#include "db/list_query.h"

#define LABELS_MAX 256

/* "2026-11-22 15:04:05.123" as RFC 3339, without what is under a second. */
static const char *created_text(struct arena *arena, const char *instant)
{
	char *text = arena_strndup(arena, instant, strlen(instant) + 1);

	if (strlen(instant) < 19)
		return text;
	text[10] = 'T';
	text[19] = 'Z';
	text[20] = '\0';
	return text;
}

static void row_read(struct list_row *row, char **values, struct arena *arena, const char *now)
{
	uint64_t tree_pos = db_uint(values[LIST_TREE_POS]);

	*row = (struct list_row){
		.tree_pos = tree_pos,
		.tenant = db_uint(values[LIST_TENANT]),
		.id = arena_strdup(arena, values[LIST_ID]),
		.parent = arena_strdup(arena, values[LIST_PARENT]),
		.name = arena_strdup(arena, values[LIST_NAME]),
		.domain = arena_strdup(arena, values[LIST_DOMAIN]),
		.created = created_text(arena, values[LIST_CREATED]),
		.tier = tree_tier(tree_pos),
		.suspended = db_uint(values[LIST_SUSPENDED]) != 0,
		.onboarding = db_uint(values[LIST_ONBOARDING]) != 0,
		.admin_pending = db_uint(values[LIST_ADMIN_PENDING]) != 0,
		.admin = arena_strdup(arena, values[LIST_ADMIN]),
		.tasks_done = (unsigned)db_uint(values[LIST_TASKS_DONE]),
		.tasks_total = (unsigned)db_uint(values[LIST_TASKS_TOTAL]),
		.rollup = (enum rollup)db_uint(values[LIST_ROLLUP]),
		.due = values[LIST_NEXT_CHANGE] != NULL && strcmp(values[LIST_NEXT_CHANGE], now) <= 0,
	};
	for (unsigned i = 0; i < CONTRACT__MAX; i++)
		row->contracts[i] = (unsigned)db_uint(values[LIST_CONTRACTS + i]);
}

/* Rows that were read: at first in a list that grows, in the order of the query. */
struct collection {
	struct arena *arena;
	struct list_row *rows;
	size_t count, capacity;
	char now[CLOCK_INSTANT_SIZE];
};

static void collect(struct collection *collection, struct db_rows *rows)
{
	size_t wanted = collection->count + db_rows_count(rows);
	char **values;

	if (wanted > collection->capacity) {
		struct list_row *larger = arena_array(collection->arena, wanted, sizeof *larger);

		if (collection->count > 0)
			memcpy(larger, collection->rows, collection->count * sizeof *larger);
		collection->rows = larger;
		collection->capacity = wanted;
	}
	while ((values = db_next(rows)) != NULL)
		row_read(&collection->rows[collection->count++], values, collection->arena, collection->now);
}

static struct collection collection_new(struct arena *arena)
{
	struct collection collection = { .arena = arena };

	clock_sql(clock_now_ms(), collection.now);
	return collection;
}

static int row_compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = ((const struct list_row *)right)->tree_pos;

	return a < b ? -1 : a > b;
}

/* Counts the contracts of the rows that are due, by today of the scope. ROWS stand in tree order. */
static enum error recount(struct db *db, const struct scope *scope, struct list_row *rows, size_t count)
{
	uint64_t labels[LABELS_MAX];
	size_t due = 0;
	DB_ROWS_AUTO contracts = NULL;
	enum error error;
	char **row;

	for (size_t i = 0; i < count; i++) {
		if (!rows[i].due)
			continue;
		labels[due++] = rows[i].tree_pos;
		rows[i].due = false;
		memset(rows[i].contracts, 0, sizeof rows[i].contracts);
	}
	if (due == 0)
		return ERR_NONE;
	error = db_query(db, scope, STMT_LIST_CONTRACTS_OF, DB_VALUES(DB_UINTS(labels, due)), &contracts);
	if (error != ERR_NONE)
		return error;
	while ((row = db_next(contracts)) != NULL) {
		uint64_t label = db_uint(row[0]);
		struct list_row *found = bsearch(&label, rows, count, sizeof *rows, row_compare);
		enum contract_status status = contract_day_status(row[1], row[2], row[3], scope_today(scope));

		if (found != NULL && !(db_uint(row[4]) != 0 && contract_day_former_hidden(status)))
			found->contracts[status]++;
	}
	return ERR_NONE;
}

/* Contracts that were cancelled as drafts: to the tenant itself they have never been there. */
static enum error mask_cancelled(struct db *db, const struct scope *scope, struct list_row *row)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = ERR_NONE;

	if (row->contracts[CONTRACT_CANCELLED] > 0)
		error = db_query(db, scope, STMT_LIST_CANCELLED_DRAFTS, DB_VALUES(DB_UINT(row->tenant)), &rows);
	if (error == ERR_NONE && rows != NULL) {
		char **found = db_next(rows);
		uint64_t drafts = found != NULL ? db_uint(found[0]) : 0;

		row->contracts[CONTRACT_CANCELLED] -= drafts < row->contracts[CONTRACT_CANCELLED]
			? (unsigned)drafts : row->contracts[CONTRACT_CANCELLED];
	}
	return error;
}

/* What the acting tenant may not see of itself. */
static enum error mask_own(struct db *db, const struct scope *scope, struct list_row *rows, size_t count)
{
	enum error error = ERR_NONE;

	if (scope_tier(scope) == TIER_DISTRIBUTOR)
		return ERR_NONE;
	for (size_t i = 0; i < count && error == ERR_NONE; i++) {
		if (rows[i].tree_pos != scope_low(scope))
			continue;
		error = mask_cancelled(db, scope, &rows[i]);
		rows[i].parent = ""; /* stands outside the scope */
		rows[i].contracts[CONTRACT_DRAFT] = 0;
		if (list_own_masked(scope)) {
			rows[i].onboarding = false;
			rows[i].tasks_done = rows[i].tasks_total;
		}
	}
	return error;
}

static void reverse(struct list_row *rows, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct list_row row = rows[i];

		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = row;
	}
}

/* Recounts and masks rows that stand in tree order or, BACKWARDS, against it. */
static enum error finish(struct db *db, const struct scope *scope, struct list_row *rows, size_t count, bool backwards)
{
	enum error error = ERR_NONE;

	if (backwards)
		reverse(rows, count);
	for (size_t from = 0; from < count && error == ERR_NONE; from += LABELS_MAX)
		error = recount(db, scope, rows + from, count - from < LABELS_MAX ? count - from : LABELS_MAX);
	if (error == ERR_NONE)
		error = mask_own(db, scope, rows, count);
	if (backwards)
		reverse(rows, count);
	return error;
}

/* Runs one part and collects what it gives, as long as there is room under the limit. */
static enum error part_collect(struct db *db, const struct scope *scope, struct list_query *query,
	struct collection *collection)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error;

	if (query->limit <= collection->count)
		return ERR_NONE;
	query->limit -= collection->count;
	error = list_query_run(db, scope, query, &rows);
	if (error == ERR_NONE)
		collect(collection, rows);
	return error;
}

enum error list_rows(struct db *db, const struct scope *scope, const struct list_filter *filter,
	uint64_t low, uint64_t high, bool backwards, unsigned limit, struct arena *arena,
	struct list_row **rows, size_t *count)
{
	struct list_query query = { .low = low, .high = high, .limit = limit, .backwards = backwards };
	struct collection collection = collection_new(arena);
	struct list_parts parts;
	enum error error = ERR_NONE;

	*rows = NULL;
	*count = 0;
	list_parts_make(&parts, scope, filter, &query);
	if (parts.has_own && !backwards)
		error = part_collect(db, scope, &parts.own, &collection);
	if (error == ERR_NONE && parts.has_rest)
		error = part_collect(db, scope, &parts.rest, &collection);
	if (error == ERR_NONE && parts.has_own && backwards)
		error = part_collect(db, scope, &parts.own, &collection);
	if (error == ERR_NONE)
		error = finish(db, scope, collection.rows, collection.count, backwards);
	if (error != ERR_NONE)
		return error;
	*rows = collection.rows;
	*count = collection.count;
	return ERR_NONE;
}

/* The instant before which what was deleted has no place any more. */
static void deleted_since(char since[CLOCK_INSTANT_SIZE])
{
	clock_sql(clock_now_ms() - LIST_DELETED_MS, since);
}

enum error list_rows_after(struct db *db, const struct scope *scope, const char *id, unsigned limit, struct arena *arena,
	uint64_t *cursor, const struct list_row **reseller, struct list_row **rows, size_t *count)
{
	char since[CLOCK_INSTANT_SIZE], now[CLOCK_INSTANT_SIZE], **values;
	struct list_row *all;
	struct list_plan plan;
	DB_ROWS_AUTO found = NULL;
	size_t taken = 0;
	enum error error;
	bool above;

	deleted_since(since);
	clock_sql(clock_now_ms(), now);
	list_plan_after(&plan, id, since, limit);
	error = db_query_text(db, scope, "list_rows_after", plan.sql.data, plan.values, plan.count, false, &found);
	list_plan_free(&plan);
	if (error != ERR_NONE)
		return error;
	all = arena_array(arena, db_rows_count(found) + 1, sizeof *all);
	while ((values = db_next(found)) != NULL) {
		row_read(&all[taken++], values, arena, now);
		*cursor = db_uint(values[LIST__MAX]);
	}
	above = taken > 0 && all[0].tree_pos <= *cursor;
	if (taken == above)
		return ERR_NOT_FOUND;
	error = finish(db, scope, all, taken, false);
	*reseller = above ? all : NULL;
	*rows = all + above;
	*count = taken - above < limit ? taken - above : limit;
	return error;
}

void list_rows_ahead(struct db *db, const struct scope *scope, const struct list_filter *filter,
	uint64_t low, uint64_t high, unsigned limit)
{
	struct list_query query = { .low = low, .high = high, .limit = limit };
	struct list_plan plan;
	struct list_parts parts;

	list_parts_make(&parts, scope, filter, &query);
	if (parts.has_own || !parts.has_rest || list_query_choose(db, scope, &parts.rest) != ERR_NONE)
		return;
	list_plan_make(&plan, &parts.rest);
	db_query_ahead(db, scope, "list_rows", plan.sql.data, plan.values, plan.count);
	list_plan_free(&plan);
}

enum error list_rows_at(struct db *db, const struct scope *scope, const uint64_t *labels, size_t label_count,
	struct arena *arena, struct list_row **rows, size_t *count)
{
	struct collection collection = collection_new(arena);
	DB_ROWS_AUTO found = NULL;
	enum error error;

	*rows = NULL;
	*count = 0;
	if (label_count > LABELS_MAX) {
		log_error("list_rows_at: %zu labels at once", label_count);
		abort();
	}
	if (label_count == 0)
		return ERR_NONE;
	error = db_query(db, scope, STMT_LIST_ROWS_AT, DB_VALUES(DB_UINTS(labels, label_count)), &found);
	if (error != ERR_NONE)
		return error;
	collect(&collection, found);
	error = finish(db, scope, collection.rows, collection.count, false);
	if (error != ERR_NONE)
		return error;
	*rows = collection.rows;
	*count = collection.count;
	return ERR_NONE;
}

/* What stands behind the columns of a row in customer_by_id. */
enum { TENANT_VERSION = LIST__MAX, TENANT_SOURCES, TENANT_PARENT = TENANT_SOURCES + ROLLUP_NOT_AVAILABLE };

enum error list_find(struct db *db, const struct scope *scope, const char *id, struct arena *arena,
	struct list_tenant *tenant)
{
	char now[CLOCK_INSTANT_SIZE];
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_CUSTOMER_BY_ID, DB_VALUES(DB_TEXT(id)), &rows);
	char **values = error == ERR_NONE ? db_next(rows) : NULL;

	if (values == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	*tenant = (struct list_tenant){ .version = (unsigned)db_uint(values[TENANT_VERSION]),
		.parent_name = arena_strdup(arena, values[TENANT_PARENT]) };
	for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
		tenant->sources[state] = (unsigned)db_uint(values[TENANT_SOURCES + state - ROLLUP_FAILED]);
	clock_sql(clock_now_ms(), now);
	row_read(&tenant->row, values, arena, now);
	tenant->self = tenant->row.tenant == scope_tenant(scope);
	return finish(db, scope, &tenant->row, 1, false);
}

enum error list_place(struct db *db, const struct scope *scope, const char *id, bool deleted_too, uint64_t *tree_pos)
{
	DB_ROWS_AUTO rows = NULL;
	char since[CLOCK_INSTANT_SIZE];
	enum error error;
	char **row;

	deleted_since(since);
	error = deleted_too
		? db_query(db, scope, STMT_LIST_PLACE_DELETED_TOO, DB_VALUES(DB_TEXT(id), DB_TEXT(since)), &rows)
		: db_query(db, scope, STMT_LIST_PLACE, DB_VALUES(DB_TEXT(id)), &rows);
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	if (row == NULL)
		return ERR_NOT_FOUND;
	*tree_pos = db_uint(row[0]);
	return ERR_NONE;
}
