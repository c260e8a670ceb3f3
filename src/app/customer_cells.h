/* What the cells of a customer's row say, as texts: the same words in HTML, CSV, XML and JSON, and in
 * `tenantry export`. Reads a struct list_row and nothing else. */
#ifndef TENANTRY_APP_CUSTOMER_CELLS_H
#define TENANTRY_APP_CUSTOMER_CELLS_H

#include <stdbool.h>

#include "app/view.h"
#include "db/list.h"

struct arena;
struct buf;

/* Columns of the Customers list in the page's order; the names are those of the parameter `columns`. */
#define COLUMNS(X) \
	X(CUSTOMER, "customer", "Customer", false) X(STATUS, "status", "Status", false) X(ADMIN, "admin", "Admin", false) \
	X(SOURCE, "source", "Source data", false) X(CONTRACTS, "contracts", "Contracts", false) \
	X(DOMAIN, "domain", "Domain", true) X(TIER, "tier", "Tier", true) X(ID, "id", "Customer ID", true) \
	X(CREATED, "created", "Created", true)
enum column {
#define X(id, name, title, hidden) COLUMN_##id,
	COLUMNS(X)
#undef X
	COLUMN__MAX
};
#define COLUMNS_ALL ((1u << COLUMN__MAX) - 1)

/* Fields of its filter. */
enum customer_field { CUSTOMER_SOURCE, CUSTOMER_STATUS, CUSTOMER_TIER, CUSTOMER_SUSPENDED, CUSTOMER_BELOW, CUSTOMER_FIELD__MAX };

/* The list's description; its cells are of a struct walk_row (walk.h). */
extern const struct listing customers_listing;

/* Words for each state of the source data ("failed"), and as a person reads them ("Failed"). */
const char *source_word(enum rollup state);
const char *source_title(enum rollup state);

/* "active", "scheduled" and so on, by status. */
extern const char *const contract_status_words[CONTRACT__MAX];

/* "2 active, 1 draft" in the arena; NULL without contracts. */
const char *customer_contracts_text(struct arena *arena, const struct list_row *row, const struct words *words);

/* The text of one cell, "---" where there is nothing to say; owned by the row or the arena. */
const char *customer_cell(struct arena *arena, const struct list_row *row, enum column column);

/* One line of CSV with the columns of the mask (1 << column) and always, last, Parent ID and Matched,
 * and CRLF; and the line of their titles. GUARD as for csv_cell(). */
void customer_csv_header(struct buf *out, unsigned mask);
void customer_csv_row(struct buf *out, struct arena *arena, const struct list_row *row, unsigned mask,
	bool matched, bool guard);

#endif
