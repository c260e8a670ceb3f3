/* The program's clock, its texts, and dates in IANA time zones.
 *
 * Owns the process's TZ: it is set to the zone last asked for and stays so, which is why these
 * functions are for processes of one thread. Must never ask the database for the time, and
 * never hand out a system instant without the offset. */
#include "base/clock.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONE_MAX 64
#define DAY 86400

/* The years that MySQL's DATETIME and our texts can hold: 1000-01-01 to 9999-12-31 UTC. */
#define FIRST_SECOND INT64_C(-30610224000)
#define LAST_SECOND INT64_C(253402300799)

/* No zone is further from UTC than 14 hours now and 16 hours in history; a day and a half covers
 * a skipped day too (Pacific/Apia had no 2011-12-30). */
#define ZONE_REACH (36 * 3600)

static int64_t clock_offset;
static char clock_zone[ZONE_MAX + 2]; /* what TZ was set to last, with its ":" */

void clock_set_offset(int64_t seconds)
{
	clock_offset = seconds;
}

static int64_t instant_clamp(int64_t unix_seconds)
{
	if (unix_seconds < FIRST_SECOND)
		return FIRST_SECOND;
	return unix_seconds > LAST_SECOND ? LAST_SECOND : unix_seconds;
}

/* Reads exactly COUNT digits at *TEXT and moves past them. */
static bool digits_read(const char **text, int count, int *value)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		char c = (*text)[i];

		if (c < '0' || c > '9')
			return false;
		number = number * 10 + (c - '0');
	}
	*text += count;
	*value = number;
	return true;
}

static bool char_read(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

/* Reads "2026-11-22" at *TEXT into TM; a day that the month does not have is refused. */
static bool date_read(const char **text, struct tm *tm)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, last;

	if (!digits_read(text, 4, &year) || !char_read(text, '-') || !digits_read(text, 2, &month) ||
	    !char_read(text, '-') || !digits_read(text, 2, &day))
		return false;
	if (year < 1000 || month < 1 || month > 12)
		return false;
	last = days[month - 1];
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		last = 29;
	if (day < 1 || day > last)
		return false;
	memset(tm, 0, sizeof *tm);
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return true;
}

/* Reads "Z" or "+05:30" at *TEXT as seconds east of UTC. */
static bool offset_read(const char **text, int *seconds)
{
	int hours, minutes, sign = **text == '-' ? -1 : 1;

	if (char_read(text, 'Z') || char_read(text, 'z')) {
		*seconds = 0;
		return true;
	}
	if (!char_read(text, '+') && !char_read(text, '-'))
		return false;
	if (!digits_read(text, 2, &hours) || !char_read(text, ':') || !digits_read(text, 2, &minutes) ||
	    hours > 23 || minutes > 59)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool clock_parse(const char *text, int64_t *unix_seconds)
{
	struct tm tm;
	int east;

	if (!date_read(&text, &tm))
		return false;
	if (!char_read(&text, 'T') && !char_read(&text, 't') && !char_read(&text, ' '))
		return false;
	if (!digits_read(&text, 2, &tm.tm_hour) || !char_read(&text, ':') || !digits_read(&text, 2, &tm.tm_min) ||
	    !char_read(&text, ':') || !digits_read(&text, 2, &tm.tm_sec))
		return false;
	/* 60 is a leap second, which timegm() carries into the next minute */
	if (tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return false;
	if (char_read(&text, '.')) {
		if (!isdigit((unsigned char)*text))
			return false;
		while (isdigit((unsigned char)*text))
			text++;
	}
	if (!offset_read(&text, &east) || *text != '\0')
		return false;
	*unix_seconds = (int64_t)timegm(&tm) - east;
	return true;
}

int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec + clock_offset;
}

int64_t clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ((int64_t)now.tv_sec + clock_offset) * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_sql(int64_t unix_ms, char text[CLOCK_INSTANT_SIZE])
{
	int64_t seconds = unix_ms / 1000;
	int milliseconds = (int)(unix_ms % 1000);
	char whole[CLOCK_INSTANT_SIZE];
	struct tm tm;
	time_t when;

	if (milliseconds < 0) {
		milliseconds += 1000;
		seconds--;
	}
	when = (time_t)instant_clamp(seconds);
	gmtime_r(&when, &tm);
	strftime(whole, sizeof whole, "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(text, CLOCK_INSTANT_SIZE, "%.19s.%03d", whole, milliseconds % 1000);
}

void clock_rfc3339(int64_t unix_seconds, char text[CLOCK_INSTANT_SIZE])
{
	time_t when = (time_t)instant_clamp(unix_seconds);
	struct tm tm;

	gmtime_r(&when, &tm);
	strftime(text, CLOCK_INSTANT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* Letters, digits, "_+-" and single slashes; begins with a letter. No dots, so neither ".."
 * nor the tables beside the zones ("zone.tab") can be named. */
static bool zone_name_valid(const char *zone)
{
	size_t length = strlen(zone);

	if (length == 0 || length > ZONE_MAX || !isalpha((unsigned char)zone[0]) || zone[length - 1] == '/')
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)zone[i];

		if (c >= 0x80 || (!isalnum(c) && strchr("_+-/", c) == NULL))
			return false;
		if (c == '/' && zone[i + 1] == '/')
			return false;
	}
	/* "right/" counts leap seconds, which no instant of ours does; "localtime" differs by host */
	return strncmp(zone, "right/", 6) != 0 && strncmp(zone, "posix/", 6) != 0 &&
		strcmp(zone, "localtime") != 0 && strcmp(zone, "posixrules") != 0;
}

bool clock_zone_known(const char *zone)
{
	char path[sizeof CLOCK_ZONE_DIR + ZONE_MAX + 2];
	char magic[4];
	bool known;
	int fd;

	if (zone == NULL || !zone_name_valid(zone))
		return false;
	snprintf(path, sizeof path, "%s/%s", CLOCK_ZONE_DIR, zone);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return false;
	known = read(fd, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", 4) == 0;
	close(fd);
	return known;
}

/* Makes ZONE the process's time zone. The colon keeps glibc from reading a name such as
 * "EST5EDT" as a rule of its own. */
static void zone_set(const char *zone)
{
	if (zone != NULL && clock_zone[0] == ':' && strcmp(clock_zone + 1, zone) == 0)
		return;
	if (!clock_zone_known(zone))
		zone = "UTC";
	snprintf(clock_zone, sizeof clock_zone, ":%s", zone);
	setenv("TZ", clock_zone, 1);
	tzset();
}

static void date_write(const struct tm *tm, char date[CLOCK_DATE_SIZE])
{
	strftime(date, CLOCK_DATE_SIZE, "%Y-%m-%d", tm);
}

void clock_date(int64_t unix_seconds, const char *zone, char date[CLOCK_DATE_SIZE])
{
	/* a day in from both ends, so that no zone leaves the years of four digits */
	int64_t clamped = unix_seconds < FIRST_SECOND + DAY ? FIRST_SECOND + DAY : unix_seconds;
	time_t when = (time_t)(clamped > LAST_SECOND - DAY ? LAST_SECOND - DAY : clamped);
	struct tm tm;

	zone_set(zone);
	localtime_r(&when, &tm);
	date_write(&tm, date);
}

/* Is the local date at an instant, in the zone that is set, before that of DAY_TM? */
static bool date_before(int64_t unix_seconds, const struct tm *day_tm)
{
	time_t when = (time_t)unix_seconds;
	struct tm tm;

	localtime_r(&when, &tm);
	if (tm.tm_year != day_tm->tm_year)
		return tm.tm_year < day_tm->tm_year;
	if (tm.tm_mon != day_tm->tm_mon)
		return tm.tm_mon < day_tm->tm_mon;
	return tm.tm_mday < day_tm->tm_mday;
}

int64_t clock_date_start(const char *date, const char *zone)
{
	const char *text = date;
	int64_t low, high, middle;
	struct tm tm;

	if (!date_read(&text, &tm))
		return 0;
	zone_set(zone);
	/* Not mktime(): where the clocks change at midnight that time does not exist, and a whole
	 * day was skipped once. So look for the first second whose date is not before DATE. */
	low = (int64_t)timegm(&tm) - ZONE_REACH;
	high = low + 2 * ZONE_REACH;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (date_before(middle, &tm))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void clock_date_add(const char *date, int days, char result[CLOCK_DATE_SIZE])
{
	const char *text = date;
	struct tm tm;
	time_t when;

	if (!date_read(&text, &tm)) {
		snprintf(result, CLOCK_DATE_SIZE, "%s", date);
		return;
	}
	when = (time_t)instant_clamp((int64_t)timegm(&tm) + (int64_t)days * DAY);
	gmtime_r(&when, &tm);
	date_write(&tm, result);
}

void clock_pause_ms(unsigned ms)
{
	struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	nanosleep(&pause, NULL);
}
