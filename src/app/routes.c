/* The route table and how a path finds its row. Holds no logic of any page. */
#include "app/routes.h"

#include <stdlib.h>
#include <string.h>

#include "app/handlers.h"
#include "base/id.h"
#include "base/log.h"

#define PAGE FORMAT_HTML
#define DATA (FORMAT_HTML | FORMAT_XML | FORMAT_JSON)
#define LIST (DATA | FORMAT_CSV)
#define EXACT FORMAT_TEXT /* of no suffix */
#define API FORMAT_API

const struct route routes[] = {
	/* name, pattern, formats, GET, POST, {tenant} is, handlers, page of the form, marks */
	{ "home", "/", PAGE, ACCESS_READ, 0, RELATION_NONE, home_get, NULL, NULL, 0 },
	{ "login", "/login", PAGE, ACCESS_PUBLIC, ACCESS_PUBLIC, RELATION_NONE, login_get, login_post, NULL, 0 },
	{ "login-code", "/login/code", 0, 0, ACCESS_PUBLIC, RELATION_NONE, NULL, login_code_post, "login", 0 },
	{ "forgot", "/forgot", PAGE, ACCESS_PUBLIC, ACCESS_PUBLIC, RELATION_NONE, forgot_get, forgot_post, NULL, 0 },
	{ "reset", "/reset/{token}", PAGE, ACCESS_PUBLIC, ACCESS_PUBLIC, RELATION_NONE, reset_get, reset_post, NULL, 0 },
	{ "invite", "/invite/{token}", PAGE, ACCESS_PUBLIC, ACCESS_PUBLIC, RELATION_NONE, invite_get, invite_post, NULL, 0 },
	{ "logout", "/logout", 0, 0, ACCESS_LOGIN, RELATION_NONE, NULL, logout_post, NULL, 0 },
	{ "switch", "/switch", DATA, ACCESS_LOGIN, ACCESS_LOGIN, RELATION_NONE, switch_get, switch_post, NULL, 0 },
	{ "account", "/account", DATA, ACCESS_LOGIN, ACCESS_LOGIN, RELATION_NONE, account_get, account_post, NULL, 0 },
	{ "account-password", "/account/password", 0, 0, ACCESS_LOGIN, RELATION_NONE, NULL, account_password_post, "account", 0 },
	{ "account-otp", "/account/otp", PAGE, ACCESS_LOGIN, ACCESS_LOGIN, RELATION_NONE, account_otp_get, account_otp_post, NULL, 0 },
	{ "account-otp-on", "/account/otp/on", 0, 0, ACCESS_LOGIN, RELATION_NONE, NULL, account_otp_on_post, "account-otp", 0 },
	{ "account-otp-off", "/account/otp/off", 0, 0, ACCESS_LOGIN, RELATION_NONE, NULL, account_otp_off_post, "account-otp", 0 },
	{ "account-otp-codes", "/account/otp/codes", 0, 0, ACCESS_LOGIN, RELATION_NONE, NULL, account_otp_codes_post, "account-otp", ONCE },
	{ "session-revoke", "/account/sessions/{id}/revoke", PAGE, ACCESS_LOGIN, ACCESS_LOGIN, RELATION_NONE,
		session_revoke_get, session_revoke_post, NULL, 0 },
	{ "sessions-revoke", "/account/sessions/revoke", PAGE, ACCESS_LOGIN, ACCESS_LOGIN, RELATION_NONE,
		sessions_revoke_get, sessions_revoke_post, NULL, 0 },
	{ "account-view", "/account/view", 0, 0, ACCESS_LOGIN, RELATION_NONE, NULL, account_view_post, NULL, 0 },
	{ "customers", "/customers", LIST, ACCESS_READ, 0, RELATION_NONE, customers_get, NULL, NULL, TAGGED },
	{ "customer-new", "/customers/new", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_NONE, customer_new_get, customer_new_post, NULL, ONCE },
	{ "deleted", "/customers/deleted", DATA, ACCESS_ADMIN, 0, RELATION_NONE, deleted_get, NULL, NULL, 0 },
	{ "restore", "/customers/{id}/restore", 0, 0, ACCESS_ADMIN, RELATION_NONE, NULL, restore_post, "deleted", 0 },
	{ "customer", "/customers/{tenant}", DATA, ACCESS_READ, ACCESS_ADMIN, RELATION_SCOPE, customer_get, customer_post, NULL, 0 },
	{ "customer-admin", "/customers/{tenant}/admin", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE,
		customer_admin_get, customer_admin_post, NULL, ONCE },
	{ "move", "/customers/{tenant}/move", DATA, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_BELOW, move_get, move_post, NULL, 0 },
	{ "delete", "/customers/{tenant}/delete", DATA, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_BELOW, delete_get, delete_post, NULL, 0 },
	{ "suspend", "/customers/{tenant}/suspend", DATA, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_BELOW, suspend_get, suspend_post, NULL, 0 },
	{ "reactivate", "/customers/{tenant}/reactivate", 0, 0, ACCESS_ADMIN, RELATION_BELOW, NULL, reactivate_post, "customer", 0 },
	{ "users", "/customers/{tenant}/users", LIST, ACCESS_READ, ACCESS_ADMIN, RELATION_SCOPE, users_get, users_post, NULL, ONCE },
	{ "user", "/customers/{tenant}/users/{id}", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE, user_get, user_post, NULL, 0 },
	{ "user-resend", "/customers/{tenant}/users/{id}/resend", 0, 0, ACCESS_ADMIN, RELATION_SCOPE, NULL, user_resend_post, "user", ONCE },
	{ "user-cancel", "/customers/{tenant}/users/{id}/cancel", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE,
		user_cancel_get, user_cancel_post, NULL, 0 },
	{ "user-delete", "/customers/{tenant}/users/{id}/delete", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE,
		user_delete_get, user_delete_post, NULL, 0 },
	{ "onboarding", "/customers/{tenant}/onboarding", DATA, ACCESS_READ, 0, RELATION_SCOPE, onboarding_get, NULL, NULL, 0 },
	{ "health", "/customers/{tenant}/health", DATA, ACCESS_READ, 0, RELATION_SCOPE, health_get, NULL, NULL, 0 },
	{ "contracts-summary", "/customers/{tenant}/contracts/summary", DATA, ACCESS_READ, 0, RELATION_SCOPE,
		contracts_summary_get, NULL, NULL, 0 },
	{ "contract-new", "/customers/{tenant}/contracts/new", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE,
		contract_new_get, contract_new_post, NULL, ONCE },
	{ "contracts-of", "/customers/{tenant}/contracts", LIST, ACCESS_READ, 0, RELATION_SCOPE, contracts_of_get, NULL, NULL, 0 },
	{ "sources", "/customers/{tenant}/sources", LIST, ACCESS_READ, ACCESS_ADMIN, RELATION_SCOPE, sources_get, sources_post, NULL, ONCE },
	{ "source", "/customers/{tenant}/sources/{id}", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE, source_get, source_post, NULL, 0 },
	{ "source-disconnect", "/customers/{tenant}/sources/{id}/disconnect", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE,
		source_disconnect_get, source_disconnect_post, NULL, 0 },
	{ "tokens", "/customers/{tenant}/tokens", LIST, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE, tokens_get, tokens_post, NULL, ONCE },
	{ "token-revoke", "/customers/{tenant}/tokens/{id}/revoke", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_SCOPE,
		token_revoke_get, token_revoke_post, NULL, 0 },
	{ "activity", "/customers/{tenant}/activity", LIST, ACCESS_READ, 0, RELATION_SCOPE, activity_get, NULL, NULL, 0 },
	{ "contracts", "/contracts", LIST, ACCESS_READ, 0, RELATION_NONE, contracts_get, NULL, NULL, TAGGED },
	{ "contract", "/contracts/{id}", DATA, ACCESS_READ, ACCESS_ADMIN, RELATION_NONE, contract_get, contract_post, NULL, 0 },
	{ "contract-activate", "/contracts/{id}/activate", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_NONE,
		contract_activate_get, contract_activate_post, NULL, 0 },
	{ "contract-cancel", "/contracts/{id}/cancel", PAGE, ACCESS_ADMIN, ACCESS_ADMIN, RELATION_NONE,
		contract_cancel_get, contract_cancel_post, NULL, 0 },
	{ "contract-supersede", "/contracts/{id}/supersede", 0, 0, ACCESS_ADMIN, RELATION_NONE, NULL, contract_supersede_post, "contract", ONCE },
	{ "healthz", "/healthz", EXACT, ACCESS_PRIVATE, 0, RELATION_NONE, healthz_get, NULL, NULL, 0 },
	{ "readyz", "/readyz", EXACT, ACCESS_PRIVATE, 0, RELATION_NONE, readyz_get, NULL, NULL, 0 },
	{ "metrics", "/metrics", EXACT, ACCESS_PRIVATE, 0, RELATION_NONE, metrics_get, NULL, NULL, 0 },
	{ "api-tenants", "/api/v1/tenants", API, ACCESS_READ, ACCESS_ADMIN, RELATION_NONE, api_tenants_get, api_tenants_post, NULL, 0 },
	{ "api-contracts", "/api/v1/contracts", API, ACCESS_READ, 0, RELATION_NONE, api_contracts_get, NULL, NULL, 0 },
	{ "api-sources", "/api/v1/sources", API, ACCESS_READ, 0, RELATION_NONE, api_sources_get, NULL, NULL, 0 },
	{ "api-runs", "/api/v1/sources/{account}/runs", 0, 0, ACCESS_INGEST, RELATION_NONE, NULL, api_runs_post, NULL, 0 },
	{ "api-tenant", "/api/v1/tenants/{tenant}", API, ACCESS_READ, 0, RELATION_SCOPE, api_tenant_get, NULL, NULL, 0 },
};
const size_t route_count = sizeof routes / sizeof *routes;

static const struct {
	const char *suffix;
	enum format format;
} suffixes[] = {
	{ ".html", FORMAT_HTML }, { ".csv", FORMAT_CSV }, { ".xml", FORMAT_XML }, { ".json", FORMAT_JSON },
};

/* May SEGMENT stand for the variable at VARIABLE? {token} takes what a mangled link may have left of it too: all dead links are alike. */
static bool segment_fits(const char *variable, const char *segment)
{
	static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	if (strncmp(variable, "{token}", 7) != 0)
		return id_valid(segment);
	return *segment != '\0' && segment[strspn(segment, base64url)] == '\0';
}

/* Compares segment by segment; a variable takes any valid ID, so literals of the same length of path must stand in the table
 * with other letters than A-Z 0-9, which all do. */
static bool route_matches(struct arena *arena, const char *pattern, const char *path, const char **ids)
{
	size_t found = 0;
	while (*pattern != '\0' && *path != '\0') {
		if (*pattern == '{') {
			size_t length = strcspn(path, "/");
			char *id = arena_strndup(arena, path, length);
			if (!segment_fits(pattern, id) || found == CONTEXT_IDS_MAX)
				return false;
			ids[found++] = id;
			path += length;
			pattern = strchr(pattern, '}') + 1;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *pattern == '\0' && *path == '\0';
}

bool route_is_api(const char *path)
{
	return strcmp(path, "/api") == 0 || strncmp(path, "/api/", 5) == 0;
}

enum error route_find(struct arena *arena, const char *path, const struct route **route, enum format *format,
	const char *ids[CONTEXT_IDS_MAX])
{
	enum format wanted = route_is_api(path) ? FORMAT_API : FORMAT_HTML;
	const char *dot = strrchr(path, '.');
	char *stem = arena_strdup(arena, path);
	if (dot != NULL && strchr(dot, '/') == NULL) {
		bool known = false;
		for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && !known; i++) {
			if (strcmp(dot, suffixes[i].suffix) == 0) {
				wanted = suffixes[i].format;
				known = true;
			}
		}
		if (!known)
			return ERR_NOT_FOUND;
		stem[dot - path] = '\0';
	}
	for (size_t i = 0; i < route_count; i++) {
		const char *found[CONTEXT_IDS_MAX] = { NULL };
		if (!route_matches(arena, routes[i].pattern, stem, found))
			continue;
		if (routes[i].formats == FORMAT_TEXT && dot == NULL)
			wanted = FORMAT_TEXT;
		/* A route without GET has no document and so no suffix. */
		if ((routes[i].formats & wanted) == 0 && !(routes[i].formats == 0 && dot == NULL))
			return ERR_NOT_FOUND;
		*route = &routes[i];
		*format = wanted == FORMAT_API ? FORMAT_JSON : wanted;
		memcpy(ids, found, sizeof found);
		return ERR_NONE;
	}
	return ERR_NOT_FOUND;
}

const struct route *route_named(const char *name)
{
	for (size_t i = 0; i < route_count; i++)
		if (strcmp(routes[i].name, name) == 0)
			return &routes[i];
	log_error("there is no route %s", name);
	abort();
}

const char *route_allow(const struct route *route)
{
	if (route->get == 0)
		return "POST";
	return route->post != 0 ? "GET, HEAD, POST" : "GET, HEAD";
}
