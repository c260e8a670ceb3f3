/* Queries of the list: by which piece of a search text rows are looked for, and what the acting tenant's own row is asked. */
#include "db/list_query.h"

#include <string.h>

#include "base/clock.h"
#include "db/connection.h"

#define CHOICE_KEPT_MS 5000
#define ROW_COST 8

bool list_own_masked(const struct scope *scope)
{
	return scope_tier(scope) == TIER_RESELLER;
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
enum error list_query_choose(struct db *db, const struct scope *scope, struct list_query *query)
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

enum error list_query_run(struct db *db, const struct scope *scope, struct list_query *query, struct db_rows **rows)
{
	enum error error = list_query_choose(db, scope, query);
	struct list_plan plan;

	if (error != ERR_NONE)
		return error;
	list_plan_make(&plan, query);
	error = db_query_text(db, scope, query->counting ? "list_count" : "list_rows", plan.sql.data, plan.values, plan.count,
		false, rows);
	list_plan_free(&plan);
	return error;
}

void list_parts_make(struct list_parts *parts, const struct scope *scope, const struct list_filter *filter,
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
	split = parts->filter.status != 0 && list_own_masked(scope) && parts->rest.low == scope_low(scope) &&
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
