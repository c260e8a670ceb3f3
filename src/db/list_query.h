/* How a question about the list becomes queries. Included in db/ alone. */
#ifndef TENANTRY_DB_LIST_QUERY_H
#define TENANTRY_DB_LIST_QUERY_H

#include "db/list_sql.h"

#define STATUS_COMPLETE_SET 1u
#define STATUS_ONBOARDING_SET 2u

/* Does the acting tenant's own row count as complete, whatever it stores? */
bool list_own_masked(const struct scope *scope);

/* A question cut at the acting reseller's own row, whose status is not what is stored: the row alone,
 * asked without the status (and not at all when onboarding ones are wanted), and the rest. */
struct list_parts {
	struct list_filter filter, own_filter;
	struct list_query own, rest;
	bool has_own, has_rest;
};

/* Cuts QUERY, kept within the scope, by FILTER (NULL: all rows). *PARTS must not be moved; FILTER's texts must outlive it. */
void list_parts_make(struct list_parts *parts, const struct scope *scope, const struct list_filter *filter,
	const struct list_query *query);

/* Chooses QUERY's piece. */
enum error list_query_choose(struct db *db, const struct scope *scope, struct list_query *query);

/* One composed query over [low, high), which must not hold a masked row that its filter asks about. *ROWS is the caller's. */
enum error list_query_run(struct db *db, const struct scope *scope, struct list_query *query, struct db_rows **rows);

#endif
