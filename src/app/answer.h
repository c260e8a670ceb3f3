/* Answers: the frame of a document, headers, rendering by format, error pages, redirects. Used by the pipeline. */
#ifndef TENANTRY_APP_ANSWER_H
#define TENANTRY_APP_ANSWER_H

#include "app/context.h"

/* The largest page, and the largest document of one. */
#define ANSWER_MAX ((size_t)16 * 1024 * 1024)

/* Begins c->doc: `page` with its attributes and the session; the handler adds its content. */
void answer_frame(struct context *c, const char *kind);

/* Headers that every answer has (caching, Content-Security-Policy and its kin). */
void answer_headers(const struct context *c, struct http_response *response);

/* Sends what the handler made: redirect, page, XML or JSON. Returns the status, for the log. */
int answer_send(struct context *c, struct transport *transport);

/* Sends an error: a page in the look of the site, problem+json (RFC 9457) for the data formats, or the way to the login. Returns
 * the status. */
int answer_error(struct context *c, struct transport *transport, enum error error);

/* Name of the session cookie and of the one before login; a Set-Cookie value for a cookie (VALUE "" deletes it). */
const char *answer_cookie_name(const struct config *config, bool login);
const char *answer_cookie(const struct context *c, bool login, const char *value);

#endif
