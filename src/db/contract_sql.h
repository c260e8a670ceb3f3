/* The text of the Contracts list's queries. Included in db/ and its tests alone. */
#ifndef TENANTRY_DB_CONTRACT_SQL_H
#define TENANTRY_DB_CONTRACT_SQL_H

#include "db/contract_list.h"
#include "db/list_sql.h"

/* The columns of a row, in the order of the query; from ROW_FORMER on, of one that is due alone. */
enum contract_column {
	ROW_TREE_POS, ROW_KEY, ROW_ID, ROW_TENANT, ROW_TENANT_NAME, ROW_TIER, ROW_NAME, ROW_VERSION, ROW_STORED, ROW_START,
	ROW_END, ROW_RENEWAL, ROW_ENTITLEMENT, ROW_STATUS, ROW_NEXT_CHANGE,
	ROW_FORMER, ROW_WITH_DATA, ROW_ENDS, ROW_HIDDEN, ROW_UNBILLED, ROW_FOUND
};

/* What is asked. VIEWER: bit of enum contract_viewer. GRAM: the piece by which rows are found; NULL: the text is only compared. SETTLED:
 * an instant, rows whose next change has passed then are left out; NULL: none is. LIMIT 0: all (of a count). */
struct contract_query {
	const struct contract_filter *filter;
	struct contract_span span;
	unsigned viewer;
	const struct text_gram *gram;
	uint64_t limit;
	const char *settled;
	bool backwards, counting;
};

/* FILTER must have no field with all its values set (contract_filter_narrow()). The plan must not be moved. */
void contract_plan_make(struct list_plan *plan, const struct contract_query *query);

/* The rows of the scope whose next change has passed at NOW, each with whether it has the text. */
void contract_plan_due(struct list_plan *plan, const struct contract_filter *filter, const char *now);

struct contract_filter contract_filter_narrow(const struct contract_filter *filter);

#endif
