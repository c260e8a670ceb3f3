/* How the home user logs in: POST /account/password, and ending sessions, /account/sessions/… Each is told in the home tenant's Activity.
 * Must never tell of, or end, another user's session. */
#include <json-c/json.h>
#include <string.h>

#include "app/account.h"
#include "app/answer.h"
#include "app/audit.h"
#include "app/customer.h"
#include "app/handlers.h"
#include "app/login.h"

static const struct field password_fields[] = {
	{ "present_password", "Present password", FIELD_PASSWORD, true, 0, NULL, NULL, "current-password" },
	{ "password", "New password", FIELD_PASSWORD, true, 128, NULL, "8 to 128 characters, and none of the common ones.", "new-password" },
};
static const struct form_spec password_form = FORM_SPEC("password", "Change password", password_fields);
static const struct form_spec revoke_form = { "revoke", "End session", NULL, 0 };
static const struct form_spec others_form = { "others", "Log out everywhere else", NULL, 0 };

void account_password_form(struct context *c)
{
	form_element(c, &password_form, "/account/password", NULL);
	doc_close(c->doc);
}

static uint64_t account_home(const struct context *c)
{
	return scope_tenant(c->identity->home);
}

/* All other sessions end, and this one goes on under a new cookie: whoever has the present one is out too. */
enum error account_password_post(struct context *c)
{
	char hash[PASSWORD_HASH_SIZE], *secret = arena_alloc(c->arena, SECRET_SIZE);
	enum error error = form_read(c, &password_form);
	if (error == ERR_NONE)
		error = login_confirm(c, "present_password");
	if (error == ERR_NONE)
		error = login_password(c, hash);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_USER_PASSWORD, DB_VALUES(DB_TEXT(hash), DB_UINT(c->identity->user)), NULL);
	if (error == ERR_NONE)
		error = session_renew(c->db, c->identity, secret);
	if (error == ERR_NONE)
		error = audit_write(c, account_home(c), "user.password", NULL);
	if (error != ERR_NONE)
		return error;
	c->cookies[c->cookie_count++] = answer_cookie(c, false, secret);
	c->redirect = "/account?done=password";
	return ERR_NONE;
}

void account_session(struct context *c, char **row)
{
	doc_open(c->doc, "session");
	doc_attr(c->doc, "id", row[SESSION_ID]);
	doc_attr(c->doc, "since", customer_instant(c->arena, row[SESSION_SINCE]));
	doc_attr(c->doc, "seen", customer_instant(c->arena, row[SESSION_SEEN]));
	doc_attr(c->doc, "address", *row[SESSION_ADDRESS] != '\0' ? row[SESSION_ADDRESS] : NULL);
	doc_attr(c->doc, "agent", *row[SESSION_AGENT] != '\0' ? row[SESSION_AGENT] : NULL);
	doc_attr(c->doc, "current", db_uint(row[SESSION_CURRENT]) != 0 ? "yes" : NULL);
	doc_close(c->doc);
}

/* The session {id} of the user, *ROW of *ROWS; ERR_NOT_FOUND. */
static enum error account_session_find(struct context *c, struct db_rows **rows, char ***row)
{
	enum error error = db_query(c->db, NULL, STMT_SESSION_FIND, DB_VALUES(
		DB_BYTES(c->identity->hash, sizeof c->identity->hash), DB_UINT(c->identity->user), DB_TEXT(c->ids[0])), rows);
	*row = error == ERR_NONE ? db_next(*rows) : NULL;
	return error == ERR_NONE && *row == NULL ? ERR_NOT_FOUND : error;
}

enum error session_revoke_get(struct context *c)
{
	DB_ROWS_AUTO rows = NULL;
	char **row;
	enum error error = account_session_find(c, &rows, &row);
	if (error != ERR_NONE)
		return error;
	c->title = context_say(c, "End this session?");
	doc_open(c->doc, "revoke");
	account_session(c, row);
	doc_close(c->doc);
	form_element(c, &revoke_form, arena_printf(c->arena, "/account/sessions/%s/revoke", c->ids[0]), NULL);
	doc_close(c->doc);
	return ERR_NONE;
}

static enum error account_audit_ended(struct context *c, uint64_t count)
{
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "sessions", json_object_new_int64((int64_t)count));
	return audit_write(c, account_home(c), "session.revoke", detail);
}

enum error session_revoke_post(struct context *c)
{
	DB_ROWS_AUTO rows = NULL;
	char **row;
	enum error error = form_read(c, &revoke_form);
	if (error == ERR_NONE)
		error = account_session_find(c, &rows, &row);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_SESSION_REVOKE, DB_VALUES(DB_UINT(c->identity->user), DB_TEXT(c->ids[0])), NULL);
	if (error != ERR_NONE)
		return error;
	c->redirect = "/account?done=session";
	if (db_uint(row[SESSION_CURRENT]) != 0) {
		c->redirect = "/login";
		c->cookies[c->cookie_count++] = answer_cookie(c, false, "");
		c->ends_session = true;
	}
	return account_audit_ended(c, 1);
}

enum error sessions_revoke_get(struct context *c)
{
	c->title = context_say(c, "Log out everywhere else?");
	form_element(c, &others_form, "/account/sessions/revoke", NULL);
	doc_close(c->doc);
	return ERR_NONE;
}

enum error sessions_revoke_post(struct context *c)
{
	uint64_t changed = 0;
	enum error error = form_read(c, &others_form);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_SESSION_OTHERS_END, DB_VALUES(DB_UINT(c->identity->user),
			DB_BYTES(c->identity->hash, sizeof c->identity->hash)), &changed);
	c->redirect = "/account?done=sessions";
	return error == ERR_NONE && changed > 0 ? account_audit_ended(c, changed) : error;
}
