/* The cells of CSV: quoting as RFC 4180 has it, and the guard against formulas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "xml/xml.h"

static void check(const char *text, bool guard, const char *expected)
{
	BUF_AUTO out;
	buf_init(&out, 4096);
	buf_puts(&out, "|");
	csv_cell(&out, text, guard);
	assert_false(out.overflow);
	assert_string_equal(out.data + 1, expected);
}

static void test_plain_text_stays_as_it_is(void **state)
{
	(void)state;
	check("", true, "");
	check("Brightwater Utilities", true, "Brightwater Utilities");
	check("株式会社サンプル", true, "株式会社サンプル");
	check("2/5", true, "2/5");
	check(" leading and trailing ", true, " leading and trailing ");
	check("it's <b>&amp;", true, "it's <b>&amp;");
}

static void test_separators_and_quotes_are_quoted(void **state)
{
	(void)state;
	check("2 active, 1 draft", true, "\"2 active, 1 draft\"");
	check("\"", true, "\"\"\"\"");
	check("\"Delta\", Inc.", true, "\"\"\"Delta\"\", Inc.\"");
	check("a\nb", true, "\"a\nb\"");
	check("a\r\nb", true, "\"a\r\nb\"");
	check("ends with \"", true, "\"ends with \"\"\"");
}

static void test_formulas_are_guarded(void **state)
{
	(void)state;
	check("=1+1", true, "'=1+1");
	check("+49 30 1234", true, "'+49 30 1234");
	check("-5", true, "'-5");
	check("@SUM(A1)", true, "'@SUM(A1)");
	check("\tx", true, "'\tx");
	check("\rx", true, "\"'\rx\"");
	check("=HYPERLINK(\"http://x\",\"y\")", true, "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
	check("a=b", true, "a=b");
}

static void test_the_mark_for_nothing_is_no_formula(void **state)
{
	(void)state;
	check("---", true, "---");
	check("----", true, "'----");
	check("--- ", true, "'--- ");
	check("--", true, "'--");
}

static void test_raw_cells_are_not_guarded(void **state)
{
	(void)state;
	check("=1+1", false, "=1+1");
	check("-5", false, "-5");
	check("=a,b", false, "\"=a,b\"");
}

static void test_a_cell_that_does_not_fit_is_seen(void **state)
{
	(void)state;
	BUF_AUTO out;
	buf_init(&out, 4);
	csv_cell(&out, "12345", true);
	assert_true(out.overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_text_stays_as_it_is),
		cmocka_unit_test(test_separators_and_quotes_are_quoted),
		cmocka_unit_test(test_formulas_are_guarded),
		cmocka_unit_test(test_the_mark_for_nothing_is_no_formula),
		cmocka_unit_test(test_raw_cells_are_not_guarded),
		cmocka_unit_test(test_a_cell_that_does_not_fit_is_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
