/* Logging in: the throttle and the check of login.h. Never tells why a login was wrong. */
#include "auth/login.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

#include "auth/password.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/domain.h"
#include "base/id.h"
#include "base/text.h"

/* Argon2id of a random password with the default costs: verified when the address is unknown, so that the answer
 * takes as long. */
static char decoy_hash[PASSWORD_HASH_SIZE];

char *login_email(struct arena *arena, const char *email)
{
	char normal[EMAIL_SIZE], *text = text_trim(arena, email);
	/* What is no address belongs to nobody; it still counts as a failure of its own. */
	return email_normalize(text, normal) ? arena_strdup(arena, normal) : text;
}

static void login_window(char since[CLOCK_INSTANT_SIZE])
{
	clock_sql(clock_now_ms() - LOGIN_WINDOW_MINUTES * INT64_C(60000), since);
}

const char *login_network(struct arena *arena, const char *address)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	struct in6_addr host;
	char text[INET6_ADDRSTRLEN];
	if (inet_pton(AF_INET6, address, &host) != 1)
		return address;
	if (memcmp(host.s6_addr, mapped, sizeof mapped) == 0) {
		inet_ntop(AF_INET, host.s6_addr + sizeof mapped, text, sizeof text);
		return arena_strdup(arena, text);
	}
	memset(host.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &host, text, sizeof text);
	return arena_printf(arena, "%s/64", text);
}

enum error login_throttle(struct db *db, struct arena *arena, const char *email, const char *address,
	unsigned *retry_after)
{
	uint8_t hash[SECRET_HASH_SIZE];
	char since[CLOCK_INSTANT_SIZE];
	secret_hash(login_email(arena, email), hash);
	login_window(since);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_LOGIN_FAILURES,
		DB_VALUES(DB_BYTES(hash, sizeof hash), DB_TEXT(login_network(arena, address)), DB_TEXT(since)), &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	if (row != NULL && (db_uint(row[0]) >= LOGIN_ACCOUNT_MAX || db_uint(row[1]) >= LOGIN_ADDRESS_MAX)) {
		*retry_after = LOGIN_WINDOW_MINUTES * 60;
		return ERR_TOO_MANY;
	}
	return ERR_NONE;
}

enum error login_failed(struct db *db, struct arena *arena, const char *email, const char *address)
{
	uint8_t hash[SECRET_HASH_SIZE];
	char now[CLOCK_INSTANT_SIZE];
	secret_hash(login_email(arena, email), hash);
	clock_sql(clock_now_ms(), now);
	return db_execute(db, NULL, STMT_LOGIN_FAILED,
		DB_VALUES(DB_TEXT(now), DB_TEXT(login_network(arena, address)), DB_BYTES(hash, sizeof hash)), NULL);
}

enum error login_check(struct db *db, const struct config *config, struct arena *arena, const char *email,
	const char *password, const char *address, enum login_result *result, uint64_t *user)
{
	if (decoy_hash[0] == '\0' && !password_hash(config, "no such user", decoy_hash))
		return ERR_INTERNAL;

	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_LOGIN_USER, DB_VALUES(DB_TEXT(login_email(arena, email))), &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	bool usable = row != NULL && row[1] != NULL && db_uint(row[3]) != 0;
	bool right = password_verify(usable ? row[1] : decoy_hash, password) && usable;
	if (!right) {
		*result = LOGIN_WRONG;
		return login_failed(db, arena, email, address);
	}
	if (db_uint(row[4]) != 0) {
		*result = LOGIN_SUSPENDED;
		return ERR_NONE;
	}
	*result = LOGIN_OK;
	*user = db_uint(row[0]);
	char hash[PASSWORD_HASH_SIZE];
	if (password_needs_rehash(config, row[1]) && password_hash(config, password, hash))
		return db_execute(db, NULL, STMT_LOGIN_REHASH, DB_VALUES(DB_TEXT(hash), DB_UINT(*user)), NULL);
	return ERR_NONE;
}
