/* Single sign-on: users whom the web server names (TENANTRY_SSO_USER), having asked a gate before each request.
 *
 * Its word counts only with the configured key beside it, and only from the configured peer of the Unix socket. It begins no session by
 * itself: the way to the login does, so that all that comes of a session is the same for everybody. Such a session counts only
 * beside the same name. */
#ifndef TENANTRY_APP_SSO_H
#define TENANTRY_APP_SSO_H

#include "app/context.h"

/* Sets c->signed_on, if the web server may say so. ERR_SIGN_ON, logged, when it may not. */
enum error sso_admit(struct context *c);

/* May WHO's session be used for this request? ERR_LOGIN_REQUIRED when it may not; it is ended, when the web server names somebody else. */
enum error sso_compare(struct context *c, const struct identity *who);

/* GET /login of c->signed_on: begins the session, leads to NEXT (NULL: the start), and sends on a form that was kept. Makes the user
 * first, if a group says so. ERR_SIGN_ON when it has no account, or a suspended one. */
enum error sso_enter(struct context *c, const char *next);

#endif
