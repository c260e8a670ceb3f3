/* Counting requests by token (rate.h). Must never wait for another process: a slot is two numbers, each changed in one step. */
#include "db/rate.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "db/shared.h"

#define SLOTS 4096
#define PROBES 8
#define PARTS 50 /* of the limit: how much is counted before it is written down */

/* mine (requests of this host), shared (of these what was written down), others (requests of other hosts): the minute in the upper half,
 * the number in the lower one. */
struct slot {
	atomic_uint_fast64_t token; /* 0: free */
	atomic_uint_fast64_t mine, shared, others;
};

/* Something at work: its number and until when that is believed. */
struct hold {
	atomic_uint_fast64_t fact;
	atomic_int_fast64_t until_ms;
};

struct memory {
	struct slot slots[SLOTS];
	struct hold holds[SLOTS];
};

static struct slot *slots;
static struct hold *holds;

void rate_need(void)
{
	static struct memory own;
	struct memory *memory;

	if (slots != NULL)
		return;
	memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		memory = &own;
	slots = memory->slots;
	holds = memory->holds;
}

static uint64_t slot_minute(const atomic_uint_fast64_t *part)
{
	return atomic_load(part) >> 32;
}

/* The slot of a token: its own, a free one, or the one among a few that was idle longest, whose count is forgotten. Two processes
 * that take the same slot for two tokens at once count both in it for a moment: a request too few or too many. */
static struct slot *slot_find(uint64_t token)
{
	struct slot *oldest = NULL;

	for (unsigned i = 0; i < PROBES; i++) {
		struct slot *slot = &slots[(token * UINT64_C(0x9E3779B97F4A7C15) + i) % SLOTS];
		uint_fast64_t none = 0;

		if (atomic_load(&slot->token) == token || atomic_compare_exchange_strong(&slot->token, &none, token) || none == token)
			return slot;
		if (oldest == NULL || slot_minute(&slot->mine) < slot_minute(&oldest->mine))
			oldest = slot;
	}
	atomic_store(&oldest->token, token);
	atomic_store(&oldest->mine, 0);
	atomic_store(&oldest->shared, 0);
	atomic_store(&oldest->others, 0);
	return oldest;
}

static uint32_t slot_add(atomic_uint_fast64_t *part, uint64_t minute, uint32_t more)
{
	uint_fast64_t old = atomic_load(part), new;

	do {
		/* Who was held up counts for the minute that another has begun. */
		uint64_t at = old >> 32 > minute ? old >> 32 : minute;
		uint32_t count = old >> 32 == at ? (uint32_t)old : 0;

		new = at << 32 | (count < UINT32_MAX - more ? count + more : count);
	} while (!atomic_compare_exchange_weak(part, &old, new));
	return (uint32_t)new;
}

static uint32_t slot_count(const atomic_uint_fast64_t *part, uint64_t minute)
{
	uint_fast64_t now = atomic_load(part);

	return now >> 32 == minute ? (uint32_t)now : 0;
}

/* Others never have fewer than they were known to have. */
static void slot_raise(atomic_uint_fast64_t *part, uint64_t minute, uint64_t count)
{
	uint_fast64_t old = atomic_load(part), new = minute << 32 | (count < UINT32_MAX ? count : UINT32_MAX);

	while (old < new && !atomic_compare_exchange_weak(part, &old, new))
		;
}

/* Writes down STEP more, and notes what other hosts have. */
static enum error rate_share(struct db *db, struct slot *slot, uint64_t token, uint64_t minute, uint32_t step)
{
	DB_ROWS_AUTO rows = NULL;
	/* Before it is written, and looked at after the reading: what this host's workers have on its way is never taken for others'. */
	slot_add(&slot->shared, minute, step);
	enum error error = db_execute(db, NULL, STMT_TOKEN_RATE_ADD,
		DB_VALUES(DB_UINT(minute), DB_UINT(step), DB_UINT(minute), DB_UINT(token)), NULL);
	char **row;

	if (error == ERR_NONE)
		error = db_query(db, NULL, STMT_TOKEN_RATE_READ, DB_VALUES(DB_UINT(token), DB_UINT(minute)), &rows);
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	uint64_t total = row != NULL ? db_uint(row[0]) : 0, shared = slot_count(&slot->shared, minute);
	slot_raise(&slot->others, minute, total > shared ? total - shared : 0);
	return ERR_NONE;
}

enum error rate_take(struct db *db, uint64_t token, unsigned limit, struct rate *rate)
{
	int64_t now = clock_now();
	uint64_t minute = (uint64_t)now / 60;
	struct slot *slot;
	uint32_t count, step = limit / PARTS > 0 ? limit / PARTS : 1;
	enum error error = ERR_NONE;

	rate_need();
	slot = slot_find(token);
	count = slot_add(&slot->mine, minute, 1);
	if (count % step == 0 && count <= limit)
		error = rate_share(db, slot, token, minute, step);
	uint64_t others = slot_count(&slot->others, minute);
	*rate = (struct rate){ .limit = limit, .reset = (unsigned)(60 - now % 60), .over = count + others > limit };
	rate->left = count + others < limit ? (unsigned)(limit - count - others) : 0;
	return error;
}

uint64_t rate_fact(const void *data, size_t length)
{
	rate_need();
	return shared_hash(data, length);
}

bool rate_hold(uint64_t fact, int64_t until_ms)
{
	struct hold *hold = &holds[fact % SLOTS];
	uint_fast64_t old = atomic_load(&hold->fact);

	if (old == fact && atomic_load(&hold->until_ms) > clock_monotonic_ms())
		return false;
	if (!atomic_compare_exchange_strong(&hold->fact, &old, fact) && old == fact)
		return false;
	atomic_store(&hold->until_ms, until_ms);
	return true;
}

void rate_release(uint64_t fact)
{
	struct hold *hold = &holds[fact % SLOTS];

	/* Another one may stand there by now. */
	atomic_compare_exchange_strong(&hold->fact, &fact, 0);
}
