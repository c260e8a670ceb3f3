/* The words of customer_cells.h. Decides nothing about who may see what: the row comes from db/list.h,
 * which has looked at the scope. */
#include "app/customer_cells.h"

#include <string.h>

#include "app/walk.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "xml/xml.h"

#define NOTHING "---"

static const char *const source_words[] = { "", "failed", "warning", "success", "not_available" };
static const char *const source_titles[] = { "", "Failed", "Warning", "Success", "Not available" };
static const char *const status_words[] = { "complete", "onboarding" };
static const char *const status_titles[] = { "Complete", "Onboarding" };
static const char *const suspended_words[] = { "no", "yes" };
static const char *const suspended_titles[] = { "Not suspended", "Suspended" };
static const char *const below_titles[] = { "", "With everything below" };

static const struct list_column columns[COLUMN__MAX] = {
#define X(id, name, title, hidden) { name, title, hidden },
	COLUMNS(X)
#undef X
};

static const struct list_field fields[CUSTOMER_FIELD__MAX] = {
	[CUSTOMER_SOURCE] = { "source", "Source data", FILTER_SET, source_words, source_titles, ROLLUP_FAILED,
		ROLLUP_NOT_AVAILABLE, "success, warning, failed or not_available" },
	[CUSTOMER_STATUS] = { "status", "Status", FILTER_SET, status_words, status_titles, 0, 1, "onboarding or complete" },
	[CUSTOMER_TIER] = { "tier", "Tier", FILTER_SET, tier_words, tier_titles, TIER_DISTRIBUTOR, TIER_CUSTOMER,
		"distributor, reseller or customer" },
	[CUSTOMER_SUSPENDED] = { "suspended", "Suspended", FILTER_PAIR, suspended_words, suspended_titles, 0, 1, "yes or no" },
	[CUSTOMER_BELOW] = { "below", "", FILTER_MODIFIER, flag_words, below_titles, 1, 1, "1" },
};

static const char *const last_titles[] = { "Parent ID", "Matched" };

static const char *list_cell(struct arena *arena, const void *row, unsigned column, bool raw)
{
	const struct walk_row *item = row;
	if (column == COLUMN__MAX)
		return item->row.parent;
	if (column > COLUMN__MAX)
		return item->matched ? "yes" : "no";
	/* Beside the name, as on the page; a raw file is for programs, which read names back. */
	if (column == COLUMN_CUSTOMER && item->row.suspended && !raw)
		return arena_printf(arena, "%s (Suspended)", item->row.name);
	return customer_cell(arena, &item->row, (enum column)column);
}

const struct listing customers_listing = {
	.path = "/customers", .file = "customers", .remembered = LIST_CUSTOMERS, .columns = columns,
	.column_count = COLUMN__MAX, .last_titles = last_titles, .last_count = 2, .fields = fields,
	.field_count = CUSTOMER_FIELD__MAX, .text_group = "Customer", .folds = true, .cell = list_cell,
};

const char *source_word(enum rollup state)
{
	return source_words[state];
}

const char *source_title(enum rollup state)
{
	return source_titles[state];
}

const char *const contract_status_words[CONTRACT__MAX] = {
	[CONTRACT_ACTIVE] = "active",
	[CONTRACT_SCHEDULED] = "scheduled",
	[CONTRACT_DRAFT] = "draft",
	[CONTRACT_EXPIRED] = "expired",
	[CONTRACT_CANCELLED] = "cancelled",
	[CONTRACT_SUPERSEDED] = "superseded",
};

const char *customer_contracts_text(struct arena *arena, const struct list_row *row, const struct words *words)
{
	char text[256], number[TEXT_NUMBER_SIZE], *end = text;
	for (enum contract_status status = 0; status < CONTRACT__MAX; status++) {
		if (row->contracts[status] == 0)
			continue;
		const char *parts[] = { end > text ? ", " : "", text_uint(row->contracts[status], number), " ",
			words_say(words, contract_status_words[status]) };
		for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
			size_t length = strlen(parts[i]), room = (size_t)(text + sizeof text - end);
			end = mempcpy(end, parts[i], length < room ? length : room);
		}
	}
	return end > text ? arena_strndup(arena, text, (size_t)(end - text)) : NULL;
}

const char *customer_cell(struct arena *arena, const struct list_row *row, enum column column)
{
	const char *text = NULL;
	switch (column) {
	case COLUMN_CUSTOMER:
		return row->name;
	case COLUMN_STATUS:
		return row->onboarding ? arena_printf(arena, "%u/%u", row->tasks_done, row->tasks_total) : NOTHING;
	case COLUMN_ADMIN:
		if (row->admin != NULL && row->admin_pending)
			return arena_printf(arena, "%s (Pending)", row->admin);
		text = row->admin;
		break;
	case COLUMN_SOURCE:
		return source_title(row->rollup);
	case COLUMN_CONTRACTS:
		text = customer_contracts_text(arena, row, NULL);
		break;
	case COLUMN_DOMAIN:
		return row->domain;
	case COLUMN_TIER:
		return tier_title(row->tier);
	case COLUMN_ID:
		return row->id;
	case COLUMN_CREATED:
		/* The date, as on the page; XML and JSON have the instant. */
		return arena_printf(arena, "%.10s", row->created);
	case COLUMN__MAX:
		break;
	}
	return text != NULL ? text : NOTHING;
}

void customer_csv_header(struct buf *out, unsigned mask)
{
	for (enum column column = 0; column < COLUMN__MAX; column++)
		if ((mask & 1U << column) != 0)
			buf_printf(out, "%s,", columns[column].title);
	buf_puts(out, "Parent ID,Matched\r\n");
}

void customer_csv_row(struct buf *out, struct arena *arena, const struct list_row *row, unsigned mask,
	bool matched, bool guard)
{
	for (enum column column = 0; column < COLUMN__MAX; column++) {
		if ((mask & 1U << column) == 0)
			continue;
		csv_cell(out, customer_cell(arena, row, column), guard);
		buf_putc(out, ',');
	}
	if (row->parent != NULL)
		buf_puts(out, row->parent);
	buf_puts(out, matched ? ",yes\r\n" : ",no\r\n");
}
