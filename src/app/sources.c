/* GET /customers/{tenant}/sources: the tab Source data: the tenant's billing sources with their last runs, and the runs by day of the tenant
 * and everything below it. */
#include <json-c/json.h>

#include "app/customer.h"
#include "app/customer_cells.h"
#include "app/handlers.h"
#include "app/source.h"
#include "app/table.h"
#include "db/source_day.h"

/* Runs by day, read once for a page. */
struct history {
	struct source_day days[SOURCE_DAYS];
	char dates[SOURCE_DAYS][CLOCK_DATE_SIZE];
};

static enum error history_read(struct context *c, struct history *history)
{
	return source_day_history(c->db, c->scope, c->tenant.row.tenant, c->tenant.row.tree_pos, history->days, history->dates);
}

static void history_element(struct context *c, const struct history *history)
{
	doc_open(c->doc, "history");
	for (size_t i = 0; i < SOURCE_DAYS; i++) {
		const struct source_day *day = &history->days[i];
		doc_open(c->doc, "day");
		doc_attr(c->doc, "date", history->dates[i]);
		for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_SUCCESS; state++)
			doc_attr_int(c->doc, source_word(state), day->runs[state]);
		doc_attr_int(c->doc, "running", day->runs[ROLLUP_NOT_AVAILABLE]);
		doc_attr_int(c->doc, "rows", day->rows);
		doc_close(c->doc);
	}
	doc_close(c->doc);
}

static struct json_object *history_json(const struct history *history)
{
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; i < SOURCE_DAYS; i++) {
		const struct source_day *day = &history->days[i];
		struct json_object *json = json_object_new_object();
		json_object_object_add(json, "date", json_text(history->dates[i]));
		for (enum rollup state = ROLLUP_SUCCESS; state >= ROLLUP_FAILED; state--)
			json_object_object_add(json, source_word(state), json_object_new_int64(day->runs[state]));
		json_object_object_add(json, "running", json_object_new_int64(day->runs[ROLLUP_NOT_AVAILABLE]));
		json_object_object_add(json, "rows", json_object_new_int64(day->rows));
		json_object_array_add(list, json);
	}
	return list;
}

static enum error source_runs(struct context *c, char **row, struct db_rows **runs)
{
	return db_query(c->db, c->scope, STMT_SOURCE_RUNS, DB_VALUES(DB_UINT(db_uint(row[SOURCE_KEY]))), runs);
}

static enum error source_element(struct context *c, char **row)
{
	DB_ROWS_AUTO runs = NULL;
	enum error error = source_runs(c, row, &runs);
	if (error != ERR_NONE)
		return error;
	doc_open(c->doc, "source");
	source_attributes(c, row);
	for (char **run; (run = db_next(runs)) != NULL;)
		source_run_element(c, run);
	doc_close(c->doc);
	return ERR_NONE;
}

/* As the API has it, with the runs that the page shows. */
static enum error source_page_json(struct context *c, char **row, struct json_object *sources)
{
	DB_ROWS_AUTO runs = NULL;
	enum error error = source_runs(c, row, &runs);
	if (error != ERR_NONE)
		return error;
	struct json_object *source = source_json(c, row), *list = json_object_new_array();
	for (char **run; (run = db_next(runs)) != NULL;)
		json_object_array_add(list, source_run_json(c, run));
	json_object_object_add(source, "runs", list);
	json_object_array_add(sources, source);
	return ERR_NONE;
}

static enum error sources_csv(struct context *c, struct db_rows *rows)
{
	static const char *const header[] = { "Account", "Report", "Location", "State", "Since", "Message", "Source ID" };
	enum error error = table_begin(c, "sources", db_rows_count(rows), header, 7);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;) {
		enum rollup state = (enum rollup)db_uint(row[SOURCE_STATE]);
		const char *message = source_message(c, state, row[SOURCE_MESSAGE]);
		error = table_row(c, (const char *const[]){ row[SOURCE_ACCOUNT], row[SOURCE_REPORT], row[SOURCE_LOCATION],
			source_title(state), customer_instant(c->arena, row[SOURCE_SINCE]), message != NULL ? message : "",
			row[SOURCE_ID] });
	}
	return error;
}

static enum error sources_json(struct context *c, struct db_rows *rows, const struct history *history)
{
	struct json_object *sources = json_object_new_array();
	enum error error = ERR_NONE;
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		error = source_page_json(c, row, sources);
	c->json = json_object_new_object();
	json_object_object_add(c->json, "sources", sources);
	json_object_object_add(c->json, "history", history_json(history));
	return error;
}

enum error sources_get(struct context *c)
{
	struct history history;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CUSTOMER_SOURCES, DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return sources_csv(c, rows);
	c->title = c->tenant.row.name;
	error = history_read(c, &history);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_JSON)
		return sources_json(c, rows, &history);
	customer_header(c, "sources");
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		error = source_element(c, row);
	if (error == ERR_NONE)
		history_element(c, &history);
	source_connect_form(c);
	return error;
}
