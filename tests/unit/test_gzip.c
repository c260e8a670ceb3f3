/* Which answers are compressed, and that they come out as they went in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <libdeflate.h>

#include "base/arena.h"
#include "http/gzip.h"

static void test_gzip_is_sent_to_those_who_take_it(void **state)
{
	static const char *const taken[] = { "gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8, *;q=0.1", "deflate,GZIP", "*", "x-gzip",
		"gzip ; q=0.001", "identity, *;q=0.5", "br, gzip;q=1" };
	static const char *const refused[] = { "", "identity", "br, deflate", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped", "deflate, *; q=0.0",
		",,;", "gzip;q=0, br" };
	(void)state;
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (!gzip_accepted(taken[i]))
			fail_msg("%s takes gzip", taken[i]);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (gzip_accepted(refused[i]))
			fail_msg("%s does not take gzip", refused[i]);
}

static void test_a_body_comes_out_as_it_went_in(void **state)
{
	struct arena *arena = arena_new();
	char body[50000], back[50000];
	size_t length, got;
	(void)state;
	for (size_t i = 0; i < sizeof body; i++)
		body[i] = (char)('a' + i % 7 * (i / 1000 % 3));
	for (int again = 0; again < 2; again++) {
		const void *zipped = gzip_body(arena, body, sizeof body, &length);
		struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
		assert_non_null(zipped);
		assert_true(length < sizeof body / 4);
		assert_int_equal(libdeflate_gzip_decompress(decompressor, zipped, length, back, sizeof back, &got), LIBDEFLATE_SUCCESS);
		assert_int_equal(got, sizeof body);
		assert_memory_equal(back, body, sizeof body);
		libdeflate_free_decompressor(decompressor);
	}
	arena_free(arena);
}

static void test_what_does_not_get_shorter_stays_as_it_is(void **state)
{
	struct arena *arena = arena_new();
	uint8_t noise[2000];
	uint32_t random = 1;
	size_t length;
	(void)state;
	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (uint8_t)((random = random * 1664525 + 1013904223) >> 24);
	assert_null(gzip_body(arena, noise, sizeof noise, &length));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gzip_is_sent_to_those_who_take_it),
		cmocka_unit_test(test_a_body_comes_out_as_it_went_in),
		cmocka_unit_test(test_what_does_not_get_shorter_stays_as_it_is),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
