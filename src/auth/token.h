/* API tokens: who is behind a request without a session, making and ending them.
 *
 * A token belongs to a tenant and acts as it. It ends for good when it is revoked, at its expiry, with a suspension or deletion
 * of its tenant (or a suspension above it), when its maker loses the right to make it, and with a move, if the former parent made it. */
#ifndef TENANTRY_AUTH_TOKEN_H
#define TENANTRY_AUTH_TOKEN_H

#include "auth/identity.h"

#define TOKEN_PREFIX "tenantry_" /* tells people and scanners of source code what it is */
#define TOKEN_SIZE (sizeof TOKEN_PREFIX - 1 + SECRET_SIZE)
#define TOKEN_DAYS_MAX 365
#define TOKEN_LIVE_MAX 100 /* of a tenant: all of them stand on its page */

const char *token_scope_name(enum token_scope scope); /* "ingest", "read", "write" */
bool token_scope_parse(const char *name, enum token_scope *scope);

/* The token of an Authorization header ("Bearer ..."), in the arena; NULL when the header has no Bearer. */
const char *token_bearer(struct arena *arena, const char *authorization);

/* Reads the token SECRET. ERR_TOKEN when there is none, it has ended, or its tenant is not allowed in; one that is found to have
 * ended is marked so. Its use is written down at most once a minute. */
enum error identity_read_token(struct db *db, struct arena *arena, const char *secret, struct identity *identity);

/* Who makes a token. USER 0: the operator. */
struct token_maker {
	uint64_t user, tenant;   /* and its home tenant */
	const char *name, *tenant_name;
};

struct token_new {
	uint64_t tenant;         /* internal key, of the scope */
	const char *name;
	enum token_scope scope;
	int64_t expires;         /* seconds since 1970 */
	struct token_maker maker;
};

/* Makes a token in the caller's transaction: its public ID, and the token itself, which is told nowhere again. ERR_NOT_FOUND when
 * the scope has no such tenant, ERR_REFUSED when TOKEN_LIVE_MAX of its tokens live. */
enum error token_make(struct db *db, const struct scope *scope, const struct token_new *new, char id[ID_SIZE],
	char token[TOKEN_SIZE]);

/* The instant at which a token ends whose last day is DATE (NULL: as late as may be) in ZONE: the end of that day, TOKEN_DAYS_MAX
 * days from now at most. False when DATE is before today or too far. */
bool token_expiry(const char *date, const char *zone, int64_t *expires);

/* What ends tokens, in the transaction of the deed: a suspension ("suspended") or deletion ("deleted") of all in [LOW, HIGH), a change
 * of a user's rights. For moves: access.h. */
enum error token_end_below(struct db *db, const struct scope *scope, uint64_t low, uint64_t high, const char *why);
enum error token_end_maker(struct db *db, uint64_t user);

#endif
