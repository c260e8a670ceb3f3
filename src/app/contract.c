/* GET /contracts/{id}: one contract as one of its versions says it. Lists of contracts: contracts.c. */
#include "app/contract.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "app/customer.h"
#include "app/customer_cells.h"
#include "app/handlers.h"
#include "db/contract_day.h"

/* A tenant sees neither drafts nor notes of its own contracts; a distributor makes its own, so it does. */
bool contract_own(const struct context *c, uint64_t place)
{
	return place == scope_low(c->scope) && scope_tier(c->scope) != TIER_DISTRIBUTOR;
}

/* After a move the new parent does not see what the former one has drafted, cancelled or superseded. */
bool contract_hidden(const struct context *c, uint64_t place, bool former, enum contract_status status)
{
	return former && scope_tier(c->scope) == TIER_RESELLER && place != scope_low(c->scope) &&
		contract_day_former_hidden(status);
}

/* Who saved a version, as far as the viewer may know the author's tenant. */
static const char *contract_author(const char *name, const char *known)
{
	return db_uint(known) != 0 ? name : "former reseller";
}

/* The columns of contract_by_id. */
enum { K_KEY, K_ID, K_NEWEST, K_STORED, K_REASON, K_SUPERSEDES, K_VERSION, K_SAVED, K_BY, K_NAME, K_START, K_END, K_RENEWAL,
	K_ENTITLEMENT, K_PREFIX, K_ACCOUNTS, K_BILLING, K_ADDRESS, K_CITY, K_ZIP, K_STATE, K_COUNTRY, K_INVOICE, K_CHANGE,
	K_NOTES, K_PLACE, K_TENANT, K_NOW_START, K_NOW_END, K_FORMER, K_KNOWN };

static const char *text_or_null(const char *text)
{
	return text != NULL && *text != '\0' ? text : NULL;
}

static enum error contract_versions(struct context *c, char **row)
{
	DB_ROWS_AUTO versions = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CONTRACT_VERSIONS, DB_VALUES(DB_UINT(db_uint(row[K_KEY]))), &versions);
	for (char **one; error == ERR_NONE && (one = db_next(versions)) != NULL;) {
		doc_open(c->doc, "version");
		doc_attr(c->doc, "number", one[0]);
		doc_attr(c->doc, "saved", customer_instant(c->arena, one[1]));
		doc_attr(c->doc, "by", contract_author(one[2], one[3]));
		doc_attr(c->doc, "href", context_href(c,
			arena_printf(c->arena, "/contracts/%s?version=%s", row[K_ID], one[0])));
		doc_attr(c->doc, "current", strcmp(one[0], row[K_VERSION]) == 0 ? "yes" : NULL);
		doc_close(c->doc);
	}
	return error;
}

static enum error contract_page(struct context *c, char **row, const struct list_row *tenant, const char *status,
	bool notes)
{
	doc_open(c->doc, "contract");
	doc_attr(c->doc, "id", row[K_ID]);
	doc_attr(c->doc, "name", row[K_NAME]);
	doc_attr(c->doc, "status", status);
	doc_attr(c->doc, "version", row[K_VERSION]);
	doc_attr(c->doc, "saved", customer_instant(c->arena, row[K_SAVED]));
	doc_attr(c->doc, "saved-by", contract_author(row[K_BY], row[K_KNOWN]));
	doc_attr(c->doc, "start", row[K_START]);
	doc_attr(c->doc, "end", row[K_END]);
	doc_attr(c->doc, "renewal", row[K_RENEWAL]);
	doc_attr(c->doc, "entitlement", row[K_ENTITLEMENT]);
	doc_attr(c->doc, "prefix", text_or_null(row[K_PREFIX]));
	doc_attr(c->doc, "accounts", row[K_ACCOUNTS]);
	doc_attr(c->doc, "invoice-email", text_or_null(row[K_INVOICE]));
	doc_attr(c->doc, "change-email", text_or_null(row[K_CHANGE]));
	doc_attr(c->doc, "notes", notes ? text_or_null(row[K_NOTES]) : NULL);
	doc_attr(c->doc, "supersedes", row[K_SUPERSEDES]);
	doc_attr(c->doc, "reason", text_or_null(row[K_REASON]));
	doc_open(c->doc, "billing");
	doc_attr(c->doc, "name", text_or_null(row[K_BILLING]));
	doc_attr(c->doc, "address", text_or_null(row[K_ADDRESS]));
	doc_attr(c->doc, "city", text_or_null(row[K_CITY]));
	doc_attr(c->doc, "zip", text_or_null(row[K_ZIP]));
	doc_attr(c->doc, "state", text_or_null(row[K_STATE]));
	doc_attr(c->doc, "country", text_or_null(row[K_COUNTRY]));
	doc_close(c->doc);
	doc_open(c->doc, "tenant");
	doc_attr(c->doc, "id", tenant->id);
	doc_attr(c->doc, "name", tenant->name);
	doc_attr(c->doc, "tier", tier_name(tenant->tier));
	doc_close(c->doc);
	enum error error = contract_versions(c, row);
	doc_close(c->doc);
	return error;
}

static struct json_object *contract_accounts_json(struct context *c, const char *accounts)
{
	if (strcmp(accounts, "all") == 0)
		return json_object_new_string(accounts);
	struct json_object *list = json_object_new_array();
	for (const char *p = accounts; *p != '\0';) {
		size_t length = strcspn(p, " ");
		json_object_array_add(list, json_object_new_string(arena_strndup(c->arena, p, length)));
		p += length + strspn(p + length, " ");
	}
	return list;
}

static struct json_object *contract_whole_json(struct context *c, char **row, const struct list_row *tenant,
	const char *status, bool notes)
{
	struct json_object *json = json_object_new_object(), *billing = json_object_new_object();
	json_object_object_add(json, "id", json_text(row[K_ID]));
	json_object_object_add(json, "tenantId", json_text(tenant->id));
	json_object_object_add(json, "name", json_text(row[K_NAME]));
	json_object_object_add(json, "version", json_object_new_int((int)db_int(row[K_VERSION])));
	json_object_object_add(json, "saved", json_text(customer_instant(c->arena, row[K_SAVED])));
	json_object_object_add(json, "status", json_text(status));
	json_object_object_add(json, "start", json_text(row[K_START]));
	json_object_object_add(json, "end", json_text(row[K_END]));
	json_object_object_add(json, "renewal", json_text(row[K_RENEWAL]));
	json_object_object_add(json, "entitlement", json_text(row[K_ENTITLEMENT]));
	json_object_object_add(json, "prefix", json_text(text_or_null(row[K_PREFIX])));
	json_object_object_add(json, "accounts", contract_accounts_json(c, row[K_ACCOUNTS]));
	json_object_object_add(billing, "name", json_text(row[K_BILLING]));
	json_object_object_add(billing, "address", json_text(row[K_ADDRESS]));
	json_object_object_add(billing, "city", json_text(row[K_CITY]));
	json_object_object_add(billing, "zip", json_text(row[K_ZIP]));
	json_object_object_add(billing, "state", json_text(row[K_STATE]));
	json_object_object_add(billing, "country", json_text(row[K_COUNTRY]));
	json_object_object_add(json, "billing", billing);
	if (notes)
		json_object_object_add(json, "notes", json_text(row[K_NOTES]));
	json_object_object_add(json, "supersedes", json_text(row[K_SUPERSEDES]));
	return json;
}

enum error contract_get(struct context *c)
{
	unsigned long version = 0;
	const char *text = http_query(c->http, "version");
	if (text != NULL) {
		char *end;
		version = strtoul(text, &end, 10);
		if (*text < '1' || *text > '9' || *end != '\0' || version > 1000000)
			return context_bad_parameter(c, "version", "the number of a version");
	}
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CONTRACT_BY_ID,
		DB_VALUES(DB_UINT(version), DB_UINT(version), DB_TEXT(c->ids[0])), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (error == ERR_NONE && row == NULL)
		return ERR_NOT_FOUND;
	if (error != ERR_NONE)
		return error;
	/* The contract's status is that of its newest version, whichever is read. */
	enum contract_status status = contract_day_status(row[K_STORED], row[K_NOW_START], row[K_NOW_END], scope_today(c->scope));
	uint64_t place = db_uint(row[K_PLACE]);
	bool own = contract_own(c, place);
	if ((own && status == CONTRACT_DRAFT) || contract_hidden(c, place, db_uint(row[K_FORMER]) != 0, status))
		return ERR_NOT_FOUND;
	/* Notes are their author's: not the tenant's own, nor the next parent's. */
	bool notes = !own && (scope_tier(c->scope) != TIER_RESELLER || db_uint(row[K_KNOWN]) != 0);
	struct list_row *tenant;
	size_t count;
	error = list_rows_at(c->db, c->scope, &place, 1, c->arena, &tenant, &count);
	if (error != ERR_NONE || count == 0)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	const char *word = contract_status_word(status);
	c->title = arena_strdup(c->arena, row[K_NAME]);
	if (c->format != FORMAT_JSON)
		return contract_page(c, row, tenant, word, notes);
	c->json = contract_whole_json(c, row, tenant, word, notes);
	return ERR_NONE;
}
