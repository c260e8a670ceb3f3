/* Inviting and changing users. What pages of other nouns need of it: the form of step 2 of a new customer. */
#ifndef TENANTRY_APP_USER_WRITE_H
#define TENANTRY_APP_USER_WRITE_H

#include "app/context.h"

struct user_invite {
	const char *email; /* normalised */
	const char *first_name, *last_name;
	const char *job_function; /* key; "" for none */
	enum role role, child_role;
	const char *language; /* of the own profile; NULL: as it is */
};

/* Makes a user of c->tenant who is invited by mail: user, outbox, audit event, list row, in the caller's transaction. Refuses at the
 * fields of c->form: what is more than the actor may give, an address that is taken. */
enum error user_invite(struct context *c, const struct user_invite *invite);

/* The form of step 2 (`POST /customers/{tenant}/admin`) for c->tenant, closed: no role, it is admin; child tenant role where the tenant
 * can have tenants below it. Its route: "customer-admin", once, handlers customer_admin_get (the page) and customer_admin_post (here),
 * which leads to the details page. */
void user_admin_form(struct context *c);

/* May the actor give ROLE as child tenant role? */
bool user_may_give(const struct context *c, enum role role);

#endif
