/* Tenants in the API: GET /api/v1/tenants, GET /api/v1/tenants/{tenant}, POST /api/v1/tenants. The list is the Customers list (walk.h) without what is
 * there for people's eyes alone. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "app/api_page.h"
#include "app/customer.h"
#include "app/customer_cells.h"
#include "app/customer_change.h"
#include "app/handlers.h"
#include "app/walk.h"
#include "base/id.h"

/* Fields have the names of the JSON's members. */
static const struct field new_fields[] = {
	{ .name = "parentId", .label = "Parent", .kind = FIELD_ID, .required = true },
	{ .name = "domain", .label = "Domain name", .kind = FIELD_DOMAIN, .required = true, .max = 253 },
	{ .name = "name", .label = "Company name", .kind = FIELD_LINE, .required = true, .max = 200 },
};
static const struct form_spec new_form = FORM_SPEC("api-tenant", "", new_fields);

enum error api_tenant_get(struct context *c)
{
	c->json = customer_json(c, &c->tenant.row, true);
	return ERR_NONE;
}

static struct json_object *tenants_matched(const struct context *c, const struct walk_page *page)
{
	struct json_object *tenants = json_object_new_array();
	for (size_t i = 0; i < page->count; i++)
		if (page->rows[i].matched && !page->rows[i].repeated)
			json_object_array_add(tenants, customer_json(c, &page->rows[i].row, true));
	return tenants;
}

/* The parameters of the list, and the API's own for paging. */
static enum error tenants_view(struct context *c, struct view *view)
{
	struct api_page page;
	enum error error = api_page_read(c, &page);
	if (error == ERR_NONE)
		error = view_read(c, &customers_listing, view);
	if (error != ERR_NONE)
		return error;
	view->limit = page.max;
	if (page.token == NULL)
		return ERR_NONE;
	if (view->after != NULL || view->before != NULL)
		return context_bad_parameter(c, "pageToken", "nothing beside after and before");
	if (!id_valid(page.token))
		return context_bad_parameter(c, "pageToken", "the pageToken of an answer");
	view->after = page.token;
	return ERR_NONE;
}

enum error api_tenants_get(struct context *c)
{
	struct view view;
	struct walk walk;
	struct walk_page page;
	uint64_t matched = 0;
	bool more = false;
	enum error error = tenants_view(c, &view);
	if (error == ERR_NONE)
		error = walk_begin(c, &view, &walk);
	if (error == ERR_NONE)
		error = walk_page(c, &view, &walk, &page);
	if (error == ERR_NONE && walk.filter != NULL && page.whole)
		matched = walk.count;
	else if (error == ERR_NONE)
		error = walk_matched(&walk, &matched, &more);
	if (error != ERR_NONE)
		return error;
	c->json = api_page_json("tenants", tenants_matched(c, &page), page.next, matched, !more);
	return ERR_NONE;
}

enum error api_tenants_post(struct context *c)
{
	struct list_row row;
	const char *id = NULL;
	enum error error = customer_new_allowed(c);
	if (error == ERR_NONE)
		error = form_read(c, &new_form);
	if (error == ERR_NONE)
		error = customer_create(c, "parentId", &id);
	if (error == ERR_NONE)
		error = customer_find(c, id, &row);
	if (error != ERR_NONE)
		return error;
	c->status = 201;
	c->location = arena_printf(c->arena, "/api/v1/tenants/%s", id);
	c->json = customer_json(c, &row, true);
	return ERR_NONE;
}
