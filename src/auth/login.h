/* Logging in: e-mail, password, throttle. */
#ifndef TENANTRY_AUTH_LOGIN_H
#define TENANTRY_AUTH_LOGIN_H

#include "base/config.h"
#include "db/db.h"

struct arena;

/* Failed logins that are allowed within LOGIN_WINDOW_MINUTES before 429; successful ones are not counted, and an
 * account is never blocked for other addresses. */
#define LOGIN_WINDOW_MINUTES 15
#define LOGIN_ACCOUNT_MAX 10
#define LOGIN_ADDRESS_MAX 100

enum login_result { LOGIN_OK, LOGIN_WRONG, LOGIN_SUSPENDED };

/* What counts as one address, in the arena: of IPv6 the network of 64 bits, since whoever has one address there has them all; one of IPv4 that
 * is written as IPv6, as itself; anything else as it is. */
const char *login_network(struct arena *arena, const char *address);

/* Is it too often? ERR_TOO_MANY with *RETRY_AFTER in seconds. EMAIL as typed. */
enum error login_throttle(struct db *db, struct arena *arena, const char *email, const char *address,
	unsigned *retry_after);

/* Writes down a failure, or another thing that an address may do only so often. */
enum error login_failed(struct db *db, struct arena *arena, const char *email, const char *address);

/* Checks e-mail and password in the same time whether or not the address is known. LOGIN_SUSPENDED only after the right
 * password. A failure is written down. *USER is set for LOGIN_OK. */
enum error login_check(struct db *db, const struct config *config, struct arena *arena, const char *email,
	const char *password, const char *address, enum login_result *result, uint64_t *user);

/* An address as it is stored and looked up (email_normalize()), or as typed when it is none. In the arena. */
char *login_email(struct arena *arena, const char *email);

#endif
