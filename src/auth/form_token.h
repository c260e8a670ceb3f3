/* Form tokens: proof that a form came from our page, for this session, and for which acting tenant.
 *
 * A token is NUMBER.TENANT.MAC: 128 random bits, the public ID of the acting tenant ("-" before login), and a keyed
 * hash of both under the secret of the cookie (the session's, or the pre-login one). Nothing is stored for it: only
 * the number of a form that creates or sends something is written down when it succeeded (form_use). So it can still be
 * checked when the session has ended (app/kept.h). */
#ifndef TENANTRY_AUTH_FORM_TOKEN_H
#define TENANTRY_AUTH_FORM_TOKEN_H

#include "base/error.h"
#include "base/id.h"

struct arena;

#define FORM_NUMBER_SIZE 16

/* A new token in the arena. */
const char *form_token_make(struct arena *arena, const char *secret, const char *tenant_id);

/* Checks TOKEN (NULL: missing). ERR_FORM_TOKEN when it is not ours; else ERR_NONE, *TENANT_ID the tenant that it
 * was made for (in the arena), and its number. The caller compares the tenant with the acting one. */
enum error form_token_check(struct arena *arena, const char *secret, const char *token, const char **tenant_id,
	uint8_t number[FORM_NUMBER_SIZE]);

#endif
