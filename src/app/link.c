/* Links that came by mail, and asking for one: GET and POST /invite/{token}, /forgot, /reset/{token}. GET shows, POST uses. Whoever has a link is
 * its user. Must never tell one dead link from another, nor a known address from an unknown one. */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/customer.h"
#include "app/form.h"
#include "app/handlers.h"
#include "app/login.h"
#include "app/outbox.h"
#include "auth/login.h"
#include "auth/password.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/theme.h"
#include "db/list_table.h"

#define FORGOT_HOUR_MAX 5 /* links asked for one address */

struct link {
	uint64_t user, tenant;
	const char *name, *email, *tenant_name;
	uint8_t hash[SECRET_HASH_SIZE];
};

static const struct field password_fields[] = {
	{ "password", "New password", FIELD_PASSWORD, true, 128, NULL, "8 to 128 characters, and none of the common ones.", "new-password" },
};
static const struct form_spec invite_form = FORM_SPEC("invite", "Set password and log in", password_fields);
static const struct form_spec reset_form = FORM_SPEC("reset", "Set password", password_fields);

static const struct field forgot_fields[] = {
	{ "email", "E-mail", FIELD_EMAIL, true, 254, NULL, NULL, "username" },
};
static const struct form_spec forgot_form = FORM_SPEC("forgot", "Send link", forgot_fields);

static enum error link_dead(struct context *c)
{
	return context_refuse(c, ERR_NOT_FOUND,
		"This link does not work: it was used, replaced or cancelled, or it is too old. Please ask for a new one.");
}

static enum error link_find(struct context *c, enum statement statement, struct link *link)
{
	char now[CLOCK_INSTANT_SIZE];
	if (strlen(c->ids[0]) != SECRET_SIZE - 1)
		return link_dead(c);
	secret_hash(c->ids[0], link->hash);
	clock_sql(clock_now_ms(), now);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, statement, DB_VALUES(DB_BYTES(link->hash, sizeof link->hash), DB_TEXT(now)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : link_dead(c);
	link->user = db_uint(row[0]);
	link->name = context_name(c, row[2], row[3]);
	link->email = arena_strdup(c->arena, row[4]);
	link->tenant = db_uint(row[5]);
	link->tenant_name = arena_strdup(c->arena, row[6]);
	const char **lineage = arena_array(c->arena, TIER_CUSTOMER, sizeof *lineage);
	for (size_t i = 0; i < TIER_CUSTOMER; i++)
		lineage[i] = arena_strdup(c->arena, row[7 + i]);
	c->lineage = lineage;
	return ERR_NONE;
}

static enum error link_get(struct context *c, enum statement statement, const char *title, const struct form_spec *form)
{
	struct link link;
	enum error error = link_find(c, statement, &link);
	if (error != ERR_NONE)
		return error;
	c->title = title;
	doc_open(c->doc, "link-for");
	doc_attr(c->doc, "name", link.name);
	doc_attr(c->doc, "email", link.email);
	doc_attr(c->doc, "tenant", link.tenant_name);
	doc_close(c->doc);
	form_element(c, form, c->http->path, NULL);
	doc_close(c->doc);
	return ERR_NONE;
}

enum error invite_get(struct context *c)
{
	enum error error = link_get(c, STMT_LINK_INVITED, NULL, &invite_form);
	c->title = arena_printf(c->arena, context_say(c, "Welcome to %s"), theme_product(context_theme(c)));
	return error;
}

enum error reset_get(struct context *c)
{
	return link_get(c, STMT_LINK_FORGETFUL, "Set a new password", &reset_form);
}

/* The link first, so that a dead one says nothing else; then the password that was chosen, as a hash. */
static enum error link_password(struct context *c, enum statement statement, const struct form_spec *form, struct link *link,
	char hash[PASSWORD_HASH_SIZE])
{
	enum error error = link_find(c, statement, link);
	if (error == ERR_NONE)
		error = form_read(c, form);
	return error == ERR_NONE ? login_password(c, hash) : error;
}

static enum error link_audit(struct context *c, const struct link *link, const char *action)
{
	return audit_write_own(c, link->user, link->name, link->tenant, link->tenant_name, action);
}

enum error invite_post(struct context *c)
{
	struct link link;
	char hash[PASSWORD_HASH_SIZE], now[CLOCK_INSTANT_SIZE];
	uint64_t changed;
	enum error error = link_password(c, STMT_LINK_INVITED, &invite_form, &link, hash);
	if (error != ERR_NONE)
		return error;
	clock_sql(clock_now_ms(), now);
	error = db_execute(c->db, NULL, STMT_LINK_ACTIVATE, DB_VALUES(DB_TEXT(hash), DB_TEXT(now), DB_UINT(link.user),
		DB_BYTES(link.hash, sizeof link.hash)), &changed);
	/* Somebody else with the same link was faster. */
	if (error != ERR_NONE || changed == 0)
		return error != ERR_NONE ? error : link_dead(c);
	error = link_audit(c, &link, "user.activate");
	if (error == ERR_NONE)
		error = list_table_refresh(c->db, link.tenant);
	return error == ERR_NONE ? login_proceed(c, link.user, NULL) : error;
}

enum error reset_post(struct context *c)
{
	struct link link;
	char hash[PASSWORD_HASH_SIZE];
	uint64_t changed;
	enum error error = link_password(c, STMT_LINK_FORGETFUL, &reset_form, &link, hash);
	if (error != ERR_NONE)
		return error;
	error = db_execute(c->db, NULL, STMT_LINK_PASSWORD, DB_VALUES(DB_TEXT(hash), DB_UINT(link.user),
		DB_BYTES(link.hash, sizeof link.hash)), &changed);
	if (error != ERR_NONE || changed == 0)
		return error != ERR_NONE ? error : link_dead(c);
	error = db_execute(c->db, NULL, STMT_USER_SESSIONS_END, DB_VALUES(DB_UINT(link.user)), NULL);
	if (error == ERR_NONE)
		error = link_audit(c, &link, "user.reset");
	/* Logging in stays to be done, with whatever else a login asks for. */
	c->redirect = "/login?done=reset";
	return error;
}

enum error forgot_get(struct context *c)
{
	const char *sent = http_query(c->http, "sent");
	c->title = context_say(c, "Forgot your password?");
	doc_open(c->doc, "forgot");
	doc_attr(c->doc, "sent", sent != NULL && strcmp(sent, "1") == 0 ? "yes" : NULL);
	doc_close(c->doc);
	form_element(c, &forgot_form, "/forgot", NULL);
	doc_close(c->doc);
	return ERR_NONE;
}

/* Only written down here, for any address: who it is, is looked up when the mail is sent, so that the answer tells nothing, not
 * even by its time. */
enum error forgot_post(struct context *c)
{
	char now[CLOCK_INSTANT_SIZE], since[CLOCK_INSTANT_SIZE];
	enum error error = form_read(c, &forgot_form);
	if (error != ERR_NONE)
		return error;
	clock_sql(clock_now_ms(), now);
	clock_sql(clock_now_ms() - OUTBOX_RESET_MINUTES * INT64_C(60000), since);
	const char *email = form_value(c, "email"), *asked = arena_printf(c->arena, "forgot %s", email);
	/* As many of one network address as failed logins, and under the same count: it must not keep everybody's mail waiting. */
	error = login_throttle(c->db, c->arena, asked, c->http->address, &c->retry_after);
	if (error == ERR_TOO_MANY)
		return context_refuse(c, error, "This was asked for too often: please wait a quarter of an hour.");
	if (error == ERR_NONE)
		error = login_failed(c->db, c->arena, asked, c->http->address);
	if (error != ERR_NONE)
		return error;
	DB_ROWS_AUTO rows = NULL;
	error = db_query(c->db, NULL, STMT_OUTBOX_ASKED, DB_VALUES(DB_TEXT(email), DB_TEXT(since)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row != NULL && db_uint(row[0]) >= FORGOT_HOUR_MAX) {
		c->retry_after = OUTBOX_RESET_MINUTES * 60;
		return context_refuse(c, ERR_TOO_MANY, "This was asked for too often: please wait an hour.");
	}
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_OUTBOX_INSERT,
			DB_VALUES(DB_TEXT("reset"), DB_NULL, DB_TEXT(email), DB_TEXT(now), DB_TEXT(now)), NULL);
	c->redirect = "/forgot?sent=1";
	return error;
}
