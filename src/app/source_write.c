/* Connecting, changing and disconnecting billing sources. Each handler runs in the pipeline's transaction, which holds the tenant: source,
 * audit event and the counts of the tenant and those above it together. What runs change is db/source_run.c's. */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/clash.h"
#include "app/customer.h"
#include "app/customer_change.h"
#include "app/handlers.h"
#include "app/source.h"
#include "app/source_form.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/s3.h"
#include "db/list_table.h"
#include "db/source_run.h"

#define REPORT_MAX 256 /* as AWS has it */

#define SOURCE_FIELDS \
	{ .name = "account", .label = "AWS account", .kind = FIELD_LINE, .required = true, .max = 20, \
		.hint = "The management account: 12 digits.", .autocomplete = "off" }, \
	{ .name = "report", .label = "Report", .kind = FIELD_LINE, .required = true, .max = REPORT_MAX, \
		.hint = "Name of the cost and usage report.", .autocomplete = "off" }, \
	{ .name = "location", .label = "Location", .kind = FIELD_LINE, .required = true, .max = S3_LOCATION_MAX, \
		.hint = "Where it is delivered. Example: s3://example-billing/cur", .autocomplete = "off" }

static const struct field connect_fields[] = { SOURCE_FIELDS };
static const struct field edit_fields[] = {
	SOURCE_FIELDS,
	{ .name = "version", .label = "Version", .kind = FIELD_HIDDEN, .required = true, .max = 10 },
};
const struct form_spec source_connect_spec = FORM_SPEC("source", "Connect", connect_fields);
const struct form_spec source_edit_spec = FORM_SPEC("source", "Save", edit_fields);
const struct form_spec source_disconnect_spec = { "disconnect", "Disconnect", NULL, 0 };

/* What the table of fields cannot say. */
static enum error source_form_read(struct context *c, const struct form_spec *spec)
{
	enum error error = form_read(c, spec);
	const char *account = form_value(c, "account"), *location = form_value(c, "location"), *wrong = NULL;
	if (account != NULL && (strlen(account) != SOURCE_ACCOUNT_DIGITS || strspn(account, "0123456789") != SOURCE_ACCOUNT_DIGITS))
		error = form_wrong(c, "account", "An AWS account has 12 digits.");
	if (location != NULL && !s3_location_valid(location, &wrong))
		error = form_wrong(c, "location", wrong);
	return error;
}

/* Two forms for one tenant come one after the other. */
static enum error source_lock(struct context *c)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_SOURCE_LOCK, DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
	return error == ERR_NONE && db_next(rows) == NULL ? ERR_NOT_FOUND : error;
}

/* Is the account free, or SOURCE's own (0: a new one)? Says who has it when the scope may know. */
static enum error source_account_free(struct context *c, const char *account, uint64_t source)
{
	DB_ROWS_AUTO inside = NULL;
	DB_ROWS_AUTO anywhere = NULL;
	enum error error = db_query(c->db, c->scope, STMT_SOURCE_ACCOUNT_INSIDE,
		DB_VALUES(DB_TEXT(account), DB_UINT(scope_tenant(c->scope)), DB_UINT(source)), &inside);
	char **row = error == ERR_NONE ? db_next(inside) : NULL;
	if (row != NULL)
		return form_wrong(c, "account", arena_printf(c->arena, context_say(c, db_uint(row[1]) != 0
			? "%s, which is deleted, has this account. It can be restored under Deleted customers."
			: "%s has this account connected already."), row[0]));
	if (error == ERR_NONE)
		error = clash_may_try(c);
	if (error == ERR_NONE)
		error = db_query(c->db, NULL, STMT_SOURCE_ACCOUNT_ANYWHERE,
			DB_VALUES(DB_TEXT(account), DB_UINT(scope_tenant(c->scope)), DB_UINT(source)), &anywhere);
	return error == ERR_NONE && db_next(anywhere) != NULL ? clash_refuse(c, "account", "AWS account") : error;
}

static void source_detail(struct json_object *detail, const char *field, const char *from, const char *to)
{
	if (from == NULL || to == NULL || strcmp(from, to) != 0)
		json_object_object_add(detail, field, customer_change(from, to));
}

static enum error source_done(struct context *c, const char *action, struct json_object *detail)
{
	uint64_t tenant = c->tenant.row.tenant;
	c->redirect = arena_printf(c->arena, "/customers/%s/sources", c->tenant.row.id);
	enum error error = audit_write(c, tenant, action, detail);
	return error == ERR_NONE ? list_table_refresh(c->db, tenant) : error;
}

enum error sources_post(struct context *c)
{
	char id[ID_SIZE], now[CLOCK_INSTANT_SIZE];
	uint64_t changed = 0;
	enum error error = source_form_read(c, &source_connect_spec);
	if (error == ERR_NONE)
		error = source_lock(c);
	if (error != ERR_NONE)
		return error;
	const char *account = form_value(c, "account"), *report = form_value(c, "report"), *location = form_value(c, "location");
	error = source_account_free(c, account, 0);
	if (error != ERR_NONE)
		return error;
	id_make(id);
	clock_sql(clock_now_ms(), now);
	error = db_execute(c->db, c->scope, STMT_SOURCE_INSERT, DB_VALUES(DB_TEXT(id), DB_TEXT(account), DB_TEXT(report),
		DB_TEXT(location), DB_TEXT(now), DB_TEXT(now), DB_UINT(c->tenant.row.tenant)), &changed);
	if (error != ERR_NONE || changed == 0)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	struct json_object *detail = json_object_new_object();
	source_detail(detail, "account", NULL, account);
	source_detail(detail, "report", NULL, report);
	source_detail(detail, "location", NULL, location);
	return source_done(c, "source.connect", detail);
}

/* Sent again from the page that shows both, it is meant. */
static enum error source_conflict(struct context *c, const struct source *source)
{
	const char *const stored[] = { source->account, source->report, source->location, NULL };
	c->form->typed[SOURCE_FIELD_VERSION] = source->version;
	return form_conflict(c, stored);
}

enum error source_post(struct context *c)
{
	struct source source;
	uint64_t changed = 0;
	enum error error = source_lock(c);
	if (error == ERR_NONE)
		error = source_read(c, &source);
	if (error == ERR_NONE)
		error = source_form_read(c, &source_edit_spec);
	if (error != ERR_NONE)
		return error;
	const char *account = form_value(c, "account"), *report = form_value(c, "report"), *location = form_value(c, "location");
	if (strcmp(form_value(c, "version"), source.version) != 0)
		return source_conflict(c, &source);
	if (strcmp(account, source.account) != 0)
		error = source_account_free(c, account, source.key);
	if (error == ERR_NONE)
		error = db_execute(c->db, c->scope, STMT_SOURCE_UPDATE, DB_VALUES(DB_TEXT(account), DB_TEXT(report), DB_TEXT(location),
			DB_UINT(source.key), DB_UINT(db_uint(source.version))), &changed);
	if (error != ERR_NONE || changed == 0)
		return error != ERR_NONE ? error : ERR_CONFLICT;
	struct json_object *detail = json_object_new_object();
	if (strcmp(account, source.account) == 0)
		json_object_object_add(detail, "source", json_text(source.account));
	source_detail(detail, "account", source.account, account);
	source_detail(detail, "report", source.report, report);
	source_detail(detail, "location", source.location, location);
	return source_done(c, "source.update", detail);
}

enum error source_disconnect_post(struct context *c)
{
	struct source source;
	char now[CLOCK_INSTANT_SIZE];
	enum error error = form_read(c, &source_disconnect_spec);
	if (error == ERR_NONE)
		error = source_lock(c);
	if (error == ERR_NONE)
		error = source_read(c, &source);
	if (error != ERR_NONE)
		return error;
	clock_sql(clock_now_ms(), now);
	error = db_execute(c->db, c->scope, STMT_SOURCE_DISCONNECT, DB_VALUES(DB_TEXT(now), DB_UINT(source.key)), NULL);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = json_object_new_object();
	source_detail(detail, "account", source.account, NULL);
	return source_done(c, "source.disconnect", detail);
}
