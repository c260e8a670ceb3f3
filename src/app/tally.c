/* The counters of tally.h. Only adds; must never take a lock, which a worker that is killed would keep. */
#include "app/tally.h"

const uint64_t tally_bounds_us[TALLY_BUCKETS] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000,
	2500000, 5000000, 10000000 };

static const int statuses[TALLY_STATUSES] = { 0, 200, 201, 303, 304, 400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 429,
	500, 503 };

int tally_status(size_t index)
{
	return statuses[index];
}

static size_t status_index(int status)
{
	for (size_t i = 1; i < TALLY_STATUSES; i++)
		if (statuses[i] == status)
			return i;
	return 0;
}

static void add(_Atomic uint64_t *counter, uint64_t number)
{
	atomic_fetch_add_explicit(counter, number, memory_order_relaxed);
}

void tally_request(struct tally *tally, size_t route, int status, uint64_t time_us, uint64_t database_us,
	unsigned statements_run)
{
	size_t bucket = 0;
	if (route >= TALLY_ROUTES)
		route = 0;
	while (bucket < TALLY_BUCKETS && time_us > tally_bounds_us[bucket])
		bucket++;
	add(&tally->routes[route].statuses[status_index(status)], 1);
	add(&tally->routes[route].buckets[bucket], 1);
	add(&tally->routes[route].time_us, time_us);
	add(&tally->routes[route].database_us, database_us);
	add(&tally->routes[route].database_statements, statements_run);
}

uint64_t tally_sum(const struct tally *tally, int least, int most)
{
	uint64_t sum = 0;
	for (size_t route = 0; route < TALLY_ROUTES; route++)
		for (size_t i = 0; i < TALLY_STATUSES; i++)
			if (statuses[i] >= least && statuses[i] <= most)
				sum += tally->routes[route].statuses[i];
	return sum;
}
