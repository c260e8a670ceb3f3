/* Answers of answer.h. The only file of app/ that sends; decides nothing about who may see what. */
#include "app/answer.h"

#include <json-c/json.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "app/form.h"
#include "app/routes.h"
#include "auth/form_token.h"
#include "base/log.h"
#include "base/text.h"
#include "base/theme.h"

#define OUR_SHEET "pages"
#define ANSWER_USUAL ((size_t)64 * 1024) /* room for most pages from the start: growing to it step by step copies it */

enum error context_bad_parameter(struct context *c, const char *name, const char *takes)
{
	c->parameter = name;
	c->detail = arena_printf(c->arena, context_say(c, "The parameter “%s” takes %s."), name, context_say(c, takes));
	return ERR_BAD_PARAMETER;
}

enum language context_language(const struct context *c)
{
	if (c->api || c->format != FORMAT_HTML)
		return LANGUAGE_EN;
	if (c->identity != NULL)
		return c->identity->language;
	return c->http->accept_language != NULL ? language_accepted(c->http->accept_language) : LANGUAGE_EN;
}

const struct theme *context_theme(const struct context *c)
{
	const struct theme *themes = sheets_themes(c->app->sheets);
	const char *const *lineage = c->identity != NULL ? c->identity->lineage : c->lineage;
	return lineage != NULL ? theme_of_tenants(themes, lineage, TIER_CUSTOMER) : theme_of_host(themes, c->http->host);
}

const char *context_say(const struct context *c, const char *text)
{
	return words_say(sheets_words(c->app->sheets, context_language(c)), text);
}

enum error context_refuse(struct context *c, enum error error, const char *detail)
{
	c->detail = detail;
	return error;
}

const char *context_href(const struct context *c, const char *path)
{
	return arena_printf(c->arena, "%s%s", c->app->config->base, path + 1);
}

const char *context_token(const struct context *c)
{
	/* A token's documents have no form that could be sent. */
	if (c->identity->token != NULL)
		return "-";
	return form_token_make(c->arena, c->identity->secret, scope_public_id(c->scope));
}

const char *context_login_cookie(const struct context *c)
{
	const char *cookie = http_cookie(c->http, answer_cookie_name(c->app->config, true));
	return cookie != NULL && strlen(cookie) == SECRET_SIZE - 1 ? cookie : NULL;
}

const char *context_login_renew(struct context *c)
{
	char *secret = arena_alloc(c->arena, SECRET_SIZE);
	secret_make(secret);
	c->cookies[c->cookie_count++] = answer_cookie(c, true, secret);
	return secret;
}

const char *context_login_secret(struct context *c)
{
	const char *cookie = context_login_cookie(c);
	return cookie != NULL ? cookie : context_login_renew(c);
}

const char *context_login_token(struct context *c)
{
	return form_token_make(c->arena, context_login_secret(c), "-");
}

void context_notice(const struct context *c, const char *text)
{
	doc_open(c->doc, "notice");
	doc_attr(c->doc, "kind", "info");
	doc_text(c->doc, context_say(c, text));
	doc_close(c->doc);
}

uint64_t context_actor(const struct context *c)
{
	if (c->identity == NULL)
		return 0;
	return c->identity->token != NULL ? UINT64_C(1) << 63 | c->identity->token->key : c->identity->user;
}

const char *context_name(const struct context *c, const char *first, const char *last)
{
	return text_trim(c->arena, arena_printf(c->arena, "%s %s", first, last));
}

const char *answer_cookie_name(const struct config *config, bool login)
{
	bool host = config->https && strcmp(config->base, "/") == 0;
	if (login)
		return host ? "__Host-tenantry-login" : "tenantry-login";
	return host ? "__Host-tenantry" : "tenantry";
}

const char *answer_cookie(const struct context *c, bool login, const char *value)
{
	const struct config *config = c->app->config;
	size_t length = strlen(config->base);
	/* "/partners" covers both it and all below; the root is "/". */
	int path = length > 1 ? (int)length - 1 : 1;
	return arena_printf(c->arena, "%s=%s; Path=%.*s; HttpOnly; SameSite=Lax%s%s", answer_cookie_name(config, login),
		value, path, config->base, config->https ? "; Secure" : "", *value == '\0' ? "; Max-Age=0" : "");
}

static void answer_tenant(struct doc *doc, const char *element, const struct scope *scope)
{
	doc_open(doc, element);
	doc_attr(doc, "id", scope_public_id(scope));
	doc_attr(doc, "name", scope_name(scope));
	doc_attr(doc, "tier", tier_name(scope_tier(scope)));
	if (strcmp(element, "acting") == 0 && scope_switched(scope))
		doc_attr(doc, "switched", "yes");
	doc_close(doc);
}

static void answer_session(struct context *c)
{
	const struct identity *who = c->identity;
	doc_open(c->doc, "session");
	doc_attr(c->doc, "role", role_name(scope_role(c->scope)));
	if (scope_tier(c->scope) != TIER_CUSTOMER)
		doc_attr(c->doc, "customers", "yes");
	if (who->child_role != ROLE_NONE)
		doc_attr(c->doc, "switch", "yes");
	doc_open(c->doc, "user");
	doc_attr(c->doc, "name", context_name(c, who->first_name, who->last_name));
	doc_attr(c->doc, "initials", text_initials(c->arena, who->first_name, who->last_name));
	doc_close(c->doc);
	answer_tenant(c->doc, "home", who->home);
	answer_tenant(c->doc, "acting", c->scope);
	doc_open(c->doc, "token");
	doc_text(c->doc, context_token(c));
	doc_close(c->doc);
	doc_close(c->doc);
}

/* What the session was told of last. That it is home again it is told where there is no catalogue, so in English. */
static void answer_notice(struct context *c)
{
	const char *notice = c->identity->notice, *home = scope_name(c->identity->home);
	if (strcmp(notice, arena_printf(c->arena, IDENTITY_HOME_AGAIN, home)) == 0)
		notice = arena_printf(c->arena, context_say(c, IDENTITY_HOME_AGAIN), home);
	context_notice(c, notice);
}

void answer_frame(struct context *c, const char *kind)
{
	const char *query = c->http->query;
	c->doc = doc_new("page");
	doc_attr(c->doc, "kind", kind);
	doc_language(c->doc, sheets_words(c->app->sheets, context_language(c)));
	doc_attr(c->doc, "lang", language_tag(context_language(c)));
	doc_attr(c->doc, "base", c->app->config->base);
	doc_attr(c->doc, "assets", c->app->version);
	doc_attr(c->doc, "request", c->http->request_id);
	/* A form sends its reader back here; what a POST shows has no address of its own. */
	doc_attr(c->doc, "path", c->writes ? "/" : *query != '\0'
		? arena_printf(c->arena, "%s?%s", c->http->path, query) : c->http->path);
	if (c->identity != NULL)
		answer_session(c);
	if (c->identity != NULL && c->identity->notice != NULL && c->format == FORMAT_HTML)
		answer_notice(c);
}

void answer_headers(const struct context *c, struct http_response *response)
{
	/* A page that a form answers with may have a secret. */
	http_header(response, "Cache-Control", c->made != NULL || (c->writes && !c->api) ? "no-store" : "private, no-cache");
	http_header(response, "Vary", c->api ? "Authorization, Accept-Encoding" : c->identity == NULL
		? "Cookie, Authorization, Accept-Encoding, Accept-Language" : "Cookie, Authorization, Accept-Encoding");
	if (c->rate.limit != 0) {
		http_header(response, "RateLimit-Limit", arena_printf(c->arena, "%u", c->rate.limit));
		http_header(response, "RateLimit-Remaining", arena_printf(c->arena, "%u", c->rate.left));
		http_header(response, "RateLimit-Reset", arena_printf(c->arena, "%u", c->rate.reset));
	}
	http_header(response, "X-Request-Id", c->http->request_id);
	http_header(response, "X-Content-Type-Options", "nosniff");
	/* A page that came by a secret link must not name it to anybody, not even to the log of the web server. */
	http_header(response, "Referrer-Policy", c->route != NULL && c->route->get == ACCESS_PUBLIC ? "no-referrer" : "same-origin");
	http_header(response, "Cross-Origin-Opener-Policy", "same-origin");
	http_header(response, "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
		"img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
	if (c->app->config->https)
		http_header(response, "Strict-Transport-Security", "max-age=31536000");
	if (c->ends_session)
		http_header(response, "Clear-Site-Data", "\"cache\", \"storage\"");
	for (size_t i = 0; i < c->cookie_count; i++)
		http_header(response, "Set-Cookie", c->cookies[i]);
}

static int answer_bytes(struct context *c, struct transport *transport, struct http_response *response,
	const struct buf *body)
{
	answer_headers(c, response);
	c->app->host.step(c->app->host.arg, STEP_SEND, 0);
	http_send(transport, c->http, response, body != NULL ? body->data : "", body != NULL ? body->length : 0);
	return response->status;
}

static int answer_redirect(struct context *c, struct transport *transport, const char *location)
{
	struct http_response response = { .status = 303 };
	http_header(&response, "Location", location);
	return answer_bytes(c, transport, &response, NULL);
}

/* Says the theme in the document; the name of the sheet that makes the page. */
static const char *answer_theme(struct context *c)
{
	const struct theme *theme = context_theme(c);
	if (theme == NULL)
		return OUR_SHEET;
	doc_attr(c->doc, "theme", theme->name);
	doc_attr(c->doc, "product", theme->product);
	doc_attr(c->doc, "logo", *theme->logo != '\0' ? theme->logo : NULL);
	doc_attr(c->doc, "style", theme->css ? "yes" : NULL);
	return theme->sheet ? arena_printf(c->arena, SHEET_THEME, theme->name) : OUR_SHEET;
}

/* The finished document through its sheet, or as it is. */
static enum error answer_render(struct context *c, struct buf *out)
{
	c->app->host.step(c->app->host.arg, STEP_TRANSFORM, 0);
	if (c->title != NULL)
		doc_attr(c->doc, "title", c->title);
	if (c->format == FORMAT_XML)
		return doc_serialize(c->doc, out) ? ERR_NONE : ERR_INTERNAL;
	buf_reserve(out, ANSWER_USUAL);
	const char *sheet = answer_theme(c);
	enum error error = sheets_apply(c->app->sheets, sheet, c->doc, out);
	/* The sheet of a theme takes no page away. */
	if (error != ERR_NONE && strcmp(sheet, OUR_SHEET) != 0)
		error = sheets_apply(c->app->sheets, OUR_SHEET, c->doc, out);
	/* Only now: a redirect has a document too, which nobody sees. */
	if (error == ERR_NONE && c->identity != NULL && c->identity->notice != NULL)
		session_notice_shown(c->db, c->identity);
	return error;
}

static int answer_not_modified(struct context *c, struct transport *transport)
{
	struct http_response response = { .status = 304 };
	http_header(&response, "ETag", c->etag);
	return answer_bytes(c, transport, &response, NULL);
}

int answer_send(struct context *c, struct transport *transport)
{
	if (c->status == 304)
		return answer_not_modified(c, transport);
	if (c->redirect != NULL)
		return answer_redirect(c, transport, c->leaves ? c->redirect : context_href(c, c->redirect));

	BUF_AUTO out;
	buf_init(&out, ANSWER_MAX);
	struct http_response response = { .status = c->status != 0 ? c->status : 200 };
	if (c->etag != NULL && response.status == 200)
		http_header(&response, "ETag", c->etag);
	if (c->format == FORMAT_TEXT) {
		response.content_type = c->text_type;
		if (c->retry_after != 0)
			http_header(&response, "Retry-After", arena_printf(c->arena, "%u", c->retry_after));
		buf_puts(&out, c->text);
		return answer_bytes(c, transport, &response, &out);
	}
	if (c->location != NULL)
		http_header(&response, "Location", context_href(c, c->location));
	if (c->format == FORMAT_JSON) {
		response.content_type = "application/json";
		if (c->json == NULL)
			return answer_error(c, transport, ERR_NOT_FOUND);
		buf_puts(&out, json_object_to_json_string_ext(c->json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
		buf_putc(&out, '\n');
	} else {
		response.content_type = c->format == FORMAT_XML ? "application/xml; charset=utf-8"
			: "text/html; charset=utf-8";
		if (answer_render(c, &out) != ERR_NONE)
			return answer_error(c, transport, ERR_INTERNAL);
	}
	if (out.overflow)
		return answer_error(c, transport, ERR_INTERNAL);
	return answer_bytes(c, transport, &response, &out);
}

/* What is wrong with which member of a body. */
static void answer_fields(const struct context *c, enum error error, struct json_object *problem)
{
	const struct form *form = c->form;
	if (form == NULL || error_status(error) != 422)
		return;
	if (c->detail == NULL && form->message != NULL)
		json_object_object_add(problem, "detail", json_object_new_string(form->message));
	struct json_object *errors = json_object_new_array();
	for (size_t i = 0; i < form->spec->count; i++) {
		if (form->errors[i] == NULL)
			continue;
		struct json_object *fault = json_object_new_object();
		json_object_object_add(fault, "pointer", json_object_new_string(
			arena_printf(c->arena, "#/%s", form->spec->fields[i].name)));
		json_object_object_add(fault, "detail", json_object_new_string(form->errors[i]));
		json_object_array_add(errors, fault);
	}
	if (json_object_array_length(errors) > 0)
		json_object_object_add(problem, "errors", errors);
	else
		json_object_put(errors);
}

static void answer_problem(struct context *c, enum error error, struct buf *out)
{
	struct json_object *problem = json_object_new_object();
	json_object_object_add(problem, "type", json_object_new_string("about:blank"));
	json_object_object_add(problem, "title", json_object_new_string(error_title(error)));
	json_object_object_add(problem, "status", json_object_new_int(error_status(error)));
	json_object_object_add(problem, "code", json_object_new_string(error_id(error)));
	if (c->detail != NULL)
		json_object_object_add(problem, "detail", json_object_new_string(c->detail));
	if (c->parameter != NULL)
		json_object_object_add(problem, "parameter", json_object_new_string(c->parameter));
	answer_fields(c, error, problem);
	json_object_object_add(problem, "requestId", json_object_new_string(c->http->request_id));
	buf_puts(out, json_object_to_json_string_ext(problem, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	buf_putc(out, '\n');
	json_object_put(problem);
}

/* "You are now acting as X, this form was for Y": both ways on, if Y may still be entered. */
static void answer_stale(struct context *c)
{
	uint64_t place;
	struct list_row *row = NULL;
	size_t count = 0;
	if (c->stale_tenant == NULL || list_place(c->db, c->identity->home, c->stale_tenant, false, &place) != ERR_NONE ||
		list_rows_at(c->db, c->identity->home, &place, 1, c->arena, &row, &count) != ERR_NONE || count == 0)
		return;
	doc_open(c->doc, "stale");
	doc_attr(c->doc, "was-id", place == scope_low(c->identity->home) ? "" : row->id);
	doc_attr(c->doc, "was-name", row->name);
	doc_attr(c->doc, "now-name", scope_name(c->scope));
	/* The page that the form stood on, so that it can be filled in again there. */
	const char *stem = c->http->path, *slash = strrchr(stem, '/');
	doc_attr(c->doc, "next", c->route->get != 0 ? stem : arena_strndup(c->arena, stem, (size_t)(slash - stem)));
	doc_close(c->doc);
}

static enum error answer_error_page(struct context *c, enum error error, struct buf *out)
{
	doc_free(c->doc);
	c->title = NULL;
	c->format = FORMAT_HTML;
	answer_frame(c, "error");
	doc_open(c->doc, "error");
	doc_attr_int(c->doc, "status", error_status(error));
	doc_attr(c->doc, "id", error_id(error));
	doc_say(c->doc, "title", error_title(error));
	doc_say(c->doc, "detail", c->detail);
	doc_attr(c->doc, "parameter", c->parameter);
	if (c->retry_after != 0)
		doc_attr_int(c->doc, "retry", c->retry_after);
	if (error == ERR_STALE_CONTEXT)
		answer_stale(c);
	doc_close(c->doc);
	return answer_render(c, out);
}

/* Of the login's address: it comes back as one, and in a line of a header, where Apache takes 8 KiB as a whole. */
#define LOGIN_URI_MAX (HTTP_URI_MAX - 64)

/* Where to log in and come back from: GET pages alone, a form's address may have none. From a page whose address is too long
 * when it is encoded the login leads to the start page. */
static int answer_to_login(struct context *c, struct transport *transport)
{
	BUF_AUTO location;
	buf_init(&location, HTTP_URI_MAX * 4);
	buf_printf(&location, "%slogin", c->app->config->base);
	if (!c->writes && strcmp(c->http->path, "/") != 0) {
		buf_puts(&location, "?next=");
		buf_put_url(&location, c->http->path);
		if (*c->http->query != '\0') {
			buf_puts(&location, "%3F");
			buf_put_url(&location, c->http->query);
		}
	}
	if (location.length > LOGIN_URI_MAX) {
		buf_reset(&location);
		buf_printf(&location, "%slogin", c->app->config->base);
	}
	return answer_redirect(c, transport, location.data);
}

int answer_error(struct context *c, struct transport *transport, enum error error)
{
	bool data = c->api || error == ERR_TOKEN || c->format == FORMAT_CSV || c->format == FORMAT_XML || c->format == FORMAT_JSON;
	bool wants_html = c->http->accept != NULL && strstr(c->http->accept, "text/html") != NULL;
	if (error == ERR_LOGIN_REQUIRED && (!data || wants_html))
		return answer_to_login(c, transport);
	if (error == ERR_CONFLICT || error == ERR_UNAVAILABLE)
		c->retry_after = c->retry_after != 0 ? c->retry_after : 5;

	BUF_AUTO out;
	buf_init(&out, ANSWER_MAX);
	struct http_response response = { .status = error_status(error), .content_type = "text/html; charset=utf-8" };
	if (c->retry_after != 0)
		http_header(&response, "Retry-After", arena_printf(c->arena, "%u", c->retry_after));
	if (error == ERR_METHOD)
		http_header(&response, "Allow", route_allow(c->route));
	if (error == ERR_LOGIN_REQUIRED || error == ERR_TOKEN)
		http_header(&response, "WWW-Authenticate", *c->http->authorization == '\0' ? "Bearer realm=\"tenantry\""
			: "Bearer realm=\"tenantry\", error=\"invalid_token\"");
	if (!data && answer_error_page(c, error, &out) != ERR_NONE) {
		/* The error page itself does not work: say so plainly rather than not at all. */
		buf_reset(&out);
		data = true;
	}
	if (data) {
		response.content_type = "application/problem+json";
		answer_problem(c, error, &out);
	}
	return answer_bytes(c, transport, &response, &out);
}
