/* Addresses and networks, and whose a request is behind proxies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"

static void lists_of_networks_are_checked(void **state)
{
	static const char *const good[] = { "", "10.0.0.0/8", "10.0.0.0/8, 192.0.2.7 2001:db8::/32", "::1", "0.0.0.0/0", " ::ffff:10.0.0.0/104 " };
	static const char *const bad[] = { "10.0.0/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::1/129", "localhost",
		"1.2.3.4:80", "10.0.0.0/8;::1", "1:2:3:4:5:6:7:8:9", "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/128" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(address_list_valid(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(address_list_valid(bad[i]));
}

static void an_address_is_in_its_networks(void **state)
{
	(void)state;
	assert_true(address_in("10.1.2.3", "192.0.2.7,10.0.0.0/8"));
	assert_false(address_in("11.1.2.3", "192.0.2.7 10.0.0.0/8"));
	assert_true(address_in("192.0.2.127", "192.0.2.0/25"));
	assert_false(address_in("192.0.2.128", "192.0.2.0/25"));
	assert_true(address_in("::ffff:10.1.2.3", "10.0.0.0/8"));
	assert_true(address_in("10.1.2.3", "::ffff:10.0.0.0/104"));
	assert_true(address_in("2001:db8:ffff::1", "2001:db8::/32"));
	assert_false(address_in("2001:db9::1", "2001:db8::/32"));
	assert_false(address_in("10.0.0.0/8", "10.0.0.0/8"));
	assert_false(address_in("", "0.0.0.0/0"));
	assert_false(address_in("1.2.3.4", ""));
}

static void the_client_is_the_last_that_no_proxy_of_ours_is(void **state)
{
	static const struct { const char *peer, *forwarded, *trusted, *client; } cases[] = {
		{ "203.0.113.9", "1.1.1.1", "", "203.0.113.9" },
		{ "203.0.113.9", "1.1.1.1", "10.0.0.0/8", "203.0.113.9" },
		{ "10.0.0.1", "198.51.100.4", "10.0.0.0/8", "198.51.100.4" },
		{ "10.0.0.1", "1.1.1.1, 198.51.100.4, 10.0.0.2", "10.0.0.0/8", "198.51.100.4" },
		{ "10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.0/8", "10.0.0.3" },
		{ "10.0.0.1", "", "10.0.0.0/8", "10.0.0.1" },
		{ "10.0.0.1", "1.1.1.1, nobody", "10.0.0.0/8", "10.0.0.1" },
		{ "10.0.0.1", "1.1.1.1, 10.0.0.0/8", "10.0.0.0/8", "10.0.0.1" },
		{ "10.0.0.1", "1.1.1.1, , ", "10.0.0.0/8", "1.1.1.1" },
		{ "10.0.0.1", " , ", "10.0.0.0/8", "10.0.0.1" },
		{ "::1", "2001:db8::7", "::1", "2001:db8::7" },
		{ "", "1.1.1.1", "0.0.0.0/0", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char client[ADDRESS_SIZE];
		address_client(cases[i].peer, cases[i].forwarded, cases[i].trusted, client);
		assert_string_equal(client, cases[i].client);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_networks_are_checked),
		cmocka_unit_test(an_address_is_in_its_networks),
		cmocka_unit_test(the_client_is_the_last_that_no_proxy_of_ours_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
