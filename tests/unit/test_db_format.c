/* The formatter: what a value can become, and that it stays a value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

#include "base/buf.h"
#include "db/format.h"

/* Doubles quotes and backslashes, as an escaper does. */
static unsigned long escape(void *arg, char *to, const char *from, unsigned long length)
{
	unsigned long used = 0;

	(void)arg;
	for (unsigned long i = 0; i < length; i++) {
		if (from[i] == '\'' || from[i] == '\\')
			to[used++] = '\\';
		to[used++] = from[i];
	}
	to[used] = '\0';
	return used;
}

static const struct format_range range = { 1125899906842624, 2251799813685248 };

static void check(const char *sql, const struct db_value *values, size_t count, const char *wanted)
{
	BUF_AUTO buf;

	buf_init(&buf, 65536);
	assert_null(format_sql(&buf, sql, &range, values, count, escape, NULL));
	assert_false(buf.overflow);
	assert_string_equal(buf.data, wanted);
}

static void check_fault(const char *sql, const struct format_range *given, const struct db_value *values, size_t count)
{
	BUF_AUTO buf;

	buf_init(&buf, 65536);
	assert_non_null(format_sql(&buf, sql, given, values, count, escape, NULL));
}

static void numbers_are_decimal(void **state)
{
	(void)state;
	check("SELECT ?, ?,?", DB_VALUES(DB_INT(0), DB_INT(INT64_MIN), DB_UINT(UINT64_MAX)),
		"SELECT 0, -9223372036854775808,18446744073709551615");
}

static void texts_are_quoted_and_escaped(void **state)
{
	(void)state;
	check("a = ?", DB_VALUES(DB_TEXT("it's a \\ ? SCOPE(t)")), "a = 'it\\'s a \\\\ ? SCOPE(t)'");
	check("?", DB_VALUES(DB_TEXT("")), "''");
}

static void long_texts_are_cut_between_characters(void **state)
{
	char text[4096], wanted[4200];

	(void)state;
	for (size_t shift = 0; shift < 4; shift++) {
		size_t used = 0;

		memset(text, 'a', shift);
		for (used = shift; used + 4 < sizeof text; used += 4)
			memcpy(text + used, "\xf0\x9f\x98\x80", 4);
		text[used] = '\0';
		wanted[0] = '\'';
		memcpy(wanted + 1, text, used);
		memcpy(wanted + 1 + used, "'", 2);
		check("?", DB_VALUES(DB_TEXT(text)), wanted);
	}
}

static void bytes_are_hexadecimal(void **state)
{
	(void)state;
	check("?, ?", DB_VALUES(DB_BYTES("\0\x7f\xff'", 4), DB_BYTES("", 0)), "x'007fff27', x''");
}

static void missing_values_are_null(void **state)
{
	(void)state;
	check("?, ?, ?", DB_VALUES(DB_NULL, DB_TEXT(NULL), DB_BYTES(NULL, 0)), "NULL, NULL, NULL");
}

static void a_list_stands_inside_in(void **state)
{
	const uint64_t numbers[] = { 1, UINT64_MAX, 3 };

	(void)state;
	check("a IN (?)", DB_VALUES(DB_UINTS(numbers, 3)), "a IN (1,18446744073709551615,3)");
	check("a IN (?)", DB_VALUES(DB_UINTS(numbers, 0)), "a IN (NULL)");
}

static void a_scope_is_an_interval_of_its_alias(void **state)
{
	(void)state;
	check("FROM t JOIN u WHERE SCOPE(t) AND SCOPE(u) AND t.a = ?", DB_VALUES(DB_INT(5)),
		"FROM t JOIN u WHERE (t.tree_pos >= 1125899906842624 AND t.tree_pos < 2251799813685248) AND "
		"(u.tree_pos >= 1125899906842624 AND u.tree_pos < 2251799813685248) AND t.a = 5");
}

static void quoted_parts_of_a_statement_are_left_alone(void **state)
{
	(void)state;
	check("SELECT '?', \"SCOPE(t)\", `?`, SUM(x), ?", DB_VALUES(DB_INT(1)), "SELECT '?', \"SCOPE(t)\", `?`, SUM(x), 1");
}

static void mistakes_are_told(void **state)
{
	(void)state;
	check_fault("SELECT ?", &range, DB_NO_VALUES);
	check_fault("SELECT 1", &range, DB_VALUES(DB_INT(1)));
	check_fault("WHERE SCOPE(t)", NULL, DB_NO_VALUES);
	check_fault("WHERE SCOPE(t", &range, DB_NO_VALUES);
	check_fault("WHERE SCOPE()", &range, DB_NO_VALUES);
	check_fault("SELECT 'a", &range, DB_NO_VALUES);
}

static void a_statement_that_is_too_long_overflows(void **state)
{
	BUF_AUTO buf;

	(void)state;
	buf_init(&buf, 16);
	assert_null(format_sql(&buf, "SELECT ?", NULL, DB_VALUES(DB_TEXT("longer than that")), escape, NULL));
	assert_true(buf.overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_decimal),
		cmocka_unit_test(texts_are_quoted_and_escaped),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(bytes_are_hexadecimal),
		cmocka_unit_test(missing_values_are_null),
		cmocka_unit_test(a_list_stands_inside_in),
		cmocka_unit_test(a_scope_is_an_interval_of_its_alias),
		cmocka_unit_test(quoted_parts_of_a_statement_are_left_alone),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(a_statement_that_is_too_long_overflows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
