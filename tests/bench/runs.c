/* How many runs of billing sources a second the database side takes: writers at once, each a process with its own connection, that
 * report for sources all over the largest tree. Prints "RUNS-A-SECOND P99-MS RUN-AGAIN".
 *
 *	runs CONFIG SECONDS WRITERS [RESELLER]
 *
 * RESELLER: sources of the first reseller alone. Nine of ten runs say what the source's last one said; the others change its state and so
 * all above it. The runs stay in the database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "db/source_run.h"
#include "scope/scope_make.h"

#define SOURCES_MAX 20000
#define WRITERS_MAX 64
#define SAMPLES 100000

struct board {
	unsigned taken[WRITERS_MAX], again[WRITERS_MAX];
	unsigned samples; /* of the first writer */
	float ms[SAMPLES];
};

struct bench {
	struct db *db;
	const struct scope *scope;
	size_t count;
	char accounts[SOURCES_MAX][SOURCE_ACCOUNT_DIGITS + 1];
	uint8_t states[SOURCES_MAX];
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "runs: %s\n", what);
	exit(1);
}

static void scope_find(struct bench *bench, struct arena *arena, bool reseller)
{
	DB_ROWS_AUTO rows = NULL;
	struct scope_facts facts = { .public_id = "BENCH", .name = "bench", .zone = "UTC", .role = ROLE_ADMIN };
	uint64_t most = 0;

	if (db_query(bench->db, NULL, STMT_DEMO_DISTRIBUTORS, DB_NO_VALUES, &rows) != ERR_NONE)
		fail("cannot read the distributors");
	for (char **row; (row = db_next(rows)) != NULL;) {
		DB_ROWS_AUTO total = NULL;
		char **counted;

		if (db_query(bench->db, NULL, STMT_LIST_TOTAL_STORED, DB_VALUES(DB_UINT(db_uint(row[0]))), &total) != ERR_NONE ||
			(counted = db_next(total)) == NULL || db_uint(counted[1]) <= most)
			continue;
		most = db_uint(counted[1]);
		facts.tenant = db_uint(row[0]);
		facts.tree_pos = db_uint(row[1]);
	}
	if (reseller) {
		DB_ROWS_AUTO next = NULL;
		char **row;

		if (db_query(bench->db, NULL, STMT_SOURCE_DAY_PLACES, DB_VALUES(DB_UINT(facts.tree_pos + 1),
			DB_UINT(tree_end(facts.tree_pos)), DB_UINT(1)), &next) != ERR_NONE || (row = db_next(next)) == NULL)
			fail("there is no reseller");
		facts.tree_pos = db_uint(row[0]);
		facts.tenant = db_uint(row[1]);
	}
	bench->scope = scope_make(arena, &facts);
}

/* A few sources from each of many places. */
static void sources_find(struct bench *bench, bool reseller)
{
	uint64_t low = scope_low(bench->scope), width = scope_high(bench->scope) - low;
	unsigned piece = reseller ? SOURCES_MAX : 20;

	for (unsigned i = 0; i < 1000 && bench->count < SOURCES_MAX; i++) {
		DB_ROWS_AUTO rows = NULL;
		uint64_t at = reseller ? low : low + (uint64_t)((double)width * (double)random() / (double)RAND_MAX);

		if (db_query(bench->db, bench->scope, STMT_SOURCE_LIST, DB_VALUES(DB_UINT(at), DB_UINT(at), DB_UINT(0), DB_UINT(piece)),
			&rows) != ERR_NONE)
			fail("cannot read the sources");
		for (char **row; bench->count < SOURCES_MAX && (row = db_next(rows)) != NULL; bench->count++) {
			snprintf(bench->accounts[bench->count], sizeof bench->accounts[0], "%s", row[3]); /* account and state, as app/source.h has the columns */
			bench->states[bench->count] = (uint8_t)db_uint(row[6]);
		}
		if (reseller)
			break;
	}
	if (bench->count == 0)
		fail("there are no sources");
}

struct report {
	const struct scope *scope;
	const char *account;
	struct source_run run;
	enum source_run_result result;
	unsigned *tries;
};

static enum error take(struct db *db, void *arg)
{
	struct report *report = arg;

	++*report->tries;
	return source_run_take(db, report->scope, report->account, &report->run, &report->result);
}

static _Noreturn void writer(const struct config *config, struct bench *bench, unsigned number, int64_t until, struct board *board)
{
	struct db *db = db_new(config);
	unsigned tries = 0;

	srandom(number + 1);
	while (clock_monotonic_ms() < until) {
		size_t at = (size_t)random() % bench->count;
		enum rollup same = bench->states[at] == ROLLUP_NOT_AVAILABLE ? ROLLUP_SUCCESS : (enum rollup)bench->states[at];
		int64_t now = clock_now_ms(), began = clock_monotonic_ms();
		struct source_run run = { now - 60000 - random() % 60000, true, now, random() % 10 > 0 ? same
			: (enum rollup)(ROLLUP_FAILED + random() % 3), (uint64_t)random() % 100000, "2026-11", "" };
		struct report report = { bench->scope, bench->accounts[at], run, SOURCE_RUN_UNKNOWN, &tries };

		if (db_transaction(db, take, &report) != ERR_NONE || report.result == SOURCE_RUN_UNKNOWN)
			fail("a run was not taken");
		board->taken[number]++;
		if (number == 0 && board->samples < SAMPLES)
			board->ms[board->samples++] = (float)(clock_monotonic_ms() - began);
	}
	board->again[number] = tries - board->taken[number];
	db_close(db);
	_exit(0);
}

static int float_compare(const void *left, const void *right)
{
	float a = *(const float *)left, b = *(const float *)right;
	return a < b ? -1 : a > b;
}

int main(int argc, char **argv)
{
	static struct config config;
	static struct bench bench;
	struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned taken = 0, again = 0;

	if (argc < 4 || argc > 5 || board == MAP_FAILED)
		fail("runs CONFIG SECONDS WRITERS [reseller]");
	unsigned seconds = (unsigned)strtoul(argv[2], NULL, 10), writers = (unsigned)strtoul(argv[3], NULL, 10);
	if (seconds < 1 || writers < 1 || writers > WRITERS_MAX || config_load(argv[1], &config, stderr) != 0)
		fail("bad arguments or configuration");
	ARENA_AUTO arena = arena_new();
	bench.db = db_new(&config);
	scope_find(&bench, arena, argc == 5);
	sources_find(&bench, argc == 5);
	db_close(bench.db);
	int64_t until = clock_monotonic_ms() + seconds * 1000;
	for (unsigned i = 0; i < writers; i++) {
		pid_t child = fork();

		if (child < 0)
			fail("cannot fork");
		if (child == 0)
			writer(&config, &bench, i, until, board);
	}
	for (int status; wait(&status) > 0;)
		if (status != 0)
			fail("a writer failed");
	for (unsigned i = 0; i < writers; i++) {
		taken += board->taken[i];
		again += board->again[i];
	}
	qsort(board->ms, board->samples, sizeof *board->ms, float_compare);
	printf("%.1f %.1f %u\n", (double)taken / seconds, board->samples > 0 ? (double)board->ms[board->samples * 99 / 100] : 0.0, again);
	return 0;
}
