/* Adding a customer: GET and POST /customers/new (step 1), GET /customers/{tenant}/admin (step 2, whose POST users have). Each step is
 * a transaction of its own: after the first one the customer is there, and the second can be done any time. */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/clash.h"
#include "app/customer.h"
#include "app/customer_change.h"
#include "app/customer_parent.h"
#include "app/handlers.h"
#include "app/user_write.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/tree.h"

static const struct field new_fields[] = {
	{ .name = "parent", .label = "Parent", .kind = FIELD_CHOICE, .required = true, .choices = customer_parent_choices },
	{ .name = "domain", .label = "Domain name", .kind = FIELD_DOMAIN, .required = true, .max = 253,
		.hint = "Example: example.com. It is unique among all customers." },
	{ .name = "name", .label = "Company name", .kind = FIELD_LINE, .required = true, .max = 200,
		.autocomplete = "organization" },
};
static const struct form_spec new_form = FORM_SPEC("customer-new", "Save and continue", new_fields);

/* Names that are nobody's (RFC 6761 and its kin); .example is for demos and stays. */
static bool domain_reserved(const char *domain)
{
	static const char *const endings[] = { "arpa", "internal", "invalid", "local", "localhost", "onion" };
	const char *last = strrchr(domain, '.');
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (strcmp(last != NULL ? last + 1 : domain, endings[i]) == 0)
			return true;
	return false;
}

enum error customer_domain_check(struct context *c, const char *domain, uint64_t tenant)
{
	uint64_t distributor = tree_distributor(scope_low(c->scope));
	DB_ROWS_AUTO anywhere = NULL;
	DB_ROWS_AUTO inside = NULL;
	enum error error = db_query(c->db, NULL, STMT_TENANT_DOMAIN_ANYWHERE,
		DB_VALUES(DB_TEXT(domain), DB_UINT(distributor), DB_UINT(tree_end(distributor)), DB_UINT(tenant)), &anywhere);
	bool taken = error == ERR_NONE && db_next(anywhere) != NULL;
	if (taken)
		error = db_query(c->db, c->scope, STMT_TENANT_DOMAIN_INSIDE, DB_VALUES(DB_TEXT(domain), DB_UINT(tenant)), &inside);
	char **row = error == ERR_NONE && taken ? db_next(inside) : NULL;
	if (row != NULL)
		return form_wrong(c, "domain", arena_printf(c->arena, context_say(c, db_uint(row[1]) != 0
			? "%s, which is deleted, has this domain. It can be restored under Deleted customers."
			: "%s has this domain already."), row[0]));
	if (error == ERR_NONE)
		error = clash_may_try(c);
	return error == ERR_NONE && (taken || domain_reserved(domain)) ? clash_refuse(c, "domain", N_("domain")) : error;
}

struct json_object *customer_change(const char *from, const char *to)
{
	struct json_object *change = json_object_new_object();
	if (from != NULL)
		json_object_object_add(change, "from", json_object_new_string(from));
	if (to != NULL)
		json_object_object_add(change, "to", json_object_new_string(to));
	return change;
}

enum error customer_new_allowed(struct context *c)
{
	return scope_tier(c->scope) != TIER_CUSTOMER ? ERR_NONE
		: context_refuse(c, ERR_RELATION, "An end customer has no customers below it.");
}

enum error customer_new_get(struct context *c)
{
	struct parent_search search;
	enum error error = customer_new_allowed(c);
	if (error == ERR_NONE)
		error = customer_parents(c, true, &search);
	if (error != ERR_NONE)
		return error;
	/* Who has one choice has made it. */
	const char *only = customer_parent_choices[1].value == NULL ? customer_parent_choices[0].value : NULL;
	const char *const initial[] = { search.wanted != NULL ? search.wanted : only, NULL, NULL };
	c->title = context_say(c, "Add customer");
	form_element(c, &new_form, "/customers/new", initial);
	doc_close(c->doc);
	customer_parent_element(c, &search);
	return ERR_NONE;
}

static enum error new_write(struct context *c, const struct list_row *parent, const char **id)
{
	char now[CLOCK_INSTANT_SIZE], *made = arena_alloc(c->arena, ID_SIZE);
	uint64_t tenant, rewritten;
	id_make(made);
	clock_sql(clock_now_ms(), now);
	struct tree_new new = { .parent = parent->tenant, .id = made, .name = form_value(c, "name"),
		.domain = form_value(c, "domain"), .created = now };
	enum error error = tree_add(c->db, &new, &tenant, &rewritten);
	if (error == ERR_REFUSED)
		return form_refuse(c, "There is no room for another customer here.");
	if (error != ERR_NONE)
		return error == ERR_NOT_FOUND ? ERR_CONFLICT : error;
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "name", customer_change(NULL, new.name));
	json_object_object_add(detail, "domain", customer_change(NULL, new.domain));
	*id = made;
	return audit_write(c, tenant, "tenant.create", detail);
}

enum error customer_create(struct context *c, const struct list_row *parent, const char **id)
{
	/* Last: whether a name is taken is answered to nobody who could not have it. */
	enum error error = customer_domain_check(c, form_value(c, "domain"), 0);
	return error == ERR_NONE ? new_write(c, parent, id) : error;
}

enum error customer_new_post(struct context *c)
{
	struct list_row parent;
	const char *id = NULL;
	enum error error = customer_new_allowed(c);
	if (error == ERR_NONE)
		error = customer_parent_sent(c, true, &parent);
	if (error != ERR_NONE)
		return error;
	error = form_read(c, &new_form);
	if (customer_parent_asked(c))
		return form_asks(c);
	if (error == ERR_NONE)
		error = customer_create(c, &parent, &id);
	c->redirect = arena_printf(c->arena, "/customers/%s/admin", id != NULL ? id : "");
	return error;
}

enum error customer_admin_get(struct context *c)
{
	c->title = arena_printf(c->arena, context_say(c, "Admin user of %s"), c->tenant.row.name);
	if (c->format == FORMAT_JSON) {
		c->json = customer_json(c, &c->tenant.row, true);
		return ERR_NONE;
	}
	customer_header(c, "users");
	user_admin_form(c);
	return ERR_NONE;
}
