/* Sources and contracts in the API: GET /api/v1/sources, POST /api/v1/sources/{account}/runs. What a run does is db/source_run.c's. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "app/api_page.h"
#include "app/customer.h"
#include "app/form.h"
#include "app/handlers.h"
#include "app/source.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/source_run.h"

/* Behind the columns of a source, source_list has its tenant's label. */
enum { LABEL = SOURCE_COLUMN__MAX };

static const struct field_choice statuses[] = {
	{ "success", "Success" }, { "warning", "Warning" }, { "failed", "Failed" }, { NULL, NULL },
};
/* Fields have the names of the JSON's members. */
static const struct field run_fields[] = {
	{ .name = "started", .label = "Started", .kind = FIELD_LINE, .required = true, .max = 40 },
	{ .name = "finished", .label = "Finished", .kind = FIELD_LINE, .max = 40 },
	{ .name = "status", .label = "Status", .kind = FIELD_CHOICE, .choices = statuses },
	{ .name = "rows", .label = "Rows", .kind = FIELD_NUMBER, .max = 1000000000000000 },
	{ .name = "period", .label = "Period", .kind = FIELD_LINE, .required = true, .max = 7 },
	{ .name = "message", .label = "Message", .kind = FIELD_LINE, .max = SOURCE_MESSAGE_MAX },
};
static const struct form_spec run_form = FORM_SPEC("api-run", "", run_fields);

static bool instant_read(const char *text, int64_t *ms)
{
	int64_t seconds;
	if (!clock_parse(text, &seconds) || seconds < 0)
		return false;
	*ms = seconds * 1000;
	const char *point = strchr(text, '.');
	for (int64_t part = 100; point != NULL && part > 0 && point[1] >= '0' && point[1] <= '9'; part /= 10)
		*ms += (*++point - '0') * part;
	return true;
}

/* "2026-11". */
static bool period_valid(const char *text)
{
	return strlen(text) == 7 && strspn(text, "0123456789") == 4 && text[4] == '-' && strspn(text + 5, "0123456789") == 2 &&
		strcmp(text + 5, "01") >= 0 && strcmp(text + 5, "12") <= 0;
}

static enum error run_read(struct context *c, struct source_run *run)
{
	enum error error = form_read(c, &run_form);
	if (error != ERR_NONE)
		return error;
	const char *finished = form_value(c, "finished"), *status = form_value(c, "status"), *rows = form_value(c, "rows");
	const char *message = form_value(c, "message");
	*run = (struct source_run){ .period = form_value(c, "period"), .message = message != NULL ? message : "",
		.finished_known = finished != NULL, .rows = rows != NULL ? strtoull(rows, NULL, 10) : 0 };
	if (!instant_read(form_value(c, "started"), &run->started))
		return form_wrong(c, "started", "An instant such as 2026-11-22T15:04:05Z.");
	if (finished != NULL && !instant_read(finished, &run->finished))
		return form_wrong(c, "finished", "An instant such as 2026-11-22T15:04:05Z.");
	const char *field, *wrong;
	if (!source_run_times_valid(run, &field, &wrong))
		return form_wrong(c, field, wrong);
	if (finished != NULL && status == NULL)
		return form_wrong(c, "status", "A run that has finished has a status: success, warning or failed.");
	if (!period_valid(run->period))
		return form_wrong(c, "period", "A month such as 2026-11.");
	/* Of one that is going on nothing is known yet. */
	if (finished != NULL)
		run->status = *status == 's' ? ROLLUP_SUCCESS : *status == 'w' ? ROLLUP_WARNING : ROLLUP_FAILED;
	return ERR_NONE;
}

/* The run as it was taken, with the names that it came by. */
static struct json_object *run_answer(struct context *c, const struct source_run *run)
{
	struct json_object *json = json_object_new_object();
	char instant[CLOCK_INSTANT_SIZE];
	const char *message = form_value(c, "message");
	json_object_object_add(json, "account", json_object_new_string(c->ids[0]));
	clock_rfc3339(run->started / 1000, instant);
	json_object_object_add(json, "started", json_object_new_string(instant));
	clock_rfc3339(run->finished / 1000, instant);
	json_object_object_add(json, "finished", run->finished_known ? json_object_new_string(instant) : NULL);
	json_object_object_add(json, "status", run->finished_known ? json_object_new_string(form_value(c, "status")) : NULL);
	json_object_object_add(json, "rows", json_object_new_int64((int64_t)run->rows));
	json_object_object_add(json, "period", json_object_new_string(run->period));
	json_object_object_add(json, "message", json_object_new_string(message != NULL ? message : ""));
	return json;
}

enum error api_runs_post(struct context *c)
{
	struct source_run run;
	enum source_run_result result;
	const char *account = c->ids[0];
	if (strlen(account) != SOURCE_ACCOUNT_DIGITS || strspn(account, "0123456789") != SOURCE_ACCOUNT_DIGITS)
		return ERR_NOT_FOUND;
	enum error error = run_read(c, &run);
	/* An account that is none comes before what is wrong with the body; with a good one the run itself finds it out. */
	if (error == ERR_INVALID_FIELDS) {
		DB_ROWS_AUTO rows = NULL;
		enum error known = db_query(c->db, c->scope, STMT_SOURCE_KNOWN, DB_VALUES(DB_TEXT(account)), &rows);
		if (known != ERR_NONE || db_next(rows) == NULL)
			return known != ERR_NONE ? known : ERR_NOT_FOUND;
	}
	if (error == ERR_NONE)
		error = source_run_take(c->db, c->scope, account, &run, &result);
	if (error != ERR_NONE)
		return error;
	if (result == SOURCE_RUN_UNKNOWN)
		return ERR_NOT_FOUND;
	c->status = result == SOURCE_RUN_CREATED ? 201 : 200;
	c->json = run_answer(c, &run);
	return ERR_NONE;
}

enum error api_sources_get(struct context *c)
{
	struct api_page page;
	uint64_t label = 0, key = 0;
	enum error error = api_page_read(c, &page);
	if (error != ERR_NONE)
		return error;
	if (page.token != NULL) {
		/* The place of a source, by its public ID; one that was disconnected meanwhile still has one. */
		DB_ROWS_AUTO place = NULL;
		if (!id_valid(page.token))
			return context_bad_parameter(c, "pageToken", "the pageToken of an answer");
		error = db_query(c->db, c->scope, STMT_SOURCE_PLACE, DB_VALUES(DB_TEXT(page.token)), &place);
		char **row = error == ERR_NONE ? db_next(place) : NULL;
		if (row == NULL)
			return error != ERR_NONE ? error : context_bad_parameter(c, "pageToken", "the pageToken of an answer");
		label = db_uint(row[0]);
		key = db_uint(row[1]);
	}
	/* How many there are is counted with every connection, for the acting tenant as for all. */
	uint64_t total = 0;
	error = customer_facts(c, scope_public_id(c->scope));
	for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
		total += c->tenant.sources[state];
	if (error != ERR_NONE)
		return error;
	DB_ROWS_AUTO rows = NULL;
	error = db_query(c->db, c->scope, STMT_SOURCE_LIST,
		DB_VALUES(DB_UINT(label), DB_UINT(label), DB_UINT(key), DB_UINT(page.max + 1)), &rows);
	if (error != ERR_NONE)
		return error;
	struct json_object *sources = json_object_new_array();
	size_t count = db_rows_count(rows), shown = 0;
	const char *last = NULL;
	for (char **row; shown < page.max && (row = db_next(rows)) != NULL; shown++) {
		json_object_array_add(sources, source_json(c, row));
		last = row[SOURCE_ID];
	}
	bool more = count > page.max;
	c->json = api_page_json("sources", sources, more ? arena_strdup(c->arena, last) : NULL, total, true);
	return ERR_NONE;
}
