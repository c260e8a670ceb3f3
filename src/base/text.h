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

/* The pieces of a folded text by which the index finds it: for each word its runs of three
 * code points (the U+0001 in front counts as one), for each run of CJK its single characters
 * and pairs. Sorted, each once; each is three code points of 21 bits packed in 63 bits.
 * For a query folded with AT_START false the same function gives what a match must have. */
size_t text_grams(struct arena *arena, const char *folded, uint64_t **grams);

/* The pattern for SQL LIKE ... ESCAPE '!' of a query as a person typed it: any place; for one
 * or two letters the beginning of a word, in CJK any place. In the arena; NULL when the query
 * is empty after folding or not well-formed. *GRAMS as text_grams() gives for it; may be 0. */
char *text_query(struct arena *arena, const char *query, uint64_t **grams, size_t *count);

/* Two initials for an avatar ("Dana Whitfield" gives "DW"), in the arena. */
char *text_initials(struct arena *arena, const char *first, const char *last);

/* NUMBER in decimal, at the end of TEXT; where it begins. snprintf() takes ten times as long, which shows in lists. */
#define TEXT_NUMBER_SIZE 24
char *text_uint(uint64_t number, char text[TEXT_NUMBER_SIZE]);
char *text_int(int64_t number, char text[TEXT_NUMBER_SIZE]);

#endif
