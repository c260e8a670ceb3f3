/* One billing source: its row as document and JSON (source.h), its pages: edit, and the question before it is disconnected. Changes nothing;
 * source_write.c does. */
#include "app/source.h"

#include <json-c/json.h>

#include "app/customer.h"
#include "app/handlers.h"
#include "app/source_form.h"
#include "app/customer_cells.h"

const char *source_message(const struct context *c, enum rollup state, const char *last)
{
	if (last != NULL && *last != '\0')
		return last;
	return state == ROLLUP_WARNING ? context_say(c, "No data for more than 48 hours.") : NULL;
}

struct json_object *source_run_json(const struct context *c, char **run)
{
	enum { STARTED, FINISHED, STATUS, ROWS, PERIOD, MESSAGE };
	struct json_object *json = json_object_new_object();
	json_object_object_add(json, "started", json_text(customer_instant(c->arena, run[STARTED])));
	json_object_object_add(json, "finished", json_text(customer_instant(c->arena, run[FINISHED])));
	json_object_object_add(json, "status", json_text(run[STATUS]));
	json_object_object_add(json, "rows", json_object_new_int64(db_int(run[ROWS])));
	json_object_object_add(json, "period", json_text(run[PERIOD]));
	json_object_object_add(json, "message", json_text(run[MESSAGE]));
	return json;
}

struct json_object *source_json(const struct context *c, char **row)
{
	struct json_object *source = json_object_new_object();
	json_object_object_add(source, "id", json_text(row[SOURCE_ID]));
	json_object_object_add(source, "tenantId", json_text(row[SOURCE_TENANT]));
	json_object_object_add(source, "account", json_text(row[SOURCE_ACCOUNT]));
	json_object_object_add(source, "report", json_text(row[SOURCE_REPORT]));
	json_object_object_add(source, "location", json_text(row[SOURCE_LOCATION]));
	json_object_object_add(source, "state", json_text(source_word((enum rollup)db_uint(row[SOURCE_STATE]))));
	json_object_object_add(source, "since", json_text(customer_instant(c->arena, row[SOURCE_SINCE])));
	json_object_object_add(source, "lastRun",
		row[SOURCE_RUN_STARTED] != NULL ? source_run_json(c, &row[SOURCE_RUN_STARTED]) : NULL);
	return source;
}

void source_run_element(struct context *c, char **run)
{
	enum { STARTED, FINISHED, STATUS, ROWS, PERIOD, MESSAGE };
	doc_open(c->doc, "run");
	doc_attr(c->doc, "started", customer_instant(c->arena, run[STARTED]));
	doc_attr(c->doc, "finished", customer_instant(c->arena, run[FINISHED]));
	/* What it says before its end is not a result. */
	doc_attr(c->doc, "status", run[FINISHED] != NULL ? run[STATUS] : NULL);
	doc_attr(c->doc, "rows", run[ROWS]);
	doc_attr(c->doc, "period", run[PERIOD]);
	doc_attr(c->doc, "message", *run[MESSAGE] != '\0' ? run[MESSAGE] : NULL);
	doc_close(c->doc);
}

void source_attributes(struct context *c, char **row)
{
	enum rollup state = (enum rollup)db_uint(row[SOURCE_STATE]);
	doc_attr(c->doc, "id", row[SOURCE_ID]);
	doc_attr(c->doc, "account", row[SOURCE_ACCOUNT]);
	doc_attr(c->doc, "report", row[SOURCE_REPORT]);
	doc_attr(c->doc, "location", row[SOURCE_LOCATION]);
	doc_attr(c->doc, "state", source_word(state));
	doc_attr(c->doc, "since", customer_instant(c->arena, row[SOURCE_SINCE]));
	doc_attr(c->doc, "connected", customer_instant(c->arena, row[SOURCE_CONNECTED]));
	doc_attr(c->doc, "message", source_message(c, state, row[SOURCE_MESSAGE]));
}

enum error source_read(struct context *c, struct source *source)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_SOURCE_FIND,
		DB_VALUES(DB_UINT(c->tenant.row.tenant), DB_TEXT(c->ids[1])), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	char **copy = arena_array(c->arena, SOURCE_COLUMN__MAX, sizeof *copy);
	for (size_t i = 0; i < SOURCE_COLUMN__MAX; i++)
		copy[i] = arena_strdup(c->arena, row[i]);
	*source = (struct source){ db_uint(row[SOURCE_KEY]), copy[SOURCE_ID], copy[SOURCE_ACCOUNT], copy[SOURCE_REPORT],
		copy[SOURCE_LOCATION], copy[SOURCE_VERSION], copy };
	return ERR_NONE;
}

static void source_element(struct context *c, const struct source *source)
{
	customer_header(c, "sources");
	doc_open(c->doc, "source");
	source_attributes(c, source->row);
	doc_close(c->doc);
}

void source_connect_form(struct context *c)
{
	if (scope_role(c->scope) != ROLE_ADMIN)
		return;
	form_element(c, &source_connect_spec, arena_printf(c->arena, "/customers/%s/sources", c->tenant.row.id), NULL);
	doc_close(c->doc);
}

enum error source_get(struct context *c)
{
	struct source source;
	enum error error = source_read(c, &source);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, "Account %s"), source.account);
	source_element(c, &source);
	const char *const initial[] = { source.account, source.report, source.location, source.version };
	form_element(c, &source_edit_spec, arena_printf(c->arena, "/customers/%s/sources/%s", c->tenant.row.id, source.id), initial);
	doc_close(c->doc);
	return ERR_NONE;
}

enum error source_disconnect_get(struct context *c)
{
	struct source source;
	enum error error = source_read(c, &source);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, "Disconnect account %s?"), source.account);
	source_element(c, &source);
	form_element(c, &source_disconnect_spec,
		arena_printf(c->arena, "/customers/%s/sources/%s/disconnect", c->tenant.row.id, source.id), NULL);
	doc_close(c->doc);
	return ERR_NONE;
}
