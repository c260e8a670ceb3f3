/* A growable byte buffer with a stated maximum.
 *
 * An append that would pass the maximum sets `overflow`, adds nothing, and so do all later
 * ones: callers append freely and look once at the end. `data` is always NUL-terminated. */
#ifndef TENANTRY_BASE_BUF_H
#define TENANTRY_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t length;
	size_t capacity;
	size_t maximum;
	bool overflow;
};

/* An empty buffer that may grow to MAXIMUM bytes; end it with buf_free(). */
void buf_init(struct buf *buf, size_t maximum);
void buf_free(struct buf *buf);

/* Empties the buffer, clears `overflow`, keeps the memory. */
void buf_reset(struct buf *buf);

/* Room for LENGTH more bytes and the NUL; false, with `overflow` set, when that passes the maximum. */
bool buf_reserve(struct buf *buf, size_t length);

void buf_append(struct buf *buf, const void *data, size_t length);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends TEXT percent-encoded for a query value (RFC 3986: unreserved stay as they are). */
void buf_put_url(struct buf *buf, const char *text);

#define BUF_AUTO __attribute__((cleanup(buf_free))) struct buf

#endif
