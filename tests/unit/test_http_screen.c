/* Which FastCGI records are let through to the library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "http/http.h"
#include "http/screen.h"

enum { BEGIN = 1, ABORT = 2, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, DATA = 8, GET_VALUES = 9 };

static struct screen screen;

/* The verdict about a record of TYPE for request ID with LENGTH bytes of CONTENT. */
static enum screen_verdict judge(uint8_t type, uint16_t id, const void *content, size_t length)
{
	uint8_t *record = malloc(SCREEN_HEADER + length + 1);
	enum screen_verdict verdict;

	memcpy(record, (uint8_t[]){ 1, type, (uint8_t)(id >> 8), (uint8_t)id, (uint8_t)(length >> 8), (uint8_t)length, 1, 0 },
		SCREEN_HEADER);
	if (length > 0)
		memcpy(record + SCREEN_HEADER, content, length);
	assert_int_equal(screen_record_size(record), SCREEN_HEADER + length + 1);
	assert_int_equal(screen_record_id(record), id);
	verdict = screen_record(&screen, record);
	free(record);
	return verdict;
}

static enum screen_verdict begin(uint16_t id, uint8_t role)
{
	return judge(BEGIN, id, (uint8_t[8]){ 0, role }, 8);
}

static void begun(void)
{
	screen = (struct screen){ .id = 0 };
	assert_int_equal(begin(1, 1), SCREEN_KEEP);
}

static void test_a_request_in_order_is_kept(void **state)
{
	(void)state;
	begun();
	assert_int_equal(judge(PARAMS, 1, "\3\2abcde\1\0x", 10), SCREEN_KEEP);
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_KEEP);
	assert_int_equal(judge(STDIN, 1, "body", 4), SCREEN_KEEP);
	assert_int_equal(judge(STDIN, 1, "", 0), SCREEN_LAST);
	assert_int_equal(screen.pairs, 2);
	assert_int_equal(screen.body_length, 4);
	assert_false(screen.nul);
}

static void test_pairs_run_on_over_records(void **state)
{
	static const uint8_t pairs[] = "\x80\0\0\3\x80\0\0\2abcde\0\1v\0\0";
	(void)state;
	begun();
	for (size_t i = 0; i < sizeof pairs - 1; i++)
		assert_int_equal(judge(PARAMS, 1, pairs + i, 1), SCREEN_KEEP);
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_KEEP);
	assert_int_equal(screen.pairs, 3);
}

static void test_lengths_that_nothing_follows_are_refused(void **state)
{
	(void)state;
	begun();
	assert_int_equal(judge(PARAMS, 1, "\3\2abcd", 6), SCREEN_KEEP);
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_BAD);
	begun();
	assert_int_equal(judge(PARAMS, 1, "\3", 1), SCREEN_KEEP);
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_BAD);
	begun();
	assert_int_equal(judge(PARAMS, 1, "\x80\0", 2), SCREEN_KEEP);
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_BAD);
	/* a name of 2 GiB: libfcgi would allocate it */
	begun();
	assert_int_equal(judge(PARAMS, 1, "\xff\xff\xff\xff\1", 5), SCREEN_BAD);
	begun();
	assert_int_equal(judge(PARAMS, 1, "\1\xff\xff\xff\xfe" "a", 6), SCREEN_BAD);
}

static void test_parameters_have_a_limit(void **state)
{
	char *zeros = calloc(1, 65534);
	(void)state;
	begun();
	assert_int_equal(judge(PARAMS, 1, zeros, 65534), SCREEN_KEEP);
	assert_int_equal(judge(PARAMS, 1, zeros, 65534), SCREEN_KEEP);
	assert_int_equal(screen.pairs, 65534);
	assert_int_equal(judge(PARAMS, 1, zeros, 6), SCREEN_BAD);
	free(zeros);
}

static void test_nul_in_parameters_is_told(void **state)
{
	(void)state;
	begun();
	assert_int_equal(judge(PARAMS, 1, "\1\3na\0b", 6), SCREEN_KEEP);
	assert_true(screen.nul);
}

static void test_a_body_over_the_limit_is_dropped(void **state)
{
	char *body = malloc(65535);
	(void)state;
	memset(body, 'x', 65535);
	begun();
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_KEEP);
	assert_int_equal(judge(STDIN, 1, body, 65535), SCREEN_KEEP);
	assert_int_equal(judge(STDIN, 1, body, 1), SCREEN_KEEP);
	assert_false(screen.body_too_large);
	assert_int_equal(judge(STDIN, 1, body, 1), SCREEN_DROP);
	assert_true(screen.body_too_large);
	assert_int_equal(judge(STDIN, 1, "", 0), SCREEN_LAST);
	free(body);
}

static void test_other_requests_on_the_connection(void **state)
{
	(void)state;
	begun();
	assert_int_equal(begin(2, 1), SCREEN_MULTIPLEX);
	assert_int_equal(judge(PARAMS, 2, "\xff\xff", 2), SCREEN_DROP);
	assert_int_equal(begin(1, 1), SCREEN_BAD);
}

static void test_padding_that_libfcgi_forgets_is_told(void **state)
{
	(void)state;
	assert_true(screen_padding_lost((const uint8_t[]){ 1, BEGIN, 0, 1, 0, 8, 1, 0 }));
	assert_true(screen_padding_lost((const uint8_t[]){ 1, PARAMS, 0, 1, 0, 0, 8, 0 }));
	assert_false(screen_padding_lost((const uint8_t[]){ 1, PARAMS, 0, 1, 0, 1, 7, 0 }));
	assert_false(screen_padding_lost((const uint8_t[]){ 1, BEGIN, 0, 1, 0, 8, 0, 0 }));
}

static void test_what_is_no_request_is_refused(void **state)
{
	(void)state;
	screen = (struct screen){ .id = 0 };
	assert_int_equal(begin(1, 2), SCREEN_ROLE);
	screen = (struct screen){ .id = 0 };
	assert_int_equal(begin(0, 1), SCREEN_BAD);
	assert_int_equal(judge(BEGIN, 1, "\0\1", 2), SCREEN_BAD);
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_BAD);
	assert_int_equal(judge(GET_VALUES, 0, "", 0), SCREEN_BAD);
	begun();
	assert_int_equal(judge(GET_VALUES, 0, "\x0e\0FCGI_MAX_CONNS", 16), SCREEN_BAD);
	begun();
	assert_int_equal(judge(STDIN, 1, "", 0), SCREEN_BAD);
	begun();
	assert_int_equal(judge(ABORT, 1, "", 0), SCREEN_ABORT);
	static const uint8_t others[] = { 0, END, STDOUT, DATA, 11, 255 };
	for (size_t i = 0; i < sizeof others; i++) {
		begun();
		assert_int_equal(judge(others[i], 1, "", 0), SCREEN_BAD);
	}
	begun();
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_KEEP);
	assert_int_equal(judge(PARAMS, 1, "", 0), SCREEN_BAD);
	static const uint8_t version[SCREEN_HEADER + 8] = { 2, BEGIN, 0, 1, 0, 8, 0, 0, 0, 1 };
	screen = (struct screen){ .id = 0 };
	assert_int_equal(screen_record(&screen, version), SCREEN_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_request_in_order_is_kept),
		cmocka_unit_test(test_pairs_run_on_over_records),
		cmocka_unit_test(test_lengths_that_nothing_follows_are_refused),
		cmocka_unit_test(test_parameters_have_a_limit),
		cmocka_unit_test(test_nul_in_parameters_is_told),
		cmocka_unit_test(test_a_body_over_the_limit_is_dropped),
		cmocka_unit_test(test_other_requests_on_the_connection),
		cmocka_unit_test(test_padding_that_libfcgi_forgets_is_told),
		cmocka_unit_test(test_what_is_no_request_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
