/* The dates that count, and the instants at which they begin in a zone. Included by db/source_day.c and db/source_day_table.c alone. */
#ifndef TENANTRY_DB_SOURCE_DAY_WINDOW_H
#define TENANTRY_DB_SOURCE_DAY_WINDOW_H

#include "db/source_day.h"

#define SOURCE_DATES (SOURCE_DAYS_KEPT + 2) /* a pipeline's clock may be ahead of ours */

struct window {
	char dates[SOURCE_DATES][CLOCK_DATE_SIZE], begins[SOURCE_DATES + 1][CLOCK_INSTANT_SIZE];
};

void window_make(struct window *window, const char *zone);

/* Which of the dates an instant of the database belongs to; -1: none. */
int window_find(const struct window *window, const char *instant);

/* Counters of one tenant, by date. */
struct grid {
	struct source_day days[SOURCE_DATES];
};

/* Adds a run to the date on which it started: RUN has that instant, then what source_day_count() takes. */
void grid_count(struct grid *grid, const struct window *window, char **run);

bool source_day_zero(const struct source_day *day);

/* The counters of source_day_stored and source_day_below: in the columns behind the day. */
void source_day_read(struct source_day *day, char **row);

#endif
