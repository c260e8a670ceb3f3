/* How many rows of the list match: from the counters that are kept, or counted up to a bound. Never reads a row of a page. */
#include "db/list.h"

#include "base/buf.h"
#include "base/clock.h"
#include "db/list_query.h"
#include "db/shared.h"

static enum error part_count(struct db *db, const struct scope *scope, struct list_query *query, uint64_t *count)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = list_query_run(db, scope, query, &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	*count += row != NULL ? db_uint(row[0]) : 0;
	return ERR_NONE;
}

/* What identifies a count; 0 for one that is not worth remembering. */
static uint64_t count_hash(const struct scope *scope, const struct list_parts *parts, const struct list_query *query)
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
	struct list_parts parts;
	uint64_t counted = 0, hash;
	enum error error = ERR_NONE;

	list_parts_make(&parts, scope, filter, &query);
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
	if (list_own_masked(scope))
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
