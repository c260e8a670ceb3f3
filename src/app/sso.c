/* Single sign-on (sso.h). Owns what makes a name of the web server's a user of ours. Must never look at REMOTE_USER or a header, never
 * begin a session without sso_admit()'s word, and never log a key. */
#include "app/sso.h"

#include <sodium.h>
#include <string.h>

#include "app/audit.h"
#include "app/kept.h"
#include "app/login.h"
#include "auth/login.h"
#include "base/clock.h"
#include "base/domain.h"
#include "base/log.h"
#include "base/settings.h"
#include "db/list_table.h"

struct sso_entry {
	struct context *c;
	const char *next;
};

struct sso_user {
	uint64_t key, tenant; /* key 0: there is none */
	const char *name, *tenant_name;
	bool active, closed, suspended;
};

enum error sso_admit(struct context *c)
{
	const struct config *config = c->app->config;
	const struct http_request *http = c->http;
	uint8_t key[SECRET_HASH_SIZE];
	c->signed_on = NULL;
	if (*config->sso_key_file == '\0' || (*http->sso_user == '\0' && *http->sso_key == '\0'))
		return ERR_NONE;
	secret_hash(http->sso_key, key);
	bool right = sodium_memcmp(key, config->sso_key, sizeof key) == 0;
	if (right && http->peer == config->sso_uid) {
		c->signed_on = *http->sso_user != '\0' ? login_email(c->arena, http->sso_user) : NULL;
		return ERR_NONE;
	}
	if (right)
		log_warn("single sign-on refused: the connection is one of the user with the ID %d, and not %s's", (int)http->peer,
			config->sso_peer);
	else
		log_warn("single sign-on refused: TENANTRY_SSO_KEY is not the key in %s", config->sso_key_file);
	return context_refuse(c, ERR_SIGN_ON, "The web server handed over a name without the right to do so. Please tell whoever runs this site.");
}

enum error sso_compare(struct context *c, const struct identity *who)
{
	if (c->signed_on == NULL)
		return who->signed_on ? ERR_LOGIN_REQUIRED : ERR_NONE;
	if (who->signed_on && strcmp(c->signed_on, who->email) == 0)
		return ERR_NONE;
	enum error error = session_end(c->db, who->hash);
	return error == ERR_NONE ? ERR_LOGIN_REQUIRED : error;
}

static enum error sso_read(struct context *c, struct sso_user *user)
{
	*user = (struct sso_user){ .key = 0 };
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_SSO_USER, DB_VALUES(DB_TEXT(c->signed_on)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row != NULL)
		*user = (struct sso_user){ .key = db_uint(row[0]), .tenant = db_uint(row[1]), .name = context_name(c, row[2], row[3]),
			.tenant_name = arena_strdup(c->arena, row[4]), .active = db_uint(row[5]) != 0, .closed = db_uint(row[6]) != 0,
			.suspended = db_uint(row[7]) != 0 };
	return error;
}

/* Is NAME among the groups that the web server tells, which have commas between them? */
static bool sso_in_group(const struct context *c, const char *name)
{
	for (const char *group = c->http->sso_groups; *group != '\0'; group += *group == ',') {
		group += strspn(group, " ");
		size_t length = strcspn(group, ",");
		const char *end = group + length;
		while (length > 0 && group[length - 1] == ' ')
			length--;
		if (length == strlen(name) && strncmp(group, name, length) == 0)
			return true;
		group = end;
	}
	return false;
}

/* "ada.doe@example.com" is Ada Doe until she says otherwise on the account page. */
static const char *sso_name(const struct context *c, const char *text, size_t length)
{
	char *name = arena_strndup(c->arena, text, length);
	if (*name >= 'a' && *name <= 'z')
		*name = (char)(*name - 'a' + 'A');
	return name;
}

/* A user of the tenant with the public ID ID, not active yet. None is made when there is no such tenant, or it can have no such user. */
static enum error sso_insert(struct context *c, const char *id, const char *role, const char *child_role)
{
	char user[ID_SIZE], now[CLOCK_INSTANT_SIZE];
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_OPERATOR_TENANT, DB_VALUES(DB_TEXT(id)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (error != ERR_NONE)
		return error;
	if (row == NULL || (tree_tier(db_uint(row[2])) == TIER_CUSTOMER && strcmp(child_role, role_name(ROLE_NONE)) != 0)) {
		log_warn("single sign-on: [sso] maps a group to %s, which %s", id,
			row == NULL ? "is no tenant" : "has no tenants below it for a child tenant role");
		return ERR_NONE;
	}
	const char *email = c->signed_on;
	size_t local = strcspn(email, "@"), first = strcspn(email, ".@"), last = first < local ? first + 1 : local;
	uint64_t tenant = db_uint(row[0]);
	id_make(user);
	clock_sql(clock_now_ms(), now);
	return db_execute(c->db, NULL, STMT_OPERATOR_USER_INSERT,
		DB_VALUES(DB_TEXT(user), DB_UINT(tenant), DB_TEXT(email), DB_TEXT(sso_name(c, email, first)),
			DB_TEXT(sso_name(c, email + last, local - last)), DB_TEXT(""), DB_TEXT(role), DB_TEXT(child_role), DB_NULL,
			DB_TEXT(now), DB_NULL), NULL);
}

/* Makes the user of the first group that fits, but for one who was deleted: an admin has meant that. */
static enum error sso_make(struct context *c)
{
	char id[ID_SIZE], role[SETTINGS_ROLE_SIZE], child_role[SETTINGS_ROLE_SIZE], email[EMAIL_SIZE];
	uint8_t hash[SECRET_HASH_SIZE];
	if (!email_normalize(c->signed_on, email))
		return ERR_NONE;
	secret_hash(c->signed_on, hash);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_SSO_FORMER, DB_VALUES(DB_BYTES(hash, sizeof hash)), &rows);
	if (error != ERR_NONE || db_next(rows) != NULL)
		return error;
	for (const char *line = c->app->config->sso_groups; *line != '\0'; line += strcspn(line, "\n") + 1) {
		const char *group = settings_mapping(arena_strndup(c->arena, line, strcspn(line, "\n")), id, role, child_role);
		if (sso_in_group(c, group))
			return sso_insert(c, id, role, child_role);
	}
	return ERR_NONE;
}

/* Whoever signs on takes an open invitation up by that. */
static enum error sso_activate(struct context *c, struct sso_user *user)
{
	char now[CLOCK_INSTANT_SIZE];
	uint64_t changed = 0;
	clock_sql(clock_now_ms(), now);
	enum error error = db_execute(c->db, NULL, STMT_SSO_ACTIVATE,
		DB_VALUES(DB_TEXT(now), DB_UINT(user->key), DB_TEXT(now)), &changed);
	user->active = error == ERR_NONE && changed > 0;
	if (!user->active)
		return error;
	error = db_execute(c->db, NULL, STMT_OUTBOX_DROP, DB_VALUES(DB_UINT(user->key)), NULL);
	if (error == ERR_NONE)
		error = audit_write_own(c, user->key, user->name, user->tenant, user->tenant_name, "user.activate");
	return error == ERR_NONE ? list_table_refresh(c->db, user->tenant) : error;
}

static enum error sso_begin(struct db *db, void *arg)
{
	(void)db;
	struct sso_entry *entry = arg;
	struct context *c = entry->c;
	struct sso_user user;
	/* A run that met a conflict left nothing behind. */
	c->cookie_count = 0;
	c->kept = NULL;
	enum error error = sso_read(c, &user);
	if (error == ERR_NONE && user.key == 0) {
		error = sso_make(c);
		if (error == ERR_NONE)
			error = sso_read(c, &user);
	}
	if (error == ERR_NONE && user.key != 0 && !user.active && !user.closed && !user.suspended)
		error = sso_activate(c, &user);
	if (error != ERR_NONE)
		return error;
	if (user.active && !user.closed && user.suspended)
		return context_refuse(c, ERR_SIGN_ON, "This account is suspended. Please ask the company that manages it.");
	if (!user.active || user.closed)
		return context_refuse(c, ERR_SIGN_ON, arena_printf(c->arena,
			context_say(c, "There is no account for %s here. Please ask the company that manages it."), c->signed_on));
	return login_done(c, user.key, entry->next);
}

enum error sso_enter(struct context *c, const char *next)
{
	struct sso_entry entry = { .c = c, .next = next };
	enum error error = db_transaction(c->db, sso_begin, &entry);
	return error == ERR_NONE && c->kept != NULL ? kept_send(c) : error;
}
