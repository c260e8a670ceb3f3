/* Who is behind a request: the user, its home tenant, the tenant it acts as. Read from the database on every
 * request, so that a right taken away bites on the next one. */
#ifndef TENANTRY_AUTH_IDENTITY_H
#define TENANTRY_AUTH_IDENTITY_H

#include "base/config.h"
#include "base/id.h"
#include "base/language.h"
#include "db/db.h"

struct arena;

/* What a token may: report runs, read, or all that an admin may. */
enum token_scope { TOKEN_INGEST, TOKEN_READ, TOKEN_WRITE, TOKEN__MAX };

/* The API token that was shown instead of a session (token.h). */
struct api_token {
	uint64_t key;
	const char *id, *name;
	enum token_scope scope;
};

/* The lists whose columns a user may set. */
enum remembered_list { LIST_CUSTOMERS, LIST_CONTRACTS, LIST__MAX };

/* The notice of a session that acts as its home tenant again, which is the %s. */
#define IDENTITY_HOME_AGAIN "You are acting as %s again: the tenant you had switched to is no longer open to you."

struct identity {
	uint64_t user;             /* 0: an API token */
	const char *user_id, *email, *first_name, *last_name, *job;
	enum role home_role, child_role;
	const char *view_columns[LIST__MAX], *view_density; /* what the user has set; NULL: nothing */
	unsigned view_limit;                     /* 0: nothing set */
	enum language language;    /* of the pages; a token has English */
	const struct scope *scope; /* what the session sees: the acting tenant and all below it */
	const char *lineage[TIER_CUSTOMER]; /* public IDs of the acting tenant, its parent and its distributor; NULL: none, or a token */
	const struct scope *home;  /* the home tenant's scope: what switching may reach */
	const struct api_token *token; /* NULL: a session */
	const char *secret;        /* the session cookie's value: key of the form tokens; or the API token */
	uint8_t hash[SECRET_HASH_SIZE];
	const char *notice;        /* to show once, or NULL */
	bool signed_on;            /* the session counts only beside the web server's word for its user (app/sso.h) */
	bool stamped;              /* the stamp is there: a hash of all that says who acts, and of the version of the scope's list rows */
	uint8_t stamp[SECRET_HASH_SIZE];
	uint64_t list_rows;        /* of the acting tenant's list, itself included; 0: not known */
};

/* Reads the session with the cookie value SECRET. ERR_LOGIN_REQUIRED when there is none, it has ended, the user or a tenant
 * above is not allowed in any more (the session is deleted then). An acting tenant that is gone, not below
 * home, or not allowed any more puts the session back home, with a notice. All texts are in ARENA. */
enum error identity_read(struct db *db, const struct config *config, struct arena *arena, const char *secret,
	struct identity *identity);

/* Is what the session may see still what it was? For streams: reads it again and compares user, acting
 * tenant, place, and role. ERR_CUT when anything differs. */
enum error identity_check(struct db *db, const struct config *config, struct arena *arena,
	const struct identity *identity);

/* Does the acting tenant still stand where its scope says? Asked after the reads of a page and before its bytes, so that labels which
 * moved in between (and may be another tenant's by now) never show. ERR_CONFLICT when it does not: the request is to be sent again. */
enum error identity_place(struct db *db, const struct identity *identity);

/* Begins a session for a user, SIGNED_ON by the web server or not; SECRET is for the cookie alone. Ends one. */
enum error session_begin(struct db *db, uint64_t user, bool signed_on, const char *address, const char *agent,
	char secret[SECRET_SIZE]);
enum error session_end(struct db *db, const uint8_t hash[SECRET_HASH_SIZE]);

/* Gives the session at hand a new cookie, SECRET, and ends all others of its user. */
enum error session_renew(struct db *db, const struct identity *identity, char secret[SECRET_SIZE]);

/* Takes the perspective of TENANT (0: home), which the caller has found in the home scope. */
enum error session_act(struct db *db, const struct identity *identity, uint64_t tenant);

/* Forgets the notice once it has been shown. */
enum error session_notice_shown(struct db *db, const struct identity *identity);

/* Deletes sessions, form numbers and login failures that have ended. */
enum error session_housekeep(struct db *db, const struct config *config);

#endif
