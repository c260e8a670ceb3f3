/* Domains and e-mail addresses in the form in which they are stored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/domain.h"

static void check_domain(const char *text, const char *expected)
{
	char domain[DOMAIN_SIZE] = "untouched";
	assert_int_equal(domain_normalize(text, domain), expected != NULL);
	assert_string_equal(domain, expected != NULL ? expected : "untouched");
}

static void test_domains_become_a_labels_in_lower_case(void **state)
{
	(void)state;
	check_domain("example.com", "example.com");
	check_domain("Example.COM.", "example.com");
	check_domain("bücher.example", "xn--bcher-kva.example");
	check_domain("BÜCHER.example", "xn--bcher-kva.example");
	check_domain("xn--bcher-kva.example", "xn--bcher-kva.example");
	check_domain("straße.example", "xn--strae-oqa.example");
	check_domain("例え。テスト", "xn--r8jz45g.xn--zckzah");
	check_domain("a-b.c3.example", "a-b.c3.example");
}

static void test_what_is_no_domain_is_refused(void **state)
{
	static const char *const bad[] = {
		"", ".", "localhost", "a..b", ".example.com", "-a.example", "a-.example", "a b.example", "a_b.example", "192.0.2.1",
		"http://example.com", "example.com/", "x@example.com", "ex\xC3.example",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		check_domain(bad[i], NULL);
}

static void test_addresses_are_stored_in_one_form(void **state)
{
	char email[EMAIL_SIZE];
	(void)state;
	assert_true(email_normalize("Dana.Whitfield@Example.COM", email));
	assert_string_equal(email, "dana.whitfield@example.com");
	assert_true(email_normalize("info@bücher.example", email));
	assert_string_equal(email, "info@xn--bcher-kva.example");
	static const char *const bad[] = {
		"", "@", "a@", "@example.com", "a b@example.com", "a@b@example.com", "a@example", "a\n@example.com", "a\"@example.com",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(email_normalize(bad[i], email));
	assert_string_equal(email, "info@xn--bcher-kva.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domains_become_a_labels_in_lower_case),
		cmocka_unit_test(test_what_is_no_domain_is_refused),
		cmocka_unit_test(test_addresses_are_stored_in_one_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
