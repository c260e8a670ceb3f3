/* Compression of buffered answers with libdeflate. Streams are left to the web server: they are written as they come.
 *
 * A page holds a secret (its form token) beside text that a link can choose (what is searched for), which is what BREACH needs. It
 * gets nothing from it: each answer has a token of its own, with a new number and so a new hash (auth/form_token.h). */
#include "http/gzip.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <strings.h>
#include <string.h>

#include "base/arena.h"

/* Level 1 costs half of what level 6 does and leaves a page a tenth longer. */
#define LEVEL 1

/* Is the weight behind a coding ("; q=0.5", or nothing) above 0? */
static bool weight_above_zero(const char *text, const char *end)
{
	const char *q = text;
	while (q < end && strchr("; \t", *q) != NULL)
		q++;
	if (end - q < 2 || strncasecmp(q, "q=", 2) != 0)
		return true;
	for (q += 2; q < end && strchr("0. \t", *q) != NULL;)
		q++;
	return q < end;
}

bool gzip_accepted(const char *accept_encoding)
{
	bool any = false;
	for (const char *text = accept_encoding; *text != '\0';) {
		text += strspn(text, ", \t");
		size_t name = strcspn(text, ",; \t"), whole = strcspn(text, ",");
		bool taken = weight_above_zero(text + name, text + whole);
		if ((name == 4 && strncasecmp(text, "gzip", 4) == 0) || (name == 6 && strncasecmp(text, "x-gzip", 6) == 0))
			return taken;
		if (name == 1 && *text == '*')
			any = taken;
		text += whole;
	}
	return any;
}

const void *gzip_body(struct arena *arena, const void *body, size_t length, size_t *compressed)
{
	/* One a process, kept: making it costs more than a page. */
	static struct libdeflate_compressor *compressor;
	if (compressor == NULL)
		compressor = libdeflate_alloc_compressor(LEVEL);
	if (compressor == NULL)
		return NULL;
	void *out = arena_alloc(arena, length);
	*compressed = libdeflate_gzip_compress(compressor, body, length, out, length);
	return *compressed != 0 ? out : NULL;
}
