/* Instants, dates in time zones, and the clock that private instances set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/clock.h"

static int64_t instant(const char *text)
{
	int64_t seconds = 0;

	assert_true(clock_parse(text, &seconds));
	return seconds;
}

static void test_rfc3339_is_read_strictly(void **state)
{
	static const char *const bad[] = {
		"", "2026-12-31", "2026-12-31T23:59:50", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z",
		"2026-12-31T24:00:00Z", "2026-12-31T23:60:00Z", "2026-12-31T23:59:61Z", "2026-12-31T23:59:50.Z", "2026-12-31T23:59:50Zx",
		"2026-12-31T23:59:50+5:30", "2026-12-31T23:59:50+0530", "26-12-31T23:59:50Z", " 2026-12-31T23:59:50Z", "2026-12-31T23:59:50 Z",
	};
	int64_t seconds = 42;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(clock_parse(bad[i], &seconds));
	assert_int_equal(seconds, 42);
	assert_int_equal(instant("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(instant("2026-12-31T23:59:50Z"), 1798761590);
	assert_int_equal(instant("2026-12-31t23:59:50.123z"), 1798761590);
	assert_int_equal(instant("2027-01-01T05:29:50+05:30"), 1798761590);
	assert_int_equal(instant("2026-12-31T18:59:50-05:00"), 1798761590);
	assert_int_equal(instant("2024-02-29T00:00:00Z"), 1709164800);
}

static void test_instants_are_written_for_sql_and_for_others(void **state)
{
	char text[CLOCK_INSTANT_SIZE];
	(void)state;
	clock_sql(1798761590123, text);
	assert_string_equal(text, "2026-12-31 23:59:50.123");
	clock_sql(-1, text);
	assert_string_equal(text, "1969-12-31 23:59:59.999");
	clock_sql(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31 23:59:59.807");
	clock_rfc3339(1798761590, text);
	assert_string_equal(text, "2026-12-31T23:59:50Z");
	clock_rfc3339(INT64_MIN, text);
	assert_string_equal(text, "1000-01-01T00:00:00Z");
}

static void test_offset_moves_now_and_not_durations(void **state)
{
	int64_t steady = clock_monotonic_ms();
	(void)state;
	clock_set_offset(instant("2030-01-01T00:00:00Z") - (int64_t)time(NULL));
	assert_in_range(clock_now(), instant("2030-01-01T00:00:00Z") - 2, instant("2030-01-01T00:00:10Z"));
	assert_in_range(clock_now_ms() / 1000, instant("2030-01-01T00:00:00Z") - 2, instant("2030-01-01T00:00:10Z"));
	assert_in_range(clock_monotonic_ms() - steady, 0, 10000);
	clock_set_offset(0);
	assert_in_range(clock_now(), (int64_t)time(NULL) - 2, (int64_t)time(NULL) + 2);
}

static const char *date_at(const char *text, const char *zone)
{
	static char date[CLOCK_DATE_SIZE];

	clock_date(instant(text), zone, date);
	return date;
}

static void test_the_date_is_the_zones(void **state)
{
	(void)state;
	assert_string_equal(date_at("2026-11-22T23:30:00Z", "UTC"), "2026-11-22");
	assert_string_equal(date_at("2026-11-22T23:30:00Z", "Asia/Tokyo"), "2026-11-23");
	assert_string_equal(date_at("2026-11-22T04:59:59Z", "America/New_York"), "2026-11-21");
	assert_string_equal(date_at("2026-11-22T05:00:00Z", "America/New_York"), "2026-11-22");
	assert_string_equal(date_at("2026-07-22T04:00:00Z", "America/New_York"), "2026-07-22");
	assert_string_equal(date_at("2026-11-22T23:30:00Z", "No/Such_Zone"), "2026-11-22");
	assert_string_equal(date_at("2026-11-22T23:30:00Z", NULL), "2026-11-22");
	assert_string_equal(date_at("2026-11-22T23:30:00Z", "Asia/Tokyo"), "2026-11-23");
}

static int64_t start(const char *date, const char *zone)
{
	return clock_date_start(date, zone);
}

static void test_a_date_begins_when_it_begins_there(void **state)
{
	(void)state;
	assert_int_equal(start("2026-11-22", "UTC"), instant("2026-11-22T00:00:00Z"));
	assert_int_equal(start("2026-11-22", "America/New_York"), instant("2026-11-22T05:00:00Z"));
	assert_int_equal(start("2026-07-22", "America/New_York"), instant("2026-07-22T04:00:00Z"));
	assert_int_equal(start("2026-11-22", "Asia/Kolkata"), instant("2026-11-21T18:30:00Z"));
	/* no midnight: the clocks went from 00:00 to 01:00 */
	assert_int_equal(start("2017-10-15", "America/Sao_Paulo"), instant("2017-10-15T03:00:00Z"));
	/* two midnights: at 01:00 the clocks went back to 00:00 */
	assert_int_equal(start("2024-11-03", "America/Havana"), instant("2024-11-03T04:00:00Z"));
	/* a date that was skipped begins with the next one */
	assert_int_equal(start("2011-12-30", "Pacific/Apia"), start("2011-12-31", "Pacific/Apia"));
	assert_int_equal(start("9999-12-31", "UTC"), instant("9999-12-31T00:00:00Z"));
	assert_int_equal(start("nonsense", "UTC"), 0);
}

static void test_every_day_begins_with_its_date(void **state)
{
	static const char *const zones[] = { "UTC", "America/New_York", "Europe/Berlin", "Pacific/Chatham", "Asia/Beirut",
		"Australia/Lord_Howe", "America/Sao_Paulo" };
	(void)state;
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
		char date[CLOCK_DATE_SIZE] = "2016-01-01", at[CLOCK_DATE_SIZE];

		for (int day = 0; day < 1500; day++) {
			int64_t begin = clock_date_start(date, zones[i]);

			clock_date(begin, zones[i], at);
			assert_string_equal(at, date);
			clock_date(begin - 1, zones[i], at);
			assert_true(strcmp(at, date) < 0);
			clock_date_add(date, 1, at);
			memcpy(date, at, sizeof date);
		}
	}
}

static void test_zones_are_names_of_the_database_alone(void **state)
{
	static const char *const bad[] = {
		"", "America", "America/", "/etc/localtime", "../../../etc/passwd", "America/../UTC", "zone.tab", "right/UTC", "posix/UTC",
		"localtime", "posixrules", "UTC\n", "America//New_York", "EST5EDT4", "tzdata.zi", "leapseconds", "Europe/Berl\xc3\xadn",
		":UTC", "-UTC", "AVeryLongNameAVeryLongNameAVeryLongNameAVeryLongNameAVeryLongName",
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(clock_zone_known(bad[i]));
	assert_false(clock_zone_known(NULL));
	assert_true(clock_zone_known("UTC"));
	assert_true(clock_zone_known("America/New_York"));
	assert_true(clock_zone_known("America/Argentina/Buenos_Aires"));
	assert_true(clock_zone_known("Etc/GMT+5"));
}

static const char *moved(const char *date, int days)
{
	static char result[CLOCK_DATE_SIZE];

	clock_date_add(date, days, result);
	return result;
}

static void test_dates_move_by_days(void **state)
{
	(void)state;
	assert_string_equal(moved("2026-12-31", 1), "2027-01-01");
	assert_string_equal(moved("2024-02-28", 1), "2024-02-29");
	assert_string_equal(moved("2026-03-01", -1), "2026-02-28");
	assert_string_equal(moved("2026-11-22", 365), "2027-11-22");
	assert_string_equal(moved("2026-11-22", 0), "2026-11-22");
	assert_string_equal(moved("9999-12-31", 1), "9999-12-31");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc3339_is_read_strictly),
		cmocka_unit_test(test_instants_are_written_for_sql_and_for_others),
		cmocka_unit_test(test_offset_moves_now_and_not_durations),
		cmocka_unit_test(test_the_date_is_the_zones),
		cmocka_unit_test(test_a_date_begins_when_it_begins_there),
		cmocka_unit_test(test_every_day_begins_with_its_date),
		cmocka_unit_test(test_zones_are_names_of_the_database_alone),
		cmocka_unit_test(test_dates_move_by_days),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
