/* Parsing a request from what FastCGI brought, without a connection: for http_read() and for tests. */
#ifndef TENANTRY_HTTP_REQUEST_H
#define TENANTRY_HTTP_REQUEST_H

#include "http/http.h"
#include "http/transport.h"

/* Where parameters come from; NULL for one that was not sent. */
struct request_source {
	const char *(*param)(const void *context, const char *name);
	const void *context;
};

/* As http_read(). */
enum error request_parse(const struct request_source *source, const struct transport_input *input,
	const char *base, struct arena *arena, struct http_request *request);

/* Decodes LENGTH bytes of TEXT into the arena, each "%41" once, and "+" as a space when PLUS. A "%" that no two
 * hexadecimal digits follow stays, and sets *BROKEN (may be NULL). *DECODED is the length: there may be NULs. */
char *percent_decode(struct arena *arena, const char *text, size_t length, bool plus, size_t *decoded,
	bool *broken);

/* Parameters of TEXT ("a=1&b=2"), at most MAXIMUM, in the arena; *COUNT those that are there, which may be more. */
struct http_parameter *parameters_parse(struct arena *arena, const char *text, size_t length, size_t maximum,
	size_t *count);

#endif
