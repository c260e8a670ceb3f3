/* Requests with an API token (api.h). Knows no route: what a token may follows from the access of the route's row. */
#include "app/api.h"

#include <json-c/json.h>
#include <string.h>

#include "app/json_read.h"
#include "app/routes.h"
#include "auth/token.h"
#include "base/clock.h"

#define KEPT_MS (INT64_C(24) * 3600 * 1000)
#define KEY_MAX 255
#define EXPIRE_CHUNK 1000

bool api_token_counts(const struct context *c)
{
	bool data = c->format == FORMAT_CSV || c->format == FORMAT_XML || c->format == FORMAT_JSON;
	return c->api || (data && !c->writes && token_bearer(c->arena, c->http->authorization) != NULL);
}

enum error api_session(struct context *c)
{
	const char *secret = token_bearer(c->arena, c->http->authorization);
	struct identity *who = arena_alloc(c->arena, sizeof *who);
	if (secret == NULL)
		return ERR_TOKEN;
	enum error error = identity_read_token(c->db, c->arena, secret, who);
	if (error == ERR_NONE)
		error = rate_take(c->db, who->token->key, (unsigned)c->app->config->api_requests, &c->rate);
	if (error != ERR_NONE)
		return error;
	c->identity = who;
	c->scope = who->scope;
	if (!c->rate.over)
		return ERR_NONE;
	c->retry_after = c->rate.reset;
	return context_refuse(c, ERR_TOO_MANY, "This token has sent as many requests as it may in a minute.");
}

enum error api_authorize(struct context *c, enum access access)
{
	enum token_scope scope = c->identity->token->scope;
	if (access == ACCESS_PUBLIC || access == ACCESS_LOGIN)
		return context_refuse(c, ERR_FORBIDDEN, "This is for users, not for tokens.");
	if (!c->api && scope != TOKEN_READ)
		return context_refuse(c, ERR_FORBIDDEN, "This needs a token with the scope read.");
	if (access == ACCESS_INGEST && scope == TOKEN_READ)
		return context_refuse(c, ERR_FORBIDDEN, "This needs a token with the scope ingest or write.");
	if (access == ACCESS_READ && scope == TOKEN_INGEST)
		return context_refuse(c, ERR_FORBIDDEN, "This needs a token with the scope read or write.");
	if (access == ACCESS_ADMIN && scope != TOKEN_WRITE)
		return context_refuse(c, ERR_FORBIDDEN, "This needs a token with the scope write.");
	return ERR_NONE;
}

static bool key_valid(const char *key)
{
	size_t length = strlen(key);
	for (size_t i = 0; i < length; i++)
		if (key[i] < '!' || key[i] > '~')
			return false;
	return length > 0 && length <= KEY_MAX;
}

static void key_hash(const struct context *c, uint8_t hash[SECRET_HASH_SIZE])
{
	secret_hash(c->http->idempotency_key, hash);
}

/* What stands in the memory of this host while the request is carried out. On another host the same request waits for the commit of
 * this one, and then gets its answer. */
static uint64_t key_fact(const struct context *c)
{
	uint8_t data[sizeof(uint64_t) + SECRET_HASH_SIZE];
	memcpy(data, &c->identity->token->key, sizeof(uint64_t));
	key_hash(c, data + sizeof(uint64_t));
	return rate_fact(data, sizeof data);
}

enum error api_request(struct context *c)
{
	const char *fault;
	if (!key_valid(c->http->idempotency_key)) {
		c->parameter = "Idempotency-Key";
		return context_refuse(c, ERR_BAD_REQUEST, "A POST needs the header Idempotency-Key: 1 to 255 visible characters of ASCII, "
			"others for each new request.");
	}
	c->body = json_read(c->http->body, c->http->body_length, &fault);
	if (c->body == NULL)
		return context_refuse(c, ERR_BAD_REQUEST, fault);
	c->key_held = rate_hold(key_fact(c), clock_monotonic_ms() + c->app->config->deadline * INT64_C(1000));
	return c->key_held ? ERR_NONE : ERR_RUNNING;
}

void api_end(struct context *c)
{
	if (c->key_held)
		rate_release(key_fact(c));
	c->key_held = false;
}

static enum error api_again(struct context *c, char **row)
{
	if (db_uint(row[0]) == 0)
		return ERR_KEY_REUSED;
	c->status = (int)db_uint(row[2]);
	c->location = arena_strdup(c->arena, row[3]);
	c->json = json_tokener_parse(row[4]);
	return c->json != NULL ? ERR_NONE : ERR_INTERNAL;
}

enum error api_claim(struct context *c, bool *done)
{
	uint8_t key[SECRET_HASH_SIZE], request[SECRET_HASH_SIZE];
	char now[CLOCK_INSTANT_SIZE], before[CLOCK_INSTANT_SIZE];
	uint64_t changed = 0, token = c->identity->token->key;
	key_hash(c, key);
	/* A body that was read has no NUL. */
	secret_hash(arena_printf(c->arena, "%s\n%s", c->http->path, c->http->body), request);
	clock_sql(clock_now_ms(), now);
	clock_sql(clock_now_ms() - KEPT_MS, before);
	*done = false;
	enum error error = db_execute(c->db, NULL, STMT_API_REQUEST_CLAIM,
		DB_VALUES(DB_UINT(token), DB_BYTES(key, sizeof key), DB_BYTES(request, sizeof request), DB_TEXT(now)), &changed);
	if (error != ERR_NONE || changed == 1)
		return error;
	DB_ROWS_AUTO rows = NULL;
	error = db_query(c->db, NULL, STMT_API_REQUEST_READ,
		DB_VALUES(DB_BYTES(request, sizeof request), DB_TEXT(before), DB_UINT(token), DB_BYTES(key, sizeof key)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_CONFLICT;
	*done = db_uint(row[1]) == 0;
	if (*done)
		return api_again(c, row);
	/* Too old to count: taken anew. */
	error = db_execute(c->db, NULL, STMT_API_REQUEST_AGAIN,
		DB_VALUES(DB_UINT(token), DB_BYTES(key, sizeof key), DB_TEXT(before)), NULL);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_API_REQUEST_CLAIM,
			DB_VALUES(DB_UINT(token), DB_BYTES(key, sizeof key), DB_BYTES(request, sizeof request), DB_TEXT(now)), &changed);
	return error == ERR_NONE && changed == 0 ? ERR_CONFLICT : error;
}

enum error api_done(struct context *c)
{
	uint8_t key[SECRET_HASH_SIZE];
	key_hash(c, key);
	return db_execute(c->db, NULL, STMT_API_REQUEST_DONE,
		DB_VALUES(DB_UINT((unsigned)(c->status != 0 ? c->status : 200)), DB_TEXT(c->location),
			DB_TEXT(json_object_to_json_string_ext(c->json, JSON_C_TO_STRING_PLAIN)), DB_UINT(c->identity->token->key),
			DB_BYTES(key, sizeof key)), NULL);
}

enum error api_housekeep(struct db *db)
{
	char before[CLOCK_INSTANT_SIZE];
	uint64_t changed = EXPIRE_CHUNK;
	enum error error = ERR_NONE;
	clock_sql(clock_now_ms() - KEPT_MS, before);
	while (error == ERR_NONE && changed == EXPIRE_CHUNK)
		error = db_execute(db, NULL, STMT_API_REQUEST_EXPIRE, DB_VALUES(DB_TEXT(before)), &changed);
	return error;
}
