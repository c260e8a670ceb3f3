/* What the cells of a contract's row say, as texts, as elements and as JSON: the same in the list of all and in those of one
 * customer. Reads a struct contract_row and nothing else. */
#ifndef TENANTRY_APP_CONTRACT_CELLS_H
#define TENANTRY_APP_CONTRACT_CELLS_H

#include "app/view.h"
#include "db/contract_list.h"

/* Columns of the Contracts list in the page's order; behind them in the file the IDs. */
enum contract_list_column {
	CONTRACT_COLUMN_NAME, CONTRACT_COLUMN_CUSTOMER, CONTRACT_COLUMN_TIER, CONTRACT_COLUMN_VERSION, CONTRACT_COLUMN_STATUS,
	CONTRACT_COLUMN_START, CONTRACT_COLUMN_END, CONTRACT_COLUMN_RENEWAL, CONTRACT_COLUMN_ENTITLEMENT, CONTRACT_COLUMN__MAX,
	CONTRACT_COLUMN_ID = CONTRACT_COLUMN__MAX, CONTRACT_COLUMN_TENANT, CONTRACT_COLUMN__ALL
};

/* Fields of its filter. */
enum contract_field { CONTRACT_FIELD_STATUS, CONTRACT_FIELD_TIER, CONTRACT_FIELD_ENDS, CONTRACT_FIELD_UNBILLED,
	CONTRACT_FIELD__MAX };

/* The list's description; its cells are of a struct contract_row. */
extern const struct listing contracts_listing;

/* Opens the element of a contract with what every list shows of it. */
void contract_element(struct doc *doc, const struct contract_row *row);

/* The JSON objects of rows (contract_json()), in their order; the versions are read for it. Rows that are gone by now are left out. */
enum error contract_rows_json(struct context *c, const struct contract_row *rows, size_t count, struct json_object **list);

/* May the user cancel it? */
bool contract_row_may_cancel(const struct context *c, const struct contract_row *row);

#endif
