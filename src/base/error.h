/* The closed catalogue of errors that a request can end with: id, HTTP status, title.
 *
 * A function that can fail returns one of these, ERR_NONE (0) when it did not. The title is
 * what the error page and problem+json (RFC 9457 "title") say; contract.md's order of checks
 * decides which one answers when several hold. */
#ifndef TENANTRY_BASE_ERROR_H
#define TENANTRY_BASE_ERROR_H

#define ERROR_CATALOGUE(X) \
	X(NONE, 200, "OK") \
	X(BAD_PATH, 400, "This address is not valid") \
	X(NOT_FOUND, 404, "Not found") \
	X(METHOD, 405, "This address does not take that method") \
	X(URI_TOO_LONG, 414, "This address is too long") \
	X(TOO_MANY_PARAMETERS, 400, "Too many parameters") \
	X(BODY_TOO_LARGE, 413, "The form is too large") \
	X(BAD_REQUEST, 400, "This request could not be read") \
	X(MEDIA_TYPE, 415, "This content type is not taken here") \
	X(LOGIN_REQUIRED, 401, "Please log in") \
	X(TOKEN, 401, "A valid API token is needed") \
	X(SIGN_ON, 403, "You cannot be logged in") \
	X(FORM_TOKEN, 403, "This form is no longer valid") \
	X(STALE_CONTEXT, 409, "This form was made for another tenant") \
	X(FORBIDDEN, 403, "You may not do this") \
	X(RELATION, 403, "This cannot be done for that tenant") \
	X(BAD_PARAMETER, 400, "A parameter has a value that is not allowed") \
	X(INVALID_FIELDS, 422, "Please correct what is marked") \
	X(REFUSED, 422, "This is not possible now") \
	X(VERSION_CONFLICT, 409, "Somebody else has saved in between") \
	X(FORM_REUSED, 409, "This form was sent before with other values") \
	X(RUNNING, 409, "This request is still being carried out") \
	X(KEY_REUSED, 422, "This Idempotency-Key was used for another request") \
	X(GONE, 410, "This is no longer kept") \
	X(TOO_MANY, 429, "Too many requests") \
	X(INTERNAL, 500, "Something went wrong here") \
	X(UNAVAILABLE, 503, "The service is not available just now") \
	X(CONFLICT, 503, "The database is busy, please try again") \
	X(CUT, 500, "The answer could not be finished")

enum error {
#define X(id, status, title) ERR_##id,
	ERROR_CATALOGUE(X)
#undef X
	ERR__MAX
};

/* HTTP status, identifier ("NOT_FOUND") and title of an error. */
int error_status(enum error error);
const char *error_id(enum error error);
const char *error_title(enum error error);

#endif
