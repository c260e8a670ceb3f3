/* The buffer of buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t maximum)
{
	*buf = (struct buf){ .data = NULL, .maximum = maximum };
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ .data = NULL, .maximum = buf->maximum };
}

void buf_reset(struct buf *buf)
{
	buf->length = 0;
	buf->overflow = false;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

bool buf_reserve(struct buf *buf, size_t length)
{
	if (buf->overflow || length > buf->maximum - buf->length) {
		buf->overflow = true;
		return false;
	}
	size_t wanted = buf->length + length + 1;
	if (wanted <= buf->capacity)
		return true;
	size_t capacity = buf->capacity < 256 ? 256 : buf->capacity;
	while (capacity < wanted)
		capacity *= 2;
	if (capacity > buf->maximum + 1)
		capacity = buf->maximum + 1;
	char *data = realloc(buf->data, capacity);
	if (data == NULL) {
		buf->overflow = true;
		return false;
	}
	buf->data = data;
	buf->capacity = capacity;
	return true;
}

void buf_append(struct buf *buf, const void *data, size_t length)
{
	if (!buf_reserve(buf, length))
		return;
	if (length > 0)
		memcpy(buf->data + buf->length, data, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_append(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char c)
{
	buf_append(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list values, again;
	va_start(values, format);
	va_copy(again, values);
	int length = vsnprintf(NULL, 0, format, values);
	va_end(values);
	if (length >= 0 && buf_reserve(buf, (size_t)length)) {
		vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
		buf->length += (size_t)length;
	}
	va_end(again);
}

void buf_put_url(struct buf *buf, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
		bool unreserved = (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
			(*p >= '0' && *p <= '9') || strchr("-._~", *p) != NULL;
		if (unreserved) {
			buf_putc(buf, (char)*p);
		} else {
			char escaped[3] = { '%', digits[*p >> 4], digits[*p & 15] };
			buf_append(buf, escaped, sizeof escaped);
		}
	}
}
