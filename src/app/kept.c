/* Forms that wait for their user to log in again (kept.h). Never runs a form: pipeline.c does that, with all checks. */
#include "app/kept.h"

#include <sodium.h>
#include <string.h>

#include "app/answer.h"
#include "app/routes.h"
#include "auth/login.h"
#include "base/clock.h"

#define PATH_BYTES_MAX 200

/* Passwords and codes are not written down anywhere. */
static bool kept_secret(const struct context *c)
{
	for (size_t i = 0; i < c->http->form_count; i++)
		if (strstr(c->http->form[i].name, "password") != NULL || strcmp(c->http->form[i].name, "code") == 0)
			return true;
	return false;
}

static const char *kept_since(char since[CLOCK_INSTANT_SIZE])
{
	clock_sql(clock_now_ms() - INT64_C(60000) * KEPT_MINUTES, since);
	return since;
}

enum error kept_put(struct context *c)
{
	const char *secret = http_cookie(c->http, answer_cookie_name(c->app->config, false)), *tenant;
	const struct http_request *http = c->http;
	bool form = (c->route->get != 0 || c->route->page != NULL) && http->form_count > 0;
	if (!form || secret == NULL || strlen(secret) != SECRET_SIZE - 1 || kept_secret(c) ||
		strlen(http->path) > PATH_BYTES_MAX || memchr(http->body, '\0', http->body_length) != NULL ||
		form_token_check(c->arena, secret, http_form(http, "token"), &tenant, c->form_number) != ERR_NONE ||
		!id_valid(tenant))
		return ERR_NONE;

	uint8_t hash[SECRET_HASH_SIZE], session[SECRET_HASH_SIZE];
	char now[CLOCK_INSTANT_SIZE], since[CLOCK_INSTANT_SIZE];
	const char *network = login_network(c->arena, http->address);
	secret_hash(context_login_secret(c), hash);
	secret_hash(secret, session);
	clock_sql(clock_now_ms(), now);
	return db_execute(c->db, NULL, STMT_KEPT_PUT,
		DB_VALUES(DB_BYTES(hash, sizeof hash), DB_TEXT(tenant), DB_BYTES(c->form_number, FORM_NUMBER_SIZE),
			DB_TEXT(http->path), DB_BYTES(http->body, http->body_length), DB_TEXT(network), DB_TEXT(now),
			DB_BYTES(session, sizeof session), DB_TEXT(network), DB_TEXT(kept_since(since)), DB_UINT(KEPT_ADDRESS_MAX)), NULL);
}

/* The key of this browser's form; false: it has no cookie, and so none. */
static bool kept_key(const struct context *c, uint8_t hash[SECRET_HASH_SIZE])
{
	const char *cookie = context_login_cookie(c);
	if (cookie != NULL)
		secret_hash(cookie, hash);
	return cookie != NULL;
}

enum error kept_waits(const struct context *c, bool *waits)
{
	uint8_t hash[SECRET_HASH_SIZE];
	char since[CLOCK_INSTANT_SIZE];
	*waits = false;
	if (!kept_key(c, hash))
		return ERR_NONE;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_KEPT_WAITS,
		DB_VALUES(DB_BYTES(hash, sizeof hash), DB_TEXT(kept_since(since))), &rows);
	*waits = error == ERR_NONE && db_next(rows) != NULL;
	return error;
}

enum error kept_follow(struct context *c, const char *secret)
{
	uint8_t from[SECRET_HASH_SIZE], to[SECRET_HASH_SIZE];
	if (!kept_key(c, from))
		return ERR_NONE;
	secret_hash(secret, to);
	return db_execute(c->db, NULL, STMT_KEPT_FOLLOW, DB_VALUES(DB_BYTES(to, sizeof to), DB_BYTES(from, sizeof from)), NULL);
}

enum error kept_take(struct context *c, uint64_t user, const char *secret)
{
	uint8_t hash[SECRET_HASH_SIZE];
	char since[CLOCK_INSTANT_SIZE];
	if (!kept_key(c, hash))
		return ERR_NONE;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_KEPT_READ,
		DB_VALUES(DB_UINT(user), DB_BYTES(hash, sizeof hash), DB_TEXT(kept_since(since))), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error;
	if (db_uint(row[0]) != 0) {
		struct kept *kept = arena_alloc(c->arena, sizeof *kept);
		*kept = (struct kept){ .secret = secret, .tenant_id = arena_strdup(c->arena, row[1]),
			.path = arena_strdup(c->arena, row[3]), .body = arena_strdup(c->arena, row[4]) };
		kept->length = strlen(kept->body);
		if (sodium_hex2bin(kept->number, sizeof kept->number, row[2], strlen(row[2]), NULL, NULL, NULL) == 0)
			c->kept = kept;
	}
	return db_execute(c->db, NULL, STMT_KEPT_DELETE, DB_VALUES(DB_BYTES(hash, sizeof hash)), NULL);
}

enum error kept_housekeep(struct db *db)
{
	char since[CLOCK_INSTANT_SIZE];
	return db_execute(db, NULL, STMT_KEPT_EXPIRE, DB_VALUES(DB_TEXT(kept_since(since))), NULL);
}
