/* Deleting end customers, restoring them for 30 days, and what goes for good after that: /customers/{tenant}/delete, /customers/deleted,
 * /customers/{id}/restore. A deleted customer is out of every list and route but these. */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/customer.h"
#include "app/customer_change.h"
#include "app/handlers.h"
#include "auth/token.h"
#include "base/clock.h"
#include "db/contract_day.h"
#include "db/tree.h"

#define SHOWN_MAX 500
#define PURGE_CHUNK 20

/* Only asks: the button is all there is. */
static const struct form_spec delete_form = { "delete", "Delete", NULL, 0 };

/* Deleted after this instant can be restored. */
static void kept_since(char since[CLOCK_INSTANT_SIZE])
{
	clock_sql(clock_now_ms() - LIST_DELETED_MS, since);
}

static enum error delete_allowed(struct context *c)
{
	return c->tenant.row.tier == TIER_CUSTOMER ? ERR_NONE
		: context_refuse(c, ERR_RELATION, "Only end customers can be deleted.");
}

enum error delete_get(struct context *c)
{
	enum error error = delete_allowed(c);
	c->title = arena_printf(c->arena, context_say(c, "Delete %s?"), c->tenant.row.name);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_JSON) {
		c->json = customer_json(c, &c->tenant.row, true);
		return ERR_NONE;
	}
	customer_header(c, "profile");
	form_element(c, &delete_form, arena_printf(c->arena, "/customers/%s/delete", c->tenant.row.id), NULL);
	doc_close(c->doc);
	return ERR_NONE;
}

/* Is a contract in force today? */
static enum error delete_in_force(struct context *c, bool *in_force)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_TENANT_CONTRACTS, DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
	*in_force = false;
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		*in_force |= contract_day_status(row[0], row[1], row[2], scope_today(c->scope)) == CONTRACT_ACTIVE;
	return error;
}

enum error delete_post(struct context *c)
{
	uint64_t tenant = c->tenant.row.tenant, changed = 0, rewritten;
	bool in_force = false;
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	enum error error = delete_allowed(c);
	if (error == ERR_NONE)
		error = form_read(c, &delete_form);
	if (error == ERR_NONE)
		error = tree_lock(c->db, tenant, 0);
	if (error == ERR_NONE)
		error = delete_in_force(c, &in_force);
	if (error == ERR_NONE && in_force)
		return form_refuse(c, "It has a contract in force. Cancel the contract first.");
	if (error == ERR_NONE)
		error = db_execute(c->db, c->scope, STMT_TENANT_DELETE, DB_VALUES(DB_TEXT(now), DB_UINT(tenant)), &changed);
	if (error == ERR_NONE && changed == 0)
		error = ERR_NOT_FOUND;
	if (error == ERR_NONE)
		error = token_end_below(c->db, c->scope, c->tenant.row.tree_pos, c->tenant.row.tree_pos + 1, "deleted");
	if (error == ERR_NONE)
		error = tree_settle(c->db, tenant, &rewritten);
	if (error == ERR_NONE)
		error = audit_write(c, tenant, "tenant.delete", NULL);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_SESSION_NOTICE, DB_VALUES(
			DB_TEXT(arena_printf(c->arena, context_say(c, "%s was deleted. It can be restored for %d days."), c->tenant.row.name, LIST_DELETED_DAYS)),
			DB_BYTES(c->identity->hash, sizeof c->identity->hash)), NULL);
	c->redirect = "/customers";
	return error;
}

/* "2026-12-22T15:04:05Z": until when one that was deleted at SQL's instant is kept. */
static const char *kept_until(struct context *c, const char *deleted)
{
	int64_t at = 0;
	char *text = arena_alloc(c->arena, CLOCK_INSTANT_SIZE);
	if (!clock_parse(customer_instant(c->arena, deleted), &at))
		return NULL;
	clock_rfc3339(at + LIST_DELETED_MS / 1000, text);
	return text;
}

static void deleted_element(struct context *c, char **row)
{
	doc_open(c->doc, "tenant");
	doc_attr(c->doc, "id", row[0]);
	doc_attr(c->doc, "name", row[1]);
	doc_attr(c->doc, "domain", row[2]);
	doc_attr(c->doc, "deleted", customer_instant(c->arena, row[3]));
	doc_attr(c->doc, "until", kept_until(c, row[3]));
	doc_attr(c->doc, "parent", row[4]);
	doc_attr(c->doc, "parent-name", row[5]);
	doc_close(c->doc);
}

static struct json_object *deleted_json(struct context *c, char **row)
{
	struct json_object *tenant = json_object_new_object();
	json_object_object_add(tenant, "id", json_text(row[0]));
	json_object_object_add(tenant, "parentId", json_text(row[4]));
	json_object_object_add(tenant, "name", json_text(row[1]));
	json_object_object_add(tenant, "domain", json_text(row[2]));
	json_object_object_add(tenant, "deleted", json_text(customer_instant(c->arena, row[3])));
	json_object_object_add(tenant, "until", json_text(kept_until(c, row[3])));
	return tenant;
}

enum error deleted_get(struct context *c)
{
	char since[CLOCK_INSTANT_SIZE];
	DB_ROWS_AUTO rows = NULL;
	kept_since(since);
	c->title = context_say(c, "Deleted customers");
	enum error error = db_query(c->db, c->scope, STMT_TENANT_DELETED_LIST,
		DB_VALUES(DB_TEXT(since), DB_UINT(scope_low(c->scope)), DB_INT(SHOWN_MAX)), &rows);
	if (error != ERR_NONE)
		return error;
	struct json_object *list = c->format == FORMAT_JSON ? json_object_new_array() : NULL;
	if (list == NULL) {
		doc_open(c->doc, "deleted");
		doc_attr(c->doc, "more", db_rows_count(rows) == SHOWN_MAX ? "yes" : NULL);
	}
	for (char **row; (row = db_next(rows)) != NULL;) {
		if (list != NULL)
			json_object_array_add(list, deleted_json(c, row));
		else
			deleted_element(c, row);
	}
	if (list == NULL) {
		doc_close(c->doc);
		return ERR_NONE;
	}
	c->json = json_object_new_object();
	json_object_object_add(c->json, "tenants", list);
	return ERR_NONE;
}

enum error restore_post(struct context *c)
{
	char since[CLOCK_INSTANT_SIZE];
	DB_ROWS_AUTO rows = NULL;
	uint64_t changed = 0, rewritten;
	kept_since(since);
	enum error error = db_query(c->db, c->scope, STMT_TENANT_DELETED,
		DB_VALUES(DB_TEXT(c->ids[0]), DB_TEXT(since), DB_UINT(scope_low(c->scope))), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	uint64_t tenant = db_uint(row[0]);
	error = tree_lock(c->db, tenant, 0);
	if (error == ERR_NONE)
		error = db_execute(c->db, c->scope, STMT_TENANT_RESTORE, DB_VALUES(DB_UINT(tenant)), &changed);
	if (error == ERR_NONE && changed == 0)
		error = ERR_NOT_FOUND;
	if (error == ERR_NONE)
		error = tree_settle(c->db, tenant, &rewritten);
	if (error == ERR_NONE)
		error = audit_write(c, tenant, "tenant.restore", NULL);
	c->redirect = arena_printf(c->arena, "/customers/%s", c->ids[0]);
	return error;
}

struct purge {
	uint64_t tenant;
	char before[CLOCK_INSTANT_SIZE];
};

/* In an order in which nothing refers to what is gone already. */
static enum error purge_one(struct db *db, void *arg)
{
	static const enum statement statements[] = { STMT_PURGE_RUNS, STMT_PURGE_SOURCES, STMT_PURGE_VERSIONS,
		STMT_PURGE_CONTRACTS, STMT_PURGE_SESSIONS, STMT_PURGE_MAIL, STMT_PURGE_USERS, STMT_PURGE_RECENT, STMT_PURGE_EVENTS,
		STMT_PURGE_TOKENS, STMT_PURGE_TENANT };
	const struct purge *purge = arg;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_PURGE_LOCK, DB_VALUES(DB_UINT(purge->tenant), DB_TEXT(purge->before)), &rows);
	if (error != ERR_NONE || db_next(rows) == NULL)
		return error;
	for (size_t i = 0; i < sizeof statements / sizeof *statements && error == ERR_NONE; i++)
		error = db_execute(db, NULL, statements[i], DB_VALUES(DB_UINT(purge->tenant)), NULL);
	return error;
}

enum error customer_purge(struct db *db, unsigned *done)
{
	struct purge purge;
	DB_ROWS_AUTO rows = NULL;
	kept_since(purge.before);
	*done = 0;
	enum error error = db_query(db, NULL, STMT_PURGE_DUE, DB_VALUES(DB_TEXT(purge.before), DB_INT(PURGE_CHUNK)), &rows);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL; ++*done) {
		purge.tenant = db_uint(row[0]);
		error = db_transaction(db, purge_one, &purge);
	}
	return error;
}
