/* /healthz and /readyz: is this process alive, and can it serve? Answered in private locations alone (routes.h); tells nothing about
 * tenants, and asks the database for no more than it needs to know. */
#include "app/monitor.h"

#include <string.h>

#include "app/handlers.h"

#define PLAIN "text/plain; charset=utf-8"

/* A pool that answers is healthy, whatever its database does. */
enum error healthz_get(struct context *c)
{
	c->text = "ok\n";
	c->text_type = PLAIN;
	return ERR_NONE;
}

/* The value of a SHOW statement's one row; "" when the server has no such thing. */
static enum error shown(struct context *c, enum statement statement, const char **value)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, statement, DB_NO_VALUES, &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	*value = row != NULL && row[1] != NULL ? arena_strdup(c->arena, row[1]) : "";
	return error;
}

/* A node that was cut off from the majority of its cluster reads old rows at best. */
static const char *cluster_fault(struct context *c)
{
	const char *on, *status, *ready;
	if (shown(c, STMT_MONITOR_CLUSTER, &on) != ERR_NONE)
		return "the database does not answer";
	if (strcmp(on, "ON") != 0)
		return NULL;
	if (shown(c, STMT_MONITOR_CLUSTER_STATUS, &status) != ERR_NONE || shown(c, STMT_MONITOR_CLUSTER_READY, &ready) != ERR_NONE)
		return "the database does not answer";
	if (strcasecmp(status, "Primary") != 0)
		return arena_printf(c->arena, "the database node is in no majority of its cluster (%s)", status);
	return strcasecmp(ready, "ON") == 0 ? NULL : "the database node is not ready in its cluster";
}

const char *monitor_fault(struct context *c)
{
	/* First: in a minority the table cannot be read, and that would be all that is said. */
	const char *fault = cluster_fault(c);
	if (fault != NULL)
		return fault;
	DB_ROWS_AUTO rows = NULL;
	if (db_query(c->db, NULL, STMT_MONITOR_READ, DB_NO_VALUES, &rows) != ERR_NONE)
		return "the database does not answer";
	char **row = db_next(rows);
	uint64_t version = row != NULL ? db_uint(row[0]) : 0;
	if (version == db_schema_known())
		return NULL;
	return arena_printf(c->arena, "the database has schema %llu, this program needs %u", (unsigned long long)version,
		db_schema_known());
}

enum error readyz_get(struct context *c)
{
	const char *fault = monitor_fault(c);
	c->text = fault == NULL ? "ready\n" : arena_printf(c->arena, "not ready: %s\n", fault);
	c->text_type = PLAIN;
	if (fault != NULL) {
		c->status = 503;
		c->retry_after = 5;
	}
	return ERR_NONE;
}
