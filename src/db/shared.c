/* Shared memory: whether an outage was told, and a table of facts that stay true for a while.
 *
 * Nothing here decides what anybody sees but how often it is worked out. Without shared memory each process
 * has its own. */
#include "db/shared.h"

#include <sodium.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "db/db.h"

#define FACTS 1024

struct fact {
	atomic_uint_fast64_t number;
	atomic_int_fast64_t until_ms;
};

struct shared {
	atomic_bool outage;
	atomic_uint_fast64_t counts[SHARED_COUNT__MAX];
	uint8_t key[crypto_shorthash_KEYBYTES];
	struct fact facts[FACTS];
};

static struct shared *shared;

void shared_need(void)
{
	static struct shared own;
	void *memory;

	if (shared != NULL)
		return;
	memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	shared = memory != MAP_FAILED ? memory : &own;
	crypto_shorthash_keygen(shared->key);
}

bool shared_outage(bool away)
{
	return atomic_exchange(&shared->outage, away);
}

void shared_count(enum shared_count what)
{
	shared_need();
	atomic_fetch_add_explicit(&shared->counts[what], 1, memory_order_relaxed);
}

void db_counts(struct db_counts *counts)
{
	shared_need();
	*counts = (struct db_counts){ .connections = shared->counts[SHARED_CONNECTIONS], .lost = shared->counts[SHARED_LOST],
		.retries = shared->counts[SHARED_RETRIES], .given_up = shared->counts[SHARED_GIVEN_UP] };
}

uint64_t shared_hash(const void *data, size_t length)
{
	uint64_t hash;

	_Static_assert(sizeof hash == crypto_shorthash_BYTES, "a hash of 64 bits");
	crypto_shorthash((unsigned char *)&hash, data, length, shared->key);
	return hash != 0 ? hash : 1;
}

/* Two processes may write a place at once, so that one's number stands with the other's instant: a fact that is
 * believed a little longer or shorter. */
void shared_note(uint64_t fact, int64_t until_ms)
{
	struct fact *place = &shared->facts[fact % FACTS];

	atomic_store(&place->number, fact);
	atomic_store(&place->until_ms, until_ms);
}

bool shared_noted(uint64_t fact)
{
	const struct fact *place = &shared->facts[fact % FACTS];

	return atomic_load(&place->number) == fact && atomic_load(&place->until_ms) > clock_monotonic_ms();
}
