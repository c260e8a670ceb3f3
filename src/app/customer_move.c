/* Moving an end customer to another reseller of the same distributor: GET and POST /customers/{tenant}/move. What stays hidden from the
 * new parent is decided where it is read (contracts.c, audit.c); here ends what ends with a move. */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/customer.h"
#include "app/customer_change.h"
#include "app/customer_parent.h"
#include "app/handlers.h"
#include "auth/access.h"
#include "base/clock.h"
#include "db/tree.h"

static const struct field move_fields[] = {
	{ .name = "parent", .label = "New reseller", .kind = FIELD_CHOICE, .required = true, .choices = customer_parent_choices },
};
static const struct form_spec move_form = FORM_SPEC("move", "Move", move_fields);

/* Two resellers stand in a distributor's scope alone. */
static enum error move_allowed(struct context *c)
{
	if (c->tenant.row.tier != TIER_CUSTOMER)
		return context_refuse(c, ERR_RELATION, "Only end customers can be moved.");
	if (scope_tier(c->scope) != TIER_DISTRIBUTOR)
		return context_refuse(c, ERR_RELATION, "There is no other reseller here to move it to.");
	return ERR_NONE;
}

enum error move_get(struct context *c)
{
	struct parent_search search;
	enum error error = move_allowed(c);
	c->title = arena_printf(c->arena, context_say(c, "Move %s"), c->tenant.row.name);
	if (error == ERR_NONE && c->format == FORMAT_JSON) {
		c->json = customer_json(c, &c->tenant.row, true);
		return ERR_NONE;
	}
	if (error == ERR_NONE)
		error = customer_parents(c, false, &search);
	if (error != ERR_NONE)
		return error;
	const char *const initial[] = { search.wanted };
	customer_header(c, "profile");
	form_element(c, &move_form, arena_printf(c->arena, "/customers/%s/move", c->tenant.row.id), initial);
	doc_close(c->doc);
	customer_parent_element(c, &search);
	return ERR_NONE;
}

/* The parent as it is now, under the lock. */
static enum error move_former(struct context *c, uint64_t *key, const char **id)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_TENANT_PARENT, DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	*key = db_uint(row[0]);
	*id = arena_strdup(c->arena, row[1]);
	return ERR_NONE;
}

static enum error move_write(struct context *c, const struct list_row *parent)
{
	uint64_t tenant = c->tenant.row.tenant, former = 0, rewritten;
	const char *former_id = NULL;
	enum error error = tree_lock(c->db, tenant, parent->tenant);
	if (error == ERR_NONE)
		error = move_former(c, &former, &former_id);
	if (error != ERR_NONE)
		return error;
	if (former == parent->tenant)
		return form_wrong(c, "parent", "It belongs to this reseller already.");
	error = access_end_moved(c->db, c->scope, &tenant, 1);
	if (error == ERR_NONE)
		error = db_execute(c->db, c->scope, STMT_TENANT_MOVE, DB_VALUES(DB_UINT(parent->tenant), DB_UINT(tenant)), NULL);
	if (error == ERR_NONE)
		error = tree_settle(c->db, tenant, &rewritten);
	if (error != ERR_NONE)
		return error;
	/* By ID: who reads it later may not know both names. */
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "parent", customer_change(former_id, parent->id));
	c->redirect = arena_printf(c->arena, "/customers/%s", c->tenant.row.id);
	return audit_write(c, tenant, "tenant.move", detail);
}

enum error move_post(struct context *c)
{
	struct list_row parent;
	enum error error = move_allowed(c);
	if (error == ERR_NONE)
		error = customer_parent_sent(c, false, &parent);
	if (error != ERR_NONE)
		return error;
	error = form_read(c, &move_form);
	if (customer_parent_asked(c))
		return form_asks(c);
	return error == ERR_NONE ? move_write(c, &parent) : error;
}
