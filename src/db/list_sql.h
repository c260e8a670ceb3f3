/* The text of the list's queries. Included in db/ and its tests alone: they ask the server how it would run each. */
#ifndef TENANTRY_DB_LIST_SQL_H
#define TENANTRY_DB_LIST_SQL_H

#include "base/buf.h"
#include "db/list.h"

#define LIST_GRAMS_USED 3   /* pieces of a search text that are intersected */
#define LIST_GRAMS_COUNTED 8 /* pieces among which the rarest are looked for */
#define LIST_GRAM_BOUND 256  /* how far each is counted for that */
#define LIST_VALUES_MAX 96

/* The columns of a row, in the order of the query. */
enum list_column {
	LIST_TREE_POS, LIST_TENANT, LIST_ID, LIST_PARENT, LIST_NAME, LIST_DOMAIN, LIST_CREATED, LIST_TIER, LIST_SUSPENDED,
	LIST_ONBOARDING, LIST_TASKS_DONE, LIST_TASKS_TOTAL, LIST_ADMIN, LIST_ADMIN_PENDING, LIST_ROLLUP,
	LIST_CONTRACTS, LIST_NEXT_CHANGE = LIST_CONTRACTS + CONTRACT__MAX
};

/* What is asked. GRAMS: the pieces to intersect, the rarest first; none: the text is only compared. LIMIT 0: all. */
struct list_query {
	const struct list_filter *filter;
	uint64_t low, high, limit;
	const uint64_t *grams;
	size_t gram_count;
	bool backwards, counting;
};

/* A query made: text and values; and for the tests, the key that must be used, for how many arms. */
struct list_plan {
	struct buf sql;
	struct db_value values[LIST_VALUES_MAX];
	size_t count;
	const char *key;
	unsigned arms;
	uint64_t sources[4]; /* for IN (?) */
};

/* FILTER must have no field with all its values set (list_filter_narrow()). The plan must not be moved. */
void list_plan_make(struct list_plan *plan, const struct list_query *query);
void list_plan_free(struct list_plan *plan);

/* The query that counts pieces of a search text, each up to LIST_GRAM_BOUND. */
void list_plan_grams(struct list_plan *plan, const uint64_t *grams, size_t count);

/* FILTER without the fields that hold for every row. */
struct list_filter list_filter_narrow(const struct list_filter *filter);

#endif
