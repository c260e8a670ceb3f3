/* Sessions: reading who acts (the only maker of scopes for pages), beginning, switching, ending.
 * Never sends or parses HTTP. */
#include "auth/token.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "scope/scope_make.h"

/* Activity is written down at most once a minute: it only serves the idle limit. */
#define TOUCH_MS (60 * 1000)
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* The columns of session_read, in its order. */
enum {
	S_USER, S_USER_ID, S_EMAIL, S_FIRST, S_LAST, S_ROLE, S_CHILD_ROLE, S_COLUMNS, S_CONTRACT_COLUMNS, S_DENSITY, S_LIMIT, S_JOB, S_LANGUAGE,
	S_HOME, S_HOME_ID, S_HOME_NAME, S_HOME_POS, S_ACTING, S_ACTING_ID, S_ACTING_NAME, S_ACTING_POS, S_ACTING_GONE,
	S_HOME_PARENT, S_ACTING_PARENT, S_DISTRIBUTOR,
	S_ZONE, S_CREATED, S_SEEN, S_ACTING_SET, S_NOTICE, S_USER_ENDED, S_TENANT_ENDED,
	S_SIGNED_ON, S_VERSION, S_TOTAL, S__MAX
};

static int64_t session_instant(const char *sql)
{
	/* "2026-11-22 15:04:05.123" as RFC 3339 without the fraction. */
	char text[CLOCK_INSTANT_SIZE] = "";
	int64_t seconds = 0;
	if (strlen(sql) >= 19) {
		memcpy(text, sql, 19);
		text[10] = 'T';
		memcpy(text + 19, "Z", 2);
	}
	return clock_parse(text, &seconds) ? seconds * 1000 : 0;
}

static const struct scope *session_scope(struct arena *arena, char **row, const struct identity *who, bool acting)
{
	int at = acting ? S_ACTING : S_HOME;
	struct scope_facts facts = {
		.tenant = db_uint(row[at]),
		.public_id = row[at + 1],
		.name = row[at + 2],
		.tree_pos = db_uint(row[at + 3]),
		.user = who->user,
		.zone = row[S_ZONE],
		.role = acting ? who->child_role : who->home_role,
		.switched = acting,
	};
	return scope_make(arena, &facts);
}

/* May the session go on acting as the tenant it has entered? */
static bool session_may_act(char **row, const struct identity *who)
{
	if (row[S_ACTING] == NULL || db_uint(row[S_ACTING_GONE]) != 0 || who->child_role == ROLE_NONE)
		return false;
	uint64_t place = db_uint(row[S_ACTING_POS]);
	return place != scope_low(who->home) && scope_holds(who->home, place);
}

static bool session_ended(const struct config *config, char **row)
{
	int64_t now = clock_now_ms();
	return now - session_instant(row[S_SEEN]) > config->idle_hours * INT64_C(3600000) ||
		now - session_instant(row[S_CREATED]) > config->total_hours * INT64_C(3600000) ||
		db_uint(row[S_USER_ENDED]) != 0 || db_uint(row[S_TENANT_ENDED]) != 0;
}

static void session_user(struct arena *arena, char **row, struct identity *who)
{
	who->user = db_uint(row[S_USER]);
	who->user_id = arena_strdup(arena, row[S_USER_ID]);
	who->email = arena_strdup(arena, row[S_EMAIL]);
	who->first_name = arena_strdup(arena, row[S_FIRST]);
	who->last_name = arena_strdup(arena, row[S_LAST]);
	who->job = arena_strdup(arena, row[S_JOB]);
	who->view_columns[LIST_CUSTOMERS] = arena_strdup(arena, row[S_COLUMNS]);
	who->view_columns[LIST_CONTRACTS] = arena_strdup(arena, row[S_CONTRACT_COLUMNS]);
	who->view_density = arena_strdup(arena, row[S_DENSITY]);
	who->view_limit = (unsigned)db_uint(row[S_LIMIT]);
	language_parse(row[S_LANGUAGE], &who->language);
	who->notice = arena_strdup(arena, row[S_NOTICE]);
	/* The columns are ENUMs of these very words. */
	role_parse(row[S_ROLE], &who->home_role);
	role_parse(row[S_CHILD_ROLE], &who->child_role);
}

static void session_lineage(struct arena *arena, char **row, struct identity *who)
{
	who->lineage[0] = scope_public_id(who->scope);
	who->lineage[1] = arena_strdup(arena, row[who->scope == who->home ? S_HOME_PARENT : S_ACTING_PARENT]);
	who->lineage[2] = arena_strdup(arena, row[S_DISTRIBUTOR]);
}

/* What the row says, but for when the session was used last: any column that is added counts too. */
static void session_stamp(char **row, struct identity *who)
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, sizeof who->stamp);
	for (int i = 0; i < S__MAX; i++) {
		const uint8_t known = row[i] != NULL;
		if (i == S_SEEN)
			continue;
		crypto_generichash_update(&state, &known, 1);
		if (known)
			crypto_generichash_update(&state, (const uint8_t *)row[i], strlen(row[i]) + 1);
	}
	crypto_generichash_final(&state, who->stamp, sizeof who->stamp);
}

enum error identity_read(struct db *db, const struct config *config, struct arena *arena, const char *secret,
	struct identity *identity)
{
	struct identity who = { .secret = secret };
	secret_hash(secret, who.hash);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SESSION_READ,
		DB_VALUES(DB_BYTES(who.hash, sizeof who.hash)), &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	if (row == NULL)
		return ERR_LOGIN_REQUIRED;
	if (session_ended(config, row)) {
		session_end(db, who.hash);
		return ERR_LOGIN_REQUIRED;
	}

	session_user(arena, row, &who);
	who.home = session_scope(arena, row, &who, false);
	who.scope = who.home;
	who.signed_on = db_uint(row[S_SIGNED_ON]) != 0;
	/* These are of the tenant that the session is set to; only when it acts as that. */
	who.list_rows = row[S_TOTAL] != NULL ? db_uint(row[S_TOTAL]) : 0;
	who.stamped = row[S_VERSION] != NULL && who.notice == NULL;
	session_stamp(row, &who);
	if (session_may_act(row, &who)) {
		who.scope = session_scope(arena, row, &who, true);
	} else if (row[S_ACTING_SET] != NULL) {
		who.stamped = false;
		who.list_rows = 0;
		who.notice = arena_printf(arena, IDENTITY_HOME_AGAIN, scope_name(who.home));
		error = db_execute(db, NULL, STMT_SESSION_ACT,
			DB_VALUES(DB_NULL, DB_TEXT(who.notice), DB_BYTES(who.hash, sizeof who.hash)), NULL);
	}
	session_lineage(arena, row, &who);
	if (error == ERR_NONE && clock_now_ms() - session_instant(row[S_SEEN]) > TOUCH_MS) {
		char now[CLOCK_INSTANT_SIZE];
		clock_sql(clock_now_ms(), now);
		error = db_execute(db, NULL, STMT_SESSION_TOUCH,
			DB_VALUES(DB_TEXT(now), DB_BYTES(who.hash, sizeof who.hash)), NULL);
	}
	if (error == ERR_NONE)
		*identity = who;
	return error;
}

enum error identity_check(struct db *db, const struct config *config, struct arena *arena,
	const struct identity *identity)
{
	struct identity now;
	enum error error = identity->token != NULL ? identity_read_token(db, arena, identity->secret, &now)
		: identity_read(db, config, arena, identity->secret, &now);
	if (error == ERR_LOGIN_REQUIRED || error == ERR_TOKEN)
		return ERR_CUT;
	if (error != ERR_NONE)
		return error;
	bool same = now.user == identity->user && scope_tenant(now.scope) == scope_tenant(identity->scope) &&
		scope_low(now.scope) == scope_low(identity->scope) &&
		scope_role(now.scope) == scope_role(identity->scope);
	return same ? ERR_NONE : ERR_CUT;
}

enum error identity_place(struct db *db, const struct identity *identity)
{
	/* Of all labels those of distributors never move. */
	if (scope_tier(identity->scope) == TIER_DISTRIBUTOR)
		return ERR_NONE;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SESSION_PLACE,
		DB_VALUES(DB_UINT(scope_tenant(identity->scope))), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (error != ERR_NONE)
		return error;
	return row != NULL && db_uint(row[0]) == scope_low(identity->scope) ? ERR_NONE : ERR_CONFLICT;
}

/* Whose the session with this cookie is, for longer than it lasts (app/kept.h). */
static enum error session_remember(struct db *db, const uint8_t hash[SECRET_HASH_SIZE], uint64_t user)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	return db_execute(db, NULL, STMT_SESSION_OWNER_INSERT,
		DB_VALUES(DB_BYTES(hash, SECRET_HASH_SIZE), DB_UINT(user), DB_TEXT(now)), NULL);
}

enum error session_begin(struct db *db, uint64_t user, bool signed_on, const char *address, const char *agent,
	char secret[SECRET_SIZE])
{
	uint8_t hash[SECRET_HASH_SIZE];
	char now[CLOCK_INSTANT_SIZE];
	secret_make(secret);
	secret_hash(secret, hash);
	clock_sql(clock_now_ms(), now);
	enum error error = session_remember(db, hash, user);
	return error != ERR_NONE ? error : db_execute(db, NULL, STMT_SESSION_INSERT,
		DB_VALUES(DB_BYTES(hash, sizeof hash), DB_UINT(user), DB_TEXT(now), DB_TEXT(now), DB_TEXT(address),
			DB_TEXT(agent), DB_UINT(signed_on), DB_NULL), NULL);
}

enum error session_end(struct db *db, const uint8_t hash[SECRET_HASH_SIZE])
{
	return db_execute(db, NULL, STMT_SESSION_DELETE, DB_VALUES(DB_BYTES(hash, SECRET_HASH_SIZE)), NULL);
}

enum error session_renew(struct db *db, const struct identity *identity, char secret[SECRET_SIZE])
{
	uint8_t hash[SECRET_HASH_SIZE];
	secret_make(secret);
	secret_hash(secret, hash);
	enum error error = db_execute(db, NULL, STMT_SESSION_OTHERS_END,
		DB_VALUES(DB_UINT(identity->user), DB_BYTES(identity->hash, SECRET_HASH_SIZE)), NULL);
	if (error == ERR_NONE)
		error = session_remember(db, hash, identity->user);
	return error == ERR_NONE ? db_execute(db, NULL, STMT_SESSION_RENEW,
		DB_VALUES(DB_BYTES(hash, sizeof hash), DB_BYTES(identity->hash, SECRET_HASH_SIZE)), NULL) : error;
}

enum error session_act(struct db *db, const struct identity *identity, uint64_t tenant)
{
	return db_execute(db, NULL, STMT_SESSION_ACT,
		DB_VALUES(tenant != 0 ? DB_UINT(tenant) : DB_NULL, DB_NULL,
			DB_BYTES(identity->hash, sizeof identity->hash)), NULL);
}

enum error session_notice_shown(struct db *db, const struct identity *identity)
{
	return db_execute(db, NULL, STMT_SESSION_NOTICE,
		DB_VALUES(DB_NULL, DB_BYTES(identity->hash, sizeof identity->hash)), NULL);
}

enum error session_housekeep(struct db *db, const struct config *config)
{
	int64_t now = clock_now_ms();
	char idle[CLOCK_INSTANT_SIZE], total[CLOCK_INSTANT_SIZE], owner[CLOCK_INSTANT_SIZE], day[CLOCK_INSTANT_SIZE];
	clock_sql(now - config->idle_hours * INT64_C(3600000), idle);
	clock_sql(now - config->total_hours * INT64_C(3600000), total);
	clock_sql(now - config->total_hours * INT64_C(3600000) - DAY_MS, owner);
	clock_sql(now - DAY_MS, day);
	enum error error = db_execute(db, NULL, STMT_SESSION_EXPIRE, DB_VALUES(DB_TEXT(idle), DB_TEXT(total)), NULL);
	/* Form numbers and owners outlive the longest session. */
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_SESSION_OWNER_EXPIRE, DB_VALUES(DB_TEXT(owner)), NULL);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_FORM_USE_EXPIRE, DB_VALUES(DB_TEXT(total)), NULL);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_LOGIN_FAILURE_EXPIRE, DB_VALUES(DB_TEXT(day)), NULL);
	return error;
}
