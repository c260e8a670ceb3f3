/* The Customers list: rows, counts and places, as list.h says them.
 *
 * Owns what an acting tenant may not see of its own row: a reseller's onboarding and the drafts of its own
 * contracts. Both are masked here, in rows, filters and totals alike, so that nothing above can forget it. */
#include "db/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/connection.h"
#include "db/contract_day.h"
#include "db/list_sql.h"
#include "db/shared.h"

#define LABELS_MAX 256
#define STATUS_COMPLETE_SET 1u
#define STATUS_ONBOARDING_SET 2u
#define CHOICE_KEPT_MS 5000
#define ROW_COST 8

/* Does the acting tenant's own row count as complete? */
static bool own_row_masked(const struct scope *scope)
{
	return scope_tier(scope) == TIER_RESELLER;
}

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
		if (own_row_masked(scope)) {
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

/* Asks the server which of the PICKED pieces is the rarest. One with which the text is not all told has each row
 * looked at: that counts as ROW_COST entries. */
static enum error weigh(struct db *db, const struct scope *scope, bool contracts, const struct text_gram *picked, size_t count,
	struct list_choice *choice)
{
	uint64_t weights[2 * LIST_GRAMS_WEIGHED + 1] = { 0 };
	struct list_plan plan;
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	size_t least = 0;
	int column;

	list_plan_weigh(&plan, contracts, picked, count);
	error = db_query_text(db, scope, "list_weigh", plan.sql.data, plan.values, plan.count, false, &rows);
	list_plan_free(&plan);
	if (error != ERR_NONE)
		return error;
	column = db_rows_column(rows, "rows");
	for (char **row; (row = db_next(rows)) != NULL;) {
		uint64_t id = db_uint(row[0]);

		/* a piece of a contract's own text counts with that of a tenant's */
		if (id >= 1 && id <= plan.arms && column >= 0)
			weights[id - 1 > count ? id - 1 - count : id - 1] += db_uint(row[column]);
	}
	for (size_t i = 1; i < count; i++) {
		if (weights[i + 1] * (picked[i].whole ? 1 : ROW_COST) < weights[least + 1] * (picked[least].whole ? 1 : ROW_COST))
			least = i;
	}
	/* looking up a row by label costs about ten times what passing it by does; InnoDB's estimates of long
	 * intervals are off by two in either direction */
	choice->chosen = weights[least + 1] > weights[0] / 3 ? -1 : (int)least;
	choice->rows = weights[least + 1];
	return ERR_NONE;
}

enum error list_choose(struct db *db, const struct scope *scope, bool contracts, const struct text_gram *grams, size_t gram_count,
	const struct text_gram **gram)
{
	struct list_choice *choice = &db->choices[contracts];
	struct text_gram picked[LIST_GRAMS_WEIGHED];
	uint64_t keys[LIST_GRAMS_WEIGHED] = { 0 };
	size_t count = gram_count < LIST_GRAMS_WEIGHED ? gram_count : LIST_GRAMS_WEIGHED;

	for (size_t i = 0; i < count; i++) {
		picked[i] = grams[i * gram_count / count];
		keys[i] = picked[i].gram;
	}
	if (choice->count != gram_count || choice->scope_low != scope_low(scope) ||
		memcmp(choice->picked, keys, sizeof keys) != 0 || clock_monotonic_ms() > choice->until_ms) {
		struct list_choice fresh = { .count = gram_count, .scope_low = scope_low(scope),
			.until_ms = clock_monotonic_ms() + CHOICE_KEPT_MS };
		enum error error = weigh(db, scope, contracts, picked, count, &fresh);

		if (error != ERR_NONE)
			return error;
		memcpy(fresh.picked, keys, sizeof keys);
		*choice = fresh;
	}
	*gram = choice->chosen >= 0 ? &grams[(size_t)choice->chosen * gram_count / count] : NULL;
	return ERR_NONE;
}

/* Fills QUERY's piece. */
static enum error choose_gram(struct db *db, const struct scope *scope, struct list_query *query)
{
	const struct list_filter *filter = query->filter;
	enum error error;

	query->gram = NULL;
	if (filter->like == NULL || filter->gram_count == 0 || query->high - query->low <= 1 || list_filter_is_narrow(filter))
		return ERR_NONE;
	error = list_choose(db, scope, false, filter->grams, filter->gram_count, &query->gram);
	if (error != ERR_NONE)
		return error;
	/* passing entries by costs less than comparing rows, however many they are */
	if (query->gram == NULL && list_index_alone(query, &filter->grams[0]))
		query->gram = &filter->grams[0];
	/* For a bound the server puts what it has counted into a table: up to twice as many are counted sooner without. Of so many
	 * it estimates too high rather than too low. */
	else if (query->gram != NULL && list_index_alone(query, query->gram) && db->choices[false].rows < 3 * query->limit)
		query->limit = 0;
	return ERR_NONE;
}

/* One composed query over [low, high), which must not hold a masked row that FILTER asks about. */
static enum error query_run(struct db *db, const struct scope *scope, struct list_query *query, struct db_rows **rows)
{
	enum error error = choose_gram(db, scope, query);
	struct list_plan plan;

	if (error != ERR_NONE)
		return error;
	list_plan_make(&plan, query);
	error = db_query_text(db, scope, query->counting ? "list_count" : "list_rows", plan.sql.data, plan.values, plan.count,
		false, rows);
	list_plan_free(&plan);
	return error;
}

/* A question cut at the acting reseller's own row, whose status is not what is stored: the row alone,
 * asked without the status (and not at all when onboarding ones are wanted), and the rest. */
struct parts {
	struct list_filter filter, own_filter;
	struct list_query own, rest;
	bool has_own, has_rest;
};

static void parts_make(struct parts *parts, const struct scope *scope, const struct list_filter *filter,
	const struct list_query *query)
{
	bool split;

	parts->filter = filter != NULL ? list_filter_narrow(filter) : (struct list_filter){ 0 };
	parts->rest = *query;
	parts->rest.filter = &parts->filter;
	if (parts->rest.low < scope_low(scope))
		parts->rest.low = scope_low(scope);
	if (parts->rest.high > scope_high(scope))
		parts->rest.high = scope_high(scope);
	split = parts->filter.status != 0 && own_row_masked(scope) && parts->rest.low == scope_low(scope) &&
		parts->rest.high > parts->rest.low;
	parts->has_own = split && parts->filter.status == STATUS_COMPLETE_SET;
	parts->own_filter = parts->filter;
	parts->own_filter.status = 0;
	parts->own = parts->rest;
	parts->own.filter = &parts->own_filter;
	parts->own.high = parts->own.low + 1;
	if (split)
		parts->rest.low++;
	parts->has_rest = parts->rest.low < parts->rest.high;
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
	error = query_run(db, scope, query, &rows);
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
	struct parts parts;
	enum error error = ERR_NONE;

	*rows = NULL;
	*count = 0;
	parts_make(&parts, scope, filter, &query);
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
	struct parts parts;

	parts_make(&parts, scope, filter, &query);
	if (parts.has_own || !parts.has_rest || choose_gram(db, scope, &parts.rest) != ERR_NONE)
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

static enum error part_count(struct db *db, const struct scope *scope, struct list_query *query, uint64_t *count)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = query_run(db, scope, query, &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	*count += row != NULL ? db_uint(row[0]) : 0;
	return ERR_NONE;
}

/* What identifies a count; 0 for one that is not worth remembering. */
static uint64_t count_hash(const struct scope *scope, const struct parts *parts, const struct list_query *query)
{
	const struct list_filter *filter = &parts->filter;
	const uint64_t numbers[] = { scope_low(scope), scope_high(scope), query->low, query->high, query->limit,
		(uint64_t)filter->source << 24 | filter->status << 16 | filter->tier << 8 | filter->suspended };
	uint64_t hash = 0;
	BUF_AUTO text;

	buf_init(&text, 65536);
	if (query->limit < SHARED_BOUND_LEAST || list_filter_empty(filter))
		return 0;
	buf_append(&text, numbers, sizeof numbers);
	if (filter->like != NULL)
		buf_puts(&text, filter->like);
	if (!text.overflow)
		hash = shared_hash(text.data, text.length);
	return hash;
}

enum error list_count(struct db *db, const struct scope *scope, const struct list_filter *filter,
	uint64_t low, uint64_t high, uint64_t bound, uint64_t *count)
{
	struct list_query query = { .low = low, .high = high, .limit = bound, .counting = true };
	struct parts parts;
	uint64_t counted = 0, hash;
	enum error error = ERR_NONE;

	parts_make(&parts, scope, filter, &query);
	/* Counting to the bound takes the longest, and who counts that far hardly falls below it in a minute. */
	hash = count_hash(scope, &parts, &query);
	if (hash != 0 && shared_noted(hash)) {
		*count = bound;
		return ERR_NONE;
	}
	if (parts.has_own)
		error = part_count(db, scope, &parts.own, &counted);
	if (error == ERR_NONE && parts.has_rest)
		error = part_count(db, scope, &parts.rest, &counted);
	if (error != ERR_NONE)
		return error;
	*count = bound > 0 && counted > bound ? bound : counted;
	if (hash != 0 && counted >= bound)
		shared_note(hash, clock_monotonic_ms() + SHARED_BOUND_MS);
	return ERR_NONE;
}

/* Is exactly one bit set? */
static bool single(unsigned set)
{
	return set != 0 && (set & (set - 1)) == 0;
}

enum error list_total(struct db *db, const struct scope *scope, const struct list_filter *filter,
	bool *known, uint64_t *count)
{
	struct list_filter narrow = list_filter_narrow(filter);
	unsigned fields = (narrow.source != 0) + (narrow.status != 0) + (narrow.tier != 0) + (narrow.suspended != 0);
	bool one = fields == 1 && single(narrow.source | narrow.status | narrow.tier | narrow.suspended);
	enum { TOTAL, TIER_2, TIER_3, ONBOARDING, SUSPENDED, FAILED, WARNING, SUCCESS, OWN_ONBOARDING };
	uint64_t kept[OWN_ONBOARDING + 1];
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **row;

	*known = false;
	/* A customer's scope has no counters: it is one row. */
	if (narrow.like != NULL || (fields > 0 && !one) || scope_tier(scope) == TIER_CUSTOMER)
		return ERR_NONE;
	error = db_query(db, scope, STMT_LIST_TOTAL, DB_VALUES(DB_UINT(scope_tenant(scope))), &rows);
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	if (row == NULL)
		return ERR_NONE;
	for (unsigned i = 0; i <= OWN_ONBOARDING; i++)
		kept[i] = db_uint(row[i]);
	if (own_row_masked(scope))
		kept[ONBOARDING] -= kept[OWN_ONBOARDING];
	*known = true;
	if (fields == 0)
		*count = kept[TOTAL];
	else if (narrow.source == 1u << ROLLUP_NOT_AVAILABLE)
		*count = kept[TOTAL] - kept[FAILED] - kept[WARNING] - kept[SUCCESS];
	else if (narrow.source != 0)
		*count = kept[narrow.source == 1u << ROLLUP_FAILED ? FAILED : narrow.source == 1u << ROLLUP_WARNING ? WARNING : SUCCESS];
	else if (narrow.status != 0)
		*count = narrow.status == STATUS_ONBOARDING_SET ? kept[ONBOARDING] : kept[TOTAL] - kept[ONBOARDING];
	else if (narrow.tier != 0)
		*count = narrow.tier == 1u << TIER_CUSTOMER ? kept[TIER_3] : narrow.tier == 1u << TIER_RESELLER ? kept[TIER_2]
			: kept[TOTAL] - kept[TIER_2] - kept[TIER_3];
	else
		*count = narrow.suspended == 2 ? kept[SUSPENDED] : kept[TOTAL] - kept[SUSPENDED];
	return ERR_NONE;
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
