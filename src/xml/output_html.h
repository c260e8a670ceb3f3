/* How libxml2 writes HTML, byte for byte: the text and the attributes of elements without a namespace. Elements
 * newer than its HTML 4 have nothing special. The differential tests hold this against libxml2 itself. */
#ifndef TENANTRY_XML_OUTPUT_HTML_H
#define TENANTRY_XML_OUTPUT_HTML_H

#include <string.h>

#include "xml/program.h"

/* buf_append() for many small pieces: the fast way inline. The NUL at the end is missing until buf_append() or the caller puts it. */
static inline void put(struct buf *out, const char *at, size_t length)
{
	if (length < out->capacity - out->length) {
		memcpy(out->data + out->length, at, length);
		out->length += length;
	} else {
		buf_append(out, at, length);
	}
}

/* Appends text between tags. */
void html_text(struct buf *out, struct text text);

/* May the value of an attribute stand between double quotes as it is? */
bool html_plain(struct text value, bool uri);

/* Appends the value of an attribute with its quotes. VALUE must not be in OUT. */
void html_attribute(struct buf *out, struct text value, bool uri);

enum attribute_class html_attribute_class(const xmlChar *name);

/* Is NAME an element without content and end tag; or one that gets no end tag while it is empty? */
bool html_empty(const xmlChar *name);
bool html_short_empty(const xmlChar *name);

#endif
