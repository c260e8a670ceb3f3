/* The audit log: writing an event, and GET /customers/{tenant}/activity. */
#include "app/audit.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "app/customer.h"
#include "app/handlers.h"
#include "app/table.h"
#include "base/clock.h"

#define PAGE_EVENTS 50
#define PAGES_MAX 200
#define EXPORT_EVENTS 10000

/* What each action is called where a person reads it. */
static const struct {
	const char *action, *title;
} titles[] = {
	{ "tenant.create", "Customer added" }, { "tenant.update", "Profile changed" }, { "tenant.move", "Moved" },
	{ "tenant.suspend", "Suspended" }, { "tenant.reactivate", "Reactivated" }, { "tenant.delete", "Deleted" },
	{ "tenant.restore", "Restored" }, { "tenant.enter", "Perspective taken" }, { "tenant.import", "Imported" },
	{ "user.invite", "User invited" }, { "user.resend", "Invitation sent again" },
	{ "user.cancel", "Invitation cancelled" }, { "user.activate", "Account activated" },
	{ "user.update", "User changed" }, { "user.delete", "User deleted" }, { "user.disable", "User disabled" },
	{ "contract.create", "Contract added" }, { "contract.draft", "Draft of a contract saved" },
	{ "contract.discard", "Draft of a contract cancelled" }, { "contract.update", "Contract saved" },
	{ "contract.activate", "Contract marked as active" }, { "contract.cancel", "Contract cancelled" },
	{ "contract.supersede", "Contract superseded" }, { "source.connect", "Billing source connected" },
	{ "source.update", "Billing source changed" }, { "source.disconnect", "Billing source disconnected" },
	{ "user.reset", "Password set anew" }, { "user.password", "Password changed" },
	{ "user.otp-on", "One-time passwords switched on" }, { "user.otp-off", "One-time passwords switched off" },
	{ "user.otp-codes", "New recovery codes made" }, { "session.revoke", "Sessions ended" }, { "clash", "Refused: taken elsewhere" }, { "token.create", "API token made" }, { "token.revoke", "API token revoked" },
};

static const char *audit_title(const char *action)
{
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (strcmp(titles[i].action, action) == 0)
			return titles[i].title;
	return action;
}

enum error audit_write(struct context *c, uint64_t tenant, const char *action, struct json_object *detail)
{
	const struct identity *who = c->identity;
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	const char *text = detail != NULL ? json_object_to_json_string_ext(detail, JSON_C_TO_STRING_PLAIN) : "{}";
	enum error error = db_execute(c->db, NULL, STMT_AUDIT_INSERT,
		DB_VALUES(DB_TEXT(now), DB_UINT(tenant), DB_TEXT(action), who->user != 0 ? DB_UINT(who->user) : DB_NULL,
			DB_TEXT(context_name(c, who->first_name, who->last_name)), DB_UINT(scope_tenant(who->home)),
			DB_TEXT(scope_name(who->home)), DB_TEXT(scope_switched(c->scope) ? scope_name(c->scope) : NULL),
			DB_TEXT(text), DB_TEXT(c->http->request_id)), NULL);
	json_object_put(detail);
	return error;
}

enum error audit_write_own(struct context *c, uint64_t user, const char *name, uint64_t tenant, const char *tenant_name,
	const char *action)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	return db_execute(c->db, NULL, STMT_AUDIT_INSERT,
		DB_VALUES(DB_TEXT(now), DB_UINT(tenant), DB_TEXT(action), DB_UINT(user), DB_TEXT(name), DB_UINT(tenant),
			DB_TEXT(tenant_name), DB_NULL, DB_TEXT("{}"), DB_TEXT(c->http->request_id)), NULL);
}

static const char *audit_value(struct context *c, struct json_object *value)
{
	return value != NULL ? arena_strdup(c->arena, json_object_get_string(value)) : NULL;
}

/* {"name": {"from": "A", "to": "B"}} as `change` elements; a plain value is a "to". */
static void audit_changes(struct context *c, struct json_object *detail)
{
	json_object_object_foreach(detail, field, change) {
		struct json_object *from = NULL, *to = change;
		if (json_object_is_type(change, json_type_object)) {
			json_object_object_get_ex(change, "from", &from);
			to = NULL;
			json_object_object_get_ex(change, "to", &to);
		}
		doc_open(c->doc, "change");
		doc_attr(c->doc, "field", field);
		doc_attr(c->doc, "from", audit_value(c, from));
		doc_attr(c->doc, "to", audit_value(c, to));
		doc_close(c->doc);
	}
}

/* The columns of customer_events behind those that are shown. */
enum { E_KNOWN = 6, E_FORMER };

/* What stands for somebody whom the viewer may not know: after a move, those of the former parent. */
static char former_reseller[] = "former reseller", nothing[] = "";

static void audit_hide(const struct context *c, char **row)
{
	if (db_uint(row[E_KNOWN]) == 0) {
		row[2] = former_reseller;
		row[3] = nothing;
		row[4] = NULL;
	} else if (db_uint(row[E_FORMER]) != 0 && scope_tier(c->scope) != TIER_DISTRIBUTOR) {
		row[4] = former_reseller;
	}
}

/* A move tells of its two parents by ID: each is named to those alone whose scope has it. */
static void audit_parent(struct context *c, struct json_object *change, const char *which)
{
	struct json_object *value;
	DB_ROWS_AUTO rows = NULL;
	if (!json_object_object_get_ex(change, which, &value))
		return;
	const char *id = json_object_get_string(value), *name = former_reseller;
	if (strcmp(which, "to") == 0 && c->tenant.parent_name == NULL && c->tenant.self)
		name = "reseller";
	if (db_query(c->db, c->scope, STMT_TENANT_NAME, DB_VALUES(DB_TEXT(id)), &rows) == ERR_NONE) {
		char **row = db_next(rows);
		name = row != NULL ? row[0] : name;
	}
	json_object_object_add(change, which, json_object_new_string(name));
}

static struct json_object *audit_detail(struct context *c, char **row)
{
	struct json_object *detail = json_tokener_parse(row[5]), *change;
	if (!json_object_is_type(detail, json_type_object)) {
		json_object_put(detail);
		detail = json_object_new_object();
	}
	if (strcmp(row[1], "tenant.move") == 0 && json_object_object_get_ex(detail, "parent", &change)) {
		audit_parent(c, change, "from");
		audit_parent(c, change, "to");
	}
	return detail;
}

static void audit_element(struct context *c, char **row)
{
	struct json_object *detail = audit_detail(c, row);
	doc_open(c->doc, "event");
	doc_attr(c->doc, "at", customer_instant(c->arena, row[0]));
	doc_attr(c->doc, "action", row[1]);
	doc_say(c->doc, "title", audit_title(row[1]));
	doc_say(c->doc, "actor", row[2]);
	doc_attr(c->doc, "actor-tenant", *row[3] != '\0' ? row[3] : NULL);
	doc_say(c->doc, "as", row[4]);
	audit_changes(c, detail);
	doc_close(c->doc);
	json_object_put(detail);
}

static struct json_object *audit_json(struct context *c, char **row)
{
	struct json_object *event = json_object_new_object();
	json_object_object_add(event, "at", json_text(customer_instant(c->arena, row[0])));
	json_object_object_add(event, "action", json_text(row[1]));
	json_object_object_add(event, "actor", json_text(row[2]));
	json_object_object_add(event, "actorTenant", json_text(row[3]));
	json_object_object_add(event, "actingAs", json_text(row[4]));
	json_object_object_add(event, "changes", audit_detail(c, row));
	return event;
}

static void audit_link(struct context *c, const char *rel, unsigned long page)
{
	doc_open(c->doc, "link");
	doc_attr(c->doc, "rel", rel);
	doc_attr(c->doc, "href", context_href(c,
		arena_printf(c->arena, "/customers/%s/activity?page=%lu", c->tenant.row.id, page)));
	doc_close(c->doc);
}

static enum error audit_csv(struct context *c, struct db_rows *rows)
{
	static const char *const header[] = { "At", "Action", "Actor", "Actor's tenant", "Acting as", "Changes" };
	enum error error = table_begin(c, "activity", db_rows_count(rows), header, 6);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;) {
		audit_hide(c, row);
		struct json_object *detail = audit_detail(c, row);
		error = table_row(c, (const char *const[]){ customer_instant(c->arena, row[0]), audit_title(row[1]), row[2], row[3],
			row[4], json_object_to_json_string_ext(detail, JSON_C_TO_STRING_PLAIN) });
		json_object_put(detail);
	}
	return error;
}

/* Who looks, as customer_events tells them apart. */
static const char *audit_viewer(const struct context *c)
{
	if (scope_tier(c->scope) == TIER_DISTRIBUTOR)
		return "above";
	return c->tenant.self ? "own" : "parent";
}

enum error activity_get(struct context *c)
{
	unsigned long page = 1;
	const char *text = http_query(c->http, "page");
	if (text != NULL) {
		char *end;
		page = strtoul(text, &end, 10);
		if (*text < '0' || *text > '9' || *end != '\0' || page < 1 || page > PAGES_MAX)
			return context_bad_parameter(c, "page", "a number from 1 to 200");
	}
	unsigned wanted = c->format == FORMAT_CSV ? EXPORT_EVENTS : PAGE_EVENTS + 1;
	unsigned long skip = c->format == FORMAT_CSV ? 0 : (page - 1) * PAGE_EVENTS;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CUSTOMER_EVENTS,
		DB_VALUES(DB_UINT(c->tenant.row.tenant), DB_TEXT(audit_viewer(c)), DB_UINT(wanted), DB_UINT(skip)), &rows);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return audit_csv(c, rows);

	c->title = c->tenant.row.name;
	struct json_object *events = json_object_new_array();
	if (c->format != FORMAT_JSON) {
		customer_header(c, "activity");
		doc_open(c->doc, "activity");
	}
	unsigned shown = 0;
	for (char **row; shown < PAGE_EVENTS && (row = db_next(rows)) != NULL; shown++) {
		audit_hide(c, row);
		if (c->format == FORMAT_JSON)
			json_object_array_add(events, audit_json(c, row));
		else
			audit_element(c, row);
	}
	if (c->format == FORMAT_JSON) {
		c->json = json_object_new_object();
		json_object_object_add(c->json, "events", events);
		return ERR_NONE;
	}
	json_object_put(events);
	if (page > 1)
		audit_link(c, "previous", page - 1);
	if (db_rows_count(rows) > PAGE_EVENTS && page < PAGES_MAX)
		audit_link(c, "next", page + 1);
	doc_close(c->doc);
	return ERR_NONE;
}
