/* HTTP over FastCGI: the only place that knows the protocol and libfcgi.
 *
 * transport.c accepts and reads a request whole (a body of at most HTTP_BODY_MAX), request.c parses it,
 * response.c sends. Everything of a request is in its arena. */
#ifndef TENANTRY_HTTP_HTTP_H
#define TENANTRY_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

/* Every limit of a request, in one place. */
#define HTTP_URI_MAX 8192
#define HTTP_BODY_MAX 65536
#define HTTP_PARAMETERS_MAX 200
#define HTTP_FASTCGI_PARAMS_MAX 100 /* FastCGI name-value pairs */
#define HTTP_HEADER_VALUE_MAX 16384

enum http_method { HTTP_GET = 1, HTTP_HEAD = 2, HTTP_POST = 4, HTTP_OTHER = 8 };

struct http_parameter {
	const char *name, *value; /* decoded once; value may be broken UTF-8: `utf8` tells */
	bool utf8;
};

struct http_request { /* texts are never NULL: "" when they were not sent */
	struct arena *arena;
	enum http_method method;
	const char *method_text;
	const char *path;  /* decoded, below the base path, begins with "/"; without the query */
	const char *query; /* as sent, without "?"; "" when there is none */
	const char *address;    /* REMOTE_ADDR; the pipeline puts the client's there when that is a trusted proxy's */
	const char *forwarded;  /* X-Forwarded-For, as sent */
	const char *request_id; /* HTTP_X_REQUEST_ID or TENANTRY_REQUEST_ID when 8 to 64 of [A-Za-z0-9-], else made here */
	const char *host; /* the header Host, as sent: nothing but the look of pages before the login may depend on it */
	const char *cookies, *accept, *accept_encoding, *accept_language, *if_none_match, *authorization, *content_type, *agent, *idempotency_key;
	bool private_location; /* TENANTRY_PRIVATE is 1 */
	const char *sso_user, *sso_groups, *sso_key; /* TENANTRY_SSO_*: claims, until app/sso.h has admitted them */
	uid_t peer; /* whose process is on the other side of the connection; (uid_t)-1: it is no Unix socket */
	size_t query_count, form_count;
	const struct http_parameter *query_parameters, *form;
	const char *body;
	size_t body_length;
};

struct transport; /* a listening FastCGI socket and the connection of the request at hand */

/* Takes the listening socket FD (made by transport_listen() or inherited) for this process. NULL: no memory, or not to be set non-blocking. */
struct transport *transport_new(int fd);
void transport_free(struct transport *transport);

/* Makes a Unix socket for PATH, mode 0660, group GROUP (empty: unchanged), which nobody finds before transport_publish(). Returns the descriptor,
 * or -1 with errno: also when a process other than FORMER (0: any) listens at PATH, or a file that is no socket stands there. */
int transport_listen(const char *path, const char *group, pid_t former);

/* Puts what transport_listen() made for PATH there, in the place of what is there: a stale socket, or the one of FORMER, which goes on
 * serving who has connected to it. False with errno. Or takes it away again, unpublished. */
bool transport_publish(const char *path);
void transport_withdraw(const char *path);

/* Waits for a request with MASK as signal mask while waiting (ppoll), all else blocked while it is
 * read and served. Returns 1 with a request accepted, 0 when a signal or TIMEOUT_MS (-1: none) ended the wait, -1 when
 * what came was no valid FastCGI request of the Responder role (closed, logged once). */
int transport_accept(struct transport *transport, const void *sigset, int timeout_ms);

/* Parses the accepted request for an application under the base path BASE ("/" or "/partners/").
 * Follows contract.md's order: BAD_PATH, NOT_FOUND (not below BASE), URI_TOO_LONG, TOO_MANY_PARAMETERS,
 * BODY_TOO_LARGE, MEDIA_TYPE, BAD_REQUEST. On an error what could be read is in *REQUEST all the same (arena,
 * request_id, path "" at least); the pipeline decides which of route, method and this error answers first. */
enum error http_read(struct transport *transport, const char *base, struct arena *arena, struct http_request *request);

/* The request that FROM would have been with a POST of the form BODY to PATH and without a query. Shares FROM's texts. */
void http_form_request(const struct http_request *from, const char *path, const char *body, size_t length,
	struct http_request *request);

/* First value of a parameter, NULL when it is missing. */
const char *http_query(const struct http_request *request, const char *name);
const char *http_form(const struct http_request *request, const char *name);

/* Value of a cookie (RFC 6265; the first of several), in the arena; NULL when it is missing. */
const char *http_cookie(const struct http_request *request, const char *name);

#define HTTP_HEADERS_MAX 24
struct http_response {
	int status;
	const char *content_type; /* NULL: none (303, 304) */
	struct { const char *name, *value; } headers[HTTP_HEADERS_MAX];
	size_t header_count;
};

/* Adds a header. A value with CR, LF or NUL is a bug and aborts. NAME and VALUE are not copied. */
void http_header(struct http_response *response, const char *name, const char *value);

/* Sends a buffered answer with Content-Length (no body for HEAD), compressed when it is worth it and the client takes that, and
 * finishes the request. False when the client had gone. */
bool http_send(struct transport *transport, const struct http_request *request,
	const struct http_response *response, const void *body, size_t length);

/* A stream: begin, any number of writes, then end (complete) or cut (the client sees a failed download:
 * the connection closes without FCGI_END_REQUEST). False: the client has gone, write no more but still cut. */
bool http_stream_begin(struct transport *transport, const struct http_request *request,
	const struct http_response *response);
bool http_stream_write(struct transport *transport, const void *data, size_t length);
bool http_stream_end(struct transport *transport);
void http_stream_cut(struct transport *transport);

/* Has whoever waits for the answer gone away? Asked by what works long before its first byte. */
bool http_gone(const struct transport *transport);

/* Standard reason phrase of a status (RFC 9110). */
const char *http_reason(int status);

#endif
