/* Sends a kept form on (kept.h) for the login that took it up: puts it in the place of the login's request and lends the checks of the
 * pipeline. Never writes by itself, and never skips a check but that of the form token, which kept_put() has seen. */
#include <string.h>

#include "app/kept.h"
#include "app/login.h"
#include "app/pipeline.h"
#include "app/routes.h"
#include "base/log.h"

/* The acting tenant of a form that is sent on, as the session had it that has ended. */
static enum error kept_enter(struct db *db, void *arg)
{
	(void)db;
	struct context *c = arg;
	return switch_enter(c, c->stale_tenant);
}

enum error kept_send(struct context *c)
{
	const struct kept *kept = c->kept;
	struct http_request *request = arena_alloc(c->arena, sizeof *request);
	struct identity *who = arena_alloc(c->arena, sizeof *who);
	const char *session = c->cookies[0];
	const struct route *route;
	enum format format;
	http_form_request(c->http, kept->path, kept->body, kept->length, request);
	/* A form that this version no longer has: the login stands. */
	if (route_find(c->arena, kept->path, &route, &format, c->ids) != ERR_NONE || route->post == 0)
		return ERR_NONE;
	log_info("logged in again: the form to %s is sent on", kept->path);
	c->http = request;
	c->writes = true;
	c->route = route;
	c->format = format;
	c->redirect = NULL;
	c->cookie_count = 0;
	memcpy(c->form_number, kept->number, sizeof c->form_number);

	enum error error = identity_read(c->db, c->app->config, c->arena, kept->secret, who);
	if (error == ERR_NONE && route->post > ACCESS_LOGIN && strcmp(kept->tenant_id, scope_public_id(who->home)) != 0) {
		c->identity = who;
		c->scope = who->home;
		c->stale_tenant = kept->tenant_id;
		if (db_transaction(c->db, kept_enter, c) != ERR_NONE)
			error = ERR_STALE_CONTEXT;
		else
			error = identity_read(c->db, c->app->config, c->arena, kept->secret, who);
		c->stale_tenant = error == ERR_STALE_CONTEXT ? kept->tenant_id : NULL;
	}
	if (error == ERR_NONE) {
		c->identity = who;
		c->scope = who->scope;
		error = pipeline_authorize(c, route->post);
	}
	if (error == ERR_NONE)
		error = pipeline_handle(c);
	c->cookies[c->cookie_count++] = session;
	return error;
}
