/* Composes the Contracts list's queries from fixed parts, each an interval of one forced index in the list's order, as
 * list_sql.c does for the Customers list. By a piece of a text rows are found in two search indexes, the tenants' and the
 * contracts' own. Must never put a value into the text: values are bound. */
#include "db/contract_sql.h"

#include <string.h>

#define STATUS_ALL ((1u << CONTRACT__MAX) - 1)
#define TIER_ALL (1u << TIER_DISTRIBUTOR | 1u << TIER_RESELLER | 1u << TIER_CUSTOMER)

static const char columns[] = "t.tree_pos, t.contract_id, t.public_id, t.tenant_public_id, t.tenant_name, t.tier, t.name, "
	"t.version, t.stored, t.start_date, t.end_date, t.renewal, t.entitlement, t.status, t.next_change";

#define LIKE " AND t.search LIKE ? ESCAPE '!'"

/* The fields by which a query can be driven, with the key of each. */
enum driver { DRIVE_TREE, DRIVE_GRAM, DRIVE_TIER, DRIVE_UNBILLED, DRIVE_ENDS, DRIVE_STATUS };

static const char *const driver_keys[] = {
	[DRIVE_TREE] = "PRIMARY", [DRIVE_GRAM] = "PRIMARY", [DRIVE_TIER] = "tier", [DRIVE_UNBILLED] = "unbilled",
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

	if (query->gram != NULL)
		return DRIVE_GRAM;
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
	if (filter->like != NULL && driver != DRIVE_GRAM)
		list_plan_add_value(plan, LIKE, DB_TEXT(filter->like));
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

static void add_order(struct list_plan *plan, const struct contract_query *query, const char *alias)
{
	list_plan_add(plan, " ORDER BY ");
	list_plan_add(plan, alias);
	list_plan_add(plan, query->backwards ? "tree_pos DESC, " : "tree_pos, ");
	list_plan_add(plan, alias);
	list_plan_add(plan, query->backwards ? "contract_id DESC" : "contract_id");
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
	add_span(plan, &query->span);
	add_residuals(plan, query, driver);
	if (!query->counting)
		add_order(plan, query, "t.");
	if (query->limit > 0)
		list_plan_add_value(plan, " LIMIT ?", DB_UINT(query->limit));
	if (bounded)
		list_plan_add(plan, ") c");
	plan->arms++;
}

/* The text, beside a piece and what is near it. Where these are all of it every contract of a tenant whose own text has them matches: OWN
 * is said of contracts' texts, where one has them and another has not. */
static void add_text(struct list_plan *plan, const struct contract_query *query, bool own)
{
	if (own || !query->gram->whole)
		list_plan_add_value(plan, LIKE, DB_TEXT(query->filter->like));
	else if (query->gram->near != 0)
		list_plan_add_value(plan, " AND (g.near > 0 OR t.search LIKE ? ESCAPE '!')", DB_TEXT(query->filter->like));
}

/* What of a search index leads to rows that match: an interval of it, in the order of the list. OWN: the contracts' index. ONCE: what the tenants'
 * index leads to is left to that. */
static void add_found(struct list_plan *plan, const struct contract_query *query, bool own, bool once)
{
	list_plan_add(plan, own ? " FROM contract_gram" : " FROM tenant_gram");
	list_plan_add(plan, " g FORCE INDEX (PRIMARY)");
	if (once) {
		list_plan_add_value(plan, " LEFT JOIN tenant_gram o FORCE INDEX (PRIMARY) ON o.gram = ? AND o.tree_pos = g.tree_pos"
			" AND SCOPE(o)", DB_UINT(query->gram->gram));
		list_plan_near(plan, "o", query->gram);
	}
	list_plan_add(plan, " JOIN contract_list t FORCE INDEX (PRIMARY) ON t.tree_pos = g.tree_pos");
	list_plan_add_value(plan, " WHERE g.gram = ? AND SCOPE(g)", DB_UINT(query->gram->gram));
	list_plan_add_value(plan, " AND g.tree_pos >= ?", DB_UINT(query->span.after.tenant));
	list_plan_add_value(plan, " AND g.tree_pos <= ? AND ", DB_UINT(query->span.before.tenant));
	if (once)
		list_plan_add(plan, "o.gram IS NULL AND ");
	add_span(plan, &query->span);
	list_plan_near(plan, "g", query->gram);
	add_residuals(plan, query, DRIVE_GRAM);
	add_text(plan, query, own);
	plan->arms++;
}

static void add_gram_count(struct list_plan *plan, const struct contract_query *query)
{
	bool bounded = query->limit > 0;

	list_plan_add(plan, "SELECT SUM(u.n) FROM (");
	for (int own = 0; own < 2; own++) {
		list_plan_add(plan, own ? " UNION ALL SELECT " : "SELECT ");
		list_plan_add(plan, bounded ? "COUNT(*) AS n FROM (SELECT STRAIGHT_JOIN 1" : "STRAIGHT_JOIN COUNT(*) AS n");
		add_found(plan, query, own, own);
		if (bounded)
			list_plan_add_value(plan, " LIMIT ?) c", DB_UINT(query->limit));
	}
	list_plan_add(plan, ") u");
}

/* Of each index the tenants of its first rows: among the rows of these are the first of all. */
static void add_gram_rows(struct list_plan *plan, const struct contract_query *query)
{
	list_plan_add(plan, "SELECT STRAIGHT_JOIN ");
	list_plan_add(plan, columns);
	list_plan_add(plan, " FROM (");
	for (int own = 0; own < 2; own++) {
		list_plan_add(plan, own ? " UNION (SELECT STRAIGHT_JOIN g.tree_pos" : "(SELECT STRAIGHT_JOIN g.tree_pos");
		add_found(plan, query, own, false);
		list_plan_add(plan, query->backwards ? " ORDER BY g.tree_pos DESC" : " ORDER BY g.tree_pos");
		list_plan_add_value(plan, " LIMIT ?)", DB_UINT(query->limit));
	}
	list_plan_add(plan, ") f JOIN contract_list t FORCE INDEX (PRIMARY) ON t.tree_pos = f.tree_pos WHERE ");
	add_span(plan, &query->span);
	add_residuals(plan, query, DRIVE_GRAM);
	list_plan_add_value(plan, LIKE, DB_TEXT(query->filter->like));
	add_order(plan, query, "t.");
	list_plan_add_value(plan, " LIMIT ?", DB_UINT(query->limit));
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
	if (driver == DRIVE_GRAM) {
		(query->counting ? add_gram_count : add_gram_rows)(plan, query);
		return;
	}
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
		add_order(plan, query, "");
		list_plan_add_value(plan, " LIMIT ?", DB_UINT(query->limit));
	}
}

void contract_plan_due(struct list_plan *plan, const struct contract_filter *filter, const char *now)
{
	list_plan_begin(plan, "next_change");
	plan->arms = 1;
	list_plan_add(plan, "SELECT ");
	list_plan_add(plan, columns);
	list_plan_add(plan, ", t.former, t.with_data, t.ends, t.hidden, t.unbilled");
	if (filter->like != NULL)
		list_plan_add_value(plan, ", t.search LIKE ? ESCAPE '!'", DB_TEXT(filter->like));
	else
		list_plan_add(plan, ", 1");
	list_plan_add(plan, " FROM contract_list t FORCE INDEX (next_change) WHERE SCOPE(t)");
	list_plan_add_value(plan, " AND t.next_change <= ?", DB_TEXT(now));
}
