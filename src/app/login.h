/* Addresses to come back to after logging in or switching. */
#ifndef TENANTRY_APP_LOGIN_H
#define TENANTRY_APP_LOGIN_H

#include "app/context.h"

/* NEXT when it is a path of ours (begins with one "/", no second one, no backslash or control character), else NULL. Without the base
 * path: what the page wrote into the form. */
const char *login_next(const struct context *c, const char *next);

/* Waits until one more worker may hash passwords, at most a quarter of them at a time; false: too busy. The caller sets the step back. */
bool login_may_hash(const struct context *c);

/* Takes the perspective of the tenant with the public ID ID below home, and notes it down. ERR_NOT_FOUND, ERR_FORBIDDEN. */
enum error switch_enter(struct context *c, const char *id); /* switch.c */

/* Begins USER's session, ends the one that this browser had, and leads to NEXT (NULL: the start). */
enum error login_done(struct context *c, uint64_t user, const char *next);

#endif
