/* Composes the Contracts list's queries from fixed parts, each an interval of one forced index in the list's order, as
 * list_sql.c does for the Customers list. Must never put a value into the text: values are bound. */
#include "db/contract_sql.h"

#include <string.h>

#define STATUS_ALL ((1u << CONTRACT__MAX) - 1)
#define TIER_ALL (1u << TIER_DISTRIBUTOR | 1u << TIER_RESELLER | 1u << TIER_CUSTOMER)

static const char columns[] = "t.tree_pos, t.contract_id, t.public_id, t.tenant_public_id, t.tenant_name, t.tier, t.name, "
	"t.version, t.stored, t.start_date, t.end_date, t.renewal, t.entitlement, t.former, t.with_data, t.status, t.ends, "
	"t.hidden, t.unbilled, t.next_change";

/* The fields by which a query can be driven, with the key of each. */
enum driver { DRIVE_TREE, DRIVE_LABELS, DRIVE_TIER, DRIVE_UNBILLED, DRIVE_ENDS, DRIVE_STATUS };

static const char *const driver_keys[] = {
	[DRIVE_TREE] = "PRIMARY", [DRIVE_LABELS] = "PRIMARY", [DRIVE_TIER] = "tier", [DRIVE_UNBILLED] = "unbilled",
	[DRIVE_ENDS] = "ends", [DRIVE_STATUS] = "status",
};

struct contract_filter contract_filter_narrow(const struct contract_filter *filter)
{
	struct contract_filter narrow = *filter;

	narrow.status &= STATUS_ALL;
	narrow.tier &= TIER_ALL;
	if (narrow.tier == TIER_ALL)
		narrow.tier = 0;
	/* rows without contract have no status: beside unbilled all of them together leave those out */
	if (narrow.status == STATUS_ALL && !narrow.unbilled)
		narrow.status = 0;
	return narrow;
}

/* The field with the fewest rows comes first. Nearly all are of customers: their tier helps nobody. */
static enum driver choose_driver(const struct contract_query *query)
{
	const struct contract_filter *filter = query->filter;

	if (query->labels != NULL)
		return DRIVE_LABELS;
	if (query->span.after.tenant == query->span.before.tenant)
		return DRIVE_TREE;
	if (filter->tier != 0 && (filter->tier & 1u << TIER_CUSTOMER) == 0)
		return DRIVE_TIER;
	if (filter->unbilled)
		return DRIVE_UNBILLED;
	if (filter->ends != 0)
		return DRIVE_ENDS;
	return filter->status != 0 ? DRIVE_STATUS : DRIVE_TREE;
}

static void add_set(struct list_plan *plan, const char *text, unsigned set, uint64_t *values)
{
	size_t count = 0;

	for (unsigned i = 0; set >> i != 0; i++) {
		if (set & 1u << i)
			values[count++] = i;
	}
	list_plan_add_value(plan, text, DB_UINTS(values, count));
}

/* The conditions that the driving key does not hold. */
static void add_residuals(struct list_plan *plan, const struct contract_query *query, enum driver driver)
{
	const struct contract_filter *filter = query->filter;

	list_plan_add_value(plan, " AND (t.hidden & ?) = 0", DB_UINT(query->viewer));
	if (!filter->unbilled)
		list_plan_add(plan, " AND t.contract_id > 0");
	else if (driver != DRIVE_UNBILLED)
		list_plan_add(plan, " AND t.unbilled = 1");
	if (filter->status != 0 && driver != DRIVE_STATUS)
		add_set(plan, " AND t.status IN (?)", filter->status, plan->sources);
	if (filter->tier != 0 && driver != DRIVE_TIER)
		add_set(plan, " AND t.tier IN (?)", filter->tier, plan->sources + CONTRACT__MAX);
	if (filter->ends != 0 && driver != DRIVE_ENDS)
		list_plan_add_value(plan, " AND t.ends BETWEEN 1 AND ?", DB_UINT(filter->ends));
	if (filter->like != NULL)
		list_plan_add_value(plan, " AND t.search LIKE ? ESCAPE '!'", DB_TEXT(filter->like));
	if (query->settled != NULL)
		list_plan_add_value(plan, " AND (t.next_change IS NULL OR t.next_change > ?)", DB_TEXT(query->settled));
}

static void add_span(struct list_plan *plan, const struct contract_span *span)
{
	list_plan_add(plan, "SCOPE(t)");
	list_plan_add_value(plan, " AND t.tree_pos >= ?", DB_UINT(span->after.tenant));
	list_plan_add_value(plan, " AND t.tree_pos <= ?", DB_UINT(span->before.tenant));
	list_plan_add_value(plan, " AND (t.tree_pos > ?", DB_UINT(span->after.tenant));
	list_plan_add_value(plan, " OR t.contract_id > ?)", DB_UINT(span->after.contract));
	list_plan_add_value(plan, " AND (t.tree_pos < ?", DB_UINT(span->before.tenant));
	list_plan_add_value(plan, " OR t.contract_id < ?)", DB_UINT(span->before.contract));
}

/* One interval of one key, equal to the given value of the driving field. */
static void add_arm(struct list_plan *plan, const struct contract_query *query, enum driver driver, unsigned value)
{
	bool bounded = query->counting && query->limit > 0;

	list_plan_add(plan, bounded ? "SELECT COUNT(*) AS n FROM (SELECT 1" : query->counting ? "SELECT COUNT(*) AS n" : "SELECT ");
	if (!query->counting)
		list_plan_add(plan, columns);
	list_plan_add(plan, " FROM contract_list t FORCE INDEX (");
	list_plan_add(plan, driver_keys[driver]);
	list_plan_add(plan, ") WHERE ");
	if (driver == DRIVE_TIER)
		list_plan_add_value(plan, "t.tier = ? AND ", DB_UINT(value));
	else if (driver == DRIVE_UNBILLED)
		list_plan_add(plan, "t.unbilled = 1 AND ");
	else if (driver == DRIVE_ENDS)
		list_plan_add_value(plan, "t.ends = ? AND ", DB_UINT(value));
	else if (driver == DRIVE_STATUS)
		list_plan_add_value(plan, "t.status = ? AND ", DB_UINT(value));
	else if (driver == DRIVE_LABELS)
		list_plan_add_value(plan, "t.tree_pos IN (?) AND ", DB_UINTS(query->labels, query->label_count));
	add_span(plan, &query->span);
	add_residuals(plan, query, driver);
	if (!query->counting)
		list_plan_add(plan, query->backwards ? " ORDER BY t.tree_pos DESC, t.contract_id DESC"
			: " ORDER BY t.tree_pos, t.contract_id");
	if (query->limit > 0)
		list_plan_add_value(plan, " LIMIT ?", DB_UINT(query->limit));
	if (bounded)
		list_plan_add(plan, ") c");
	plan->arms++;
}

/* The values that the driving field may have, as a bit mask of 1 << value. */
static unsigned driver_values(const struct contract_query *query, enum driver driver)
{
	switch (driver) {
	case DRIVE_TIER:
		return query->filter->tier;
	case DRIVE_ENDS:
		return (2u << query->filter->ends) - 2;
	case DRIVE_STATUS:
		return query->filter->status;
	default:
		return 1;
	}
}

void contract_plan_make(struct list_plan *plan, const struct contract_query *query)
{
	enum driver driver = choose_driver(query);
	unsigned values = driver_values(query, driver);
	bool several = (values & (values - 1)) != 0;

	list_plan_begin(plan, driver_keys[driver]);
	if (several && query->counting)
		list_plan_add(plan, "SELECT SUM(u.n) FROM (");
	for (unsigned value = 0; values >> value != 0; value++) {
		if ((values & 1u << value) == 0)
			continue;
		if (plan->arms > 0)
			list_plan_add(plan, " UNION ALL ");
		list_plan_add(plan, several ? "(" : "");
		add_arm(plan, query, driver, value);
		list_plan_add(plan, several ? ")" : "");
	}
	if (!several)
		return;
	if (query->counting) {
		list_plan_add(plan, ") u");
	} else {
		list_plan_add(plan, query->backwards ? " ORDER BY tree_pos DESC, contract_id DESC" : " ORDER BY tree_pos, contract_id");
		list_plan_add_value(plan, " LIMIT ?", DB_UINT(query->limit));
	}
}

void contract_plan_due(struct list_plan *plan, const struct contract_filter *filter, const char *now)
{
	list_plan_begin(plan, "next_change");
	plan->arms = 1;
	list_plan_add(plan, "SELECT ");
	list_plan_add(plan, columns);
	if (filter->like != NULL)
		list_plan_add_value(plan, ", t.search LIKE ? ESCAPE '!'", DB_TEXT(filter->like));
	else
		list_plan_add(plan, ", 1");
	list_plan_add(plan, " FROM contract_list t FORCE INDEX (next_change) WHERE SCOPE(t)");
	list_plan_add_value(plan, " AND t.next_change <= ?", DB_TEXT(now));
}

static void add_labels(struct list_plan *plan, const char *from, const struct contract_span *span, uint64_t gram,
	bool backwards, uint64_t limit)
{
	list_plan_add(plan, from);
	list_plan_add_value(plan, " g FORCE INDEX (PRIMARY) WHERE g.gram = ? AND SCOPE(g)", DB_UINT(gram));
	list_plan_add_value(plan, " AND g.tree_pos >= ?", DB_UINT(span->after.tenant));
	list_plan_add_value(plan, " AND g.tree_pos <= ?", DB_UINT(span->before.tenant));
	list_plan_add(plan, backwards ? " ORDER BY g.tree_pos DESC" : " ORDER BY g.tree_pos");
	list_plan_add_value(plan, " LIMIT ?)", DB_UINT(limit));
	plan->arms++;
}

void contract_plan_labels(struct list_plan *plan, const struct contract_span *span, uint64_t gram, bool backwards,
	uint64_t limit)
{
	list_plan_begin(plan, "PRIMARY");
	add_labels(plan, "(SELECT g.tree_pos FROM tenant_gram", span, gram, backwards, limit);
	add_labels(plan, " UNION (SELECT g.tree_pos FROM contract_gram", span, gram, backwards, limit);
	list_plan_add(plan, backwards ? " ORDER BY tree_pos DESC" : " ORDER BY tree_pos");
	list_plan_add_value(plan, " LIMIT ?", DB_UINT(limit));
}
