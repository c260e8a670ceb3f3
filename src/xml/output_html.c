/* The HTML writer of output_html.h, after libxml2's HTMLtree.c and entities.c. */
#include "xml/output_html.h"

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <libxml/xmlstring.h>

/* What a byte may not be to be copied as it is. */
enum { IN_TEXT = 1, IN_PLAIN = 2, IN_URI = 4 };
static unsigned char special[256];

/* Unreserved characters of RFC 2396, and what libxml2 lets pass in addresses. */
#define URI_KEPT "-_.!~*'()@/:=?;#%&,+<>"

static bool uri_keeps(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != '\0' && strchr(URI_KEPT, c) != NULL);
}

__attribute__((constructor))
static void special_fill(void)
{
	for (unsigned c = 0; c < 256; c++) {
		bool dropped = c < ' ' && c != '\t' && c != '\n' && c != '\r';
		bool entity = c == '<' || c == '>' || c == '&';
		special[c] = (unsigned char)((dropped || entity ? IN_TEXT | IN_PLAIN | IN_URI : 0) | (c == '"' ? IN_PLAIN : 0) |
			(uri_keeps((unsigned char)c) ? 0 : IN_URI));
	}
}

void html_text(struct buf *out, struct text text)
{
	const char *p = text.at, *end = text.at + text.length, *from = p;
	for (; p < end; p++) {
		if (!(special[(unsigned char)*p] & IN_TEXT))
			continue;
		put(out, from, (size_t)(p - from));
		from = p + 1;
		if (*p == '<')
			put(out, "&lt;", 4);
		else if (*p == '>')
			put(out, "&gt;", 4);
		else if (*p == '&')
			put(out, "&amp;", 5);
		/* else a control character: dropped */
	}
	put(out, from, (size_t)(p - from));
}

bool html_plain(struct text value, bool uri)
{
	unsigned char all = 0;
	for (size_t i = 0; i < value.length; i++)
		all |= special[(unsigned char)value.at[i]];
	return !(all & (uri ? IN_URI : IN_PLAIN));
}

/* Where the piece of an attribute ends that libxml2 copies unescaped, beginning at P: server-side includes (`<!--` to `-->`) and
 * `&{` to `}`. NULL when there is none. */
static const char *kept_until(const char *p, const char *end)
{
	const char *last = NULL;
	if (*p == '<' && end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
		last = memmem(p, (size_t)(end - p), "-->", 3);
		return last == NULL ? NULL : last + 3;
	}
	if (*p == '&' && end - p >= 2 && p[1] == '{')
		last = memchr(p, '}', (size_t)(end - p));
	return last == NULL ? NULL : last + 1;
}

static void put_encoded(struct buf *out, struct text value)
{
	const char *end = value.at + value.length, *kept;
	for (const char *p = value.at; p < end; p++) {
		if ((kept = kept_until(p, end)) != NULL) {
			put(out, p, (size_t)(kept - p));
			p = kept - 1;
		} else {
			html_text(out, (struct text){ p, 1 });
		}
	}
}

static void put_uri(struct buf *out, struct text encoded)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *p = encoded.at, *end = p + encoded.length;
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	for (; p < end; p++) {
		unsigned char c = (unsigned char)*p;
		char escaped[3] = { '%', digits[c >> 4], digits[c & 15] };
		if (uri_keeps(c))
			put(out, p, 1);
		else
			put(out, escaped, sizeof escaped);
	}
}

/* Quotes are not encoded: a value with double ones stands in single ones, and only one with both loses the double ones. */
static void put_quoted(struct buf *out, struct text encoded)
{
	bool twice = memchr(encoded.at, '"', encoded.length) != NULL, once = memchr(encoded.at, '\'', encoded.length) != NULL;
	const char *quote = twice && !once ? "'" : "\"";
	put(out, quote, 1);
	for (size_t i = 0; i < encoded.length; i++) {
		if (encoded.at[i] == '"' && once)
			put(out, "&quot;", 6);
		else
			put(out, encoded.at + i, 1);
	}
	put(out, quote, 1);
}

void html_attribute(struct buf *out, struct text value, bool uri)
{
	BUF_AUTO encoded;
	buf_init(&encoded, out->maximum);
	put_encoded(&encoded, value);
	if (encoded.overflow)
		out->overflow = true;
	struct text text = { encoded.data == NULL ? "" : encoded.data, encoded.length };
	if (!uri) {
		put_quoted(out, text);
		return;
	}
	put(out, "\"", 1);
	put_uri(out, text);
	put(out, "\"", 1);
}

enum attribute_class html_attribute_class(const xmlChar *name)
{
	static const char *const uris[] = { "href", "action", "src" };
	if (htmlIsBooleanAttr(name))
		return ATTRIBUTE_BOOLEAN;
	for (size_t i = 0; i < sizeof uris / sizeof *uris; i++)
		if (xmlStrcasecmp(name, BAD_CAST uris[i]) == 0)
			return ATTRIBUTE_URI;
	return xmlStrcasecmp(name, BAD_CAST "name") == 0 ? ATTRIBUTE_URI_IN_A : ATTRIBUTE_PLAIN;
}

bool html_empty(const xmlChar *name)
{
	const htmlElemDesc *info = htmlTagLookup(name);
	return info != NULL && info->empty;
}

bool html_short_empty(const xmlChar *name)
{
	const htmlElemDesc *info = htmlTagLookup(name);
	return info != NULL && info->saveEndTag != 0 && strcmp(info->name, "html") != 0 && strcmp(info->name, "body") != 0;
}
