/* Text: what is well-formed, what a name may hold, and that a search finds what it must. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#define M "\x01" /* the mark in front of a word */

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static uint64_t gram(uint64_t a, uint64_t b, uint64_t c)
{
	return a << 42 | b << 21 | c;
}

static void test_broken_utf8_is_refused(void **state)
{
	static const char *const broken[] = {
		"\x80", "\xc3", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe2\x82", "\xe2\x28\xa1",
	};
	static const char *const good[] = {
		"", "a", "\xc2\x80", "\xe2\x82\xac", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
	};
	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
		assert_false(text_is_utf8(broken[i], strlen(broken[i])));
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(text_is_utf8(good[i], strlen(good[i])));
	assert_false(text_is_utf8("a\0b", 3));
	/* a sequence that the length cuts off is not read to its end */
	assert_false(text_is_utf8("\xe2\x82\xac", 2));
}

static void test_forbidden_characters_are_found(void **state)
{
	static const char *const forbidden[] = {
		"a\tb", "a\nb", "\x1b[0m", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xae", "\xe2\x81\xa6",
		"\xef\xbf\xbe", "\xef\xb7\x90", "\xf0\x9f\xbf\xbf",
	};
	(void)state;
	for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
		assert_true(text_has_forbidden(forbidden[i]));
	assert_false(text_has_forbidden("O'Brien & Söhne, 株式会社 \xe2\x80\x8f مرحبا \xf0\x9f\x98\x80"));
}

static void test_clean_replaces_what_xml_cannot_hold(void **state)
{
	const char *good = "tab\t, line\n, é, \xf0\x9f\x98\x80";
	(void)state;
	assert_ptr_equal(text_clean(arena, good), good);
	assert_string_equal(text_clean(arena, "a\x01z\xffq\xc3"), "a\xef\xbf\xbdz\xef\xbf\xbdq\xef\xbf\xbd");
	assert_string_equal(text_clean(arena, "\xe2\x80\xae" "evil\xef\xbf\xbf"), "\xef\xbf\xbd" "evil\xef\xbf\xbd");
	assert_string_equal(text_clean(arena, "\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void test_trim_makes_white_space_single(void **state)
{
	(void)state;
	assert_string_equal(text_trim(arena, " \t a \xc2\xa0\xe2\x80\x83 b\n"), "a b");
	assert_string_equal(text_trim(arena, "   "), "");
	assert_string_equal(text_trim(arena, "x"), "x");
	assert_int_equal(text_length("añ株\xf0\x9f\x98\x80"), 4);
}

static void test_fold_takes_off_marks_case_and_forms(void **state)
{
	(void)state;
	assert_string_equal(text_fold(arena, "Ångström", true), M "angstrom");
	assert_string_equal(text_fold(arena, "STRASSE Straße", true), M "strasse " M "strasse");
	assert_string_equal(text_fold(arena, "İstanbul", true), M "istanbul");
	assert_string_equal(text_fold(arena, "ﬁn ①", true), M "fin " M "1");
	assert_string_equal(text_fold(arena, "Ｆｕｌｌ", true), M "full");
	assert_string_equal(text_fold(arena, "co\xc2\xadop", true), M "coop");
	assert_string_equal(text_fold(arena, "Ελλάς", true), M "ελλασ");
	assert_string_equal(text_fold(arena, "カ\xe3\x82\x99", true), text_fold(arena, "ｶﾞ", true));
	assert_null(text_fold(arena, "\xff", true));
}

static void test_fold_marks_the_beginnings_of_words(void **state)
{
	(void)state;
	assert_string_equal(text_fold(arena, "O'Brien & Co.", true), M "o'" M "brien & " M "co.");
	assert_string_equal(text_fold(arena, "O'Brien", false), "o'" M "brien");
	assert_string_equal(text_fold(arena, " a  b", false), " " M "a " M "b");
	assert_string_equal(text_fold(arena, "日本abc株", true), "日本" M "abc株");
	assert_string_equal(text_fold(arena, "本abc", false), "本" M "abc");
	/* nobody can type a mark */
	assert_string_equal(text_fold(arena, "a\x01z", true), M "a " M "z");
}

static void test_grams_of_words_and_cjk(void **state)
{
	struct text_gram *grams;
	(void)state;
	assert_int_equal(text_grams(arena, M "abc", &grams), 2);
	assert_true(grams[0].gram == gram(1, 'a', 'b') && grams[1].gram == gram('a', 'b', 'c'));
	assert_int_equal(text_grams(arena, "abcd", &grams), 2);
	assert_true(grams[0].gram == gram('a', 'b', 'c') && grams[1].gram == gram('b', 'c', 'd'));
	assert_int_equal(text_grams(arena, M "a b", &grams), 0);
	assert_int_equal(text_grams(arena, "日本日本", &grams), 4);
	assert_true(grams[0].gram == gram(1, 0x65e5, 0) && grams[1].gram == gram(1, 0x65e5, 0x672c));
	assert_true(grams[2].gram == gram(1, 0x672c, 0) && grams[3].gram == gram(1, 0x672c, 0x65e5));
	assert_int_equal(text_grams(arena, "", &grams), 0);
}

static void test_query_of_one_or_two_letters_means_the_beginning_of_a_word(void **state)
{
	struct text_gram *grams;
	size_t count;
	(void)state;
	assert_string_equal(text_query(arena, "Ab", &grams, &count), "%" M "ab%");
	assert_int_equal(count, 1);
	assert_true(grams[0].gram == gram(1, 'a', 'b'));
	assert_string_equal(text_query(arena, " a ", &grams, &count), "%" M "a%");
	assert_int_equal(count, 0);
	assert_string_equal(text_query(arena, "本", &grams, &count), "%本%");
	assert_int_equal(count, 1);
	assert_string_equal(text_query(arena, "&", &grams, &count), "%&%");
	assert_string_equal(text_query(arena, "abc", &grams, &count), "%abc%");
	assert_int_equal(count, 1);
}

static void test_query_escapes_what_like_reads(void **state)
{
	struct text_gram *grams;
	size_t count;
	(void)state;
	assert_string_equal(text_query(arena, "100%_!\\", &grams, &count), "%100!%!_!!\\%");
	assert_null(text_query(arena, "", &grams, &count));
	assert_null(text_query(arena, " \t ", &grams, &count));
	assert_null(text_query(arena, "\xc2\xa8", &grams, &count)); /* a diaeresis alone folds to a space */
	assert_null(text_query(arena, "\xcc\x81", &grams, &count)); /* a mark alone to nothing */
	assert_null(text_query(arena, "a\xff", &grams, &count));
}

/* What LIKE PATTERN ESCAPE '!' says of TEXT, for patterns that begin and end with the only '%'. */
static bool like(const char *text, const char *pattern)
{
	size_t length = strlen(pattern), used = 0;
	char *literal = arena_alloc(arena, length);

	assert_true(length >= 3 && pattern[0] == '%' && pattern[length - 1] == '%');
	for (size_t i = 1; i < length - 1; i++) {
		if (pattern[i] == '!')
			i++;
		else
			assert_true(pattern[i] != '%' && pattern[i] != '_');
		literal[used++] = pattern[i];
	}
	return strstr(text, literal) != NULL;
}

static const char *const alphabet[] = {
	"a", "b", "c", "A", "B", "z", "1", "7", " ", " ", "  ", "é", "É", "e\xcc\x81", "\xcc\x88", "ß", "ﬁ", "İ", "ı", "ǅ",
	"Σ", "ς", "Ж", "ж", "ё", "م", "\xd9\x8f", "ﷺ", "ש", "\xd6\xb8", "ก", "ำ", "क", "\xe0\xa5\x8d", "日", "本", "株", "㈱",
	"か", "が", "カ", "ｶ", "ﾞ", "ー", "・", "한", "글", "\xe1\x84\x92", "ㄅ", "々", "〇", "&", "'", "-", ".", "%", "_", "!", "\\",
	"\xc2\xa0", "\xc2\xad", "\xe2\x80\x8d", "\xc2\xa8", "\xf0\x9f\x98\x80", "\xf0\xa0\x80\x80", "½", "²", "№", "\x01", "\t",
};
#define LETTERS (sizeof alphabet / sizeof alphabet[0])

/* The entry of a query's piece; NULL when the text has none, or what is near it does not fit. */
static const struct text_gram *gram_fits(const struct text_gram *all, size_t count, const struct text_gram *wanted)
{
	for (size_t i = 0; i < count; i++) {
		if (all[i].gram == wanted->gram)
			return all[i].near == 0 || (all[i].near & text_near_mask(wanted->near)) == wanted->near ? &all[i] : NULL;
	}
	return NULL;
}

static bool grams_hold(const struct text_gram *all, size_t count, const struct text_gram *some, size_t some_count)
{
	for (size_t i = 0; i < some_count; i++) {
		if (gram_fits(all, count, &some[i]) == NULL)
			return false;
	}
	return true;
}

static void test_any_part_of_a_text_finds_it(void **state)
{
	size_t tried = 0;
	(void)state;
	srand(20261122);
	for (int round = 0; round < 40000; round++) {
		size_t count = (size_t)(rand() % 14 + 1), first = (size_t)rand() % count;
		size_t last = first + (size_t)rand() % (count - first);
		struct text_gram *text_list, *query_list;
		size_t text_count, query_count;
		BUF_AUTO text;
		BUF_AUTO part;

		buf_init(&text, 4096);
		buf_init(&part, 4096);
		for (size_t i = 0; i < count; i++) {
			const char *letter = alphabet[(size_t)rand() % LETTERS];

			buf_puts(&text, letter);
			if (i >= first && i <= last)
				buf_puts(&part, letter);
		}
		arena_reset(arena);
		const char *folded = text_fold(arena, text.data, true);
		const char *pattern = text_query(arena, part.data, &query_list, &query_count);
		if (pattern == NULL)
			continue;
		text_count = text_grams(arena, folded, &text_list);
		/* one or two letters need the beginning of a word, which a part need not have */
		bool found = like(folded, pattern);
		if (pattern[1] != 1 || strlen(pattern) > strlen("%" M "%") + 2 * 4)
			assert_true(found);
		if (found) {
			assert_true(grams_hold(text_list, text_count, query_list, query_count));
			tried++;
		}
	}
	assert_true(tried > 20000);
}

static void test_whatever_like_finds_has_the_grams(void **state)
{
	(void)state;
	srand(7);
	for (int round = 0; round < 40000; round++) {
		char text[64] = "", query[32] = "";
		struct text_gram *text_list, *query_list;
		size_t text_count, query_count;

		/* few letters, so that chance finds often */
		for (int i = rand() % 8; i >= 0; i--)
			strncat(text, alphabet[(size_t)rand() % 3 * 16], sizeof text - strlen(text) - 1);
		for (int i = rand() % 4; i >= 0; i--)
			strncat(query, alphabet[(size_t)rand() % 3 * 16], sizeof query - strlen(query) - 1);
		arena_reset(arena);
		const char *folded = text_fold(arena, text, true);
		const char *pattern = text_query(arena, query, &query_list, &query_count);
		if (pattern == NULL || !like(folded, pattern))
			continue;
		text_count = text_grams(arena, folded, &text_list);
		assert_true(grams_hold(text_list, text_count, query_list, query_count));
	}
}

static void near_agrees_with_like(const char *text, const char *query, size_t *decided)
{
	struct text_gram *text_list, *query_list;
	size_t text_count, query_count;

	arena_reset(arena);
	const char *folded = text_fold(arena, text, true);
	const char *pattern = text_query(arena, query, &query_list, &query_count);
	if (pattern == NULL)
		return;
	bool found = like(folded, pattern);
	text_count = text_grams(arena, folded, &text_list);
	assert_true(!found || grams_hold(text_list, text_count, query_list, query_count));
	for (size_t i = 0; i < query_count; i++) {
		const struct text_gram *entry = gram_fits(text_list, text_count, &query_list[i]);

		if (!query_list[i].whole || (entry != NULL && entry->near == 0 && query_list[i].near != 0))
			continue;
		assert_true(found == (entry != NULL));
		decided[found]++;
	}
}

static void test_what_is_near_a_piece_says_what_like_says(void **state)
{
	static const char *const few[] = { "a", "b", "c", "d", "e", "4", "a", "b", "c", "ж", "本", " ", "-", "É" };
	size_t decided[2] = { 0 };
	(void)state;
	srand(11);
	for (int round = 0; round < 100000; round++) {
		char text[128] = "", query[64] = "";
		int letters = 2 + rand() % 13, count = rand() % 24, first = rand() % (count + 1), length = 1 + rand() % 14;

		for (int i = 0; i < count; i++) {
			const char *letter = few[rand() % letters];

			strcat(text, letter);
			if (i >= first && i < first + length)
				strcat(query, rand() % 40 > 0 ? letter : "b");
		}
		near_agrees_with_like(text, query, decided);
	}
	assert_true(decided[false] > 5000 && decided[true] > 5000);
}

static void test_what_is_near_is_told_for_five_characters(void **state)
{
	struct text_gram *grams;
	size_t count;
	(void)state;
	/* "hij": e d and the word's end before it, nothing behind that; k l m n o after it */
	assert_int_equal(text_grams(arena, M "ghijklmnopq", &grams), 10);
	assert_true(grams[2].gram == gram('h', 'i', 'j') && grams[2].near == (UINT64_C(8) | 1 << 6 | UINT64_C(12) << 30 | UINT64_C(13) << 36 |
		UINT64_C(14) << 42 | UINT64_C(15) << 48 | UINT64_C(16) << 54));
	text_query(arena, "ghijklmno", &grams, &count);
	assert_true(grams[1].gram == gram('h', 'i', 'j') && grams[1].whole && !grams[0].whole);
	text_query(arena, "hij k", &grams, &count);
	assert_true(count == 1 && !grams[0].whole && grams[0].near == UINT64_C(1) << 30);
	/* in two places */
	assert_int_equal(text_grams(arena, M "banana", &grams), 4);
	assert_true(grams[1].gram == gram('a', 'n', 'a') && grams[1].near == 0);
}

static void test_every_character_folds_to_what_stays(void **state)
{
	(void)state;
	for (uint32_t c = 2; c <= 0x10ffff; c++) {
		char text[8] = "";
		size_t length = 0;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		if (c < 0x80) {
			text[length++] = (char)c;
		} else if (c < 0x800) {
			text[length++] = (char)(0xc0 | c >> 6);
		} else if (c < 0x10000) {
			text[length++] = (char)(0xe0 | c >> 12);
			text[length++] = (char)(0x80 | (c >> 6 & 0x3f));
		} else {
			text[length++] = (char)(0xf0 | c >> 18);
			text[length++] = (char)(0x80 | (c >> 12 & 0x3f));
			text[length++] = (char)(0x80 | (c >> 6 & 0x3f));
		}
		if (c >= 0x80)
			text[length++] = (char)(0x80 | (c & 0x3f));
		arena_reset(arena);
		const char *once = text_fold(arena, text, false);
		assert_non_null(once);
		assert_true(text_is_utf8(once, strlen(once)));
		if (strchr(once, 1) == NULL)
			assert_string_equal(text_fold(arena, once, false), once);
	}
}

static void test_initials(void **state)
{
	(void)state;
	assert_string_equal(text_initials(arena, "Dana", "Whitfield"), "DW");
	assert_string_equal(text_initials(arena, "émile", "ñandú"), "ÉÑ");
	assert_string_equal(text_initials(arena, " 'dana", ""), "D");
	assert_string_equal(text_initials(arena, "太郎", "山田"), "太山");
	assert_string_equal(text_initials(arena, "", NULL), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_utf8_is_refused),
		cmocka_unit_test(test_forbidden_characters_are_found),
		cmocka_unit_test(test_clean_replaces_what_xml_cannot_hold),
		cmocka_unit_test(test_trim_makes_white_space_single),
		cmocka_unit_test(test_fold_takes_off_marks_case_and_forms),
		cmocka_unit_test(test_fold_marks_the_beginnings_of_words),
		cmocka_unit_test(test_grams_of_words_and_cjk),
		cmocka_unit_test(test_query_of_one_or_two_letters_means_the_beginning_of_a_word),
		cmocka_unit_test(test_query_escapes_what_like_reads),
		cmocka_unit_test(test_any_part_of_a_text_finds_it),
		cmocka_unit_test(test_whatever_like_finds_has_the_grams),
		cmocka_unit_test(test_what_is_near_a_piece_says_what_like_says),
		cmocka_unit_test(test_what_is_near_is_told_for_five_characters),
		cmocka_unit_test(test_every_character_folds_to_what_stays),
		cmocka_unit_test(test_initials),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
