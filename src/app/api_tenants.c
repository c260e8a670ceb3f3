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
#include "db/list_change.h"

#define ROWS_AT_ONCE 256 /* what list_rows_at() takes */

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

/* A pageToken: the mark of the first page and the place to go on from, which for changes has a mark of its own. */
struct place {
	uint64_t mark, at;
	const char *id;
};

static bool hex_read(const char *text, size_t length, uint64_t *number)
{
	char *end, copy[17];
	if (length == 0 || length > 16 || strspn(text, "0123456789abcdef") < length)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	*number = strtoull(copy, &end, 16);
	return *end == '\0';
}

static bool place_read(const char *token, struct place *place)
{
	const char *dash = strchr(token, '-'), *last = strrchr(token, '-');
	*place = (struct place){ .id = last != NULL ? last + 1 : "" };
	if (dash == NULL || !id_valid(place->id) || !hex_read(token, (size_t)(dash - token), &place->mark))
		return false;
	return dash == last || hex_read(dash + 1, (size_t)(last - dash - 1), &place->at);
}

static const char *mark_text(struct context *c, uint64_t mark)
{
	return arena_printf(c->arena, "%llx", (unsigned long long)mark);
}

static enum error place_wrong(struct context *c)
{
	return context_bad_parameter(c, "pageToken", "the pageToken of an answer");
}

/* The parameters of the list, and the API's own for paging. */
static enum error tenants_view(struct context *c, const struct api_page *page, struct view *view, struct place *place)
{
	enum error error = view_read(c, &customers_listing, view);
	if (error != ERR_NONE)
		return error;
	view->limit = page->max;
	if (page->token == NULL)
		return ERR_NONE;
	if (view->after != NULL || view->before != NULL)
		return context_bad_parameter(c, "pageToken", "nothing beside after and before");
	if (!place_read(page->token, place) || place->at != 0)
		return place_wrong(c);
	view->after = place->id;
	return ERR_NONE;
}

static enum error tenants_list(struct context *c, const struct api_page *asked)
{
	struct view view;
	struct walk walk;
	struct walk_page page;
	struct place place = { 0 };
	uint64_t matched = 0, oldest;
	bool more = false;
	enum error error = tenants_view(c, asked, &view, &place);
	/* Of the first page, and before it is read: what changes while somebody reads page after page is found by it. */
	if (error == ERR_NONE && place.id == NULL)
		error = list_change_mark(c->db, c->scope, &place.mark, &oldest);
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
	const char *mark = mark_text(c, place.mark);
	const char *next = page.next != NULL ? arena_printf(c->arena, "%s-%s", mark, page.next) : NULL;
	c->json = api_page_json("tenants", tenants_matched(c, &page), next, matched, !more);
	json_object_object_add(c->json, "mark", json_text(mark));
	return ERR_NONE;
}

/* Parameters of the list that say which tenants: changes are those of all. */
static const char *changes_beside(const struct context *c)
{
	static const char *const names[] = { "q", "source", "status", "tier", "suspended", "below", "fold", "folded", "unfold", "after", "before" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (http_query(c->http, names[i]) != NULL)
			return names[i];
	return NULL;
}

/* The objects of those that are there; the IDs of those that are not. */
static enum error changes_json(struct context *c, const struct list_change *changes, size_t count, struct json_object *tenants,
	struct json_object *deleted)
{
	uint64_t *labels = arena_array(c->arena, count + 1, sizeof *labels);
	size_t here = 0;
	for (size_t i = 0; i < count; i++) {
		if (changes[i].tree_pos == 0)
			json_object_array_add(deleted, json_text(changes[i].id));
		else
			labels[here++] = changes[i].tree_pos;
	}
	for (size_t i = 0; i < here; i += ROWS_AT_ONCE) {
		struct list_row *rows;
		size_t found;
		enum error error = list_rows_at(c->db, c->scope, labels + i, here - i < ROWS_AT_ONCE ? here - i : ROWS_AT_ONCE, c->arena,
			&rows, &found);
		if (error != ERR_NONE)
			return error;
		for (size_t j = 0; j < found; j++)
			json_object_array_add(tenants, customer_json(c, &rows[j], true));
	}
	return ERR_NONE;
}

static enum error changes_read(struct context *c, uint64_t since, const struct api_page *asked, const struct place *place)
{
	struct list_change *changes;
	struct json_object *tenants = json_object_new_array(), *deleted = json_object_new_array();
	size_t count = 0;
	enum error error = list_change_read(c->db, c->scope, since, place->mark, place->at, place->id, asked->max + 1, c->arena,
		&changes, &count);
	bool more = count > asked->max;
	if (more)
		count = asked->max;
	if (error == ERR_NONE)
		error = changes_json(c, changes, count, tenants, deleted);
	if (error != ERR_NONE) {
		json_object_put(tenants);
		json_object_put(deleted);
		return error;
	}
	const char *mark = mark_text(c, place->mark);
	const char *next = !more ? NULL
		: arena_printf(c->arena, "%s-%s-%s", mark, mark_text(c, changes[count - 1].mark), changes[count - 1].id);
	c->json = api_page_json("tenants", tenants, next, count, !more && place->id == NULL);
	json_object_object_add(c->json, "deleted", deleted);
	json_object_object_add(c->json, "mark", json_text(mark));
	return ERR_NONE;
}

static enum error tenants_changes(struct context *c, const char *mark, const struct api_page *asked)
{
	struct place place = { 0 };
	uint64_t since, now, oldest;
	const char *beside = changes_beside(c);
	if (beside != NULL)
		return context_bad_parameter(c, beside, "nothing beside changedSince");
	if (!hex_read(mark, strlen(mark), &since))
		return context_bad_parameter(c, "changedSince", "the mark of an answer");
	if (asked->token != NULL && (!place_read(asked->token, &place) || place.at == 0))
		return place_wrong(c);
	enum error error = list_change_mark(c->db, c->scope, &now, &oldest);
	if (error != ERR_NONE)
		return error;
	if (since > now || (place.id != NULL && place.mark > now))
		return context_bad_parameter(c, "changedSince", "the mark of an answer");
	if (since < oldest)
		return context_refuse(c, ERR_GONE, "Changes since this mark are not kept any more: please read the list anew.");
	if (place.id == NULL)
		place.mark = now;
	/* Labels and what stands at them of one moment. */
	error = db_snapshot_begin(c->db);
	if (error == ERR_NONE)
		error = changes_read(c, since, asked, &place);
	db_snapshot_end(c->db);
	return error;
}

enum error api_tenants_get(struct context *c)
{
	struct api_page asked;
	const char *mark = http_query(c->http, "changedSince");
	enum error error = api_page_read(c, &asked);
	if (error != ERR_NONE)
		return error;
	return mark != NULL ? tenants_changes(c, mark, &asked) : tenants_list(c, &asked);
}

enum error api_tenants_post(struct context *c)
{
	struct list_row parent, row;
	const char *id = NULL;
	enum error error = customer_new_allowed(c);
	if (error == ERR_NONE)
		error = form_read(c, &new_form);
	if (error == ERR_NONE)
		error = customer_find(c, form_value(c, "parentId"), &parent);
	if (error == ERR_NOT_FOUND || (error == ERR_NONE && parent.tier == TIER_CUSTOMER))
		return form_wrong(c, "parentId", "Please choose one of the list.");
	if (error == ERR_NONE)
		error = customer_create(c, &parent, &id);
	if (error == ERR_NONE)
		error = customer_find(c, id, &row);
	if (error != ERR_NONE)
		return error;
	c->status = 201;
	c->location = arena_printf(c->arena, "/api/v1/tenants/%s", id);
	c->json = customer_json(c, &row, true);
	return ERR_NONE;
}
