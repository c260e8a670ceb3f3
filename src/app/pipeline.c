/* The pipeline: the steps of a request in contract.md's order of checks. The first check that fails answers. Nothing is
 * written to the database before all have passed, but for what login and session need. */
#include "app/pipeline.h"

#include <json-c/json.h>
#include <string.h>

#include "app/access_log.h"
#include "app/answer.h"
#include "app/api.h"
#include "app/clash.h"
#include "app/customer.h"
#include "app/etag.h"
#include "app/form.h"
#include "app/form_claim.h"
#include "app/kept.h"
#include "app/login.h"
#include "app/routes.h"
#include "app/sso.h"
#include "auth/form_token.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"

/* Exports that a user may have running at once, this one included. */
#define EXPORTS_MAX 2

/* How often a request is tried under which the acting tenant's label moves. Each time at once: it has waited for the transaction that moved
 * it, and right after that the next one is farthest away. */
#define PLACE_TRIES 8

static const char *const step_names[STEP__MAX] = {
#define X(id, name) name,
	STEPS(X)
#undef X
};

const char *step_name(enum step step)
{
	return step_names[step];
}

static void pipeline_step(const struct context *c, enum step step)
{
	c->app->host.step(c->app->host.arg, step, context_actor(c));
}

/* Which of the errors that reading the request gave, no such route, and wrong method answers. */
static enum error pipeline_route(struct context *c, enum error read_error)
{
	pipeline_step(c, STEP_ROUTE);
	c->api = route_is_api(c->http->path);
	if (read_error == ERR_BAD_PATH || (read_error != ERR_NONE && c->http->path[0] == '\0'))
		return read_error;
	enum error error = route_find(c->arena, c->http->path, &c->route, &c->format, c->ids);
	if (error != ERR_NONE)
		return error;
	if (c->route->get == ACCESS_PRIVATE && !c->http->private_location) {
		c->route = NULL;
		c->format = FORMAT_HTML;
		return ERR_NOT_FOUND;
	}
	c->asked = c->route;
	c->app->host.route(c->app->host.arg, (size_t)(c->route - routes));
	bool get = c->http->method == HTTP_GET || c->http->method == HTTP_HEAD;
	if (get ? c->route->get == 0 : c->http->method != HTTP_POST || c->route->post == 0)
		return ERR_METHOD;
	if (!get && !c->api && c->format != FORMAT_HTML)
		return ERR_METHOD;
	c->writes = !get;
	/* Pages take forms alone; a JSON body, which reading lets pass, is for the API. */
	if (read_error == ERR_NONE && !get && c->http->body_length > 0 && (c->http->form == NULL) != c->api)
		return ERR_MEDIA_TYPE;
	return read_error;
}

/* Forms that belong to the home user are not bound to a tenant; the others say which one they were made for. */
static enum error pipeline_form(struct context *c, enum access access)
{
	const char *secret = access != ACCESS_PUBLIC ? c->identity->secret
		: context_login_cookie(c);
	const char *tenant;
	if (secret == NULL || strlen(secret) != SECRET_SIZE - 1)
		return ERR_FORM_TOKEN;
	enum error error = form_token_check(c->arena, secret, http_form(c->http, "token"), &tenant, c->form_number);
	if (error == ERR_NONE && c->scope != NULL && access > ACCESS_LOGIN &&
		strcmp(tenant, scope_public_id(c->scope)) != 0) {
		c->stale_tenant = tenant;
		return ERR_STALE_CONTEXT;
	}
	return error;
}

static enum error pipeline_session(struct context *c, enum access access)
{
	pipeline_step(c, STEP_SESSION);
	enum error error = sso_admit(c);
	if (error != ERR_NONE)
		return error;
	if (api_token_counts(c))
		return api_session(c);
	const char *secret = http_cookie(c->http, answer_cookie_name(c->app->config, false));
	error = ERR_LOGIN_REQUIRED;
	if (secret != NULL && strlen(secret) == SECRET_SIZE - 1) {
		struct identity *who = arena_alloc(c->arena, sizeof *who);
		error = identity_read(c->db, c->app->config, c->arena, secret, who);
		if (error == ERR_NONE)
			error = sso_compare(c, who);
		if (error == ERR_NONE) {
			c->identity = who;
			c->scope = who->scope;
		}
	}
	/* The login page shows who is logged in already, but needs nobody. */
	return error == ERR_LOGIN_REQUIRED && access == ACCESS_PUBLIC ? ERR_NONE : error;
}

enum error pipeline_authorize(struct context *c, enum access access)
{
	pipeline_step(c, STEP_AUTHORIZE);
	if (c->identity != NULL && c->identity->token != NULL) {
		enum error error = api_authorize(c, access);
		if (error != ERR_NONE)
			return error;
	}
	if (access == ACCESS_ADMIN && scope_role(c->scope) != ROLE_ADMIN)
		return context_refuse(c, ERR_FORBIDDEN, "This needs the role Admin.");
	if (c->route->relation == RELATION_NONE)
		return ERR_NONE;
	enum error error = customer_facts(c, c->ids[0]);
	if (error != ERR_NONE)
		return error;
	if (c->route->relation == RELATION_BELOW && c->tenant.self)
		return context_refuse(c, ERR_RELATION, "Nobody does this to the tenant that they act as.");
	return ERR_NONE;
}

static enum error pipeline_exports(struct context *c)
{
	if (c->format != FORMAT_CSV)
		return ERR_NONE;
	/* Marked first and counted then: of several that come at once each sees the others. */
	pipeline_step(c, STEP_EXPORT);
	if (c->app->host.count(c->app->host.arg, STEP_EXPORT, context_actor(c)) >= EXPORTS_MAX) {
		c->retry_after = 10;
		return context_refuse(c, ERR_TOO_MANY, "Two downloads at a time: please wait until one of yours has ended.");
	}
	return ERR_NONE;
}

static enum error pipeline_write(struct db *db, void *arg)
{
	struct context *c = arg;
	bool done = false;
	enum error error = ERR_NONE;
	/* A run that met a conflict left nothing behind. */
	c->redirect = c->detail = c->parameter = c->clash = c->failed = NULL;
	c->form = NULL;
	c->kept = NULL;
	c->cookie_count = 0;
	doc_free(c->doc);
	c->doc = NULL;
	json_object_put(c->json);
	c->json = NULL;
	c->location = c->made = NULL;
	c->made_before = false;
	c->status = 0;
	c->form_reused = c->place_held = c->moved = false;
	if (c->api)
		error = api_claim(c, &done);
	else if ((c->route->marks & ONCE) != 0)
		error = form_claim(c, &done);
	if (error != ERR_NONE || done)
		return error;
	error = c->route->on_post(c);
	if (error == ERR_NONE && c->identity != NULL && !c->place_held && identity_place(db, c->identity) == ERR_CONFLICT) {
		/* The same again would meet the same: who acts is read anew first. */
		c->moved = true;
		return ERR_CUT;
	}
	/* The handler has read the form by now, so that it can be shown again; what it wrote is rolled back. */
	if (c->form_reused && error != ERR_CONFLICT && error != ERR_UNAVAILABLE && c->form != NULL && !c->form->asks) {
		/* Whatever it would have answered: a number that is used up must not tell what is taken elsewhere, for nothing. */
		c->clash = c->detail = NULL;
		c->retry_after = 0;
		memset(c->form->errors, 0, sizeof c->form->errors);
		return ERR_FORM_REUSED;
	}
	if (c->api && error == ERR_NONE)
		return api_done(c);
	if ((c->route->marks & ONCE) != 0 && error == ERR_NONE)
		error = form_claim_done(c);
	return error;
}

/* A form that was refused: its page with what was typed and why, under the error's status. */
static enum error pipeline_again(struct context *c, enum error error)
{
	bool shows = error == ERR_INVALID_FIELDS || error == ERR_REFUSED || error == ERR_VERSION_CONFLICT ||
		error == ERR_FORM_REUSED;
	if (!shows || c->form == NULL || c->api)
		return error;
	if (error == ERR_FORM_REUSED)
		c->form->message = "This form was sent before, with other values: that has been done. What you typed now has not; "
			"send it if you want it too.";
	if (c->route->page != NULL)
		c->route = route_named(c->route->page);
	c->status = c->form->asks ? 200 : error_status(error);
	c->redirect = NULL;
	answer_frame(c, c->route->name);
	return c->route->on_get(c);
}

/* A secret was made: the page of its form shows it, this once, or says that this was done before. */
static enum error pipeline_made(struct context *c)
{
	c->form = NULL;
	c->redirect = NULL;
	if (c->route->page != NULL)
		c->route = route_named(c->route->page);
	answer_frame(c, c->route->name);
	return c->route->on_get(c);
}

/* Did ERROR come of a scope that is another tenant's by now? A label that moves under a request makes what is there look as if it
 * were not. */
static bool pipeline_moved(struct context *c, enum error error)
{
	if (c->moved)
		return true;
	return error != ERR_NONE && error != ERR_UNAVAILABLE && c->identity != NULL && !c->place_held &&
		identity_place(c->db, c->identity) == ERR_CONFLICT;
}

enum error pipeline_handle(struct context *c)
{
	if (c->format != FORMAT_CSV)
		pipeline_step(c, STEP_HANDLE);
	if (c->writes) {
		enum error error = db_transaction(c->db, pipeline_write, c);
		bool moved = pipeline_moved(c, error);
		enum error recorded = moved ? ERR_CONFLICT : clash_record(c);
		if (recorded == ERR_NONE)
			recorded = login_record(c);
		api_end(c);
		if (moved)
			return ERR_CONFLICT;
		if (error == ERR_NONE && c->kept != NULL)
			return kept_send(c);
		if (error == ERR_NONE && (c->made != NULL || c->made_before))
			return pipeline_made(c);
		return recorded == ERR_NONE ? pipeline_again(c, error) : recorded;
	}
	if (c->format == FORMAT_HTML || c->format == FORMAT_XML)
		answer_frame(c, c->route->name);
	enum error error = c->route->on_get(c);
	/* What was read stands for the acting tenant only if its label has not moved meanwhile; CSV asks before its first byte. */
	if (error == ERR_NONE && c->identity != NULL && c->format != FORMAT_CSV && !c->writes)
		error = identity_place(c->db, c->identity);
	return error;
}

/* As if nothing had been tried yet. */
static void pipeline_forget(struct context *c)
{
	doc_free(c->doc);
	json_object_put(c->json);
	json_object_put(c->body);
	c->doc = NULL;
	c->json = c->body = NULL;
	c->identity = NULL;
	c->scope = NULL;
	c->form = NULL;
	c->kept = NULL;
	c->title = c->redirect = c->location = c->made = NULL;
	c->parameter = c->detail = c->clash = c->clash_value = c->stale_tenant = c->failed = NULL;
	c->made_before = false;
	c->cookie_count = 0;
	c->retry_after = 0;
	c->status = 0;
	c->moved = c->place_held = false;
	memset(&c->tenant, 0, sizeof c->tenant);
}

static enum error pipeline_try(struct context *c, enum access access)
{
	enum error error = pipeline_session(c, access);
	if (error == ERR_LOGIN_REQUIRED && c->writes) {
		enum error kept = kept_put(c);
		return kept == ERR_NONE ? error : kept;
	}
	if (error == ERR_NONE && c->writes && !c->api)
		error = pipeline_form(c, access);
	if (error == ERR_NONE)
		error = pipeline_authorize(c, access);
	if (error == ERR_NONE && c->writes && c->api)
		error = api_request(c);
	if (error == ERR_NONE)
		error = pipeline_exports(c);
	if (error != ERR_NONE)
		return error;
	c->etag = etag_make(c);
	if (c->etag != NULL && etag_matches(c->http->if_none_match, c->etag)) {
		c->status = 304;
		return ERR_NONE;
	}
	return pipeline_handle(c);
}

static enum error pipeline_run(struct context *c, enum error read_error)
{
	enum error error = pipeline_route(c, read_error);
	if (error != ERR_NONE)
		return error;
	enum access access = c->writes ? c->route->post : c->route->get;
	if (access == ACCESS_PRIVATE)
		return pipeline_handle(c);
	const struct http_request *http = c->http;
	error = pipeline_try(c, access);
	/* Not once bytes are out, nor a form that a login has sent on. */
	for (int tries = 1; tries < PLACE_TRIES && !c->table->begun && c->http == http && pipeline_moved(c, error); tries++) {
		pipeline_forget(c);
		error = pipeline_try(c, access);
	}
	return error;
}

void app_serve(struct app *app, struct transport *transport, struct arena *arena)
{
	int64_t began = clock_monotonic_us();
	struct http_request request;
	struct table table = { .transport = transport };
	struct context c = { .app = app, .arena = arena, .http = &request, .db = app->db, .format = FORMAT_HTML,
		.table = &table };
	db_spent_reset(app->db);
	pipeline_step(&c, STEP_PARSE);
	enum error error = http_read(transport, app->config->base, arena, &request);
	log_set_request(request.request_id);
	char client[ADDRESS_SIZE];
	address_client(request.address, request.forwarded, app->config->trusted_proxies, client);
	request.address = client;

	error = pipeline_run(&c, error);
	/* An error page has the navigation of whoever is logged in, however early the error came. */
	if (error != ERR_NONE && error != ERR_UNAVAILABLE && error != ERR_LOGIN_REQUIRED && error != ERR_TOKEN &&
		error != ERR_SIGN_ON && !c.api && c.identity == NULL)
		pipeline_session(&c, ACCESS_PUBLIC);
	int status;
	if (table.begun) {
		error = table_end(&c, error);
		status = 200;
	} else {
		status = error == ERR_NONE ? answer_send(&c, transport) : answer_error(&c, transport, error);
	}
	if (error == ERR_NONE || c.format != FORMAT_CSV)
		pipeline_step(&c, STEP_FINISH);
	access_log(&c, status, error, (uint64_t)(clock_monotonic_us() - began));
	doc_free(c.doc);
	json_object_put(c.json);
	json_object_put(c.body);
	log_set_request(NULL);
}
