/* What the pool has done since its master started: counters in memory that all of its processes share, so that they
 * outlive each worker. Every field is added to atomically and read by itself. */
#ifndef TENANTRY_APP_TALLY_H
#define TENANTRY_APP_TALLY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define TALLY_ROUTES 128  /* 0: no route; else the index in routes[] + 1 */
#define TALLY_STATUSES 24
#define TALLY_BUCKETS 13

/* Why a request ended without an answer. */
enum tally_loss { LOSS_CRASH, LOSS_DEADLINE, LOSS_STOP, LOSS__MAX };

struct tally {
	_Atomic int64_t since;                 /* seconds since 1970 */
	struct {
		_Atomic uint64_t statuses[TALLY_STATUSES];
		_Atomic uint64_t buckets[TALLY_BUCKETS + 1]; /* the last: over all of tally_bounds_us */
		_Atomic uint64_t time_us, database_us, database_statements;
	} routes[TALLY_ROUTES];
	_Atomic uint64_t slow, lost[LOSS__MAX];
	_Atomic uint64_t workers_started, worker_crashes;
	_Atomic uint64_t rounds;               /* of the housekeeper */
	_Atomic int64_t last_round;            /* seconds since 1970; 0: none yet */
};

/* Upper bounds of the buckets, microseconds. */
extern const uint64_t tally_bounds_us[TALLY_BUCKETS];

/* The status that stands at an index; 0 for the place of those that have none of their own. */
int tally_status(size_t index);

/* Counts a finished request; ROUTE as above. */
void tally_request(struct tally *tally, size_t route, int status, uint64_t time_us, uint64_t database_us,
	unsigned statements);

/* Requests of all routes with a status from LEAST to MOST. */
uint64_t tally_sum(const struct tally *tally, int least, int most);

#endif
