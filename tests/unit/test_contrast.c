/* The contrast of themes' colours: what is warned of, with its place, and of what nothing is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "command/contrast.h"
#include "files.h"

#define OURS ":root { --paper: light-dark(#ffffff, #000); --accent: light-dark(#0b5fcc, #6aa9ff); }\n"

static int set_up(void **state)
{
	(void)state;
	return make_top() != 0 || chdir(top) != 0;
}

static void check_said(const char *theme, const char *expected)
{
	char *said = NULL;
	size_t size;
	put("ours.css", OURS);
	put("theme.css", theme);
	FILE *file = open_memstream(&said, &size);
	contrast_warn("ours.css", "theme.css", file);
	fclose(file);
	assert_string_equal(said, expected);
	free(said);
}

static void too_little_contrast_is_said_with_pair_line_and_ratio(void **state)
{
	(void)state;
	/* #767676 on white is the lightest grey that is enough: 4.54 */
	check_said(":root {\n\t--ink: light-dark(#767676, #FFF);\n\t--accent: light-dark(#777777, #6aa9ff);\n}\n",
		"theme.css:3: warning: text in --accent on --paper has a contrast of 4.47:1 in light, less than 4.5:1\n");
	check_said("/* one\nline more */ :root{--ink:#777}",
		"theme.css:2: warning: text in --ink on --paper has a contrast of 4.47:1 in light, less than 4.5:1\n");
}

static void a_ground_of_the_theme_is_held_against_our_text(void **state)
{
	(void)state;
	check_said(":root { --hover: light-dark(\n\t#0b5fcc, #000000);\n\n\t--on-accent: light-dark(#fff,#000) }",
		"theme.css:1: warning: text in --accent on --hover has a contrast of 1.00:1 in light, less than 4.5:1\n");
}

static void of_what_is_not_known_nothing_is_said(void **state)
{
	(void)state;
	check_said(":root { --ink: oklch(99% 0 0); --paper: var(--ground); --accent: light-dark(#fff, white); --bad: #ffff; }", "");
	check_said("body { --ink: #fff; } :root { --good: #fff; color: #fff }", "");
	check_said(":root { --ink: #fff } @media (prefers-color-scheme: light) { :root { --ink: #000 } }", "");
	check_said("/* :root { --ink: #fff }", "");
	check_said(":root { --ink: #fff", "theme.css:1: warning: text in --ink on --paper has a contrast of 1.00:1 in light, less than 4.5:1\n");
	check_said("", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, remove_top)
		T(too_little_contrast_is_said_with_pair_line_and_ratio),
		T(a_ground_of_the_theme_is_held_against_our_text),
		T(of_what_is_not_known_nothing_is_said),
#undef T
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
