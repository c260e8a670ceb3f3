/* One customer: facts, elements, the details page. What changes it is in customer_edit.c, customer_move.c, customer_delete.c. */
#include "app/customer.h"

#include <json-c/json.h>
#include <string.h>

#include "app/customer_cells.h"
#include "app/customer_change.h"
#include "app/handlers.h"
#include "base/clock.h"

enum error customer_facts(struct context *c, const char *id)
{
	return list_find(c->db, c->scope, id, c->arena, &c->tenant);
}

enum error customer_find(struct context *c, const char *id, struct list_row *row)
{
	struct list_tenant found;
	enum error error = list_find(c->db, c->scope, id, c->arena, &found);
	if (error == ERR_NONE)
		*row = found.row;
	return error;
}

const char *customer_instant(struct arena *arena, const char *sql)
{
	return sql != NULL && strlen(sql) >= 19 ? arena_printf(arena, "%.10sT%.8sZ", sql, sql + 11) : NULL;
}

void customer_parts(struct doc *doc, struct arena *arena, const struct list_row *row)
{
	doc_open(doc, "status");
	if (row->onboarding) {
		doc_attr_int(doc, "done", row->tasks_done);
		doc_attr_int(doc, "total", row->tasks_total);
	} else {
		doc_attr(doc, "complete", "yes");
	}
	doc_close(doc);
	if (row->admin != NULL) {
		doc_open(doc, "admin");
		doc_attr(doc, "name", row->admin);
		doc_attr(doc, "pending", row->admin_pending ? "yes" : NULL);
		doc_close(doc);
	}
	doc_open(doc, "source");
	doc_attr(doc, "state", source_word(row->rollup));
	doc_close(doc);
	doc_open(doc, "contracts");
	for (enum contract_status i = 0; i < CONTRACT__MAX; i++)
		if (row->contracts[i] > 0)
			doc_attr_int(doc, contract_status_words[i], row->contracts[i]);
	doc_attr(doc, "text", customer_contracts_text(arena, row, doc_words(doc)));
	doc_close(doc);
}

void customer_header(struct context *c, const char *tab)
{
	const struct list_row *row = &c->tenant.row;
	doc_open(c->doc, "customer");
	doc_attr(c->doc, "id", row->id);
	doc_attr(c->doc, "name", row->name);
	doc_attr(c->doc, "tier", tier_name(row->tier));
	doc_attr(c->doc, "domain", row->domain);
	doc_attr(c->doc, "created", row->created);
	doc_attr(c->doc, "suspended", row->suspended ? "yes" : NULL);
	doc_attr(c->doc, "self", c->tenant.self ? "yes" : NULL);
	if (c->tenant.parent_name != NULL) {
		doc_attr(c->doc, "parent", row->parent);
		doc_attr(c->doc, "parent-name", c->tenant.parent_name);
	}
	doc_attr_int(c->doc, "version", c->tenant.version);
	doc_attr(c->doc, "tab", tab);
	if (!c->tenant.self && scope_role(c->scope) == ROLE_ADMIN) {
		bool customer = row->tier == TIER_CUSTOMER;
		doc_attr(c->doc, "may-suspend", "yes");
		doc_attr(c->doc, "may-move", customer && scope_tier(c->scope) == TIER_DISTRIBUTOR ? "yes" : NULL);
		doc_attr(c->doc, "may-delete", customer ? "yes" : NULL);
	}
	if (!c->tenant.self && c->identity->child_role != ROLE_NONE)
		doc_attr(c->doc, "switch", "yes");
	customer_parts(c->doc, c->arena, row);
	doc_close(c->doc);
}

struct json_object *json_text(const char *text)
{
	return text != NULL ? json_object_new_string(text) : NULL;
}

struct json_object *customer_json(const struct context *c, const struct list_row *row, bool matched)
{
	struct json_object *tenant = json_object_new_object(), *status = json_object_new_object(),
		*contracts = json_object_new_object(), *admin = NULL;
	json_object_object_add(tenant, "id", json_object_new_string(row->id));
	json_object_object_add(tenant, "parentId", json_text(*row->parent != '\0' ? row->parent : NULL));
	json_object_object_add(tenant, "tier", json_object_new_string(tier_name(row->tier)));
	json_object_object_add(tenant, "name", json_object_new_string(row->name));
	json_object_object_add(tenant, "domain", json_object_new_string(row->domain));
	json_object_object_add(tenant, "created", json_object_new_string(row->created));
	json_object_object_add(tenant, "level", json_object_new_int((int)row->tier - (int)scope_tier(c->scope)));
	json_object_object_add(tenant, "matched", json_object_new_boolean(matched));
	json_object_object_add(tenant, "suspended", json_object_new_boolean(row->suspended));
	json_object_object_add(status, "complete", json_object_new_boolean(!row->onboarding));
	if (row->onboarding) {
		json_object_object_add(status, "done", json_object_new_int((int)row->tasks_done));
		json_object_object_add(status, "total", json_object_new_int((int)row->tasks_total));
	}
	json_object_object_add(tenant, "status", status);
	if (row->admin != NULL) {
		admin = json_object_new_object();
		json_object_object_add(admin, "name", json_object_new_string(row->admin));
		json_object_object_add(admin, "pending", json_object_new_boolean(row->admin_pending));
	}
	json_object_object_add(tenant, "admin", admin);
	json_object_object_add(tenant, "source", json_object_new_string(source_word(row->rollup)));
	for (enum contract_status i = 0; i < CONTRACT__MAX; i++)
		if (row->contracts[i] > 0)
			json_object_object_add(contracts, contract_status_words[i], json_object_new_int((int)row->contracts[i]));
	json_object_object_add(tenant, "contracts", contracts);
	return tenant;
}

enum error customer_get(struct context *c)
{
	c->title = c->tenant.row.name;
	if (c->format == FORMAT_JSON) {
		c->json = customer_json(c, &c->tenant.row, true);
		return ERR_NONE;
	}
	customer_header(c, "profile");
	customer_profile_form(c);
	return ERR_NONE;
}
