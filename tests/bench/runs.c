/* How many runs of billing sources a second the database side takes: writers at once, each a process with its own connection, that
 * report through the function that the API calls. Prints "RUNS-A-SECOND P99-MS RUN-AGAIN STATEMENTS-A-RUN CPU-US-A-RUN" (CPU: the writers' own).
 *
 *	runs CONFIG SECONDS WRITERS [reseller]
 *
 * Sources are drawn by their keys from all over the largest tree; with `reseller` from its reseller that has most of those drawn. Nine of ten
 * runs say what the source's last one said; the others change its state and so all above it. What was reported is taken back at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "db/connection.h"
#include "db/list_table.h"
#include "db/source_day.h"
#include "db/source_run.h"
#include "scope/scope_make.h"

#define SOURCES_MAX 2000
#define WRITERS_MAX 64
#define SAMPLES 100000
#define MARK "reported by the benchmark" /* the message of its runs */

struct source {
	uint64_t key, tenant, distributor, reseller;
	char account[SOURCE_ACCOUNT_DIGITS + 1];
	uint8_t state; /* of its last run; racing writers may have it wrong for a moment */
	bool touched;
};

/* Shared by all writers. */
struct board {
	struct source sources[SOURCES_MAX];
	size_t count;
	unsigned taken[WRITERS_MAX], again[WRITERS_MAX], statements[WRITERS_MAX];
	unsigned samples; /* of the first writer */
	float ms[SAMPLES];
};

static const struct scope *scope;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "runs: %s\n", what);
	exit(1);
}

static void scope_find(struct db *db, struct arena *arena)
{
	DB_ROWS_AUTO rows = NULL;
	struct scope_facts facts = { .public_id = "BENCH", .name = "bench", .zone = "UTC", .role = ROLE_ADMIN };
	char **row;

	if (db_query_text(db, NULL, "bench", "SELECT t.id, t.tree_pos FROM tenant t JOIN tenant_total n ON n.tenant_id = t.id "
		"WHERE t.tier = 1 ORDER BY n.total DESC LIMIT 1", DB_NO_VALUES, false, &rows) != ERR_NONE || (row = db_next(rows)) == NULL)
		fail("there is no tree");
	facts.tenant = db_uint(row[0]);
	facts.tree_pos = db_uint(row[1]);
	scope = scope_make(arena, &facts);
}

/* Adds the sources that SQL gives for a key and a number. Tenants that are being onboarded are left out: a success would end that for good. */
static void sources_read(struct db *db, struct board *board, const char *condition, uint64_t key, unsigned limit)
{
	DB_ROWS_AUTO rows = NULL;
	char sql[1024];

	snprintf(sql, sizeof sql, "SELECT s.id, t.id, t.distributor_id, IF(t.tier = 3, t.parent_id, t.id), s.account, s.state FROM billing_source s "
		"JOIN tenant t ON t.id = s.tenant_id WHERE s.live = 1 AND s.state < 4 AND t.deleted_at IS NULL AND t.tier > 1 "
		"AND t.onboarded_at IS NOT NULL AND s.distributor_id = ? AND %s ORDER BY s.id LIMIT ?", condition);
	if (db_query_text(db, NULL, "bench", sql, DB_VALUES(DB_UINT(scope_tenant(scope)), DB_UINT(key), DB_UINT(limit)), false, &rows) != ERR_NONE)
		fail("cannot read the sources");
	for (char **row; board->count < SOURCES_MAX && (row = db_next(rows)) != NULL;) {
		struct source *source = &board->sources[board->count++];

		*source = (struct source){ .key = db_uint(row[0]), .tenant = db_uint(row[1]), .distributor = db_uint(row[2]),
			.reseller = db_uint(row[3]), .state = (uint8_t)db_uint(row[5]) };
		snprintf(source->account, sizeof source->account, "%s", row[4]);
	}
}

static int reseller_compare(const void *left, const void *right)
{
	uint64_t a = ((const struct source *)left)->reseller, b = ((const struct source *)right)->reseller;

	return a < b ? -1 : a > b;
}

static uint64_t reseller_largest(struct board *board)
{
	uint64_t largest = 0;
	size_t most = 0;

	qsort(board->sources, board->count, sizeof *board->sources, reseller_compare);
	for (size_t from = 0, to = 0; from < board->count; from = to) {
		while (to < board->count && board->sources[to].reseller == board->sources[from].reseller)
			to++;
		if (to - from > most) {
			most = to - from;
			largest = board->sources[from].reseller;
		}
	}
	return largest;
}

static void sources_find(struct db *db, struct board *board, bool reseller)
{
	DB_ROWS_AUTO rows = NULL;
	char **row;

	if (db_query_text(db, NULL, "bench", "SELECT MAX(id) FROM billing_source", DB_NO_VALUES, false, &rows) != ERR_NONE ||
		(row = db_next(rows)) == NULL || row[0] == NULL)
		fail("there are no sources");
	for (unsigned i = 0; i < SOURCES_MAX; i++)
		sources_read(db, board, "s.id >= ?", db_uint(row[0]) * i / SOURCES_MAX + 1, 1);
	if (reseller) {
		uint64_t largest = reseller_largest(board);

		board->count = 0;
		sources_read(db, board, "t.parent_id = ?", largest, SOURCES_MAX);
	}
	if (board->count == 0)
		fail("there are no sources");
}

struct report {
	const struct source *source;
	struct source_run run;
	enum source_run_result result;
	unsigned *tries;
};

static enum error take(struct db *db, void *arg)
{
	struct report *report = arg;

	++*report->tries;
	return source_run_take(db, scope, report->source->account, &report->run, &report->result);
}

static _Noreturn void writer(const struct config *config, unsigned number, int64_t until, struct board *board)
{
	struct db *db = db_new(config);
	unsigned tries = 0;

	srandom(number + 1);
	while (clock_monotonic_ms() < until) {
		struct source *source = &board->sources[(size_t)random() % board->count];
		int64_t now = clock_now_ms();
		uint64_t began = connection_clock_us();
		struct source_run run = { now - 60000 - random() % 60000, true, now, random() % 10 > 0 ? (enum rollup)source->state
			: (enum rollup)(ROLLUP_FAILED + random() % 3), (uint64_t)random() % 100000, "2026-11", MARK };
		struct report report = { source, run, SOURCE_RUN_UNKNOWN, &tries };

		source->touched = true;
		if (db_transaction(db, take, &report) != ERR_NONE || report.result == SOURCE_RUN_UNKNOWN)
			fail("a run was not taken");
		source->state = (uint8_t)run.status;
		board->taken[number]++;
		if (number == 0 && board->samples < SAMPLES)
			board->ms[board->samples++] = (float)(connection_clock_us() - began) / 1000;
	}
	board->again[number] = tries - board->taken[number];
	board->statements[number] = db_statements_run(db);
	db_close(db);
	_exit(0);
}

/* The benchmark's runs of a source out of the counters by day and out of the table. */
static enum error forget(struct db *db, void *arg)
{
	const struct source *source = arg;
	const uint64_t tenants[] = { source->distributor, source->reseller };
	const struct db_value values[] = { DB_UINT(source->key), DB_TEXT(MARK) };
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query_text(db, NULL, "bench", "SELECT DATE(started_at), finished_at, status, row_count FROM source_run "
		"WHERE source_id = ? AND message = ? ORDER BY started_at", values, 2, false, &rows);

	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;) {
		struct source_day day = { 0 };

		source_day_count(&day, row[1], row[2], db_int(row[3]), -1);
		error = source_day_add(db, tenants, 2, row[0], &day);
	}
	return error == ERR_NONE ? db_execute_text(db, NULL, "bench", "DELETE FROM source_run WHERE source_id = ? AND message = ?", values, 2, NULL)
		: error;
}

static enum error refresh(struct db *db, void *arg)
{
	return list_table_refresh(db, *(const uint64_t *)arg);
}

static void take_back(struct db *db, struct board *board)
{
	for (size_t i = 0; i < board->count; i++) {
		struct source *source = &board->sources[i];

		if (source->touched && (db_transaction(db, forget, source) != ERR_NONE || source_run_mend(db, source->key) != ERR_NONE ||
			db_transaction(db, refresh, &source->tenant) != ERR_NONE))
			fail("the runs could not be taken back");
	}
}

static int float_compare(const void *left, const void *right)
{
	float a = *(const float *)left, b = *(const float *)right;
	return a < b ? -1 : a > b;
}

static void print_figures(struct board *board, unsigned seconds, unsigned writers)
{
	unsigned taken = 0, again = 0, statements = 0;
	struct rusage used;

	for (unsigned i = 0; i < writers; i++) {
		taken += board->taken[i];
		again += board->again[i];
		statements += board->statements[i];
	}
	if (taken == 0 || getrusage(RUSAGE_CHILDREN, &used) != 0)
		fail("nothing was taken");
	qsort(board->ms, board->samples, sizeof *board->ms, float_compare);
	printf("%.1f %.1f %u %.2f %.0f\n", (double)taken / seconds, board->samples > 0 ? (double)board->ms[board->samples * 99 / 100] : 0.0,
		again, (double)statements / taken, ((double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec)) / taken);
}

int main(int argc, char **argv)
{
	static struct config config;
	struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool failed = false;

	if (argc < 4 || argc > 5 || board == MAP_FAILED)
		fail("runs CONFIG SECONDS WRITERS [reseller]");
	unsigned seconds = (unsigned)strtoul(argv[2], NULL, 10), writers = (unsigned)strtoul(argv[3], NULL, 10);
	if (seconds < 1 || writers < 1 || writers > WRITERS_MAX || config_load(argv[1], &config, stderr) != 0)
		fail("bad arguments or configuration");
	ARENA_AUTO arena = arena_new();
	struct db *db = db_new(&config);
	scope_find(db, arena);
	sources_find(db, board, argc == 5);
	db_close(db);
	int64_t until = clock_monotonic_ms() + seconds * 1000;
	for (unsigned i = 0; i < writers; i++) {
		pid_t child = fork();

		if (child < 0)
			fail("cannot fork");
		if (child == 0)
			writer(&config, i, until, board);
	}
	for (int status; wait(&status) > 0;)
		failed |= status != 0;
	db = db_new(&config);
	take_back(db, board);
	db_close(db);
	if (failed)
		fail("a writer failed");
	print_figures(board, seconds, writers);
	return 0;
}
