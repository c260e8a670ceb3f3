/* Lists of contracts: the pop-up, a customer's contracts, the list of all. One contract: contract.c. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "app/contract.h"
#include "app/customer.h"
#include "app/customer_cells.h"
#include "app/handlers.h"
#include "app/table.h"
#include "app/view.h"
#include "db/contract_day.h"

#define SUMMARY_MAX 3
#define COUNT_BOUND 10000
#define EXPORT_CHUNK 400

/* The columns that contracts_of, contracts_after and contracts_before share. */
enum { C_ID, C_NAME, C_VERSION, C_STORED, C_START, C_END, C_RENEWAL, C_ENTITLEMENT, C_FORMER, C_TENANT, C_TENANT_NAME,
	C_TIER, C_PLACE, C_KEY };

static enum contract_status row_status(const struct context *c, char **row)
{
	return contract_day_status(row[C_STORED], row[C_START], row[C_END], scope_today(c->scope));
}

static void contract_element(struct context *c, char **row)
{
	doc_open(c->doc, "contract");
	doc_attr(c->doc, "id", row[C_ID]);
	doc_attr(c->doc, "name", row[C_NAME]);
	doc_attr(c->doc, "version", row[C_VERSION]);
	doc_attr(c->doc, "status", contract_status_word(row_status(c, row)));
	doc_attr(c->doc, "start", row[C_START]);
	doc_attr(c->doc, "end", row[C_END]);
	doc_attr(c->doc, "renewal", row[C_RENEWAL]);
	doc_attr(c->doc, "entitlement", row[C_ENTITLEMENT]);
}

static struct json_object *contract_row_json(struct context *c, char **row, const char *tenant)
{
	struct json_object *contract = json_object_new_object();
	json_object_object_add(contract, "id", json_text(row[C_ID]));
	json_object_object_add(contract, "tenantId", json_text(tenant));
	json_object_object_add(contract, "name", json_text(row[C_NAME]));
	json_object_object_add(contract, "version", json_object_new_int((int)db_int(row[C_VERSION])));
	json_object_object_add(contract, "status", json_text(contract_status_word(row_status(c, row))));
	json_object_object_add(contract, "start", json_text(row[C_START]));
	json_object_object_add(contract, "end", json_text(row[C_END]));
	json_object_object_add(contract, "renewal", json_text(row[C_RENEWAL]));
	json_object_object_add(contract, "entitlement", json_text(row[C_ENTITLEMENT]));
	return contract;
}

static enum error contract_csv_begin(struct context *c, uint64_t rows)
{
	static const char *const header[] = { "Contract", "Customer", "Tier", "Version", "Status", "Start", "End",
		"Renewal", "Entitlement", "Contract ID", "Customer ID" };
	return table_begin(c, "contracts", rows, header, sizeof header / sizeof *header);
}

static enum error contract_csv_row(struct context *c, char **row, const char *tenant, const char *name, enum tier tier)
{
	return table_row(c, (const char *const[]){ row[C_NAME], name, tier_title(tier), row[C_VERSION],
		contract_status_word(row_status(c, row)), row[C_START], row[C_END] != NULL ? row[C_END] : "---", row[C_RENEWAL],
		row[C_ENTITLEMENT], row[C_ID], tenant });
}

/* The contracts of the route's tenant that the acting tenant may see, as rows; *COUNT of them. */
static enum error contracts_read(struct context *c, struct db_rows **rows, char ****list, size_t *count)
{
	enum error error = db_query(c->db, c->scope, STMT_CONTRACTS_OF, DB_VALUES(DB_UINT(c->tenant.row.tenant)), rows);
	if (error != ERR_NONE)
		return error;
	bool own = contract_own(c, c->tenant.row.tree_pos);
	char ***kept = arena_array(c->arena, db_rows_count(*rows) + 1, sizeof *kept);
	*count = 0;
	for (char **row; (row = db_next(*rows)) != NULL;) {
		if (own && row_status(c, row) == CONTRACT_DRAFT)
			continue;
		if (contract_hidden(c, c->tenant.row.tree_pos, db_uint(row[C_FORMER]) != 0, row_status(c, row)))
			continue;
		/* The row's array belongs to the result and is used again: its texts stay. */
		kept[*count] = arena_array(c->arena, C_FORMER + 1, sizeof **kept);
		memcpy(kept[(*count)++], row, (C_FORMER + 1) * sizeof *row);
	}
	*list = kept;
	return ERR_NONE;
}

/* Up to three for the pop-up: active, then scheduled, then draft, then the newest others. */
static size_t contracts_pick(const struct context *c, char ***list, size_t count, char **picked[SUMMARY_MAX])
{
	size_t used = 0;
	for (int rank = CONTRACT_ACTIVE; rank <= CONTRACT_EXPIRED && used < SUMMARY_MAX; rank++) {
		for (size_t i = 0; i < count && used < SUMMARY_MAX; i++) {
			enum contract_status status = row_status(c, list[i]);
			/* Expired, cancelled and superseded are one rank: the rows come newest first. */
			if (status == (enum contract_status)rank || (rank == CONTRACT_EXPIRED && status > CONTRACT_EXPIRED))
				picked[used++] = list[i];
		}
	}
	return used;
}

enum error contracts_summary_get(struct context *c)
{
	DB_ROWS_AUTO rows = NULL;
	char ***list, **picked[SUMMARY_MAX];
	size_t count;
	enum error error = contracts_read(c, &rows, &list, &count);
	if (error != ERR_NONE)
		return error;
	size_t used = contracts_pick(c, list, count, picked);
	c->title = arena_printf(c->arena, "Contracts of %s", c->tenant.row.name);
	if (c->format == FORMAT_JSON) {
		struct json_object *contracts = json_object_new_array();
		for (size_t i = 0; i < used; i++)
			json_object_array_add(contracts, contract_row_json(c, picked[i], c->tenant.row.id));
		c->json = json_object_new_object();
		json_object_object_add(c->json, "total", json_object_new_int64((int64_t)count));
		json_object_object_add(c->json, "contracts", contracts);
		return ERR_NONE;
	}
	customer_header(c, "contracts");
	doc_open(c->doc, "contracts");
	doc_attr_int(c->doc, "total", (long long)count);
	for (size_t i = 0; i < used; i++) {
		contract_element(c, picked[i]);
		doc_close(c->doc);
	}
	if (count > SUMMARY_MAX) {
		doc_open(c->doc, "link");
		doc_attr(c->doc, "rel", "all");
		doc_attr(c->doc, "href", context_href(c, arena_printf(c->arena, "/customers/%s/contracts", c->tenant.row.id)));
		doc_close(c->doc);
	}
	doc_close(c->doc);
	return ERR_NONE;
}

enum error contracts_of_get(struct context *c)
{
	DB_ROWS_AUTO rows = NULL;
	char ***list;
	size_t count;
	enum error error = contracts_read(c, &rows, &list, &count);
	if (error != ERR_NONE)
		return error;
	const struct list_row *tenant = &c->tenant.row;
	if (c->format == FORMAT_CSV) {
		error = contract_csv_begin(c, count);
		for (size_t i = 0; error == ERR_NONE && i < count; i++)
			error = contract_csv_row(c, list[i], tenant->id, tenant->name, tenant->tier);
		return error;
	}
	c->title = tenant->name;
	if (c->format == FORMAT_JSON) {
		struct json_object *contracts = json_object_new_array();
		for (size_t i = 0; i < count; i++)
			json_object_array_add(contracts, contract_row_json(c, list[i], tenant->id));
		c->json = json_object_new_object();
		json_object_object_add(c->json, "contracts", contracts);
		return ERR_NONE;
	}
	customer_header(c, "contracts");
	doc_open(c->doc, "contracts");
	doc_attr_int(c->doc, "total", (long long)count);
	for (size_t i = 0; i < count; i++) {
		contract_element(c, list[i]);
		doc_close(c->doc);
	}
	doc_close(c->doc);
	return ERR_NONE;
}

/* A place in the list of all: by customer in tree order, then by contract. */
struct place {
	uint64_t tenant, contract;
};

static enum error contracts_page(struct context *c, struct place from, bool backwards, unsigned limit,
	struct db_rows **rows)
{
	/* Own drafts are left out: no label is 0. */
	uint64_t hidden = contract_own(c, scope_low(c->scope)) ? scope_low(c->scope) : 0;
	return db_query(c->db, c->scope, backwards ? STMT_CONTRACTS_BEFORE : STMT_CONTRACTS_AFTER,
		DB_VALUES(DB_UINT(from.tenant), DB_UINT(from.tenant), DB_UINT(from.contract), DB_UINT(hidden),
			DB_INT(scope_tier(c->scope) == TIER_RESELLER), DB_UINT(scope_low(c->scope)), DB_TEXT(scope_today(c->scope)),
			DB_UINT(limit)), rows);
}

static enum error contracts_count(struct context *c, uint64_t bound, uint64_t *count)
{
	uint64_t hidden = contract_own(c, scope_low(c->scope)) ? scope_low(c->scope) : 0;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CONTRACTS_COUNT, DB_VALUES(DB_UINT(hidden),
		DB_INT(scope_tier(c->scope) == TIER_RESELLER), DB_UINT(scope_low(c->scope)), DB_TEXT(scope_today(c->scope)),
		DB_UINT(bound)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	*count = row != NULL ? db_uint(row[0]) : 0;
	return error;
}

static enum error contracts_csv(struct context *c)
{
	uint64_t total;
	struct place from = { scope_low(c->scope), 0 };
	enum error error = db_snapshot_begin(c->db);
	if (error == ERR_NONE)
		error = contracts_count(c, INT64_MAX, &total);
	if (error == ERR_NONE)
		error = contract_csv_begin(c, total);
	for (size_t got = EXPORT_CHUNK; error == ERR_NONE && got == EXPORT_CHUNK;) {
		DB_ROWS_AUTO rows = NULL;
		error = contracts_page(c, from, false, EXPORT_CHUNK, &rows);
		got = error == ERR_NONE ? db_rows_count(rows) : 0;
		for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;) {
			from = (struct place){ db_uint(row[C_PLACE]), db_uint(row[C_KEY]) };
			error = contract_csv_row(c, row, row[C_TENANT], row[C_TENANT_NAME], (enum tier)db_uint(row[C_TIER]));
		}
	}
	db_snapshot_end(c->db);
	return error;
}

static enum error contracts_cursor(struct context *c, const char *name, const char *id, struct place *place)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CONTRACT_PLACE, DB_VALUES(DB_TEXT(id)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (error == ERR_NONE && row == NULL)
		return context_bad_parameter(c, name, "a cursor of this list");
	if (row != NULL)
		*place = (struct place){ db_uint(row[0]), db_uint(row[1]) };
	return error;
}

static void contracts_link(struct context *c, const char *rel, const char *name, const char *id, unsigned limit)
{
	doc_open(c->doc, "link");
	doc_attr(c->doc, "rel", rel);
	doc_attr(c->doc, "href", id == NULL ? context_href(c, "/contracts.csv")
		: context_href(c, arena_printf(c->arena, "/contracts?%s=%s&limit=%u", name, id, limit)));
	doc_close(c->doc);
}

static void contracts_row(struct context *c, char **row, struct json_object *list)
{
	if (list != NULL) {
		json_object_array_add(list, contract_row_json(c, row, row[C_TENANT]));
		return;
	}
	contract_element(c, row);
	doc_attr(c->doc, "tenant", row[C_TENANT]);
	doc_attr(c->doc, "tenant-name", row[C_TENANT_NAME]);
	doc_attr(c->doc, "tier", tier_name((enum tier)db_uint(row[C_TIER])));
	doc_close(c->doc);
}

static void contracts_columns(struct context *c, const struct view *view)
{
	static const char *const columns[][2] = { { "contract", "Contract" }, { "customer", "Customer" }, { "tier", "Tier" },
		{ "version", "Version" }, { "status", "Status" }, { "start", "Start" }, { "end", "End" },
		{ "renewal", "Renewal" }, { "entitlement", "Entitlement" } };
	doc_open(c->doc, "columns");
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		doc_open(c->doc, "column");
		doc_attr(c->doc, "name", columns[i][0]);
		doc_attr(c->doc, "title", columns[i][1]);
		doc_attr(c->doc, "shown", "yes");
		doc_attr(c->doc, "fixed", "yes");
		doc_close(c->doc);
	}
	doc_close(c->doc);
	doc_open(c->doc, "view");
	doc_attr(c->doc, "density", density_name(view->density));
	doc_attr_int(c->doc, "limit", view->limit);
	doc_close(c->doc);
}

/* The page's rows in reading order (a page read backwards is turned), and cursors when there is more. */
static enum error contracts_list(struct context *c, struct db_rows *rows, const struct view *view, uint64_t total)
{
	bool backwards = view->before != NULL;
	size_t got = db_rows_count(rows), shown = got > view->limit ? view->limit : got;
	char ***list = arena_array(c->arena, shown + 1, sizeof *list);
	for (size_t i = 0; i < shown; i++) {
		char **row = db_next(rows);
		char ***slot = &list[backwards ? shown - 1 - i : i];
		*slot = arena_array(c->arena, C_KEY + 1, sizeof **slot);
		memcpy(*slot, row, (C_KEY + 1) * sizeof *row);
	}
	struct json_object *json = c->format == FORMAT_JSON ? json_object_new_array() : NULL;
	bool previous = backwards ? got > shown : view->after != NULL, next = backwards || got > shown;
	if (json == NULL) {
		long long counted = total > COUNT_BOUND ? COUNT_BOUND : (long long)total;
		doc_open(c->doc, "contracts");
		doc_attr_int(c->doc, "matched", counted);
		doc_attr_int(c->doc, "total", counted);
		doc_attr(c->doc, "more", total > COUNT_BOUND ? "yes" : NULL);
		contracts_columns(c, view);
		contracts_link(c, "export", NULL, NULL, 0);
		if (previous && shown > 0)
			contracts_link(c, "previous", "before", list[0][C_ID], view->limit);
		if (next && shown > 0)
			contracts_link(c, "next", "after", list[shown - 1][C_ID], view->limit);
	}
	for (size_t i = 0; i < shown; i++)
		contracts_row(c, list[i], json);
	if (json == NULL) {
		doc_close(c->doc);
		return ERR_NONE;
	}
	c->json = json_object_new_object();
	json_object_object_add(c->json, "contracts", json);
	json_object_object_add(c->json, "pageToken", json_text(next && shown > 0 ? list[shown - 1][C_ID] : NULL));
	json_object_object_add(c->json, "rowCount", json_object_new_int64(total > COUNT_BOUND ? COUNT_BOUND : (int64_t)total));
	json_object_object_add(c->json, "rowCountExact", json_object_new_boolean(total <= COUNT_BOUND));
	return ERR_NONE;
}

enum error contracts_get(struct context *c)
{
	struct view view;
	uint64_t total;
	struct place from = { scope_low(c->scope), 0 };
	c->title = "Contracts";
	enum error error = view_read(c, &view);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return contracts_csv(c);
	if (view.before != NULL)
		error = contracts_cursor(c, "before", view.before, &from);
	else if (view.after != NULL)
		error = contracts_cursor(c, "after", view.after, &from);
	DB_ROWS_AUTO rows = NULL;
	if (error == ERR_NONE)
		error = contracts_page(c, from, view.before != NULL, view.limit + 1, &rows);
	if (error == ERR_NONE)
		error = contracts_count(c, COUNT_BOUND + 1, &total);
	return error == ERR_NONE ? contracts_list(c, rows, &view, total) : error;
}
