/* Addresses to come back to after logging in or switching. */
#ifndef TENANTRY_APP_LOGIN_H
#define TENANTRY_APP_LOGIN_H

#include "app/context.h"
#include "auth/password.h"

/* NEXT when it is a path of ours (begins with one "/", no second one, no backslash or control character), else NULL. Without the base
 * path: what the page wrote into the form. */
const char *login_next(const struct context *c, const char *next);

/* Waits until one more worker may hash passwords, at most a quarter of them at a time; false: too busy. The caller sets the step back. */
bool login_may_hash(const struct context *c);

/* Takes the perspective of the tenant with the public ID ID below home, and notes it down. ERR_NOT_FOUND, ERR_FORBIDDEN. */
enum error switch_enter(struct context *c, const char *id); /* switch.c */

/* Is the value of FIELD of c->form the password of the session's user? Refuses at that field; a wrong one counts as a failed login, and
 * too many are ERR_TOO_MANY. */
enum error login_confirm(struct context *c, const char *field);

/* May somebody try passwords or codes of EMAIL from this address once more? ERR_TOO_MANY, said to the page. */
enum error login_may_try(struct context *c, const char *email);

/* The field "password" of c->form by the rules for passwords, and its HASH; refuses there. */
enum error login_password(struct context *c, char hash[PASSWORD_HASH_SIZE]);

/* Writes down c->failed, after the refused transaction was rolled back. */
enum error login_record(struct context *c);

/* USER has shown the password, or come by a link: begins the session as login_done(), or asks for a one-time password first. */
enum error login_proceed(struct context *c, uint64_t user, const char *next); /* login_code.c */

/* The form for it, if this browser's login waits for one. */
enum error login_code_form(struct context *c, const char *next, bool *waits);

/* Forgets those who never came with theirs. */
enum error login_code_housekeep(struct db *db);

/* Begins USER's session, ends the one that this browser had, and leads to NEXT (NULL: the start). */
enum error login_done(struct context *c, uint64_t user, const char *next);

#endif
