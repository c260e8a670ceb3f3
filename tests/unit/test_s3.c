/* base/s3.c against the naming rules for general purpose buckets in Amazon's S3 user guide, one case or more a rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/s3.h"

#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void assert_good(const char *location)
{
	const char *wrong = "untouched";

	if (!s3_location_valid(location, &wrong)) {
		print_message("# %s: %s\n", location, wrong);
		fail();
	}
	assert_string_equal(wrong, "untouched");
}

/* ... and the sentence has PART in it. */
static void assert_bad(const char *location, const char *part)
{
	const char *wrong = NULL;

	if (s3_location_valid(location, &wrong) || wrong == NULL || strstr(wrong, part) == NULL) {
		print_message("# %s: %s\n", location, wrong != NULL ? wrong : "taken");
		fail();
	}
}

static void assert_bucket(const char *bucket, const char *part)
{
	char location[200];

	snprintf(location, sizeof location, "s3://%s", bucket);
	part != NULL ? assert_bad(location, part) : assert_good(location);
	snprintf(location, sizeof location, "s3://%s/cur/daily", bucket);
	part != NULL ? assert_bad(location, part) : assert_good(location);
}

static void a_location_has_the_scheme(void **state)
{
	static const char *const bad[] = { "", "example-billing", "S3://example-billing", "s3:/example-billing", "s3a://example-billing",
		"https://example-billing.s3.amazonaws.com/cur", " s3://example-billing", "arn:aws:s3:::example-billing" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_bad(bad[i], "not an S3 location");
	assert_good("s3://example-billing");
}

static void a_name_has_3_to_63_characters(void **state)
{
	(void)state;
	assert_bucket("", "3 to 63");
	assert_bucket("ab", "3 to 63");
	assert_bucket("abc", NULL);
	assert_bucket(SIXTY "klm", NULL);
	assert_bucket(SIXTY "klmn", "3 to 63");
}

static void a_name_has_small_letters_digits_dots_and_hyphens(void **state)
{
	static const char *const bad[] = { "Example", "my_bucket", "my bucket", "b\xC3\xBC" "cher", "a+b", "a:b", "a%20b", "abc?" };

	(void)state;
	assert_bucket("my.bucket-2", NULL);
	assert_bucket("0123", NULL);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_bucket(bad[i], "small letters, digits, dots and hyphens");
}

static void a_name_begins_and_ends_with_a_letter_or_digit(void **state)
{
	static const char *const bad[] = { "-abc", "abc-", ".abc", "abc.", "---", "..." };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_bucket(bad[i], "begins and ends");
}

static void dots_do_not_stand_side_by_side(void **state)
{
	(void)state;
	assert_bucket("a..b", "two dots");
	assert_bucket("a.b.c", NULL);
	assert_bucket("a.-b", NULL);
}

static void a_name_is_no_address(void **state)
{
	(void)state;
	assert_bucket("192.168.5.4", "IP address");
	assert_bucket("192.168.5.4.1", NULL);
	assert_bucket("192.168.5", NULL);
	assert_bucket("192.168.5.x", NULL);
	assert_bucket("192-168-5-4", NULL);
}

static void names_that_aws_keeps_are_refused(void **state)
{
	static const char *const bad[] = { "xn--bcher-kva", "sthree-abc", "sthree-configurator", "amzn-s3-demo-bucket", "logs-s3alias",
		"logs--ol-s3", "logs.mrap", "logs--usw2-az1--x-s3", "logs--table-s3" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_bucket(bad[i], "AWS keeps");
	/* only at that end of the name */
	assert_bucket("logs-xn--abc", NULL);
	assert_bucket("sthree", NULL);
	assert_bucket("s3alias-logs", NULL);
	assert_bucket("mrap", NULL);
}

static void a_prefix_is_what_people_write_as_one(void **state)
{
	char longest[6 + 3 + 1 + 1025 + 1] = "s3://abc/";
	size_t length = strlen(longest);

	(void)state;
	assert_good("s3://abc/");
	assert_good("s3://abc/cur/daily/");
	assert_good("s3://abc/Cur_(old)!");
	assert_good("s3://abc/\xC3\xBC" "ber");
	assert_bad("s3://abc//cur", "two slashes");
	assert_bad("s3://abc/cur//daily", "two slashes");
	assert_bad("s3://abc/a b", "spaces");
	assert_bad("s3://abc/a\\b", "backslashes");
	memset(longest + length, 'k', 1024);
	longest[length + 1024] = '\0';
	assert_good(longest);
	longest[length + 1024] = 'k';
	longest[length + 1025] = '\0';
	assert_bad(longest, "1,024 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_location_has_the_scheme),
		cmocka_unit_test(a_name_has_3_to_63_characters),
		cmocka_unit_test(a_name_has_small_letters_digits_dots_and_hyphens),
		cmocka_unit_test(a_name_begins_and_ends_with_a_letter_or_digit),
		cmocka_unit_test(dots_do_not_stand_side_by_side),
		cmocka_unit_test(a_name_is_no_address),
		cmocka_unit_test(names_that_aws_keeps_are_refused),
		cmocka_unit_test(a_prefix_is_what_people_write_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
