/* The tenant switcher: GET /switch chooses among home, recent tenants and a search below home; POST /switch takes the
 * perspective. Always from the home tenant's scope, never above it. */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/customer.h"
#include "app/handlers.h"
#include "app/login.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

#define RESULTS_MAX 50

static void switch_element(struct context *c, const struct list_row *row, const char *group)
{
	doc_open(c->doc, "tenant");
	doc_attr(c->doc, "id", row->id);
	doc_attr(c->doc, "name", row->name);
	doc_attr(c->doc, "tier", tier_name(row->tier));
	doc_attr(c->doc, "domain", row->domain);
	doc_attr(c->doc, "group", group);
	doc_close(c->doc);
}

static void switch_put(struct context *c, struct json_object *list, const struct list_row *row, const char *group)
{
	/* Home is where the empty choice leads. */
	if (row->tree_pos == scope_low(c->identity->home) && strcmp(group, "home") != 0)
		return;
	if (c->format != FORMAT_JSON) {
		switch_element(c, row, group);
		return;
	}
	struct json_object *tenant = json_object_new_object();
	json_object_object_add(tenant, "id", json_text(row->id));
	json_object_object_add(tenant, "name", json_text(row->name));
	json_object_object_add(tenant, "tier", json_text(tier_name(row->tier)));
	json_object_object_add(tenant, "group", json_text(group));
	json_object_array_add(list, tenant);
}

static enum error switch_recent(struct context *c, struct json_object *list)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->identity->home, STMT_RECENT_LIST, DB_VALUES(DB_UINT(c->identity->user)), &rows);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;) {
		uint64_t label = db_uint(row[0]);
		struct list_row *found;
		size_t count;
		error = list_rows_at(c->db, c->identity->home, &label, 1, c->arena, &found, &count);
		if (error == ERR_NONE && count == 1)
			switch_put(c, list, found, "recent");
	}
	return error;
}

static enum error switch_search(struct context *c, struct json_object *list, const char *q, bool *more)
{
	struct list_filter filter = { 0 };
	struct text_gram *grams = NULL;
	if (text_has_forbidden(q) || text_length(q) > 200)
		return context_bad_parameter(c, "q", "a text of at most 200 characters without control characters");
	filter.like = text_query(c->arena, q, &grams, &filter.gram_count);
	filter.grams = grams;
	if (filter.like == NULL)
		return ERR_NONE;
	struct list_row *rows;
	size_t count;
	const struct scope *home = c->identity->home;
	enum error error = list_rows(c->db, home, &filter, scope_low(home), scope_high(home), false, RESULTS_MAX + 1,
		c->arena, &rows, &count);
	for (size_t i = 0; error == ERR_NONE && i < count && i < RESULTS_MAX; i++)
		switch_put(c, list, &rows[i], "result");
	*more = error == ERR_NONE && count > RESULTS_MAX;
	return error;
}

enum error switch_get(struct context *c)
{
	if (c->identity->child_role == ROLE_NONE)
		return context_refuse(c, ERR_FORBIDDEN, "Your child tenant role does not let you take another perspective.");
	const char *text = http_query(c->http, "q"), *q = text != NULL && text_is_utf8(text, strlen(text))
		? text_trim(c->arena, text) : "";
	if (text != NULL && !text_is_utf8(text, strlen(text)))
		return context_bad_parameter(c, "q", "text in UTF-8");
	struct json_object *list = json_object_new_array();
	bool more = false;
	c->title = context_say(c, "Switch tenant");
	if (c->format != FORMAT_JSON) {
		doc_open(c->doc, "switch");
		doc_attr(c->doc, "q", *q != '\0' ? q : NULL);
	}
	uint64_t label = scope_low(c->identity->home);
	struct list_row *home;
	size_t count;
	enum error error = list_rows_at(c->db, c->identity->home, &label, 1, c->arena, &home, &count);
	if (error == ERR_NONE && count == 1)
		switch_put(c, list, home, "home");
	if (error == ERR_NONE)
		error = switch_recent(c, list);
	if (error == ERR_NONE && *q != '\0')
		error = switch_search(c, list, q, &more);
	if (c->format != FORMAT_JSON) {
		doc_attr(c->doc, "more", more ? "yes" : NULL);
		doc_close(c->doc);
		json_object_put(list);
		return error;
	}
	c->json = json_object_new_object();
	json_object_object_add(c->json, "tenants", list);
	return error;
}

enum error switch_enter(struct context *c, const char *id)
{
	const struct identity *who = c->identity;
	if (who->child_role == ROLE_NONE)
		return context_refuse(c, ERR_FORBIDDEN, "Your child tenant role does not let you take another perspective.");
	uint64_t place;
	if (!id_valid(id))
		return ERR_NOT_FOUND;
	enum error error = list_place(c->db, who->home, id, false, &place);
	if (error != ERR_NONE)
		return error;
	if (place == scope_low(who->home))
		return session_act(c->db, who, 0);

	struct list_row *row;
	size_t count;
	error = list_rows_at(c->db, who->home, &place, 1, c->arena, &row, &count);
	if (error == ERR_NONE && count == 0)
		error = ERR_NOT_FOUND;
	if (error == ERR_NONE)
		error = session_act(c->db, who, row->tenant);
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_RECENT_PUT,
			DB_VALUES(DB_UINT(who->user), DB_UINT(row->tenant), DB_TEXT(now)), NULL);
	if (error == ERR_NONE)
		error = audit_write(c, row->tenant, "tenant.enter", NULL);
	return error;
}

enum error switch_post(struct context *c)
{
	const char *id = http_form(c->http, "tenant"), *next = login_next(c, http_form(c->http, "next"));
	c->redirect = next != NULL ? next : "/";
	return id == NULL || *id == '\0' ? session_act(c->db, c->identity, 0) : switch_enter(c, id);
}
