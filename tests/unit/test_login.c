/* What the throttle of logins takes for one address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "auth/login.h"
#include "base/arena.h"

static void test_an_ipv6_network_is_one_address(void **state)
{
	static const char *const cases[][2] = {
		{ "192.0.2.7", "192.0.2.7" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64" },
		{ "2001:db8:1:2::1", "2001:db8:1:2::/64" },
		{ "2001:db8:1:3::1", "2001:db8:1:3::/64" },
		{ "::ffff:192.0.2.7", "192.0.2.7" },
		{ "fd12:3456:789a:bcde:ffff:ffff:ffff:ffff", "fd12:3456:789a:bcde::/64" },
		{ "unix:", "unix:" },
		{ "", "" },
	};
	ARENA_AUTO arena = arena_new();
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(login_network(arena, cases[i][0]), cases[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_ipv6_network_is_one_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
