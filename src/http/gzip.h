/* Content coding of buffered answers (RFC 9110, 8.4.1.3; RFC 1952). */
#ifndef TENANTRY_HTTP_GZIP_H
#define TENANTRY_HTTP_GZIP_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* An answer shorter than this fits into a packet as it is. */
#define GZIP_BYTES_MIN 1024

/* Does an Accept-Encoding header ("" when there is none) take gzip (RFC 9110, 12.5.3)? A weight of 0 says no. */
bool gzip_accepted(const char *accept_encoding);

/* BODY compressed, in the arena, *COMPRESSED bytes long; NULL when that would not be shorter. */
const void *gzip_body(struct arena *arena, const void *body, size_t length, size_t *compressed);

#endif
