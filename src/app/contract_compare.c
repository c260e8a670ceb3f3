/* GET /contracts/{id}?compare=M,N: two versions of a contract side by side, what differs marked. */
#include <json-c/json.h>
#include <string.h>

#include "app/contract_page.h"
#include "app/customer.h"
#include "app/customer_cells.h"

enum error contract_compare_read(struct context *c, unsigned *left, unsigned *right)
{
	static const char takes[] = "two numbers of versions, such as 1,2";
	const char *text = http_query(c->http, "compare"), *with = http_query(c->http, "with"), *comma = strchr(text, ',');
	*left = contract_version_number(comma != NULL ? arena_strndup(c->arena, text, (size_t)(comma - text)) : text);
	if (*left == 0 || (comma == NULL && with == NULL))
		return context_bad_parameter(c, "compare", takes);
	*right = contract_version_number(comma != NULL ? comma + 1 : with);
	return *right != 0 ? ERR_NONE : context_bad_parameter(c, comma != NULL ? "compare" : "with", takes);
}

/* What the tier has not, and notes that are nobody's here to read, are not compared. */
static bool field_compared(const struct context *c, const struct contract *left, const struct contract *right,
	enum contract_value field)
{
	if (field == CONTRACT_PREFIX || field == CONTRACT_ACCOUNTS)
		return c->tenant.row.tier == TIER_CUSTOMER;
	return field != CONTRACT_NOTES || left->notes || right->notes;
}

static bool field_changed(const struct contract *left, const struct contract *right, enum contract_value field)
{
	const char *a = left->values[field], *b = right->values[field];
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") != 0;
}

static void compare_json(struct context *c, const struct contract *left, const struct contract *right)
{
	struct json_object *versions = json_object_new_array(), *changed = json_object_new_array();
	json_object_array_add(versions, contract_json(c->arena, left));
	json_object_array_add(versions, contract_json(c->arena, right));
	for (int i = 0; i < CONTRACT_FIELDS_MAX; i++) {
		enum contract_value field = (enum contract_value)i;
		if (field_compared(c, left, right, field) && field_changed(left, right, field))
			json_object_array_add(changed, json_text(contract_field_name(field)));
	}
	c->json = json_object_new_object();
	json_object_object_add(c->json, "id", json_text(left->id));
	json_object_object_add(c->json, "tenantId", json_text(left->tenant));
	json_object_object_add(c->json, "versions", versions);
	json_object_object_add(c->json, "changed", changed);
}

static void version_element(struct context *c, const struct contract *contract)
{
	doc_open(c->doc, "version");
	doc_attr_int(c->doc, "number", contract->version);
	doc_attr(c->doc, "saved", contract->saved);
	doc_attr(c->doc, "by", contract->author);
	doc_attr(c->doc, "href", context_href(c, arena_printf(c->arena, "/contracts/%s?version=%u", contract->id, contract->version)));
	doc_close(c->doc);
}

static void compare_element(struct context *c, const struct contract *left, const struct contract *right)
{
	unsigned changed = 0;
	doc_open(c->doc, "comparison");
	doc_attr(c->doc, "id", left->id);
	doc_attr(c->doc, "name", right->values[CONTRACT_NAME]);
	doc_attr(c->doc, "status", contract_status_words[left->status]);
	for (int i = 0; i < CONTRACT_FIELDS_MAX; i++)
		changed += field_compared(c, left, right, (enum contract_value)i) && field_changed(left, right, (enum contract_value)i);
	doc_attr_int(c->doc, "changed", changed);
	contract_tenant_element(c);
	version_element(c, left);
	version_element(c, right);
	for (int i = 0; i < CONTRACT_FIELDS_MAX; i++) {
		enum contract_value field = (enum contract_value)i;
		if (!field_compared(c, left, right, field))
			continue;
		doc_open(c->doc, "field");
		doc_attr(c->doc, "name", contract_field_name(field));
		doc_say_of(c->doc, "label", contract_field_label(field), contract_field_name(field));
		doc_attr(c->doc, "left", contract_field_text(field, left->values[field]));
		doc_attr(c->doc, "right", contract_field_text(field, right->values[field]));
		doc_attr(c->doc, "changed", field_changed(left, right, field) ? "yes" : NULL);
		doc_close(c->doc);
	}
	doc_close(c->doc);
}

enum error contract_compare(struct context *c, unsigned left_number, unsigned right_number)
{
	struct contract left, right;
	enum error error = contract_find(c, c->ids[0], left_number, &left);
	if (error == ERR_NONE)
		error = contract_find(c, c->ids[0], right_number, &right);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, "%s: version %u and version %u"), right.values[CONTRACT_NAME], left_number, right_number);
	if (c->format == FORMAT_JSON)
		compare_json(c, &left, &right);
	else
		compare_element(c, &left, &right);
	return ERR_NONE;
}
