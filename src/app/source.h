/* A billing source as documents and JSON have it: one row of the statements that begin with the columns below. */
#ifndef TENANTRY_APP_SOURCE_H
#define TENANTRY_APP_SOURCE_H

#include "app/form.h"

struct json_object;

/* The columns of customer_sources, source_find and source_list, in order. SOURCE_RUN_… is the run that started last; NULL without one. */
enum source_column {
	SOURCE_KEY, SOURCE_ID, SOURCE_TENANT, SOURCE_ACCOUNT, SOURCE_REPORT, SOURCE_LOCATION, SOURCE_STATE, SOURCE_SINCE,
	SOURCE_CONNECTED, SOURCE_MESSAGE, SOURCE_VERSION,
	SOURCE_RUN_STARTED, SOURCE_RUN_FINISHED, SOURCE_RUN_STATUS, SOURCE_RUN_ROWS, SOURCE_RUN_PERIOD, SOURCE_RUN_MESSAGE,
	SOURCE_COLUMN__MAX
};

/* The JSON object of a source (contract.md "JSON API"): "lastRun" is null as long as no run was reported. The caller's to free. */
struct json_object *source_json(const struct context *c, char **row);

/* That of a run, which stands in ROW from the column SOURCE_RUN_STARTED on: RUN is &row[SOURCE_RUN_STARTED]. */
struct json_object *source_run_json(const struct context *c, char **run);

/* What is told of a source in a state: what its latest finished run said, or why it warns without that; NULL for nothing. */
const char *source_message(const struct context *c, enum rollup state, const char *last);

/* The attributes of `source` and a whole `run`, in the open document. */
void source_attributes(struct context *c, char **row);
void source_run_element(struct context *c, char **run);

/* One source of a tenant, for the pages about it and the changes to it. Texts are in the arena. */
struct source {
	uint64_t key;
	const char *id, *account, *report, *location, *version;
	char **row; /* all columns */
};

/* The connected source c->ids[1] of c->tenant; ERR_NOT_FOUND when it has none. */
enum error source_read(struct context *c, struct source *source);

/* The form that connects a source, closed, for an admin; nothing for others. */
void source_connect_form(struct context *c);

#endif
