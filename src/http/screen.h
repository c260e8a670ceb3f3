/* Looks at FastCGI records before libfcgi reads them.
 *
 * libfcgi 2.4.2 takes what it is sent: it allocates the length that a name-value pair declares (up to
 * 4 GiB in all), answers a management record into a fixed buffer of 64 bytes whatever it asks for, and has
 * no time limit. So a request is let through to it only when it is here whole and in order. */
#ifndef TENANTRY_HTTP_SCREEN_H
#define TENANTRY_HTTP_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCREEN_HEADER 8                /* bytes of a record's header */
#define SCREEN_PARAMS_MAX ((size_t)131072) /* bytes of all name-value pairs of a request */

enum screen_verdict {
	SCREEN_KEEP,      /* part of the request */
	SCREEN_LAST,      /* part of the request, which is whole now */
	SCREEN_DROP,      /* not for libfcgi: another request's, or body over HTTP_BODY_MAX */
	SCREEN_MULTIPLEX, /* begins another request on this connection: not for libfcgi */
	SCREEN_ROLE,      /* asks for a role other than Responder */
	SCREEN_ABORT,     /* the client gave the request up */
	SCREEN_BAD        /* no FastCGI, or more than we take */
};

/* What is known of a request so far; begin with all zero. */
struct screen {
	uint16_t id;           /* of the request, 0 before it has begun */
	bool params_ended;
	bool body_too_large;
	bool nul;              /* a name or value holds a NUL byte, which libfcgi takes for its end */
	unsigned pairs;        /* name-value pairs begun */
	size_t params_length, body_length;
	/* the pair at hand, which may go on in the next record */
	unsigned length_bytes; /* bytes of the length that are still to come */
	unsigned lengths;      /* lengths known: 0, 1 (name) or 2 (both: `left` counts) */
	uint32_t length;
	size_t left;
};

/* Size of the whole record (header, content, padding) that begins with HEADER. */
size_t screen_record_size(const uint8_t header[SCREEN_HEADER]);

/* Request ID of a record. */
uint16_t screen_record_id(const uint8_t header[SCREEN_HEADER]);

/* Has the record padding that libfcgi would forget, and then read as records? It does so with the record that
 * begins a request and with those that end its parameters. */
bool screen_padding_lost(const uint8_t header[SCREEN_HEADER]);

/* Judges the next whole record. After SCREEN_LAST, ROLE, ABORT and BAD no further one is asked about. */
enum screen_verdict screen_record(struct screen *screen, const uint8_t *record);

#endif
