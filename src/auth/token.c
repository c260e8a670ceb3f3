/* API tokens of token.h: the only maker of scopes for them. Never sends or parses HTTP, but for the word Bearer. */
#include "auth/token.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/clock.h"
#include "scope/scope_make.h"

#define TOUCH_MS (60 * 1000)
#define DAY_SECONDS INT64_C(86400)

static const char *const scope_names[TOKEN__MAX] = { "ingest", "read", "write" };

/* The columns of token_read, in its order. */
enum {
	K_KEY, K_ID, K_NAME, K_SCOPE, K_EXPIRES, K_USED, K_ENDED, K_TENANT, K_TENANT_ID, K_TENANT_NAME, K_POS, K_ZONE, K_CLOSED,
	K_MAKER, K_LOST
};

const char *token_scope_name(enum token_scope scope)
{
	return scope_names[scope];
}

bool token_scope_parse(const char *name, enum token_scope *scope)
{
	for (enum token_scope i = 0; i < TOKEN__MAX; i++) {
		if (strcmp(scope_names[i], name) == 0) {
			*scope = i;
			return true;
		}
	}
	return false;
}

const char *token_bearer(struct arena *arena, const char *authorization)
{
	if (authorization == NULL || strncasecmp(authorization, "Bearer", 6) != 0 ||
		(authorization[6] != ' ' && authorization[6] != '\0'))
		return NULL;
	const char *token = authorization + 6 + strspn(authorization + 6, " ");
	return arena_strndup(arena, token, strcspn(token, " "));
}

/* Instants of one form compare as texts. */
static bool token_before(const char *instant, int64_t ms)
{
	char limit[CLOCK_INSTANT_SIZE];
	clock_sql(ms, limit);
	return instant == NULL || strcmp(instant, limit) < 0;
}

/* The role by which the pipeline judges it; what an `ingest` token may do is decided by the route alone. */
static enum role token_role(enum token_scope scope)
{
	return scope == TOKEN_WRITE ? ROLE_ADMIN : ROLE_SALES;
}

static void token_identity(struct arena *arena, char **row, const char *secret, struct identity *who)
{
	struct api_token *token = arena_alloc(arena, sizeof *token);
	struct scope_facts facts = { .tenant = db_uint(row[K_TENANT]), .public_id = row[K_TENANT_ID], .name = row[K_TENANT_NAME],
		.tree_pos = db_uint(row[K_POS]), .zone = row[K_ZONE] };
	*token = (struct api_token){ .key = db_uint(row[K_KEY]), .id = arena_strdup(arena, row[K_ID]),
		.name = arena_strdup(arena, row[K_NAME]), .scope = TOKEN_INGEST };
	/* The column is an ENUM of these very words. */
	token_scope_parse(row[K_SCOPE], &token->scope);
	facts.role = token_role(token->scope);
	*who = (struct identity){ .token = token, .secret = secret, .user_id = arena_printf(arena, "token/%s", token->id),
		.email = "", .first_name = "API token", .last_name = token->name, .job = "", .home_role = facts.role,
		.child_role = ROLE_NONE };
	secret_hash(secret, who->hash);
	who->scope = who->home = scope_make(arena, &facts);
}

enum error identity_read_token(struct db *db, struct arena *arena, const char *secret, struct identity *identity)
{
	uint8_t hash[SECRET_HASH_SIZE];
	char now[CLOCK_INSTANT_SIZE];
	int64_t ms = clock_now_ms();
	if (strlen(secret) != TOKEN_SIZE - 1)
		return ERR_TOKEN;
	secret_hash(secret, hash);
	clock_sql(ms, now);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_TOKEN_READ, DB_VALUES(DB_BYTES(hash, sizeof hash)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_TOKEN;
	bool lost = db_uint(row[K_LOST]) != 0;
	if (lost && db_uint(row[K_ENDED]) == 0)
		error = token_end_maker(db, db_uint(row[K_MAKER]));
	if (error != ERR_NONE)
		return error;
	if (lost || db_uint(row[K_ENDED]) != 0 || db_uint(row[K_CLOSED]) != 0 || token_before(row[K_EXPIRES], ms))
		return ERR_TOKEN;
	if (token_before(row[K_USED], ms - TOUCH_MS))
		error = db_execute(db, NULL, STMT_TOKEN_USED, DB_VALUES(DB_TEXT(now), DB_UINT(db_uint(row[K_KEY]))), NULL);
	if (error == ERR_NONE)
		token_identity(arena, row, secret, identity);
	return error;
}

static enum error token_room(struct db *db, const struct scope *scope, uint64_t tenant, const char *now)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_TOKEN_LIVE, DB_VALUES(DB_TEXT(now), DB_UINT(tenant)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	return db_uint(row[0]) < TOKEN_LIVE_MAX ? ERR_NONE : ERR_REFUSED;
}

enum error token_make(struct db *db, const struct scope *scope, const struct token_new *new, char id[ID_SIZE],
	char token[TOKEN_SIZE])
{
	const struct token_maker *maker = &new->maker;
	char now[CLOCK_INSTANT_SIZE], expires[CLOCK_INSTANT_SIZE];
	uint8_t hash[SECRET_HASH_SIZE];
	clock_sql(clock_now_ms(), now);
	enum error error = token_room(db, scope, new->tenant, now);
	if (error != ERR_NONE)
		return error;
	id_make(id);
	memcpy(token, TOKEN_PREFIX, sizeof TOKEN_PREFIX - 1);
	secret_make(token + sizeof TOKEN_PREFIX - 1);
	secret_hash(token, hash);
	clock_sql(new->expires * 1000, expires);
	bool operator = maker->user == 0;
	return db_execute(db, scope, STMT_TOKEN_INSERT,
		DB_VALUES(DB_TEXT(id), DB_TEXT(new->name), DB_TEXT(token_scope_name(new->scope)), DB_BYTES(hash, sizeof hash),
			DB_TEXT(now), operator ? DB_NULL : DB_UINT(maker->user), DB_TEXT(maker->name),
			operator ? DB_NULL : DB_UINT(maker->tenant), DB_TEXT(maker->tenant_name),
			operator ? DB_NULL : DB_UINT(scope_tenant(scope)), DB_TEXT(expires), DB_UINT(new->tenant)), NULL);
}

bool token_expiry(const char *date, const char *zone, int64_t *expires)
{
	char today[CLOCK_DATE_SIZE], behind[CLOCK_DATE_SIZE], last[CLOCK_DATE_SIZE];
	int64_t latest = clock_now() + TOKEN_DAYS_MAX * DAY_SECONDS;
	clock_date(clock_now(), zone, today);
	clock_date_add(today, TOKEN_DAYS_MAX, last);
	if (date != NULL && (strcmp(date, today) < 0 || strcmp(date, last) > 0))
		return false;
	*expires = latest;
	if (date != NULL) {
		clock_date_add(date, 1, behind);
		int64_t end = clock_date_start(behind, zone);
		*expires = end < latest ? end : latest;
	}
	return true;
}

enum error token_end_below(struct db *db, const struct scope *scope, uint64_t low, uint64_t high, const char *why)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	return db_execute(db, scope, STMT_TOKEN_END_BELOW,
		DB_VALUES(DB_TEXT(now), DB_TEXT(why), DB_UINT(low), DB_UINT(high)), NULL);
}

enum error token_end_maker(struct db *db, uint64_t user)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	return db_execute(db, NULL, STMT_TOKEN_END_LOST, DB_VALUES(DB_TEXT(now), DB_UINT(user)), NULL);
}
