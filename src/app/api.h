/* The steps that a request with an API token takes in the pipeline: who it is, what it may, its body, its Idempotency-Key.
 * Used by pipeline.c alone. */
#ifndef TENANTRY_APP_API_H
#define TENANTRY_APP_API_H

#include "app/routes.h"

/* Is this request judged by a token and not by cookies? All below /api; pages when they are asked for data with one. */
bool api_token_counts(const struct context *c);

/* Fills c->identity and c->scope, and counts the request. ERR_TOKEN, ERR_TOO_MANY. */
enum error api_session(struct context *c);

/* May the token call a route of this access? ERR_FORBIDDEN. */
enum error api_authorize(struct context *c, enum access access);

/* A POST: reads Idempotency-Key and body. ERR_BAD_REQUEST, ERR_RUNNING. */
enum error api_request(struct context *c);

/* In its transaction: claims the key (*DONE: it was used for the same, and c has that answer again; ERR_KEY_REUSED: for another),
 * and keeps the answer. After it, whatever came of it: lets go of the key. */
enum error api_claim(struct context *c, bool *done);
enum error api_done(struct context *c);
void api_end(struct context *c);

/* Throws away answers that are older than a day. */
enum error api_housekeep(struct db *db);

#endif
