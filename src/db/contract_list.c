/* The Contracts list: rows, counts and places, as contract_list.h says them.
 *
 * Rows are found by what is stored of the day. Those whose day has passed, which the housekeeper stores within a minute, are
 * left out then, read by themselves and put where today says. Owns what a viewer may not see: each piece of the list
 * is asked for with the viewer's bit. */
#include "db/contract_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "db/connection.h"
#include "db/contract_day.h"
#include "db/contract_sql.h"
#include "db/shared.h"


static int place_compare(const struct contract_place *a, const struct contract_place *b)
{
	if (a->tenant != b->tenant)
		return a->tenant < b->tenant ? -1 : 1;
	return a->contract < b->contract ? -1 : a->contract > b->contract;
}

static bool span_holds(const struct contract_span *span, const struct contract_place *place)
{
	return place_compare(&span->after, place) < 0 && place_compare(place, &span->before) < 0;
}

struct contract_span contract_span_all(const struct scope *scope)
{
	return (struct contract_span){ { scope_low(scope) - 1, UINT64_MAX }, { scope_high(scope), 0 } };
}

/* The bit of who looks at the tenant with the label. */
static unsigned viewer_of(const struct scope *scope, uint64_t label)
{
	return contract_viewer(scope_tier(scope), label == scope_low(scope));
}

static void row_read(struct contract_row *row, char **values, struct arena *arena)
{
	bool none = db_uint(values[ROW_KEY]) == 0;

	*row = (struct contract_row){
		.place = { db_uint(values[ROW_TREE_POS]), db_uint(values[ROW_KEY]) },
		.tenant = arena_strdup(arena, values[ROW_TENANT]), .tenant_name = arena_strdup(arena, values[ROW_TENANT_NAME]),
		.tier = (enum tier)db_uint(values[ROW_TIER]), .status = (unsigned)db_uint(values[ROW_STATUS]),
	};
	if (none)
		return;
	row->id = arena_strdup(arena, values[ROW_ID]);
	row->name = arena_strdup(arena, values[ROW_NAME]);
	row->version = arena_strdup(arena, values[ROW_VERSION]);
	row->start = arena_strdup(arena, values[ROW_START]);
	row->end = arena_strdup(arena, values[ROW_END]);
	row->renewal = arena_strdup(arena, values[ROW_RENEWAL]);
	row->entitlement = arena_strdup(arena, values[ROW_ENTITLEMENT]);
}

static void fact_read(struct contract_fact *fact, char **values)
{
	*fact = (struct contract_fact){ .contract = db_uint(values[ROW_KEY]), .stored = values[ROW_STORED],
		.start = values[ROW_START], .end = values[ROW_END], .former = db_uint(values[ROW_FORMER]) != 0,
		.status = (unsigned)db_uint(values[ROW_STATUS]), .ends = (unsigned)db_uint(values[ROW_ENDS]),
		.hidden = (unsigned)db_uint(values[ROW_HIDDEN]),
		/* Not the day's: what was cancelled as a draft stays hidden from its tenant. */
		.unseen = (db_uint(values[ROW_HIDDEN]) & VIEWER_OWN) != 0 };
}

/* A row that is due and matches whatever the day says: its status is today's. */
static void row_settle(const struct contract_reader *reader, struct contract_row *row, char **values)
{
	if (values[ROW_NEXT_CHANGE] != NULL && strcmp(values[ROW_NEXT_CHANGE], reader->now) <= 0)
		row->status = contract_day_status(values[ROW_STORED], values[ROW_START], values[ROW_END], scope_today(reader->scope));
}

static bool due_matches(const struct contract_reader *reader, const struct contract_facts *facts,
	const struct contract_fact *fact, uint64_t label, char **values)
{
	const struct contract_filter *filter = &reader->filter;

	return (fact->hidden & viewer_of(reader->scope, label)) == 0 && (filter->unbilled ? facts->unbilled : fact->contract > 0) &&
		(filter->status == 0 || (filter->status & 1u << fact->status) != 0) &&
		(filter->tier == 0 || (filter->tier & 1u << facts->tier) != 0) &&
		(filter->ends == 0 || (fact->ends >= 1 && fact->ends <= filter->ends)) && db_uint(values[ROW_FOUND]) != 0;
}

static int due_values_compare(const void *left, const void *right)
{
	char **a = *(char **const *)left, **b = *(char **const *)right;
	struct contract_place first = { db_uint(a[ROW_TREE_POS]), db_uint(a[ROW_KEY]) };
	struct contract_place second = { db_uint(b[ROW_TREE_POS]), db_uint(b[ROW_KEY]) };

	return place_compare(&first, &second);
}

/* The rows of one tenant, which are due all together: [0, COUNT). */
static void due_tenant(struct contract_reader *reader, char ***rows, size_t count, struct arena *arena)
{
	struct contract_facts facts = { .rows = arena_array(arena, count, sizeof *facts.rows), .count = count,
		.tier = (enum tier)db_uint(rows[0][ROW_TIER]), .with_data = db_uint(rows[0][ROW_WITH_DATA]) != 0,
		.unbilled = db_uint(rows[0][ROW_UNBILLED]) != 0 };
	uint64_t label = db_uint(rows[0][ROW_TREE_POS]);

	for (size_t i = 0; i < count; i++) {
		fact_read(&facts.rows[i], rows[i]);
		reader->due_stored += due_matches(reader, &facts, &facts.rows[i], label, rows[i]);
	}
	contract_facts_day(&facts, scope_today(reader->scope));
	for (size_t i = 0; i < count; i++) {
		struct contract_row *due = &reader->dues[reader->due_count];

		if (!due_matches(reader, &facts, &facts.rows[i], label, rows[i]))
			continue;
		row_read(due, rows[i], arena);
		due->status = facts.rows[i].status;
		reader->due_count++;
	}
}

static enum error dues_read(struct contract_reader *reader, struct arena *arena)
{
	struct list_plan plan;
	DB_ROWS_AUTO rows = NULL;
	size_t count, kept = 0;
	char **row, ***all;
	enum error error;

	contract_plan_due(&plan, &reader->filter, reader->now);
	error = db_query_text(reader->db, reader->scope, "contracts_due", plan.sql.data, plan.values, plan.count, false, &rows);
	list_plan_free(&plan);
	if (error != ERR_NONE || db_rows_count(rows) == 0)
		return error;
	count = db_rows_count(rows);
	all = arena_array(arena, count, sizeof *all);
	while ((row = db_next(rows)) != NULL) {
		/* the row's array is used again, its texts stay */
		all[kept] = arena_array(arena, ROW_FOUND + 1, sizeof **all);
		memcpy(all[kept++], row, (ROW_FOUND + 1) * sizeof *row);
	}
	qsort(all, kept, sizeof *all, due_values_compare);
	reader->settled = true;
	reader->dues = arena_array(arena, kept, sizeof *reader->dues);
	for (size_t from = 0, to; from < kept; from = to) {
		for (to = from + 1; to < kept && strcmp(all[to][ROW_TREE_POS], all[from][ROW_TREE_POS]) == 0; to++)
			continue;
		due_tenant(reader, all + from, to - from, arena);
	}
	return ERR_NONE;
}

enum error contract_reader_begin(struct contract_reader *reader, struct db *db, const struct scope *scope,
	const struct contract_filter *filter, struct arena *arena)
{
	*reader = (struct contract_reader){ .db = db, .scope = scope, .filter = contract_filter_narrow(filter) };
	clock_sql(clock_now_ms(), reader->now);
	/* A reseller loses a former parent's contract from sight on the day on which it is superseded. */
	if (reader->filter.status != 0 || reader->filter.ends != 0 || reader->filter.unbilled || scope_tier(scope) == TIER_RESELLER)
		return dues_read(reader, arena);
	return ERR_NONE;
}

/* The acting tenant's own row and the rest are seen with other eyes: SPAN in two. */
struct piece {
	struct contract_span span;
	unsigned viewer;
};

static size_t pieces_of(const struct contract_reader *reader, const struct contract_span *span, struct piece pieces[2])
{
	struct contract_place border = { scope_low(reader->scope), UINT64_MAX };
	size_t count = 0;

	if (scope_tier(reader->scope) != TIER_RESELLER) {
		pieces[count++] = (struct piece){ *span, viewer_of(reader->scope, scope_low(reader->scope)) };
		return count;
	}
	if (place_compare(&span->after, &border) < 0)
		pieces[count++] = (struct piece){ { span->after, place_compare(&span->before, &border) < 0 ? span->before : border },
			VIEWER_OWN };
	if (place_compare(&border, &span->before) < 0)
		pieces[count++] = (struct piece){ { place_compare(&span->after, &border) > 0 ? span->after : border, span->before },
			VIEWER_RESELLER };
	return count;
}

struct collection {
	struct arena *arena;
	struct contract_row *rows;
	size_t count, wanted;
};

static enum error query_rows(const struct contract_reader *reader, struct contract_query *query,
	struct collection *collection)
{
	struct list_plan plan;
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **values;

	contract_plan_make(&plan, query);
	error = db_query_text(reader->db, reader->scope, "contracts_rows", plan.sql.data, plan.values, plan.count, false, &rows);
	list_plan_free(&plan);
	if (error != ERR_NONE)
		return error;
	while ((values = db_next(rows)) != NULL) {
		struct contract_row *row = &collection->rows[collection->count++];

		row_read(row, values, collection->arena);
		row_settle(reader, row, values);
	}
	return ERR_NONE;
}

static enum error query_count(const struct contract_reader *reader, const struct contract_query *query, uint64_t *count)
{
	struct list_plan plan;
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **row;

	contract_plan_make(&plan, query);
	error = db_query_text(reader->db, reader->scope, "contracts_count", plan.sql.data, plan.values, plan.count, false, &rows);
	list_plan_free(&plan);
	row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row != NULL)
		*count += db_uint(row[0]);
	return error;
}

/* The piece of the filter's text by which tenants are found; NULL: rows are compared one by one. */
static enum error choose_gram(const struct contract_reader *reader, const struct contract_span *span,
	const struct text_gram **gram)
{
	const struct contract_filter *filter = &reader->filter;
	bool few = filter->tier != 0 && (filter->tier & 1u << TIER_CUSTOMER) == 0;

	*gram = NULL;
	if (filter->like == NULL || filter->gram_count == 0 || few || span->after.tenant == span->before.tenant)
		return ERR_NONE;
	return list_choose(reader->db, reader->scope, true, filter->grams, filter->gram_count, gram);
}

static enum error query_of(const struct contract_reader *reader, const struct piece *piece, struct contract_query *query)
{
	*query = (struct contract_query){ .filter = &reader->filter, .span = piece->span, .viewer = piece->viewer,
		.settled = reader->settled ? reader->now : NULL };
	return choose_gram(reader, &piece->span, &query->gram);
}

/* Puts the rows of SPAN that are due among those found. One that was stored in between is there twice: once is enough. */
static void merge_dues(const struct contract_reader *reader, const struct contract_span *span, bool backwards,
	struct collection *collection)
{
	struct contract_row *merged = arena_array(collection->arena, collection->wanted + 1, sizeof *merged);
	size_t used = 0, found = 0, due = 0;

	while (used < collection->wanted && (found < collection->count || due < reader->due_count)) {
		const struct contract_row *one = found < collection->count ? &collection->rows[found] : NULL, *other = NULL;
		int order;

		if (due < reader->due_count)
			other = &reader->dues[backwards ? reader->due_count - 1 - due : due];
		if (other != NULL && !span_holds(span, &other->place)) {
			due++;
			continue;
		}
		order = one == NULL ? 1 : other == NULL ? -1 : place_compare(&one->place, &other->place);
		if (backwards && one != NULL && other != NULL)
			order = -order;
		merged[used++] = order <= 0 ? *one : *other;
		found += order <= 0;
		due += order >= 0;
	}
	collection->rows = merged;
	collection->count = used;
}

enum error contract_reader_rows(const struct contract_reader *reader, const struct contract_span *span, bool backwards,
	unsigned limit, struct arena *arena, struct contract_row **rows, size_t *count)
{
	struct collection collection = { .arena = arena, .rows = arena_array(arena, limit + 1, sizeof *collection.rows),
		.wanted = limit };
	struct piece pieces[2];
	size_t piece_count = pieces_of(reader, span, pieces);
	enum error error = ERR_NONE;

	for (size_t i = 0; i < piece_count && error == ERR_NONE && collection.count < limit; i++) {
		const struct piece *piece = &pieces[backwards ? piece_count - 1 - i : i];
		struct contract_query query;

		error = query_of(reader, piece, &query);
		query.backwards = backwards;
		query.limit = limit - collection.count;
		if (error == ERR_NONE)
			error = query_rows(reader, &query, &collection);
	}
	if (error != ERR_NONE)
		return error;
	if (reader->due_count > 0)
		merge_dues(reader, span, backwards, &collection);
	*rows = collection.rows;
	*count = collection.count;
	return ERR_NONE;
}

void contract_reader_ahead(const struct contract_reader *reader, const struct contract_span *span, unsigned limit)
{
	struct list_plan plan;
	struct piece pieces[2];
	struct contract_query query;

	if (pieces_of(reader, span, pieces) != 1 || query_of(reader, &pieces[0], &query) != ERR_NONE)
		return;
	query.limit = limit;
	contract_plan_make(&plan, &query);
	db_query_ahead(reader->db, reader->scope, "contracts_rows", plan.sql.data, plan.values, plan.count);
	list_plan_free(&plan);
}

/* What identifies a count; 0 for one that is not worth remembering. */
static uint64_t count_hash(const struct contract_reader *reader, uint64_t bound)
{
	const struct contract_filter *filter = &reader->filter;
	const uint64_t numbers[] = { scope_low(reader->scope), scope_high(reader->scope), bound,
		(uint64_t)filter->status << 24 | filter->tier << 16 | filter->ends << 8 | filter->unbilled };
	uint64_t hash = 0;
	BUF_AUTO text;

	buf_init(&text, 65536);
	if (bound < SHARED_BOUND_LEAST)
		return 0;
	buf_puts(&text, "contracts");
	buf_append(&text, numbers, sizeof numbers);
	if (filter->like != NULL)
		buf_puts(&text, filter->like);
	if (!text.overflow)
		hash = shared_hash(text.data, text.length);
	return hash;
}

enum error contract_reader_count(const struct contract_reader *reader, uint64_t bound, uint64_t *count)
{
	struct contract_span span = contract_span_all(reader->scope);
	struct piece pieces[2];
	size_t piece_count = pieces_of(reader, &span, pieces);
	uint64_t counted = reader->due_count, hash = count_hash(reader, bound);
	enum error error = ERR_NONE;

	if (hash != 0 && shared_noted(hash)) {
		*count = bound;
		return ERR_NONE;
	}
	for (size_t i = 0; i < piece_count && error == ERR_NONE; i++) {
		struct contract_query query;

		if (bound > 0 && counted >= bound)
			break;
		error = query_of(reader, &pieces[i], &query);
		query.counting = true;
		query.limit = bound;
		if (error == ERR_NONE)
			error = query_count(reader, &query, &counted);
	}
	if (error != ERR_NONE)
		return error;
	*count = bound > 0 && counted > bound ? bound : counted;
	if (hash != 0 && counted >= bound)
		shared_note(hash, clock_monotonic_ms() + SHARED_BOUND_MS);
	return ERR_NONE;
}

/* The sum of counters that a filter of at most one field stands for. */
static int64_t filter_sum(const struct contract_filter *filter, char **counters)
{
	int64_t all = db_int(counters[COUNTER_ALL]), resellers = db_int(counters[COUNTER_TIER_2]);
	int64_t customers = db_int(counters[COUNTER_TIER_3]), sum = 0;

	if (filter->unbilled)
		return db_int(counters[COUNTER_UNBILLED]);
	for (unsigned i = 0; i < CONTRACT__MAX; i++)
		sum += filter->status & 1u << i ? db_int(counters[COUNTER_STATUS + i]) : 0;
	for (unsigned i = 0; i < filter->ends; i++)
		sum += db_int(counters[COUNTER_ENDS + i]);
	sum += filter->tier & 1u << TIER_DISTRIBUTOR ? all - resellers - customers : 0;
	sum += filter->tier & 1u << TIER_RESELLER ? resellers : 0;
	sum += filter->tier & 1u << TIER_CUSTOMER ? customers : 0;
	return filter->status == 0 && filter->ends == 0 && filter->tier == 0 ? all : sum;
}

enum error contract_reader_total(const struct contract_reader *reader, bool *known, uint64_t *count)
{
	const struct contract_filter *filter = &reader->filter;
	int fields = (filter->status != 0) + (filter->tier != 0) + (filter->ends != 0) + filter->unbilled;
	int64_t sum;
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **row;

	*known = false;
	/* A customer's scope has no counters: it is one tenant. */
	if (filter->like != NULL || fields > 1 || scope_tier(reader->scope) == TIER_CUSTOMER)
		return ERR_NONE;
	error = db_query(reader->db, reader->scope, STMT_CONTRACTS_TOTAL, DB_VALUES(DB_UINT(scope_tenant(reader->scope))), &rows);
	row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error;
	sum = filter_sum(filter, row) + (int64_t)reader->due_count - (int64_t)reader->due_stored;
	*known = true;
	*count = sum > 0 ? (uint64_t)sum : 0;
	return ERR_NONE;
}

enum error contract_list_place(struct db *db, const struct scope *scope, const char *id, struct contract_place *place)
{
	DB_ROWS_AUTO rows = NULL;
	char since[CLOCK_INSTANT_SIZE], **row;
	enum error error;
	uint64_t label;

	clock_sql(clock_now_ms() - LIST_DELETED_MS, since);
	error = db_query(db, scope, STMT_CONTRACTS_PLACE, DB_VALUES(DB_TEXT(id), DB_TEXT(since)), &rows);
	row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row != NULL) {
		*place = (struct contract_place){ db_uint(row[0]), db_uint(row[1]) };
		return (db_uint(row[2]) & viewer_of(scope, place->tenant)) == 0 ? ERR_NONE : ERR_NOT_FOUND;
	}
	if (error == ERR_NONE)
		error = list_place(db, scope, id, true, &label);
	if (error == ERR_NONE)
		*place = (struct contract_place){ label, 0 };
	return error;
}
