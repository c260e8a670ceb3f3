/* API tokens of a tenant: GET and POST /customers/{tenant}/tokens, /customers/{tenant}/tokens/{id}/revoke. A token is shown by the answer
 * of the POST that made it and never again; the database has its hash alone (auth/token.h). */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/customer.h"
#include "app/customer_change.h"
#include "app/form.h"
#include "app/handlers.h"
#include "app/table.h"
#include "auth/token.h"
#include "base/clock.h"

/* The columns of token_list. */
enum { K_ID, K_NAME, K_SCOPE, K_MADE, K_MAKER, K_MAKER_TENANT, K_EXPIRES, K_USED, K_ENDED, K_WHY, K_KNOWN };

static const struct field_choice scopes[] = {
	{ "read", "Read: lists and single objects" },
	{ "write", "Write: all that an admin may change" },
	{ "ingest", "Ingest: report runs, nothing else" },
	{ NULL, NULL },
};
static const struct field new_fields[] = {
	{ .name = "name", .label = "Name", .kind = FIELD_LINE, .required = true, .max = 100,
		.hint = "What it is for. Example: nightly billing" },
	{ .name = "scope", .label = "Scope", .kind = FIELD_CHOICE, .required = true, .choices = scopes },
	{ .name = "expires", .label = "Last day", .kind = FIELD_DATE,
		.hint = "Such as 2027-03-31, at most 365 days from now. Without a date: 365 days." },
};
static const struct form_spec new_form = FORM_SPEC("token", "Make token", new_fields);
static const struct form_spec revoke_form = { "revoke", "Revoke token", NULL, 0 };

static const char *token_state(char **row)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	if (row[K_ENDED] != NULL)
		return strcmp(row[K_WHY], "revoked") == 0 ? "Revoked" : "Ended";
	return strcmp(row[K_EXPIRES], now) < 0 ? "Expired" : "Active";
}

/* What ended it, where the state does not say so. */
static const char *token_reason(char **row)
{
	static const struct {
		const char *why, *text;
	} reasons[] = {
		{ "suspended", N_("by a suspension") }, { "deleted", N_("by a deletion") }, { "moved", N_("by a move") },
		{ "maker", N_("its maker may not make it any more") },
	};
	for (size_t i = 0; row[K_ENDED] != NULL && i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(reasons[i].why, row[K_WHY]) == 0)
			return reasons[i].text;
	return NULL;
}

/* After a move: who made it is not the new parent's business. */
static const char *token_maker(struct context *c, char **row)
{
	if (db_uint(row[K_KNOWN]) == 0)
		return context_say(c, N_("former reseller"));
	return *row[K_MAKER_TENANT] != '\0' ? arena_printf(c->arena, "%s, %s", row[K_MAKER], row[K_MAKER_TENANT]) : row[K_MAKER];
}

static void token_element(struct context *c, char **row)
{
	doc_open(c->doc, "api-token");
	doc_attr(c->doc, "id", row[K_ID]);
	doc_attr(c->doc, "name", row[K_NAME]);
	doc_attr(c->doc, "scope", row[K_SCOPE]);
	doc_attr(c->doc, "state", token_state(row));
	doc_say(c->doc, "reason", token_reason(row));
	doc_attr(c->doc, "maker", token_maker(c, row));
	doc_attr(c->doc, "made", customer_instant(c->arena, row[K_MADE]));
	doc_attr(c->doc, "expires", customer_instant(c->arena, row[K_EXPIRES]));
	doc_attr(c->doc, "used", customer_instant(c->arena, row[K_USED]));
	doc_attr(c->doc, "ended", customer_instant(c->arena, row[K_ENDED]));
	doc_close(c->doc);
}

static struct json_object *token_json(struct context *c, char **row)
{
	struct json_object *token = json_object_new_object();
	json_object_object_add(token, "id", json_text(row[K_ID]));
	json_object_object_add(token, "name", json_text(row[K_NAME]));
	json_object_object_add(token, "scope", json_text(row[K_SCOPE]));
	json_object_object_add(token, "state", json_text(token_state(row)));
	json_object_object_add(token, "maker", json_text(token_maker(c, row)));
	json_object_object_add(token, "made", json_text(customer_instant(c->arena, row[K_MADE])));
	json_object_object_add(token, "expires", json_text(customer_instant(c->arena, row[K_EXPIRES])));
	json_object_object_add(token, "used", json_text(customer_instant(c->arena, row[K_USED])));
	json_object_object_add(token, "ended", json_text(customer_instant(c->arena, row[K_ENDED])));
	return token;
}

static enum error tokens_csv(struct context *c, struct db_rows *rows)
{
	static const char *const header[] = { "Name", "Scope", "State", "Made by", "Made", "Expires", "Last used", "Ended", "Token ID" };
	enum error error = table_begin(c, "tokens", db_rows_count(rows), header, 9);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		error = table_row(c, (const char *const[]){ row[K_NAME], row[K_SCOPE], token_state(row), token_maker(c, row),
			customer_instant(c->arena, row[K_MADE]), customer_instant(c->arena, row[K_EXPIRES]),
			customer_instant(c->arena, row[K_USED]), customer_instant(c->arena, row[K_ENDED]), row[K_ID] });
	return error;
}

/* What the POST before this page has made. */
static void token_made(struct context *c)
{
	if (c->made == NULL && !c->made_before)
		return;
	doc_open(c->doc, "made");
	if (c->made != NULL)
		doc_text(c->doc, c->made);
	else
		doc_attr(c->doc, "before", "yes");
	doc_close(c->doc);
}

enum error tokens_get(struct context *c)
{
	DB_ROWS_AUTO rows = NULL;
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	enum error error = db_query(c->db, c->scope, STMT_TOKEN_LIST, DB_VALUES(DB_UINT(c->tenant.row.tenant), DB_TEXT(now)), &rows);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return tokens_csv(c, rows);
	c->title = c->tenant.row.name;
	if (c->format == FORMAT_JSON) {
		struct json_object *tokens = json_object_new_array();
		for (char **row; (row = db_next(rows)) != NULL;)
			json_object_array_add(tokens, token_json(c, row));
		c->json = json_object_new_object();
		json_object_object_add(c->json, "tokens", tokens);
		return ERR_NONE;
	}
	const char *const initial[] = { NULL, "read", NULL };
	customer_header(c, "users");
	token_made(c);
	doc_open(c->doc, "tokens");
	for (char **row; (row = db_next(rows)) != NULL;)
		token_element(c, row);
	doc_close(c->doc);
	form_element(c, &new_form, arena_printf(c->arena, "/customers/%s/tokens", c->tenant.row.id), initial);
	doc_close(c->doc);
	return ERR_NONE;
}

enum error tokens_post(struct context *c)
{
	const struct identity *who = c->identity;
	char id[ID_SIZE], *token = arena_alloc(c->arena, TOKEN_SIZE);
	struct token_new new = { .tenant = c->tenant.row.tenant, .maker = { .user = who->user, .tenant = scope_tenant(who->home),
		.name = context_name(c, who->first_name, who->last_name), .tenant_name = scope_name(who->home) } };
	enum error error = form_read(c, &new_form);
	if (error != ERR_NONE)
		return error;
	new.name = form_value(c, "name");
	token_scope_parse(form_value(c, "scope"), &new.scope);
	if (!token_expiry(form_value(c, "expires"), scope_zone(c->scope), &new.expires))
		return form_wrong(c, "expires", "A date from today on, at most 365 days away.");
	error = token_make(c->db, c->scope, &new, id, token);
	if (error == ERR_REFUSED)
		return form_refuse(c, "There are as many active tokens here as there may be. Please revoke one that is not needed any more.");
	if (error != ERR_NONE)
		return error;
	c->made = token;
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "name", customer_change(NULL, new.name));
	json_object_object_add(detail, "scope", customer_change(NULL, token_scope_name(new.scope)));
	return audit_write(c, new.tenant, "token.create", detail);
}

/* The token of the route: its key, name and scope. */
static enum error token_find(struct context *c, uint64_t *key, const char **name, const char **scope, bool *good)
{
	DB_ROWS_AUTO rows = NULL;
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	enum error error = db_query(c->db, c->scope, STMT_TOKEN_FIND,
		DB_VALUES(DB_TEXT(now), DB_UINT(c->tenant.row.tenant), DB_TEXT(c->ids[1])), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	*key = db_uint(row[0]);
	*name = arena_strdup(c->arena, row[1]);
	*scope = arena_strdup(c->arena, row[2]);
	*good = db_uint(row[3]) != 0;
	return ERR_NONE;
}

enum error token_revoke_get(struct context *c)
{
	uint64_t key;
	const char *name, *scope;
	bool good;
	enum error error = token_find(c, &key, &name, &scope, &good);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, "Revoke %s?"), name);
	customer_header(c, "users");
	doc_open(c->doc, "api-token");
	doc_attr(c->doc, "name", name);
	doc_attr(c->doc, "scope", scope);
	doc_close(c->doc);
	form_element(c, &revoke_form, arena_printf(c->arena, "/customers/%s/tokens/%s/revoke", c->tenant.row.id, c->ids[1]), NULL);
	doc_close(c->doc);
	return ERR_NONE;
}

enum error token_revoke_post(struct context *c)
{
	uint64_t key = 0, changed = 0;
	const char *name = NULL, *scope = NULL;
	char now[CLOCK_INSTANT_SIZE];
	bool good;
	enum error error = form_read(c, &revoke_form);
	if (error == ERR_NONE)
		error = token_find(c, &key, &name, &scope, &good);
	if (error != ERR_NONE)
		return error;
	clock_sql(clock_now_ms(), now);
	c->redirect = arena_printf(c->arena, "/customers/%s/tokens", c->tenant.row.id);
	error = db_execute(c->db, c->scope, STMT_TOKEN_REVOKE, DB_VALUES(DB_TEXT(now), DB_UINT(key)), &changed);
	/* Ended before: it is so. */
	if (error != ERR_NONE || changed == 0)
		return error;
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "name", json_text(name));
	json_object_object_add(detail, "scope", json_text(scope));
	return audit_write(c, c->tenant.row.tenant, "token.revoke", detail);
}
