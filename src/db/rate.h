/* How often something was done this minute: a token's requests, counted over all workers of this host exactly, over several hosts
 * nearly so.
 *
 * The count stands in memory that the processes of a host share. Each time it has grown by a fiftieth of the limit the host adds
 * that to the token's row and learns what the others have added: a write for many requests, and together N hosts let pass at most
 * N/50 of the limit too many. Who asks seldom causes no write at all. */
#ifndef TENANTRY_DB_RATE_H
#define TENANTRY_DB_RATE_H

#include "db/db.h"

struct rate {
	unsigned limit, left; /* requests a minute; those that are left in this one */
	unsigned reset;       /* seconds until the next minute begins */
	bool over;            /* this one is too many */
};

/* Makes the shared memory; before the processes are forked. Without it each process counts by itself. */
void rate_need(void);

/* Counts one request of a token (its key). */
enum error rate_take(struct db *db, uint64_t token, unsigned limit, struct rate *rate);

/* Something that is being done, noted in the same memory: a number for it, whether it could be taken (another has it until UNTIL_MS of
 * clock_monotonic_ms() at most), and giving it back. Notes may be lost when there are many. */
uint64_t rate_fact(const void *data, size_t length);
bool rate_hold(uint64_t fact, int64_t until_ms);
void rate_release(uint64_t fact);

#endif
