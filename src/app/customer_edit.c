/* Changing a customer: POST /customers/{tenant} (the tab Profile), suspending and reactivating. */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/customer.h"
#include "app/customer_change.h"
#include "app/handlers.h"
#include "auth/token.h"
#include "base/clock.h"
#include "db/list_table.h"
#include "db/tree.h"

/* Name and version come first in both: stored values are given by position. */
static const struct field own_fields[] = {
	{ .name = "name", .label = "Company name", .kind = FIELD_LINE, .required = true, .max = 200,
		.autocomplete = "organization" },
	{ .name = "version", .label = "Version", .kind = FIELD_HIDDEN, .required = true, .max = 10 },
};
static const struct field below_fields[] = {
	{ .name = "name", .label = "Company name", .kind = FIELD_LINE, .required = true, .max = 200,
		.autocomplete = "organization" },
	{ .name = "version", .label = "Version", .kind = FIELD_HIDDEN, .required = true, .max = 10 },
	{ .name = "domain", .label = "Domain name", .kind = FIELD_DOMAIN, .required = true, .max = 253 },
};
static const struct form_spec own_form = FORM_SPEC("profile", "Save", own_fields);
static const struct form_spec below_form = FORM_SPEC("profile", "Save", below_fields);
enum { PROFILE_NAME, PROFILE_VERSION, PROFILE_DOMAIN };

/* Nobody changes the own domain. */
static const struct form_spec *profile_spec(const struct context *c)
{
	return c->tenant.self ? &own_form : &below_form;
}

void customer_profile_form(struct context *c)
{
	if (scope_role(c->scope) != ROLE_ADMIN)
		return;
	const struct list_row *row = &c->tenant.row;
	const char *const initial[] = { row->name, arena_printf(c->arena, "%u", c->tenant.version), row->domain };
	form_element(c, profile_spec(c), arena_printf(c->arena, "/customers/%s", row->id), initial);
	doc_close(c->doc);
}

/* Somebody has saved since the form was made: shown with what is stored, and sent again it is meant to be over that. */
static enum error profile_conflict(struct context *c, char **stored)
{
	const char *const values[] = { arena_strdup(c->arena, stored[0]), NULL, arena_strdup(c->arena, stored[1]) };
	c->form->typed[PROFILE_VERSION] = arena_strdup(c->arena, stored[2]);
	return form_conflict(c, values);
}

static enum error profile_write(struct context *c, const char *old_name, const char *old_domain)
{
	const char *name = form_value(c, "name"), *domain = c->tenant.self ? old_domain : form_value(c, "domain");
	uint64_t tenant = c->tenant.row.tenant, rewritten;
	bool renamed = strcmp(name, old_name) != 0, other_domain = strcmp(domain, old_domain) != 0;
	enum error error = ERR_NONE;
	if (!renamed && !other_domain)
		return ERR_NONE;
	if (other_domain)
		error = customer_domain_check(c, domain, tenant);
	if (error == ERR_NONE)
		error = db_execute(c->db, c->scope, STMT_TENANT_UPDATE,
			DB_VALUES(DB_TEXT(name), DB_TEXT(domain), DB_UINT(tenant)), NULL);
	if (error == ERR_NONE)
		error = tree_rename(c->db, tenant, &rewritten);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = json_object_new_object();
	if (renamed)
		json_object_object_add(detail, "name", customer_change(old_name, name));
	if (other_domain)
		json_object_object_add(detail, "domain", customer_change(old_domain, domain));
	return audit_write(c, tenant, "tenant.update", detail);
}

enum error customer_post(struct context *c)
{
	enum error error = form_read(c, profile_spec(c));
	if (error != ERR_NONE)
		return error;
	error = tree_lock(c->db, c->tenant.row.tenant, 0);
	/* A new name may be a new place: whether the scope still is the tenant's is asked before. */
	if (error == ERR_NONE && c->tenant.self) {
		error = identity_place(c->db, c->identity);
		c->place_held = error == ERR_NONE;
	}
	if (error != ERR_NONE)
		return error;
	DB_ROWS_AUTO rows = NULL;
	error = db_query(c->db, c->scope, STMT_TENANT_PROFILE, DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
	char **stored = error == ERR_NONE ? db_next(rows) : NULL;
	if (stored == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	if (strcmp(form_value(c, "version"), stored[2]) != 0)
		return profile_conflict(c, stored);
	c->redirect = arena_printf(c->arena, "/customers/%s", c->tenant.row.id);
	return profile_write(c, stored[0], stored[1]);
}

enum error suspend_get(struct context *c)
{
	c->title = arena_printf(c->arena, context_say(c, "Suspend %s?"), c->tenant.row.name);
	if (c->format == FORMAT_JSON)
		c->json = customer_json(c, &c->tenant.row, true);
	else
		customer_header(c, "profile");
	return ERR_NONE;
}

/* Facts, list row, counters and audit together; nothing happens when it is so already. */
static enum error customer_set_suspended(struct context *c, bool suspended)
{
	const struct list_row *row = &c->tenant.row;
	char now[CLOCK_INSTANT_SIZE];
	uint64_t changed;
	clock_sql(clock_now_ms(), now);
	c->redirect = arena_printf(c->arena, "/customers/%s", row->id);
	enum error error = tree_lock(c->db, row->tenant, 0);
	if (error == ERR_NONE)
		error = suspended
			? db_execute(c->db, c->scope, STMT_TENANT_SUSPEND, DB_VALUES(DB_TEXT(now), DB_UINT(row->tenant)), &changed)
			: db_execute(c->db, c->scope, STMT_TENANT_REACTIVATE, DB_VALUES(DB_UINT(row->tenant)), &changed);
	if (error != ERR_NONE || changed == 0)
		return error;
	error = list_table_refresh(c->db, row->tenant);
	if (error == ERR_NONE && suspended)
		error = token_end_below(c->db, c->scope, row->tree_pos, tree_end(row->tree_pos), "suspended");
	if (error == ERR_NONE)
		error = audit_write(c, row->tenant, suspended ? "tenant.suspend" : "tenant.reactivate", NULL);
	return error;
}

enum error suspend_post(struct context *c)
{
	return customer_set_suspended(c, true);
}

enum error reactivate_post(struct context *c)
{
	return customer_set_suspended(c, false);
}
