/* The connection of the request at hand, for request.c and response.c alone. */
#ifndef TENANTRY_HTTP_TRANSPORT_H
#define TENANTRY_HTTP_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct transport;

/* A FastCGI parameter of the accepted request; NULL when it was not sent. */
const char *transport_param(const struct transport *transport, const char *name);

/* What the request brought besides its parameters. */
struct transport_input {
	const char *body; /* valid until the next transport_accept() */
	size_t body_length;
	unsigned param_count;
	bool body_too_large, param_nul;
	uid_t peer; /* as the kernel tells it; (uid_t)-1: not over a Unix socket */
};
void transport_input(const struct transport *transport, struct transport_input *input);

/* Sends bytes of the CGI answer; false when the client has gone, and then nothing is sent any more. */
bool transport_write(struct transport *transport, const void *data, size_t length);

/* Sends the whole CGI answer at once, ends the request, closes the connection. False when the client has gone. */
bool transport_answer(struct transport *transport, const void *head, size_t head_length, const void *body, size_t body_length);

/* Ends the request and closes the connection: complete, or so that the web server sees that it is not. */
bool transport_finish(struct transport *transport);
void transport_cut(struct transport *transport);

/* Has the web server closed the connection? One that has only said that it writes no more is still there. */
bool transport_gone(const struct transport *transport);

/* Whether what is written from now on is left out (the body of a HEAD request). */
void transport_mute(struct transport *transport, bool mute);
bool transport_muted(const struct transport *transport);

#endif
