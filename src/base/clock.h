/* The program's clock. Private instances may start it at another instant (--clock); all
 * instants and all dates derive from here, the database's NOW() is never asked. */
#ifndef TENANTRY_BASE_CLOCK_H
#define TENANTRY_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_INSTANT_SIZE 24 /* "2026-11-22 15:04:05.123" and NUL */
#define CLOCK_DATE_SIZE 11    /* "2026-11-22" and NUL */
#define CLOCK_ZONE_DIR "/usr/share/zoneinfo"

/* Seconds by which the program's clock is ahead of the system's; set before any fork. */
void clock_set_offset(int64_t seconds);

/* Parses an RFC 3339 instant ("2026-12-31T23:59:50Z"); false when it is none. */
bool clock_parse(const char *text, int64_t *unix_seconds);

/* Now, in seconds (and milliseconds) since 1970-01-01 UTC by the program's clock. */
int64_t clock_now(void);
int64_t clock_now_ms(void);

/* Milliseconds of a clock that never jumps, for durations and deadlines. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

/* Sleeps for MS milliseconds, or less when a signal comes. */
void clock_pause_ms(unsigned ms);

/* An instant as MySQL DATETIME(3) in UTC ("2026-11-22 15:04:05.123"), and as RFC 3339. */
void clock_sql(int64_t unix_ms, char text[CLOCK_INSTANT_SIZE]);
void clock_rfc3339(int64_t unix_seconds, char text[CLOCK_INSTANT_SIZE]);

/* The date at an instant in an IANA time zone (unknown zone: UTC), as "2026-11-22"; and the
 * instant at which the given date begins there. Not for threads: they set TZ. */
void clock_date(int64_t unix_seconds, const char *zone, char date[CLOCK_DATE_SIZE]);
int64_t clock_date_start(const char *date, const char *zone);

/* Is ZONE a name of the system's time zone database? */
bool clock_zone_known(const char *zone);

/* DATE moved by DAYS. */
void clock_date_add(const char *date, int days, char result[CLOCK_DATE_SIZE]);

#endif
