/* What the cells of a customer's row say, as texts: the same words in HTML, CSV, XML and JSON, and in
 * `tenantry export`. Reads a struct list_row and nothing else. */
#ifndef TENANTRY_APP_CUSTOMER_CELLS_H
#define TENANTRY_APP_CUSTOMER_CELLS_H

#include <stdbool.h>

#include "app/view.h"
#include "db/list.h"

struct arena;
struct buf;

/* "active", "scheduled" and so on. */
const char *contract_status_word(enum contract_status status);

/* "2 active, 1 draft" in the arena; NULL without contracts. */
const char *customer_contracts_text(struct arena *arena, const struct list_row *row);

/* The text of one cell, "---" where there is nothing to say; owned by the row or the arena. */
const char *customer_cell(struct arena *arena, const struct list_row *row, enum column column);

/* One line of CSV with the columns of the mask (1 << column) and always, last, Parent ID and Matched,
 * and CRLF; and the line of their titles. GUARD as for csv_cell(). */
void customer_csv_header(struct buf *out, unsigned columns);
void customer_csv_row(struct buf *out, struct arena *arena, const struct list_row *row, unsigned columns,
	bool matched, bool guard);

#endif
