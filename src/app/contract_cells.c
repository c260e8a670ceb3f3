/* The words of contract_cells.h, and the description of the Contracts list. */
#include "app/contract_cells.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "app/contract.h"
#include "app/customer_cells.h"

#define NOTHING "---"

static const char *const status_titles[CONTRACT__MAX] = { "Active", "Scheduled", "Draft", "Expired", "Cancelled", "Superseded" };
static const char *const ends_words[] = { "", "30", "60", "90" };
static const char *const ends_titles[] = { "", "Ends within 30 days", "Ends within 60 days", "Ends within 90 days" };
static const char *const unbilled_titles[] = { "", "Data but no contract in force" };

static const struct list_column columns[CONTRACT_COLUMN__MAX] = {
	[CONTRACT_COLUMN_NAME] = { "contract", "Contract", false },
	[CONTRACT_COLUMN_CUSTOMER] = { "customer", "Customer", false },
	[CONTRACT_COLUMN_TIER] = { "tier", "Tier", false },
	[CONTRACT_COLUMN_VERSION] = { "version", "Version", false },
	[CONTRACT_COLUMN_STATUS] = { "status", "Status", false },
	[CONTRACT_COLUMN_START] = { "start", "Start", false },
	[CONTRACT_COLUMN_END] = { "end", "End", false },
	[CONTRACT_COLUMN_RENEWAL] = { "renewal", "Renewal", false },
	[CONTRACT_COLUMN_ENTITLEMENT] = { "entitlement", "Entitlement", false },
};

static const struct list_field fields[CONTRACT_FIELD__MAX] = {
	[CONTRACT_FIELD_STATUS] = { "status", "Status", FILTER_SET, contract_status_words, status_titles, 0, CONTRACT__MAX - 1,
		"draft, scheduled, active, expired, cancelled or superseded" },
	[CONTRACT_FIELD_TIER] = { "tier", "Tier", FILTER_SET, tier_words, tier_titles, TIER_DISTRIBUTOR, TIER_CUSTOMER,
		"distributor, reseller or customer" },
	[CONTRACT_FIELD_ENDS] = { "ends", "", FILTER_ONE, ends_words, ends_titles, 1, 3, "30, 60 or 90" },
	[CONTRACT_FIELD_UNBILLED] = { "unbilled", "", FILTER_FLAG, flag_words, unbilled_titles, 1, 1, "1" },
};

static const char *const last_titles[] = { "Contract ID", "Customer ID" };

static const char *renewal_title(const char *renewal)
{
	return strcmp(renewal, "auto") == 0 ? "Auto-renewal" : strcmp(renewal, "manual") == 0 ? "Manual renewal" : "Fixed term";
}

static const char *entitlement_title(const char *entitlement)
{
	return strcmp(entitlement, "spp") == 0 ? "SPP" : strcmp(entitlement, "ppa") == 0 ? "PPA" : "None";
}

static const char *list_cell(struct arena *arena, const void *any, unsigned column, bool raw)
{
	const struct contract_row *row = any;
	bool none = row->status == CONTRACT_NONE;
	(void)arena, (void)raw;
	switch (column) {
	case CONTRACT_COLUMN_CUSTOMER:
		return row->tenant_name;
	case CONTRACT_COLUMN_TIER:
		return tier_title(row->tier);
	case CONTRACT_COLUMN_ID:
		return none ? "" : row->id;
	case CONTRACT_COLUMN_TENANT:
		return row->tenant;
	default:
		break;
	}
	if (none)
		return column == CONTRACT_COLUMN_NAME ? "No contract" : NOTHING;
	switch (column) {
	case CONTRACT_COLUMN_NAME:
		return row->name;
	case CONTRACT_COLUMN_VERSION:
		return row->version;
	case CONTRACT_COLUMN_STATUS:
		return contract_status_words[row->status];
	case CONTRACT_COLUMN_START:
		return row->start;
	case CONTRACT_COLUMN_END:
		return row->end != NULL ? row->end : NOTHING;
	case CONTRACT_COLUMN_RENEWAL:
		return renewal_title(row->renewal);
	default:
		return entitlement_title(row->entitlement);
	}
}

const struct listing contracts_listing = {
	.path = "/contracts", .file = "contracts", .remembered = LIST_CONTRACTS, .columns = columns,
	.column_count = CONTRACT_COLUMN__MAX, .last_titles = last_titles, .last_count = 2, .fields = fields,
	.field_count = CONTRACT_FIELD__MAX, .text_group = "Contract", .cell = list_cell,
};

void contract_element(struct doc *doc, const struct contract_row *row)
{
	doc_open(doc, "contract");
	if (row->status == CONTRACT_NONE) {
		doc_attr(doc, "none", "yes");
		return;
	}
	doc_attr(doc, "id", row->id);
	doc_attr(doc, "name", row->name);
	doc_attr(doc, "version", row->version);
	doc_attr(doc, "status", contract_status_words[row->status]);
	doc_attr(doc, "start", row->start);
	doc_attr(doc, "end", row->end);
	doc_attr(doc, "renewal", row->renewal);
	doc_attr(doc, "entitlement", row->entitlement);
}

static int key_compare(const void *left, const void *right)
{
	uint64_t a = ((const struct contract *)left)->key, b = ((const struct contract *)right)->key;
	return a < b ? -1 : a > b;
}

enum error contract_rows_json(struct context *c, const struct contract_row *rows, size_t count, struct json_object **list)
{
	uint64_t *keys = arena_array(c->arena, count + 1, sizeof *keys);
	struct contract *contracts;
	size_t wanted = 0, found;
	for (size_t i = 0; i < count; i++)
		if (rows[i].status != CONTRACT_NONE)
			keys[wanted++] = rows[i].place.contract;
	enum error error = contracts_find(c, keys, wanted, &contracts, &found);
	*list = json_object_new_array();
	for (size_t i = 0; error == ERR_NONE && i < count; i++) {
		const struct contract key = { .key = rows[i].place.contract, .tenant = rows[i].tenant }, *contract = &key;
		if (rows[i].status != CONTRACT_NONE)
			contract = bsearch(&key, contracts, found, sizeof *contracts, key_compare);
		if (contract != NULL)
			json_object_array_add(*list, contract_json(c->arena, contract));
	}
	return error;
}

bool contract_row_may_cancel(const struct context *c, const struct contract_row *row)
{
	return scope_role(c->scope) == ROLE_ADMIN && row->status != CONTRACT_NONE &&
		contract_maker_of(c, row->tier, row->place.tenant == scope_low(c->scope)) &&
		contract_status_cancellable((enum contract_status)row->status);
}
