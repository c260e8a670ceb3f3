/* A billing source as documents and JSON have it: one row of the statements that begin with the columns below. */
#ifndef TENANTRY_APP_SOURCE_H
#define TENANTRY_APP_SOURCE_H

#include "app/context.h"

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

#endif
