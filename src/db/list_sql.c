/* Composes the list's queries from fixed parts.
 *
 * Each has one shape: an interval of labels on one forced index, the other conditions checked on the rows
 * found, in tree order, limited. The forced index is what keeps a page in the middle of a million rows as cheap as
 * the first: left alone, the server may walk from the start (`ref`). Several values of the field that drives are
 * several such queries put together. Must never put a value into the text: values are bound. */
#include "db/list_sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define SQL_MAX 65536

#define SOURCE_ALL (1u << ROLLUP_FAILED | 1u << ROLLUP_WARNING | 1u << ROLLUP_SUCCESS | 1u << ROLLUP_NOT_AVAILABLE)
#define TIER_ALL (1u << TIER_DISTRIBUTOR | 1u << TIER_RESELLER | 1u << TIER_CUSTOMER)
#define PAIR_ALL 3u
#define STATUS_ONBOARDING 1u   /* bit number of struct list_filter */
#define SUSPENDED_YES_SET 2u

static const char columns[] = "t.tree_pos, t.tenant_id, t.public_id, t.parent_public_id, t.name, t.domain, t.created_at, "
	"t.suspended, t.onboarding, t.tasks_done, t.tasks_total, t.admin_name, t.admin_pending, t.rollup, "
	"t.c_active, t.c_scheduled, t.c_draft, t.c_expired, t.c_cancelled, t.c_superseded, t.next_change";

/* The fields by which a query can be driven, with the key of each. */
enum driver { DRIVE_TREE, DRIVE_SUSPENDED, DRIVE_TIER, DRIVE_ROLLUP_ONBOARDING, DRIVE_ROLLUP, DRIVE_ONBOARDING, DRIVE_GRAM };

static const char *const driver_keys[] = {
	[DRIVE_TREE] = "PRIMARY", [DRIVE_SUSPENDED] = "suspended", [DRIVE_TIER] = "tier",
	[DRIVE_ROLLUP_ONBOARDING] = "rollup_onboarding", [DRIVE_ROLLUP] = "rollup", [DRIVE_ONBOARDING] = "onboarding",
	[DRIVE_GRAM] = "PRIMARY",
};

static unsigned without_all(unsigned set, unsigned all)
{
	set &= all;
	return set == all ? 0 : set;
}

struct list_filter list_filter_narrow(const struct list_filter *filter)
{
	struct list_filter narrow = *filter;

	narrow.source = without_all(filter->source, SOURCE_ALL);
	narrow.status = without_all(filter->status, PAIR_ALL);
	narrow.tier = without_all(filter->tier, TIER_ALL);
	narrow.suspended = without_all(filter->suspended, PAIR_ALL);
	return narrow;
}

bool list_filter_empty(const struct list_filter *filter)
{
	struct list_filter narrow = list_filter_narrow(filter);

	return (narrow.source | narrow.status | narrow.tier | narrow.suspended) == 0 && narrow.like == NULL;
}

static void add_value(struct list_plan *plan, struct db_value value)
{
	if (plan->count == LIST_VALUES_MAX) {
		log_error("a list query has too many values");
		abort();
	}
	plan->values[plan->count++] = value;
}

static void add(struct list_plan *plan, const char *text)
{
	buf_puts(&plan->sql, text);
}

static void add_with(struct list_plan *plan, const char *text, uint64_t number)
{
	buf_puts(&plan->sql, text);
	add_value(plan, DB_UINT(number));
}

bool list_filter_is_narrow(const struct list_filter *filter)
{
	return filter->suspended == SUSPENDED_YES_SET ||
		(filter->tier != 0 && (filter->tier & 1u << TIER_CUSTOMER) == 0);
}

/* The field with the fewest rows comes first: suspended ones and tiers above the customers are few. The tier of
 * customers alone, as the suspended "no", helps nobody else and is checked on the row when there is another. */
static enum driver choose_driver(const struct list_query *query)
{
	const struct list_filter *filter = query->filter;

	if (query->high - query->low <= 1)
		return DRIVE_TREE;
	if (list_filter_is_narrow(filter))
		return filter->suspended == SUSPENDED_YES_SET ? DRIVE_SUSPENDED : DRIVE_TIER;
	if (query->gram != NULL)
		return DRIVE_GRAM;
	if (filter->source != 0 && filter->status != 0)
		return DRIVE_ROLLUP_ONBOARDING;
	if (filter->source != 0)
		return DRIVE_ROLLUP;
	if (filter->status != 0)
		return DRIVE_ONBOARDING;
	if (filter->tier != 0)
		return DRIVE_TIER;
	return filter->suspended != 0 ? DRIVE_SUSPENDED : DRIVE_TREE;
}

/* The tier as the label says it: so that a key is enough and no row need be fetched for it. */
static const char *tier_condition(unsigned tiers)
{
	/* 25 bits for the end customer, 50 for reseller and end customer (scope.h) */
	static const char *const conditions[] = {
		[1u << TIER_DISTRIBUTOR] = " AND (t.tree_pos & 1125899906842623) = 0",
		[1u << TIER_RESELLER] = " AND (t.tree_pos & 33554431) = 0 AND (t.tree_pos & 1125899906842623) <> 0",
		[1u << TIER_CUSTOMER] = " AND (t.tree_pos & 33554431) <> 0",
		[1u << TIER_DISTRIBUTOR | 1u << TIER_RESELLER] = " AND (t.tree_pos & 33554431) = 0",
		[1u << TIER_DISTRIBUTOR | 1u << TIER_CUSTOMER] =
			" AND ((t.tree_pos & 33554431) <> 0 OR (t.tree_pos & 1125899906842623) = 0)",
		[1u << TIER_RESELLER | 1u << TIER_CUSTOMER] = " AND (t.tree_pos & 1125899906842623) <> 0",
	};

	return conditions[tiers];
}

/* Does every row that has the piece match the text? */
static bool gram_says_all(const struct text_gram *gram)
{
	return gram->whole && gram->near == 0;
}

void list_plan_near(struct list_plan *plan, const char *alias, const struct text_gram *gram)
{
	if (gram->near == 0)
		return;
	buf_printf(&plan->sql, " AND (%s.near & ?) IN (0, ?)", alias);
	add_value(plan, DB_UINT(text_near_mask(gram->near)));
	add_value(plan, DB_UINT(gram->near));
}

/* The conditions that the driving key does not hold. */
static void add_residuals(struct list_plan *plan, const struct list_query *query, enum driver driver)
{
	const struct list_filter *filter = query->filter;

	if (filter->source != 0 && driver != DRIVE_ROLLUP && driver != DRIVE_ROLLUP_ONBOARDING) {
		size_t count = 0;

		for (unsigned i = ROLLUP_FAILED; i <= ROLLUP_NOT_AVAILABLE; i++) {
			if (filter->source & 1u << i)
				plan->sources[count++] = i;
		}
		add(plan, " AND t.rollup IN (?)");
		add_value(plan, DB_UINTS(plan->sources, count));
	}
	if (filter->status != 0 && driver != DRIVE_ONBOARDING && driver != DRIVE_ROLLUP_ONBOARDING)
		add_with(plan, " AND t.onboarding = ?", filter->status >> STATUS_ONBOARDING & 1);
	if (filter->tier != 0 && driver != DRIVE_TIER)
		add(plan, tier_condition(filter->tier));
	if (filter->suspended != 0 && driver != DRIVE_SUSPENDED)
		add_with(plan, " AND t.suspended = ?", filter->suspended >> 1 & 1);
	if (filter->like != NULL && driver != DRIVE_GRAM) {
		add(plan, " AND t.search LIKE ? ESCAPE '!'");
		add_value(plan, DB_TEXT(filter->like));
	}
}

static void add_range(struct list_plan *plan, const struct list_query *query, const char *alias)
{
	buf_printf(&plan->sql, "SCOPE(%s) AND ", alias);
	buf_printf(&plan->sql, "%s.tree_pos >= ? AND %s.tree_pos < ?", alias, alias);
	add_value(plan, DB_UINT(query->low));
	add_value(plan, DB_UINT(query->high));
}

static void add_order(struct list_plan *plan, const struct list_query *query, const char *column)
{
	add(plan, " ORDER BY ");
	add(plan, column);
	if (query->backwards)
		add(plan, " DESC");
}

/* SELECT of an arm, up to FROM. A bounded count has the rows to count inside. */
static void add_head(struct list_plan *plan, const struct list_query *query, const char *straight)
{
	add(plan, "SELECT ");
	if (query->counting && query->limit > 0)
		add(plan, "COUNT(*) AS n FROM (SELECT ");
	add(plan, straight);
	add(plan, !query->counting ? columns : query->limit > 0 ? "1" : "COUNT(*) AS n");
}

static void add_tail(struct list_plan *plan, const struct list_query *query, const char *column)
{
	if (!query->counting)
		add_order(plan, query, column);
	if (query->limit > 0)
		add_with(plan, " LIMIT ?", query->limit);
	if (query->counting && query->limit > 0)
		add(plan, ") c");
}

/* One interval of one key, equal to the given values of the driving field. */
static void add_arm(struct list_plan *plan, const struct list_query *query, enum driver driver, unsigned value)
{
	add_head(plan, query, "");
	add(plan, " FROM tenant_list t FORCE INDEX (");
	add(plan, driver_keys[driver]);
	add(plan, ") WHERE ");
	if (driver == DRIVE_SUSPENDED)
		add_with(plan, "t.suspended = ? AND ", value);
	else if (driver == DRIVE_TIER)
		add_with(plan, "t.tier = ? AND ", value);
	else if (driver == DRIVE_ONBOARDING)
		add_with(plan, "t.onboarding = ? AND ", value);
	else if (driver != DRIVE_TREE)
		add_with(plan, "t.rollup = ? AND ", value);
	if (driver == DRIVE_ROLLUP_ONBOARDING)
		add_with(plan, "t.onboarding = ? AND ", query->filter->status >> STATUS_ONBOARDING & 1);
	add_range(plan, query, "t");
	add_residuals(plan, query, driver);
	add_tail(plan, query, "t.tree_pos");
	plan->arms++;
}

bool list_index_alone(const struct list_query *query, const struct text_gram *gram)
{
	const struct list_filter *filter = query->filter;

	return query->counting && filter->source == 0 && filter->status == 0 && filter->suspended == 0 && gram->whole;
}

/* The text, where the piece and what is near do not say it all. Counted in the index alone, an entry that tells nothing has its row
 * looked at. */
static void add_text(struct list_plan *plan, const struct list_query *query, bool alone)
{
	if (gram_says_all(query->gram))
		return;
	if (alone) {
		add(plan, " AND (t.near > 0 OR (SELECT l.search LIKE ? ESCAPE '!' FROM tenant_list l FORCE INDEX (PRIMARY)"
			" WHERE SCOPE(l) AND l.tree_pos = t.tree_pos))");
	} else {
		add(plan, " AND t.search LIKE ? ESCAPE '!'");
	}
	add_value(plan, DB_TEXT(query->filter->like));
}

/* A piece gives the labels in tree order, where what is near it fits; each row is looked up by its label and compared. One piece:
 * looking up a second one costs as much as the row, which settles it. */
static void add_gram_arm(struct list_plan *plan, const struct list_query *query)
{
	bool alone = list_index_alone(query, query->gram);
	const char *alias = alone ? "t" : "g";

	add_head(plan, query, alone ? "" : "STRAIGHT_JOIN ");
	if (alone)
		add(plan, " FROM tenant_gram t FORCE INDEX (PRIMARY)");
	else
		add(plan, " FROM tenant_gram g FORCE INDEX (PRIMARY)"
			" JOIN tenant_list t FORCE INDEX (PRIMARY) ON t.tree_pos = g.tree_pos AND SCOPE(t)");
	buf_printf(&plan->sql, " WHERE %s.gram = ? AND ", alias);
	add_value(plan, DB_UINT(query->gram->gram));
	add_range(plan, query, alias);
	list_plan_near(plan, alias, query->gram);
	add_residuals(plan, query, DRIVE_GRAM);
	add_text(plan, query, alone);
	add_tail(plan, query, alone ? "t.tree_pos" : "g.tree_pos");
	plan->arms++;
}

/* The values that the driving field may have, as a bit mask of 1 << value. */
static unsigned driver_values(const struct list_query *query, enum driver driver)
{
	switch (driver) {
	case DRIVE_SUSPENDED:
		return query->filter->suspended;
	case DRIVE_TIER:
		return query->filter->tier;
	case DRIVE_ROLLUP:
	case DRIVE_ROLLUP_ONBOARDING:
		return query->filter->source;
	case DRIVE_ONBOARDING:
		return query->filter->status;
	default:
		return 1;
	}
}

void list_plan_make(struct list_plan *plan, const struct list_query *query)
{
	enum driver driver = choose_driver(query);
	unsigned values = driver_values(query, driver);
	bool several = (values & (values - 1)) != 0;

	list_plan_begin(plan, driver_keys[driver]);
	if (driver == DRIVE_GRAM) {
		add_gram_arm(plan, query);
		return;
	}
	if (several && query->counting)
		add(plan, "SELECT SUM(u.n) FROM (");
	for (unsigned value = 0; values >> value != 0; value++) {
		if ((values & 1u << value) == 0)
			continue;
		if (plan->arms > 0)
			add(plan, " UNION ALL ");
		if (several)
			add(plan, "(");
		add_arm(plan, query, driver, value);
		if (several)
			add(plan, ")");
	}
	if (!several)
		return;
	if (query->counting) {
		add(plan, ") u");
	} else {
		add_order(plan, query, "tree_pos");
		add_with(plan, " LIMIT ?", query->limit);
	}
}

void list_plan_after(struct list_plan *plan, const char *id, const char *since, uint64_t limit)
{
	list_plan_begin(plan, "PRIMARY");
	plan->arms = 1;
	buf_printf(&plan->sql, "SELECT %s, p.tree_pos FROM tenant p JOIN tenant_list t FORCE INDEX (PRIMARY) ON SCOPE(t)", columns);
	/* The label of the cursor's reseller and all behind the cursor: two intervals of one key. */
	add(plan, " AND (t.tree_pos = p.tree_pos & ~33554431 OR t.tree_pos > p.tree_pos) WHERE SCOPE(p) AND p.public_id = ?");
	add_value(plan, DB_TEXT(id));
	add(plan, " AND (p.deleted_at IS NULL OR p.deleted_at > ?)");
	add_value(plan, DB_TEXT(since));
	add(plan, " ORDER BY t.tree_pos");
	add_with(plan, " LIMIT ?", limit + 1);
}

void list_plan_weigh(struct list_plan *plan, bool contracts, const struct text_gram *grams, size_t count)
{
	list_plan_begin(plan, "PRIMARY");
	plan->arms = 1 + (unsigned)count * (contracts ? 2 : 1);
	add(plan, contracts ? "EXPLAIN SELECT 1 FROM contract_list t FORCE INDEX (PRIMARY) WHERE SCOPE(t)"
		: "EXPLAIN SELECT 1 FROM tenant_list t FORCE INDEX (PRIMARY) WHERE SCOPE(t)");
	for (size_t i = 0; i < count; i++) {
		add(plan, " UNION ALL SELECT 1 FROM tenant_gram g FORCE INDEX (PRIMARY) WHERE SCOPE(g)");
		add_with(plan, " AND g.gram = ?", grams[i].gram);
	}
	for (size_t i = 0; contracts && i < count; i++) {
		add(plan, " UNION ALL SELECT 1 FROM contract_gram g FORCE INDEX (PRIMARY) WHERE SCOPE(g)");
		add_with(plan, " AND g.gram = ?", grams[i].gram);
	}
}

void list_plan_begin(struct list_plan *plan, const char *key)
{
	buf_init(&plan->sql, SQL_MAX);
	plan->count = 0;
	plan->arms = 0;
	plan->key = key;
}

void list_plan_add(struct list_plan *plan, const char *text)
{
	add(plan, text);
}

void list_plan_add_value(struct list_plan *plan, const char *text, struct db_value value)
{
	add(plan, text);
	add_value(plan, value);
}

void list_plan_free(struct list_plan *plan)
{
	buf_free(&plan->sql);
}
