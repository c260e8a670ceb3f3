/* Folding and search pieces: the bytes up to the first NUL are a text, those after it are a query; and
 * any part of the text is a query too. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What LIKE PATTERN ESCAPE '!' says, for patterns of text_query(). */
static bool like(struct arena *arena, const char *text, const char *pattern)
{
	size_t length = strlen(pattern), used = 0;
	char *literal = arena_alloc(arena, length);

	assert(length >= 3 && pattern[0] == '%' && pattern[length - 1] == '%');
	for (size_t i = 1; i < length - 1; i++) {
		i += pattern[i] == '!';
		literal[used++] = pattern[i];
	}
	return strstr(text, literal) != NULL;
}

static void check_grams(struct arena *arena, const char *folded, const struct text_gram *query, size_t count)
{
	struct text_gram *grams;
	size_t all = text_grams(arena, folded, &grams), k = 0;

	for (size_t i = 0; i < count; i++) {
		while (k < all && grams[k].gram < query[i].gram)
			k++;
		assert(k < all && grams[k].gram == query[i].gram);
		assert(grams[k].near == 0 || (grams[k].near & text_near_mask(query[i].near)) == query[i].near);
	}
}

/* Returns whether QUERY finds FOLDED, and checks that the index would agree. */
static bool find(struct arena *arena, const char *folded, const char *query, bool *any_place)
{
	struct text_gram *grams;
	size_t count;
	char *pattern = text_query(arena, query, &grams, &count);

	*any_place = false;
	if (pattern == NULL)
		return false;
	*any_place = pattern[1] != 1;
	if (!like(arena, folded, pattern))
		return false;
	check_grams(arena, folded, grams, count);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO arena = arena_new();
	char *text = arena_strndup(arena, (const char *)data, size);
	size_t length = strlen(text);
	const char *query = length < size ? text + length + 1 : "", *folded, *clean;
	bool any_place;

	clean = text_clean(arena, text);
	assert(text_is_utf8(clean, strlen(clean)));
	(void)text_trim(arena, text);
	(void)text_has_forbidden(text);
	(void)text_initials(arena, text, query);
	folded = text_fold(arena, text, true);
	assert((folded != NULL) == text_is_utf8(text, length));
	if (folded == NULL)
		return 0;
	assert(text_is_utf8(folded, strlen(folded)));
	find(arena, folded, query, &any_place);
	if (length > 2) {
		/* a part of the text, chosen by its bytes */
		size_t first = (size_t)data[0] % length, last = first + (size_t)data[1] % (length - first);
		char *part = arena_strndup(arena, text + first, last - first + 1);
		bool found = find(arena, folded, part, &any_place);

		assert(found || !any_place || !text_is_utf8(part, strlen(part)));
	}
	return 0;
}
