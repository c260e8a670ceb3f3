/* Forms that were sent when their session had ended: kept until the same user logs in again in the same browser, and sent on then.
 *
 * Its form token is keyed by the cookie of the session that has ended, so that it came from our page; whose session that was we
 * remember (session_owner), since cookies can be planted and a token made for any of them. Where to find it is told by the cookie from
 * before the login. Forms with a password or a one-time code are never kept. */
#ifndef TENANTRY_APP_KEPT_H
#define TENANTRY_APP_KEPT_H

#include "app/context.h"

#define KEPT_MINUTES 60      /* how long a form waits */
#define KEPT_ADDRESS_MAX 20  /* forms that one network address may have waiting */

struct kept {
	const char *secret;    /* of the session that the login began */
	const char *tenant_id; /* public ID of the tenant that the form was made for */
	const char *path, *body;
	size_t length;
	uint8_t number[FORM_NUMBER_SIZE];
};

/* Keeps the form of a request that came without a session. One that is none of ours, or may not be kept, is let go: no error. */
enum error kept_put(struct context *c);

/* Does a form wait for a login of this browser? */
enum error kept_waits(const struct context *c, bool *waits);

/* The browser's cookie from before the login becomes SECRET: its form goes along. Before the new one is used for anything else. */
enum error kept_follow(struct context *c, const char *secret);

/* A login of USER: takes its form (c->kept; NULL when there is none). The form of anybody else in this browser is forgotten. */
enum error kept_take(struct context *c, uint64_t user, const char *secret);

/* c->kept, which a login took up: sends it on, with all checks but that of its token, and answers with what comes of it (kept_send.c). */
enum error kept_send(struct context *c);

/* Deletes what nobody came for. */
enum error kept_housekeep(struct db *db);

#endif
