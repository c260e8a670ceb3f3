/* Runs by day: what the ingestion history of a tenant and everything below it shows, without reading every run below it.
 *
 * A run counts for the date, in the tree's zone, on which it started: once for its distributor and once for its reseller (table
 * source_day, written in the run's transaction). Of a customer the runs themselves are few, and counted when asked for. */
#ifndef TENANTRY_DB_SOURCE_DAY_H
#define TENANTRY_DB_SOURCE_DAY_H

#include "base/clock.h"
#include "db/list.h"

#define SOURCE_DAYS 30      /* shown: today and those before it */
#define SOURCE_DAYS_KEPT 33 /* counted: so that no clock and no zone takes one away that is shown */

/* What runs of a day come to. A run that is going on is RUNNING whatever its status. */
struct source_day {
	int64_t runs[ROLLUP_NOT_AVAILABLE + 1]; /* by enum rollup; ROLLUP_NOT_AVAILABLE: going on */
	int64_t rows;
};

/* What one run counts for: FINISHED and STATUS as in the table (NULL: not finished). Adds SIGN times that. */
void source_day_count(struct source_day *day, const char *finished, const char *status, int64_t rows, int sign);

/* Adds DAY to the counters of TENANTS (of a distributor, a reseller or both) for the date DATE; nothing when all of it is zero. In the caller's
 * transaction, which holds the tenant of the source, behind the rows of the list. A row of the table is shared out over slots, by connection:
 * each alone means nothing (it may well be below zero), readers add them up. */
enum error source_day_add(struct db *db, const uint64_t *tenants, size_t count, const char *date, const struct source_day *day);

/* The earliest date that is still counted today in ZONE. */
void source_day_first(const char *zone, char date[CLOCK_DATE_SIZE]);

/* A customer leaves what is above OLD (its stored label; 0: it counted nowhere) and comes below NEW (0: it is deleted). In the caller's
 * transaction, which holds the customer, behind the rows of the list. */
enum error source_day_move(struct db *db, uint64_t tenant, uint64_t old, uint64_t new);

/* The counters of the tree of a distributor (its label) anew, and what differs from the runs. */
enum error source_day_rebuild(struct db *db, uint64_t distributor_pos, bool commit);
typedef void source_day_difference_fn(void *arg, uint64_t tenant, const char *date, const char *column, int64_t stored, int64_t fact);
enum error source_day_compare(struct db *db, uint64_t distributor_pos, source_day_difference_fn *difference, void *arg);

/* The last SOURCE_DAYS days of TENANT (at LABEL, of the scope) with everything below it, the oldest first. */
enum error source_day_history(struct db *db, const struct scope *scope, uint64_t tenant, uint64_t label,
	struct source_day days[SOURCE_DAYS], char dates[SOURCE_DAYS][CLOCK_DATE_SIZE]);

/* Forgets days that nobody is shown any more; a piece at a time. */
enum error source_day_expire(struct db *db);

#endif
