/* The text of the list's queries. Included in db/ and its tests alone: they ask the server how it would run each. */
#ifndef TENANTRY_DB_LIST_SQL_H
#define TENANTRY_DB_LIST_SQL_H

#include "base/buf.h"
#include "db/list.h"

#define LIST_GRAMS_WEIGHED 12 /* pieces of a search text among which the rarest is looked for */
#define LIST_VALUES_MAX 96

/* The columns of a row, in the order of the query. Each costs an export a thirtieth; the tier is told by the label. */
enum list_column {
	LIST_TREE_POS, LIST_TENANT, LIST_ID, LIST_PARENT, LIST_NAME, LIST_DOMAIN, LIST_CREATED, LIST_SUSPENDED,
	LIST_ONBOARDING, LIST_TASKS_DONE, LIST_TASKS_TOTAL, LIST_ADMIN, LIST_ADMIN_PENDING, LIST_ROLLUP,
	LIST_CONTRACTS, LIST_NEXT_CHANGE = LIST_CONTRACTS + CONTRACT__MAX, LIST__MAX
};

/* What is asked. GRAM: the piece by which rows are found; NULL: the text is only compared. LIMIT 0: all. */
struct list_query {
	const struct list_filter *filter;
	const struct text_gram *gram;
	uint64_t low, high, limit;
	bool backwards, counting;
};

/* A query made: text and values; and for the tests, the key that must be used, for how many arms. */
struct list_plan {
	struct buf sql;
	struct db_value values[LIST_VALUES_MAX];
	size_t count;
	const char *key;
	unsigned arms;
	uint64_t sources[16]; /* for IN (?) */
};

/* The query of list_rows_after(): the columns of a row, and behind them the cursor's label. SINCE: an instant (SQL) after which a row that is
 * gone was deleted. Both texts must live as long as the plan. */
void list_plan_after(struct list_plan *plan, const char *id, const char *since, uint64_t limit);

/* FILTER must have no field with all its values set (list_filter_narrow()). The plan must not be moved. */
void list_plan_make(struct list_plan *plan, const struct list_query *query);
void list_plan_free(struct list_plan *plan);

/* Whether there is a field that few rows match, so that no piece of a text need be looked for. */
bool list_filter_is_narrow(const struct list_filter *filter);

/* The EXPLAIN by which the server tells, without counting, about how many rows the scope has (row with ID 1) and how many of
 * them have each piece (IDs from 2 on). With CONTRACTS of their list, and behind those the pieces of contracts. */
void list_plan_weigh(struct list_plan *plan, bool contracts, const struct text_gram *grams, size_t count);

/* The rarest of a text's pieces; NULL when so many rows have it that comparing all is no slower. The server estimates how many have
 * each from its index, which takes it a glance. The answer is kept for a while: a page asks several times for one text, and only
 * speed hangs on it. */
enum error list_choose(struct db *db, const struct scope *scope, bool contracts, const struct text_gram *grams,
	size_t gram_count, const struct text_gram **gram);

/* Text for a plan: fixed parts alone, each value through these. */
void list_plan_begin(struct list_plan *plan, const char *key);
void list_plan_add(struct list_plan *plan, const char *text);
void list_plan_add_value(struct list_plan *plan, const char *text, struct db_value value);

/* Can QUERY be answered by GRAM's entries alone? Nothing of the rows themselves is asked for, then. */
bool list_index_alone(const struct list_query *query, const struct text_gram *gram);

/* What must be near GRAM, for the alias of an index's entries: nothing when nothing is known. */
void list_plan_near(struct list_plan *plan, const char *alias, const struct text_gram *gram);

/* FILTER without the fields that hold for every row. */
struct list_filter list_filter_narrow(const struct list_filter *filter);

#endif
