/* A little memory that all processes of one program share, when it was asked for before they were forked. Included in db/ alone. */
#ifndef TENANTRY_DB_SHARED_H
#define TENANTRY_DB_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes it, once; called by db_new(). */
void shared_need(void);

/* Sets whether the database is away; returns what was set before. */
bool shared_outage(bool away);

/* What the processes count together; db_counts() reads it. */
enum shared_count { SHARED_CONNECTIONS, SHARED_LOST, SHARED_RETRIES, SHARED_GIVEN_UP, SHARED_COUNT__MAX };
void shared_count(enum shared_count what);

/* A number for a piece of data, the same in all of these processes; never 0. */
uint64_t shared_hash(const void *data, size_t length);

/* A count that reached its bound of SHARED_BOUND_LEAST or more is such a fact, for so long: counting that far takes the longest, and who counts
 * that far hardly falls below it in a minute. */
#define SHARED_BOUND_MS 60000
#define SHARED_BOUND_LEAST 1000

/* Notes a fact by its number until an instant of clock_monotonic_ms(), and asks for it. Facts may be forgotten early. */
void shared_note(uint64_t fact, int64_t until_ms);
bool shared_noted(uint64_t fact);

#endif
