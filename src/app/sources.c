/* Source data: GET /customers/{tenant}/health (what is behind the cell) and /customers/{tenant}/sources (the tab). */
#include <json-c/json.h>

#include "app/customer.h"
#include "app/handlers.h"
#include "app/table.h"
#include "app/view.h"

static struct json_object *blame_json(struct context *c, char **row)
{
	struct json_object *blame = json_object_new_object();
	json_object_object_add(blame, "id", json_text(row[0]));
	json_object_object_add(blame, "name", json_text(row[1]));
	json_object_object_add(blame, "state", json_text(source_word((enum rollup)db_uint(row[2]))));
	json_object_object_add(blame, "since", json_text(customer_instant(c->arena, row[3])));
	json_object_object_add(blame, "message", json_text(row[4]));
	return blame;
}

static void blame_element(struct context *c, char **row)
{
	doc_open(c->doc, "blame");
	doc_attr(c->doc, "id", row[0]);
	doc_attr(c->doc, "name", row[1]);
	doc_attr(c->doc, "state", source_word((enum rollup)db_uint(row[2])));
	doc_attr(c->doc, "since", customer_instant(c->arena, row[3]));
	doc_attr(c->doc, "message", *row[4] != '\0' ? row[4] : NULL);
	doc_close(c->doc);
}

static struct json_object *health_json(struct context *c, struct db_rows *rows)
{
	struct json_object *answer = json_object_new_object(), *counts = json_object_new_object(),
		*blame = json_object_new_array();
	json_object_object_add(answer, "state", json_text(source_word(c->tenant.row.rollup)));
	for (enum rollup state = ROLLUP_NOT_AVAILABLE; state >= ROLLUP_FAILED; state--)
		json_object_object_add(counts, source_word(state), json_object_new_int((int)c->tenant.sources[state]));
	json_object_object_add(answer, "sources", counts);
	for (char **row; (row = db_next(rows)) != NULL;)
		json_object_array_add(blame, blame_json(c, row));
	json_object_object_add(answer, "blame", blame);
	return answer;
}

enum error health_get(struct context *c)
{
	uint64_t low = c->tenant.row.tree_pos, high = tree_end(low);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CUSTOMER_BLAME,
		DB_VALUES(DB_UINT(low), DB_UINT(high), DB_UINT(low), DB_UINT(high)), &rows);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, "Source data of %s", c->tenant.row.name);
	if (c->format == FORMAT_JSON) {
		c->json = health_json(c, rows);
		return ERR_NONE;
	}
	customer_header(c, "health");
	doc_open(c->doc, "health");
	doc_attr(c->doc, "state", source_word(c->tenant.row.rollup));
	for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
		doc_attr_int(c->doc, source_word(state), c->tenant.sources[state]);
	for (char **row; (row = db_next(rows)) != NULL;)
		blame_element(c, row);
	doc_close(c->doc);
	return ERR_NONE;
}

/* The columns of customer_sources and of source_runs. */
enum { S_KEY, S_ID, S_ACCOUNT, S_REPORT, S_LOCATION, S_STATE, S_SINCE, S_CONNECTED, S_MESSAGE };
enum { R_STARTED, R_FINISHED, R_STATUS, R_ROWS, R_PERIOD, R_MESSAGE };

static struct json_object *run_json(struct context *c, char **run)
{
	struct json_object *json = json_object_new_object();
	json_object_object_add(json, "started", json_text(customer_instant(c->arena, run[R_STARTED])));
	json_object_object_add(json, "finished", json_text(customer_instant(c->arena, run[R_FINISHED])));
	json_object_object_add(json, "status", json_text(run[R_STATUS]));
	json_object_object_add(json, "rows", json_object_new_int64(db_int(run[R_ROWS])));
	json_object_object_add(json, "period", json_text(run[R_PERIOD]));
	json_object_object_add(json, "message", json_text(run[R_MESSAGE]));
	return json;
}

static void run_element(struct context *c, char **run)
{
	doc_open(c->doc, "run");
	doc_attr(c->doc, "started", customer_instant(c->arena, run[R_STARTED]));
	doc_attr(c->doc, "finished", customer_instant(c->arena, run[R_FINISHED]));
	doc_attr(c->doc, "status", run[R_STATUS]);
	doc_attr(c->doc, "rows", run[R_ROWS]);
	doc_attr(c->doc, "period", run[R_PERIOD]);
	doc_attr(c->doc, "message", *run[R_MESSAGE] != '\0' ? run[R_MESSAGE] : NULL);
	doc_close(c->doc);
}

static enum error source_runs(struct context *c, const char *key, struct db_rows **runs)
{
	return db_query(c->db, c->scope, STMT_SOURCE_RUNS, DB_VALUES(DB_UINT(db_uint(key))), runs);
}

static enum error source_element(struct context *c, char **row)
{
	DB_ROWS_AUTO runs = NULL;
	enum error error = source_runs(c, row[S_KEY], &runs);
	if (error != ERR_NONE)
		return error;
	doc_open(c->doc, "source");
	doc_attr(c->doc, "id", row[S_ID]);
	doc_attr(c->doc, "account", row[S_ACCOUNT]);
	doc_attr(c->doc, "report", row[S_REPORT]);
	doc_attr(c->doc, "location", row[S_LOCATION]);
	doc_attr(c->doc, "state", source_word((enum rollup)db_uint(row[S_STATE])));
	doc_attr(c->doc, "since", customer_instant(c->arena, row[S_SINCE]));
	doc_attr(c->doc, "connected", customer_instant(c->arena, row[S_CONNECTED]));
	doc_attr(c->doc, "message", *row[S_MESSAGE] != '\0' ? row[S_MESSAGE] : NULL);
	for (char **run; (run = db_next(runs)) != NULL;)
		run_element(c, run);
	doc_close(c->doc);
	return ERR_NONE;
}

static enum error source_json(struct context *c, char **row, struct json_object *sources)
{
	DB_ROWS_AUTO runs = NULL;
	enum error error = source_runs(c, row[S_KEY], &runs);
	if (error != ERR_NONE)
		return error;
	struct json_object *source = json_object_new_object();
	json_object_object_add(source, "id", json_text(row[S_ID]));
	json_object_object_add(source, "tenantId", json_text(c->tenant.row.id));
	json_object_object_add(source, "account", json_text(row[S_ACCOUNT]));
	json_object_object_add(source, "report", json_text(row[S_REPORT]));
	json_object_object_add(source, "location", json_text(row[S_LOCATION]));
	json_object_object_add(source, "state", json_text(source_word((enum rollup)db_uint(row[S_STATE]))));
	json_object_object_add(source, "since", json_text(customer_instant(c->arena, row[S_SINCE])));
	char **run = db_next(runs);
	json_object_object_add(source, "lastRun", run != NULL ? run_json(c, run) : NULL);
	json_object_array_add(sources, source);
	return ERR_NONE;
}

static enum error sources_csv(struct context *c, struct db_rows *rows)
{
	static const char *const header[] = { "Account", "Report", "Location", "State", "Since", "Message", "Source ID" };
	enum error error = table_begin(c, "sources", db_rows_count(rows), header, 7);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		error = table_row(c, (const char *const[]){ row[S_ACCOUNT], row[S_REPORT], row[S_LOCATION],
			source_title((enum rollup)db_uint(row[S_STATE])), customer_instant(c->arena, row[S_SINCE]),
			row[S_MESSAGE], row[S_ID] });
	return error;
}

enum error sources_get(struct context *c)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CUSTOMER_SOURCES, DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return sources_csv(c, rows);
	c->title = c->tenant.row.name;
	if (c->format == FORMAT_JSON) {
		struct json_object *sources = json_object_new_array();
		for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
			error = source_json(c, row, sources);
		c->json = json_object_new_object();
		json_object_object_add(c->json, "sources", sources);
		return error;
	}
	customer_header(c, "sources");
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		error = source_element(c, row);
	return error;
}
