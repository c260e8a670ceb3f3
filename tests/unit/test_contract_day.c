/* The statuses of contracts by date, against a few lines that know nothing of the program's: days are counted as numbers, which
 * the C library's calendar makes of instants in their time zones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/clock.h"
#include "db/contract_day.h"

#define DAY INT64_C(86400)

static const char *const zones[] = { "UTC", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu" };
static const char *const stored[] = { "draft", "ready", "cancelled", "superseded" };
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static uint32_t seed = 20261122;

static uint32_t below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(seed >> 8) * limit >> 24);
}

/* Days since 1970-01-01 of the date that clocks in ZONE show at an instant. */
static long day_in(int64_t seconds, const char *zone)
{
	time_t at = (time_t)seconds;
	struct tm local;

	setenv("TZ", zone, 1);
	tzset();
	localtime_r(&at, &local);
	/* timegm() of the local calendar date: no zone takes part any more */
	struct tm date = { .tm_year = local.tm_year, .tm_mon = local.tm_mon, .tm_mday = local.tm_mday };
	return (long)(timegm(&date) / DAY);
}

static void date_of(long day, char text[CLOCK_DATE_SIZE])
{
	time_t at = (time_t)day * DAY;
	struct tm date;

	gmtime_r(&at, &date);
	assert_int_equal(strftime(text, CLOCK_DATE_SIZE, "%Y-%m-%d", &date), CLOCK_DATE_SIZE - 1);
}

/* product.md's rule in numbers; END of -1: open. */
static enum contract_status expected(const char *status, long start, long end, long today)
{
	if (*status == 'd')
		return CONTRACT_DRAFT;
	if (*status == 'c')
		return CONTRACT_CANCELLED;
	if (*status == 's' && (end < 0 || today > end))
		return CONTRACT_SUPERSEDED;
	return today < start ? CONTRACT_SCHEDULED : end >= 0 && today > end ? CONTRACT_EXPIRED : CONTRACT_ACTIVE;
}

/* Instants around which dates are odd: ends of years and Februaries, the days on which clocks are set. */
static int64_t odd_instant(void)
{
	static const char *const instants[] = {
		"2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2027-01-01T04:59:59Z", "2027-01-01T05:00:00Z", "2026-12-31T10:00:00Z",
		"2026-12-31T18:15:00Z", "2026-12-31T18:14:59Z", "2028-02-28T23:59:59Z", "2028-02-29T00:00:00Z", "2028-02-29T12:00:00Z",
		"2028-03-01T00:00:00Z", "2028-03-01T04:59:59Z", "2027-02-28T23:59:59Z", "2100-02-28T23:59:59Z", "2100-03-01T00:00:00Z",
		"2000-02-29T23:59:59Z", "2026-03-08T04:59:59Z", "2026-03-08T05:00:00Z", "2026-03-08T06:59:59Z", "2026-03-08T07:00:00Z",
		"2026-03-09T03:59:59Z", "2026-03-09T04:00:00Z", "2026-11-01T03:59:59Z", "2026-11-01T04:00:00Z", "2026-11-01T05:30:00Z",
		"2026-11-01T06:30:00Z", "2026-11-02T04:59:59Z", "2026-11-02T05:00:00Z",
	};
	int64_t seconds;

	assert_true(clock_parse(instants[below(COUNT(instants))], &seconds));
	return seconds;
}

static int64_t any_instant(void)
{
	if (below(2))
		return odd_instant() + (int64_t)below(3) - 1;
	return INT64_C(946684800) + (int64_t)below(1u << 16) * 49999; /* from 2000 on, for 103 years */
}

static void a_status_is_that_of_the_dates_wherever_the_day_is(void **state)
{
	unsigned seen[COUNT(zones)][CONTRACT__MAX] = { { 0 } };

	(void)state;
	for (unsigned i = 0; i < 60000; i++) {
		unsigned zone = below(COUNT(zones));
		int64_t now = any_instant();
		long today = day_in(now, zones[zone]), start = today + (long)below(9) - 4, end = start + (long)below(8) - 2;
		char first[CLOCK_DATE_SIZE], last[CLOCK_DATE_SIZE], date[CLOCK_DATE_SIZE], other[CLOCK_DATE_SIZE];
		const char *status = stored[below(COUNT(stored))];

		date_of(start, first);
		date_of(end, last);
		date_of(today, other);
		clock_date(now, zones[zone], date);
		assert_string_equal(date, other);
		if (below(5) == 0)
			end = -1;
		enum contract_status got = contract_day_status(status, first, end < 0 ? NULL : last, date);
		if (got != expected(status, start, end, today))
			fail_msg("%s, %s to %s on %s in %s (%ld): %d, not %d", status, first, end < 0 ? "open" : last, date, zones[zone], (long)now,
				(int)got, (int)expected(status, start, end, today));
		seen[zone][got]++;
	}
	for (unsigned zone = 0; zone < COUNT(zones); zone++)
		for (unsigned i = 0; i < CONTRACT__MAX; i++)
			assert_true(seen[zone][i] > 100);
}

/* The day for which the list's rows are looked at again is the first with another status: day after day says so. */
static void the_next_change_is_the_first_other_day(void **state)
{
	unsigned changes = 0;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		long today = day_in(any_instant(), zones[below(COUNT(zones))]), start = today + (long)below(30) - 15, end = start + (long)below(20) - 3;
		char first[CLOCK_DATE_SIZE], last[CLOCK_DATE_SIZE], date[CLOCK_DATE_SIZE], next[CLOCK_DATE_SIZE], wanted[CLOCK_DATE_SIZE] = "";
		const char *status = stored[below(COUNT(stored))];

		if (below(5) == 0)
			end = -1;
		date_of(start, first);
		date_of(end < 0 ? 0 : end, last);
		date_of(today, date);
		for (long day = today + 1; day < today + 40 && *wanted == '\0'; day++)
			if (expected(status, start, end, day) != expected(status, start, end, today))
				date_of(day, wanted);
		contract_day_next(status, first, end < 0 ? NULL : last, date, next);
		if (strcmp(next, wanted) != 0)
			fail_msg("%s, %s to %s after %s: \"%s\", not \"%s\"", status, first, end < 0 ? "open" : last, date, next, wanted);
		changes += *wanted != '\0';
	}
	assert_true(changes > 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_is_that_of_the_dates_wherever_the_day_is),
		cmocka_unit_test(the_next_change_is_the_first_other_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
