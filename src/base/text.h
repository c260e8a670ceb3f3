/* Text: UTF-8 validity, folding for search, the pieces that the search index keeps. */
#ifndef TENANTRY_BASE_TEXT_H
#define TENANTRY_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Is TEXT (LENGTH bytes) well-formed UTF-8 (RFC 3629: no surrogates, nothing over U+10FFFF,
 * no overlong form) and free of NUL? */
bool text_is_utf8(const char *text, size_t length);

/* A character that a name, or any single line a person types, may not hold: C0 and C1
 * controls, line and paragraph separators, bidirectional overrides and isolates
 * (U+202A..202E, U+2066..2069), non-characters. TEXT must be well-formed. */
bool text_has_forbidden(const char *text);

/* Number of code points of well-formed TEXT. */
size_t text_length(const char *text);

/* TEXT with what XML 1.0 cannot hold (broken UTF-8, controls but TAB LF CR, U+FFFE, U+FFFF)
 * and bidirectional overrides replaced by U+FFFD. Gives TEXT itself when nothing is replaced,
 * else a copy in the arena. */
const char *text_clean(struct arena *arena, const char *text);

/* TEXT without white space at both ends and with runs of it made one space, in the arena. */
char *text_trim(struct arena *arena, const char *text);

/* The folded form that search compares: NFKD, marks taken off, case folded (Unicode 3.13),
 * white space runs made one space; each word of a script other than CJK has U+0001 in
 * front, except the first when AT_START is false (so that a query can match inside a word).
 * In the arena; NULL when TEXT is not well-formed. */
char *text_fold(struct arena *arena, const char *text, bool at_start);

/* A piece of a folded text. GRAM: three code points of 21 bits packed in 63 bits. NEAR: what stands around it in its word, up to
 * five characters on either side, six bits each, the nearest first: 0 nothing (behind an end, or not told), 1 the word's end, then
 * a to z, 0 to 9, others (several share a number). 0 as a whole: CJK, or it stands in several places; the text itself tells.
 * WHOLE, of a query: the piece and what is near are all that it says. */
struct text_gram {
	uint64_t gram, near;
	bool whole;
};

/* The pieces of a folded text by which the index finds it: for each word its runs of three
 * code points (the U+0001 in front counts as one), for each run of CJK its single characters
 * and pairs. Sorted, each once. */
size_t text_grams(struct arena *arena, const char *folded, struct text_gram **grams);

/* The bits of an entry's NEAR that tell whether a query's piece with this NEAR may stand there: under this mask they are the same, or
 * the entry's is 0. */
uint64_t text_near_mask(uint64_t near);

/* The pattern for SQL LIKE ... ESCAPE '!' of a query as a person typed it: any place; for one
 * or two letters the beginning of a word, in CJK any place. In the arena; NULL when the query
 * is empty after folding or not well-formed. *GRAMS: the pieces that a match must have, with
 * what must be near them; may be none. */
char *text_query(struct arena *arena, const char *query, struct text_gram **grams, size_t *count);

/* Two initials for an avatar ("Dana Whitfield" gives "DW"), in the arena. */
char *text_initials(struct arena *arena, const char *first, const char *last);

/* NUMBER in decimal, at the end of TEXT; where it begins. snprintf() takes ten times as long, which shows in lists. */
#define TEXT_NUMBER_SIZE 24
char *text_uint(uint64_t number, char text[TEXT_NUMBER_SIZE]);
char *text_int(int64_t number, char text[TEXT_NUMBER_SIZE]);

#endif
