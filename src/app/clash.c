/* Refusals of what is taken outside of the scope (clash.h). Must never tell by whom, nor in different words for different reasons. */
#include "app/clash.h"

#include <json-c/json.h>

#include "app/audit.h"
#include "app/customer.h"
#include "app/form.h"
#include "base/clock.h"

#define HOUR_MS INT64_C(3600000)

/* Whom to ask: the distributor above; a distributor itself asks whoever runs the installation. */
static enum error clash_distributor(struct context *c, uint64_t *tenant, const char **name)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_CLASH_DISTRIBUTOR, DB_VALUES(DB_UINT(scope_tenant(c->scope))), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	*tenant = db_uint(row[0]);
	*name = arena_strdup(c->arena, row[1]);
	return ERR_NONE;
}

enum error clash_may_try(struct context *c)
{
	char since[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms() - HOUR_MS, since);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_CLASH_COUNT, DB_VALUES(DB_UINT(scope_tenant(c->scope)), DB_TEXT(since)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (error != ERR_NONE)
		return error;
	if (row != NULL && db_uint(row[0]) >= CLASH_HOUR_MAX) {
		c->retry_after = HOUR_MS / 1000;
		return context_refuse(c, ERR_TOO_MANY, "Too many names were tried that cannot be used: please wait an hour.");
	}
	return ERR_NONE;
}

enum error clash_refuse(struct context *c, const char *field, const char *what)
{
	uint64_t distributor;
	const char *ask;
	enum error error = clash_distributor(c, &distributor, &ask);
	if (error != ERR_NONE)
		return error;
	c->clash = what;
	c->clash_value = arena_strdup(c->arena, form_value(c, field));
	if (scope_tier(c->scope) == TIER_DISTRIBUTOR)
		ask = context_say(c, N_("the operator of this site"));
	return form_wrong(c, field, arena_printf(c->arena, context_say(c, "This %s cannot be used here; ask %s."), context_say(c, what), ask));
}

static enum error clash_write(struct db *db, void *arg)
{
	struct context *c = arg;
	char now[CLOCK_INSTANT_SIZE];
	uint64_t distributor;
	const char *name;
	clock_sql(clock_now_ms(), now);
	enum error error = db_execute(db, NULL, STMT_CLASH_INSERT,
		DB_VALUES(DB_UINT(scope_tenant(c->scope)), DB_TEXT(now)), NULL);
	if (error == ERR_NONE)
		error = clash_distributor(c, &distributor, &name);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = json_object_new_object(), *value = json_object_new_object();
	json_object_object_add(value, "to", json_text(c->clash_value));
	json_object_object_add(detail, c->clash, value);
	json_object_object_add(detail, "asked by", json_text(scope_name(c->scope)));
	return audit_write(c, distributor, "clash", detail);
}

enum error clash_record(struct context *c)
{
	return c->clash != NULL ? db_transaction(c->db, clash_write, c) : ERR_NONE;
}

enum error clash_housekeep(struct db *db)
{
	char before[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms() - HOUR_MS, before);
	return db_execute(db, NULL, STMT_CLASH_EXPIRE, DB_VALUES(DB_TEXT(before)), NULL);
}
