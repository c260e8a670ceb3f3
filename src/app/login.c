/* GET / , GET and POST /login, POST /logout; passwords of those who are logged in. The second step of a login is login_code.c. */
#include "auth/login.h"

#include <string.h>

#include "app/answer.h"
#include "app/form.h"
#include "app/handlers.h"
#include "app/kept.h"
#include "app/login.h"
#include "app/sso.h"
#include "auth/form_token.h"
#include "base/clock.h"
#include "base/text.h"

#define EMAIL_MAX 254
#define AGENT_MAX 200
#define PASSWORD_BYTES_MAX 1024

const char *login_next(const struct context *c, const char *next)
{
	(void)c;
	if (next == NULL || next[0] != '/' || next[1] == '/' || next[1] == '\\' || strlen(next) > HTTP_URI_MAX)
		return NULL;
	for (const unsigned char *p = (const unsigned char *)next; *p != '\0'; p++)
		if (*p <= 0x20 || *p == 0x7f || *p == '\\' || *p >= 0x80)
			return NULL;
	return next;
}

enum error home_get(struct context *c)
{
	if (scope_tier(c->scope) == TIER_CUSTOMER)
		c->redirect = arena_printf(c->arena, "/customers/%s", scope_public_id(c->scope));
	else
		c->redirect = "/customers";
	return ERR_NONE;
}

/* The form, with a token bound to a cookie from before the login. */
static enum error login_form(struct context *c, const char *email, const char *next, const char *failed)
{
	bool waits;
	enum error error = kept_waits(c, &waits);
	if (error != ERR_NONE)
		return error;
	if (c->doc == NULL)
		answer_frame(c, "login");
	const char *done = http_query(c->http, "done");
	if (done != NULL && strcmp(done, "reset") == 0)
		context_notice(c, "Your new password is set. Please log in with it.");
	if (done != NULL && strcmp(done, "late") == 0)
		context_notice(c, "Your login has waited too long for its code. Please log in again.");
	if (done != NULL && strcmp(done, "out") == 0)
		context_notice(c, "You are logged out.");
	if (waits)
		context_notice(c, "Your session has ended. What you sent is kept: it is sent on when you have logged in.");
	doc_open(c->doc, "login");
	doc_attr(c->doc, "next", next);
	doc_attr(c->doc, "email", email);
	doc_attr(c->doc, "signed-on", c->signed_on);
	doc_attr(c->doc, "failed", failed != NULL ? "yes" : NULL);
	doc_open(c->doc, "token");
	doc_text(c->doc, context_login_token(c));
	doc_close(c->doc);
	if (failed != NULL) {
		doc_open(c->doc, "reason");
		doc_text(c->doc, failed);
		doc_close(c->doc);
	}
	doc_close(c->doc);
	return ERR_NONE;
}

enum error login_get(struct context *c)
{
	const char *next = login_next(c, http_query(c->http, "next"));
	if (c->identity != NULL) {
		c->redirect = next != NULL ? next : "/";
		return ERR_NONE;
	}
	const char *done = http_query(c->http, "done");
	/* Whoever has just logged out is not logged in again by that. */
	if (c->signed_on != NULL && (done == NULL || strcmp(done, "out") != 0))
		return sso_enter(c, next);
	if (http_query(c->http, "other") == NULL) {
		bool waits;
		enum error error = login_code_form(c, next, &waits);
		if (error != ERR_NONE || waits)
			return error;
	}
	return login_form(c, NULL, next, NULL);
}

/* At most a quarter of the workers hash passwords at a time: the others stay free for pages. */
bool login_may_hash(const struct context *c)
{
	const struct app_host *host = &c->app->host;
	unsigned allowed = host->workers / 4 > 0 ? host->workers / 4 : 1;
	for (int tries = 0; tries < 100; tries++) {
		if (host->count(host->arg, STEP_HASH, 0) < allowed) {
			host->step(host->arg, STEP_HASH, 0);
			return true;
		}
		clock_pause_ms(20);
	}
	return false;
}

/* The browser's name for the list of sessions: what fits, as clean text. */
static const char *login_agent(const struct context *c)
{
	const char *agent = c->http->agent != NULL ? c->http->agent : "";
	return text_clean(c->arena, arena_strndup(c->arena, agent, strnlen(agent, AGENT_MAX)));
}

enum error login_may_try(struct context *c, const char *email)
{
	enum error error = login_throttle(c->db, c->arena, email, c->http->address, &c->retry_after);
	return error == ERR_TOO_MANY
		? context_refuse(c, error, "Too many failed logins: please wait a quarter of an hour.") : error;
}

enum error login_confirm(struct context *c, const char *field)
{
	const char *email = c->identity->email;
	enum login_result result = LOGIN_WRONG;
	uint64_t user;
	enum error error = login_may_try(c, email);
	if (error != ERR_NONE)
		return error;
	if (!login_may_hash(c)) {
		c->retry_after = 2;
		return ERR_UNAVAILABLE;
	}
	error = login_check(c->db, c->app->config, c->arena, email, form_value(c, field), c->http->address, &result, &user);
	c->app->host.step(c->app->host.arg, STEP_HANDLE, 0);
	if (error != ERR_NONE || result == LOGIN_OK)
		return error;
	c->failed = email;
	return form_wrong(c, field, "This is not your password.");
}

enum error login_password(struct context *c, char hash[PASSWORD_HASH_SIZE])
{
	const char *password = form_value(c, "password"), *refusal = password_refusal(password);
	if (refusal == NULL && password_common(c->app->config, password))
		refusal = "This password is one of the most common ones: please choose another.";
	if (refusal != NULL)
		return form_wrong(c, "password", refusal);
	if (!login_may_hash(c)) {
		c->retry_after = 2;
		return ERR_UNAVAILABLE;
	}
	bool good = password_hash(c->app->config, password, hash);
	c->app->host.step(c->app->host.arg, STEP_HANDLE, 0);
	return good ? ERR_NONE : ERR_INTERNAL;
}

enum error login_record(struct context *c)
{
	return c->failed != NULL ? login_failed(c->db, c->arena, c->failed, c->http->address) : ERR_NONE;
}

enum error login_done(struct context *c, uint64_t user, const char *next)
{
	char *secret = arena_alloc(c->arena, SECRET_SIZE);
	/* A session that this browser had is over: a new login has a new cookie. */
	enum error error = c->identity != NULL ? session_end(c->db, c->identity->hash) : ERR_NONE;
	if (error == ERR_NONE)
		error = session_begin(c->db, user, c->signed_on != NULL, c->http->address, login_agent(c), secret);
	if (error == ERR_NONE)
		error = kept_take(c, user, secret);
	if (error != ERR_NONE)
		return error;
	c->cookies[c->cookie_count++] = answer_cookie(c, false, secret);
	c->redirect = next != NULL ? next : "/";
	return ERR_NONE;
}

/* A field as it was typed; "" when it is missing, over MAX bytes or no UTF-8 (a NUL would cut it short). */
static const char *login_field(const struct context *c, const char *name, size_t max)
{
	for (size_t i = 0; i < c->http->form_count; i++) {
		const struct http_parameter *field = &c->http->form[i];
		if (strcmp(field->name, name) == 0)
			return field->utf8 && strlen(field->value) <= max ? field->value : "";
	}
	return "";
}

enum error login_post(struct context *c)
{
	const char *email = login_field(c, "email", EMAIL_MAX), *password = login_field(c, "password", PASSWORD_BYTES_MAX);
	const char *next = login_next(c, http_form(c->http, "next"));
	enum error error = login_may_try(c, email);
	if (error != ERR_NONE)
		return error;
	if (!login_may_hash(c)) {
		c->retry_after = 2;
		return ERR_UNAVAILABLE;
	}
	enum login_result result = LOGIN_WRONG;
	uint64_t user = 0;
	error = login_check(c->db, c->app->config, c->arena, email, password, c->http->address, &result, &user);
	c->app->host.step(c->app->host.arg, STEP_HANDLE, 0);
	if (error != ERR_NONE)
		return error;
	if (result == LOGIN_OK)
		return login_proceed(c, user, next);
	c->identity = NULL;
	c->scope = NULL;
	c->status = error_status(ERR_INVALID_FIELDS);
	return login_form(c, email, next, result == LOGIN_SUSPENDED
		? "This account is suspended. Please ask the company that manages it."
		: "E-mail or password is not right.");
}

enum error logout_post(struct context *c)
{
	const char *gate = c->app->config->sso_logout;
	c->leaves = c->signed_on != NULL && *gate != '\0';
	c->redirect = c->leaves ? gate : c->signed_on != NULL ? "/login?done=out" : "/login";
	c->cookies[0] = answer_cookie(c, false, "");
	c->cookie_count = 1;
	c->ends_session = true;
	return session_end(c->db, c->identity->hash);
}
