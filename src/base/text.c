/* Text: UTF-8 checks, cleaning, and the folded form with its pieces by which names are found.
 *
 * The rule that the search rests on: folding goes character by character, and a word's mark
 * depends only on the character before it. So whatever part of a text somebody types folds to
 * a part of the folded text, and the pieces of the part are pieces of the whole. Must never
 * depend on the locale: what is stored folds the same on every host. */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/buf.h"

#define WORD_MARK 0x01
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* The longest decomposition in Unicode has 18 code points (U+FDFA). */
#define DECOMPOSED_MAX 64

/* Numbers of text_gram.near: the word's end, letters and digits, then others. */
#define NEAR_SLOTS 5
#define NEAR_BITS 6
#define NEAR_END 1u
#define NEAR_OTHER 38u
#define NEAR_LAST 63u

enum letter_class { CLASS_OTHER, CLASS_MARK, CLASS_WORD, CLASS_CJK };

/* The next code point at TEXT (LENGTH bytes, not 0) and its size in *SIZE; -1 and size 1 when
 * the bytes there are not well-formed. */
static int32_t code_point(const char *text, size_t length, size_t *size)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t got;

	*size = 1;
	if ((unsigned char)*text < 0x80)
		return (unsigned char)*text;
	got = utf8proc_iterate((const utf8proc_uint8_t *)text, length < 4 ? (utf8proc_ssize_t)length : 4, &c);
	if (got <= 0)
		return -1;
	*size = (size_t)got;
	return c;
}

static void put_code_point(struct buf *buf, int32_t c)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t size = utf8proc_encode_char(c, bytes);

	if (size > 0)
		buf_append(buf, bytes, (size_t)size);
}

bool text_is_utf8(const char *text, size_t length)
{
	for (size_t i = 0, size; i < length; i += size) {
		if (code_point(text + i, length - i, &size) <= 0)
			return false;
	}
	return true;
}

static bool is_control(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

static bool is_non_character(int32_t c)
{
	return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

static bool is_bidi_override(int32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool text_has_forbidden(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0, size; i < length; i += size) {
		int32_t c = code_point(text + i, length - i, &size);

		if (c < 0 || is_control(c) || is_non_character(c) || is_bidi_override(c) || c == 0x2028 || c == 0x2029)
			return true;
	}
	return false;
}

size_t text_length(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

/* What the document builder lets through. C1 controls and non-characters are XML, but no HTML. */
static bool is_clean(int32_t c)
{
	if (c == '\t' || c == '\n' || c == '\r')
		return true;
	return c >= 0 && !is_control(c) && !is_non_character(c) && !is_bidi_override(c);
}

const char *text_clean(struct arena *arena, const char *text)
{
	size_t length = strlen(text), i = 0, size;
	BUF_AUTO buf = { .data = NULL };

	while (i < length && is_clean(code_point(text + i, length - i, &size)))
		i += size;
	if (i == length)
		return text;
	buf_init(&buf, length * (sizeof REPLACEMENT - 1) + 1);
	buf_append(&buf, text, i);
	for (; i < length; i += size) {
		if (is_clean(code_point(text + i, length - i, &size)))
			buf_append(&buf, text + i, size);
		else
			buf_puts(&buf, REPLACEMENT);
	}
	return arena_strndup(arena, buf.data, buf.length);
}

static bool is_space(int32_t c)
{
	utf8proc_category_t category;

	if (c < 0x80)
		return c == ' ' || (c >= '\t' && c <= '\r');
	category = utf8proc_category(c);
	return c == 0x85 || category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
		category == UTF8PROC_CATEGORY_ZP;
}

char *text_trim(struct arena *arena, const char *text)
{
	size_t length = strlen(text), used = 0;
	char *trimmed = arena_alloc(arena, length + 1);
	bool space = false;

	for (size_t i = 0, size; i < length; i += size) {
		int32_t c = code_point(text + i, length - i, &size);

		if (c >= 0 && is_space(c)) {
			space = used > 0;
			continue;
		}
		if (space)
			trimmed[used++] = ' ';
		space = false;
		memcpy(trimmed + used, text + i, size);
		used += size;
	}
	return trimmed;
}

/* Letters of the scripts that write without spaces between words, as far as the folded form
 * has them (compatibility forms are gone): Han, Hiragana, Katakana, Hangul, Bopomofo. */
static bool is_cjk(int32_t c)
{
	static const struct { int32_t first, last; } ranges[] = {
		{ 0x1100, 0x11ff }, { 0x2e80, 0x2fdf }, { 0x3005, 0x3007 }, { 0x3021, 0x312f },
		{ 0x3130, 0x318f }, { 0x31a0, 0x31bf }, { 0x31f0, 0x31ff }, { 0x3400, 0x4dbf },
		{ 0x4e00, 0x9fff }, { 0xa960, 0xa97f }, { 0xac00, 0xd7ff }, { 0xf900, 0xfaff },
		{ 0x1aff0, 0x1b16f }, { 0x20000, 0x323af },
	};

	if (c < ranges[0].first)
		return false;
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

static enum letter_class classify(int32_t c)
{
	if (c == WORD_MARK)
		return CLASS_MARK;
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? CLASS_WORD : CLASS_OTHER;
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return is_cjk(c) ? CLASS_CJK : CLASS_WORD;
	default:
		return CLASS_OTHER;
	}
}

/* What folding has put out so far. */
struct fold {
	struct buf buf;
	enum letter_class last;
	bool started, space;
};

/* Puts out one decomposed, case-folded code point. Controls count as white space, so that
 * nobody types a mark of ours. */
static void fold_put(struct fold *fold, int32_t c, bool at_start)
{
	enum letter_class class;

	if (is_control(c) || is_space(c)) {
		if (!fold->space)
			buf_putc(&fold->buf, ' ');
		fold->space = fold->started = true;
		fold->last = CLASS_OTHER;
		return;
	}
	class = classify(c);
	if (class == CLASS_WORD && fold->last != CLASS_WORD && (at_start || fold->started))
		buf_putc(&fold->buf, WORD_MARK);
	put_code_point(&fold->buf, c);
	fold->last = class;
	fold->started = true;
	fold->space = false;
}

char *text_fold(struct arena *arena, const char *text, bool at_start)
{
	/* Decomposing one character at a time is enough: what the order of marks would change is
	 * taken off. Default ignorables (soft hyphen, joiners) go too, as in NFKC_Casefold. */
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
		UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
	utf8proc_int32_t decomposed[DECOMPOSED_MAX];
	size_t length = strlen(text);
	struct fold fold = { .last = CLASS_OTHER };
	char *folded = NULL;
	size_t i = 0, size;

	/* no character grows more than elevenfold (U+FDFA: 3 bytes to 33), marks included */
	buf_init(&fold.buf, 16 * length + 16);
	for (; i < length; i += size) {
		int32_t c = code_point(text + i, length - i, &size);
		utf8proc_ssize_t count;
		int bound = 0;

		if (c < 0)
			break;
		count = utf8proc_decompose_char(c, decomposed, DECOMPOSED_MAX, options, &bound);
		for (utf8proc_ssize_t k = 0; k < count && k < DECOMPOSED_MAX; k++)
			fold_put(&fold, decomposed[k], at_start);
	}
	if (i >= length && !fold.buf.overflow)
		folded = arena_strndup(arena, fold.buf.length > 0 ? fold.buf.data : "", fold.buf.length);
	buf_free(&fold.buf);
	return folded;
}

/* A folded text as it is cut into pieces. */
struct cutting {
	int32_t *points;
	size_t count;
	bool part; /* of a text that somebody looks for: it may go on at both ends */
	struct text_gram *grams;
	size_t gram_count;
};

static unsigned near_code(int32_t c)
{
	if (classify(c) != CLASS_WORD)
		return NEAR_END;
	if (c >= 'a' && c <= 'z')
		return NEAR_END + 1 + (unsigned)(c - 'a');
	if (c >= '0' && c <= '9')
		return NEAR_END + 27 + (unsigned)(c - '0');
	return NEAR_OTHER + (unsigned)c % (NEAR_LAST + 1 - NEAR_OTHER);
}

/* What stands on one side, from the point at FIRST on in steps of 1 or -1; *ALL is made false when the text says more than that. */
static uint64_t near_side(const struct cutting *cutting, size_t first, int step, bool *all)
{
	uint64_t near = 0;

	for (unsigned slot = 0;; slot++, first += (size_t)step) {
		bool beyond = first >= cutting->count; /* below 0 too: it wraps */
		unsigned code = beyond ? NEAR_END : near_code(cutting->points[first]);

		if (beyond && cutting->part)
			return near;
		/* a mark in front of all is no more than the word's beginning */
		if (slot == NEAR_SLOTS || code >= NEAR_OTHER || (code == NEAR_END && !(first == 0 && cutting->points[0] == WORD_MARK)))
			*all = false;
		if (slot == NEAR_SLOTS)
			return near;
		near |= (uint64_t)code << slot * NEAR_BITS;
		if (code == NEAR_END)
			return near;
	}
}

/* Adds the piece of the points [FIRST, END), with what is near when it is one of a word. */
static void cut_gram(struct cutting *cutting, uint64_t packed, size_t first, size_t end, bool word)
{
	struct text_gram *gram = &cutting->grams[cutting->gram_count++];

	*gram = (struct text_gram){ .gram = packed, .whole = true };
	if (!word) {
		gram->whole = first == 0 && end == cutting->count;
		return;
	}
	gram->near = near_side(cutting, end, 1, &gram->whole) << NEAR_SLOTS * NEAR_BITS;
	if (cutting->points[first] != WORD_MARK)
		gram->near |= near_side(cutting, first - 1, -1, &gram->whole);
	else if (first > 0)
		gram->whole = false;
}

uint64_t text_near_mask(uint64_t near)
{
	uint64_t mask = 0;

	for (unsigned slot = 0; slot < 2 * NEAR_SLOTS; slot++) {
		uint64_t bits = (uint64_t)NEAR_LAST << slot * NEAR_BITS;

		if ((near & bits) != 0)
			mask |= bits;
	}
	return mask;
}

static uint64_t gram_pack(int32_t a, int32_t b, int32_t c)
{
	return (uint64_t)a << 42 | (uint64_t)b << 21 | (uint64_t)c;
}

static int gram_compare(const void *left, const void *right)
{
	uint64_t a = ((const struct text_gram *)left)->gram, b = ((const struct text_gram *)right)->gram;

	return a < b ? -1 : a > b;
}

/* Sorts GRAMS and drops repeated ones; returns how many are left. */
static size_t gram_unique(struct text_gram *grams, size_t count)
{
	size_t kept = 0;

	qsort(grams, count, sizeof *grams, gram_compare);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || grams[i].gram != grams[kept - 1].gram)
			grams[kept++] = grams[i];
		else if (grams[i].near != grams[kept - 1].near)
			grams[kept - 1] = (struct text_gram){ .gram = grams[i].gram };
	}
	return kept;
}

static size_t grams_of(struct arena *arena, const char *folded, bool part, struct text_gram **grams)
{
	size_t length = strlen(folded), run = 0;
	struct cutting cutting = { .points = arena_array(arena, length + 1, sizeof *cutting.points), .part = part,
		/* a character ends at most two pieces: itself and the pair with the one before */
		.grams = arena_array(arena, 2 * length + 1, sizeof *cutting.grams) };
	const int32_t *points = cutting.points;
	enum letter_class last_class = CLASS_OTHER;

	for (size_t i = 0, size; i < length; i += size)
		cutting.points[cutting.count++] = code_point(folded + i, length - i, &size);
	for (size_t i = 0; i < cutting.count; i++) {
		enum letter_class class = points[i] < 0 ? CLASS_OTHER : classify(points[i]);

		if (class == CLASS_CJK) {
			cut_gram(&cutting, gram_pack(WORD_MARK, points[i], 0), i, i + 1, false);
			if (last_class == CLASS_CJK)
				cut_gram(&cutting, gram_pack(WORD_MARK, points[i - 1], points[i]), i - 1, i + 1, false);
		}
		/* `run` counts the code points of the word at hand, its mark included */
		run = class == CLASS_MARK ? 1 : class == CLASS_WORD ? run + 1 : 0;
		if (class == CLASS_WORD && run >= 3)
			cut_gram(&cutting, gram_pack(points[i - 2], points[i - 1], points[i]), i - 2, i + 1, true);
		last_class = class;
	}
	*grams = cutting.grams;
	return gram_unique(cutting.grams, cutting.gram_count);
}

size_t text_grams(struct arena *arena, const char *folded, struct text_gram **grams)
{
	return grams_of(arena, folded, false, grams);
}

/* FOLDED as a LIKE pattern that finds it at any place. */
static char *like_pattern(struct arena *arena, const char *folded)
{
	size_t length = strlen(folded), used = 0;
	char *pattern = arena_alloc(arena, 2 * length + 3);

	pattern[used++] = '%';
	for (size_t i = 0; i < length; i++) {
		if (strchr("%_!", folded[i]) != NULL)
			pattern[used++] = '!';
		pattern[used++] = folded[i];
	}
	pattern[used] = '%';
	return pattern;
}

char *text_query(struct arena *arena, const char *query, struct text_gram **grams, size_t *count)
{
	char *folded;
	size_t length, size, first;

	if (!text_is_utf8(query, strlen(query)))
		return NULL;
	folded = text_fold(arena, text_trim(arena, query), false);
	if (folded == NULL)
		return NULL;
	/* characters that fold to a space (U+00A8) may stand at the ends still */
	length = strlen(folded);
	while (length > 0 && folded[length - 1] == ' ')
		folded[--length] = '\0';
	first = strspn(folded, " ");
	folded += first;
	length -= first;
	if (length == 0)
		return NULL;
	/* One or two letters would be found nearly everywhere and have no piece of the index:
	 * they stand for the beginning of a word. */
	if (text_length(folded) <= 2 && classify(code_point(folded, length, &size)) == CLASS_WORD)
		folded = arena_printf(arena, "%c%s", WORD_MARK, folded);
	*count = grams_of(arena, folded, true, grams);
	return like_pattern(arena, folded);
}

/* Appends the first letter or digit of NAME as a capital. */
static void put_initial(struct buf *buf, const char *name)
{
	size_t length = name == NULL ? 0 : strlen(name);

	for (size_t i = 0, size; i < length; i += size) {
		int32_t c = code_point(name + i, length - i, &size);
		int32_t lower = c < 0 ? -1 : utf8proc_tolower(c);

		if (lower >= 0 && classify(lower) > CLASS_MARK) {
			put_code_point(buf, utf8proc_totitle(c));
			return;
		}
	}
}

char *text_initials(struct arena *arena, const char *first, const char *last)
{
	BUF_AUTO buf;

	buf_init(&buf, 16);
	put_initial(&buf, first);
	put_initial(&buf, last);
	return arena_strndup(arena, buf.length > 0 ? buf.data : "", buf.length);
}

char *text_uint(uint64_t number, char text[TEXT_NUMBER_SIZE])
{
	char *p = text + TEXT_NUMBER_SIZE - 1;
	*p = '\0';
	do {
		*--p = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return p;
}

char *text_int(int64_t number, char text[TEXT_NUMBER_SIZE])
{
	char *p = text_uint(number < 0 ? -(uint64_t)number : (uint64_t)number, text);
	if (number < 0)
		*--p = '-';
	return p;
}
