/* The second step of a login, for users with one-time passwords: POST /login/code, whose form GET /login shows while it waits.
 *
 * What waits is bound to the cookie from before the login. Must never begin a session without a right code, whichever road led
 * here: the login form or a link that came by mail. */
#include <string.h>

#include "app/answer.h"
#include "app/form.h"
#include "app/handlers.h"
#include "app/kept.h"
#include "app/login.h"
#include "auth/otp.h"
#include "base/clock.h"

#define WAIT_MINUTES 10

static const struct field code_fields[] = {
	{ "code", "Code", FIELD_LINE, true, OTP_CODE_MAX, NULL, "The six digits that your app shows now, or one of your recovery codes.",
		"one-time-code" },
	{ "next", "Next", FIELD_HIDDEN, false, HTTP_URI_MAX, NULL, NULL, NULL },
};
static const struct form_spec code_form = FORM_SPEC("code", "Log in", code_fields);
enum { CODE_CODE, CODE_NEXT };

/* Who waits in this browser: *USER is 0 when nobody does. */
static enum error code_pending(struct context *c, uint8_t hash[SECRET_HASH_SIZE], uint64_t *user, const char **email)
{
	char since[CLOCK_INSTANT_SIZE];
	const char *cookie = context_login_cookie(c);
	*user = 0;
	if (cookie == NULL)
		return ERR_NONE;
	secret_hash(cookie, hash);
	clock_sql(clock_now_ms() - WAIT_MINUTES * INT64_C(60000), since);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_LOGIN_PENDING_READ,
		DB_VALUES(DB_BYTES(hash, SECRET_HASH_SIZE), DB_TEXT(since)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row != NULL) {
		*user = db_uint(row[0]);
		*email = arena_strdup(c->arena, row[1]);
	}
	return error;
}

enum error login_proceed(struct context *c, uint64_t user, const char *next)
{
	struct otp otp;
	enum error error = otp_read(c->db, c->arena, user, &otp);
	if (error != ERR_NONE || !otp.on)
		return error == ERR_NONE ? login_done(c, user, next) : error;

	uint8_t hash[SECRET_HASH_SIZE];
	char now[CLOCK_INSTANT_SIZE];
	/* A new cookie: whoever has put the old one into this browser must not be where only the code is missing. */
	const char *secret = context_login_renew(c);
	secret_hash(secret, hash);
	clock_sql(clock_now_ms(), now);
	error = kept_follow(c, secret);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_LOGIN_PENDING_PUT,
			DB_VALUES(DB_BYTES(hash, sizeof hash), DB_TEXT(now), DB_UINT(user)), NULL);
	/* A session that this browser had, of somebody else or not, is over: else the login page would lead into it. */
	if (error == ERR_NONE && c->identity != NULL) {
		c->cookies[c->cookie_count++] = answer_cookie(c, false, "");
		error = session_end(c->db, c->identity->hash);
	}
	BUF_AUTO location;
	buf_init(&location, HTTP_URI_MAX * 4);
	buf_puts(&location, "/login");
	if (next != NULL) {
		buf_puts(&location, "?next=");
		buf_put_url(&location, next);
	}
	c->redirect = arena_strdup(c->arena, location.data);
	return error;
}

enum error login_code_form(struct context *c, const char *next, bool *waits)
{
	uint8_t hash[SECRET_HASH_SIZE];
	uint64_t user;
	const char *email, *const initial[] = { NULL, next };
	enum error error = code_pending(c, hash, &user, &email);
	*waits = error == ERR_NONE && user != 0;
	if (!*waits)
		return error;
	form_element(c, &code_form, "/login/code", initial);
	doc_close(c->doc);
	return ERR_NONE;
}

enum error login_code_post(struct context *c)
{
	uint8_t hash[SECRET_HASH_SIZE];
	uint64_t user;
	const char *email;
	bool right;
	enum error error = code_pending(c, hash, &user, &email);
	if (error == ERR_NONE && user == 0)
		c->redirect = "/login?done=late";
	if (error != ERR_NONE || user == 0)
		return error;
	error = login_may_try(c, email);
	if (error == ERR_NONE)
		error = form_read(c, &code_form);
	if (error == ERR_NONE)
		error = otp_check(c->db, user, form_value(c, "code"), &right);
	if (error != ERR_NONE)
		return error;
	if (!right) {
		c->failed = email;
		c->form->typed[CODE_CODE] = NULL;
		return form_wrong(c, "code", "This code is not right, or it was used before.");
	}
	error = db_execute(c->db, NULL, STMT_LOGIN_PENDING_END, DB_VALUES(DB_BYTES(hash, sizeof hash)), NULL);
	return error == ERR_NONE ? login_done(c, user, login_next(c, form_value(c, "next"))) : error;
}

enum error login_code_housekeep(struct db *db)
{
	char since[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms() - WAIT_MINUTES * INT64_C(60000), since);
	return db_execute(db, NULL, STMT_LOGIN_PENDING_EXPIRE, DB_VALUES(DB_TEXT(since)), NULL);
}
