/* The JSON object of a contract, everywhere the same (contract.h). */
#include <json-c/json.h>
#include <string.h>

#include "app/contract.h"
#include "app/customer.h"
#include "app/customer_cells.h"

static struct json_object *accounts_json(struct arena *arena, const char *accounts)
{
	if (accounts == NULL || strcmp(accounts, "all") == 0)
		return json_object_new_string("all");
	struct json_object *list = json_object_new_array();
	for (const char *p = accounts; *p != '\0';) {
		size_t length = strcspn(p, " ");
		json_object_array_add(list, json_object_new_string(arena_strndup(arena, p, length)));
		p += length + strspn(p + length, " ");
	}
	return list;
}

static struct json_object *billing_json(const char *const *values)
{
	static const struct {
		const char *key;
		enum contract_value field;
	} parts[] = {
		{ "name", CONTRACT_BILLING_NAME }, { "address", CONTRACT_BILLING_ADDRESS }, { "city", CONTRACT_BILLING_CITY },
		{ "zip", CONTRACT_BILLING_ZIP }, { "state", CONTRACT_BILLING_STATE }, { "country", CONTRACT_BILLING_COUNTRY },
		{ "invoiceEmail", CONTRACT_INVOICE_EMAIL }, { "changeEmail", CONTRACT_CHANGE_EMAIL },
	};
	struct json_object *billing = json_object_new_object();
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		json_object_object_add(billing, parts[i].key, json_text(values[parts[i].field]));
	return billing;
}

struct json_object *contract_json(struct arena *arena, const struct contract *contract)
{
	const char *const *values = contract->values;
	struct json_object *json = json_object_new_object();
	bool none = contract->id == NULL;
	json_object_object_add(json, "id", json_text(contract->id));
	json_object_object_add(json, "tenantId", json_text(contract->tenant));
	json_object_object_add(json, "name", json_text(values[CONTRACT_NAME]));
	json_object_object_add(json, "version", none ? NULL : json_object_new_int((int)contract->version));
	json_object_object_add(json, "saved", json_text(contract->saved));
	json_object_object_add(json, "status", json_text(none ? NULL : contract_status_words[contract->status]));
	json_object_object_add(json, "start", json_text(values[CONTRACT_START]));
	json_object_object_add(json, "end", json_text(values[CONTRACT_END]));
	json_object_object_add(json, "renewal", json_text(values[CONTRACT_RENEWAL]));
	json_object_object_add(json, "entitlement", json_text(values[CONTRACT_ENTITLEMENT]));
	json_object_object_add(json, "prefix", json_text(values[CONTRACT_PREFIX]));
	json_object_object_add(json, "accounts", none ? NULL : accounts_json(arena, values[CONTRACT_ACCOUNTS]));
	json_object_object_add(json, "billing", none ? NULL : billing_json(values));
	if (contract->notes)
		json_object_object_add(json, "notes", json_text(values[CONTRACT_NOTES]));
	json_object_object_add(json, "supersedes", json_text(contract->supersedes.id));
	return json;
}
