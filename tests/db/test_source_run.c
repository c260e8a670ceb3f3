/* Reported runs: the state of a source, the counts above it and the counters by day, against naive recomputations. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "db/connection.h"
#include "db/list_table.h"
#include "db/source_day.h"
#include "db/source_run.h"
#include "db/tree.h"
#include "fixture.h"

#define D1 UINT64_C(1000000)
#define R1 UINT64_C(1000001)
#define C1 UINT64_C(1000002)
#define HOUR (INT64_C(3600) * 1000)
#define DAY (24 * HOUR)
#define WRITERS 8

static struct fixture *fixture;
static int64_t now; /* of the fixture's clock, in ms, a whole second */

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_source_run");
	now = clock_now() * 1000;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

static void add_source(uint64_t tenant, uint64_t number)
{
	fixture_sql(fixture, "INSERT INTO billing_source (id, public_id, tenant_id, distributor_id, account, report, location, connected_at, "
		"state_since) VALUES (%lu, 'S%lu', %lu, %lu, '%012lu', 'r', 's3://bucket', '2026-01-01', '2026-01-01')",
		number, number, tenant, D1, number);
}

/* A distributor with a reseller with a customer, onboarded, that has one source. */
static void small_tree(const char *zone)
{
	fixture_empty(fixture);
	fixture_sql(fixture, "INSERT INTO tenant (id, public_id, tree_pos, tier, parent_id, distributor_id, name, domain, time_zone, "
		"created_at, onboarded_at) VALUES (%lu, 'D1', %lu, 1, NULL, NULL, 'Dist', 'd.example', '%s', '2025-01-01', '2025-01-01'), "
		"(%lu, 'R1', %lu, 2, %lu, %lu, 'Res', 'r.example', NULL, '2025-01-01', '2025-01-01'), "
		"(%lu, 'C1', %lu, 3, %lu, %lu, 'Cust', 'c.example', NULL, '2025-01-01', '2025-01-01')", D1, tree_make(1, 0, 0), zone, R1,
		tree_make(1, 1000, 0), D1, D1, C1, tree_make(1, 1000, 1000), R1, D1);
	add_source(C1, 7);
	fixture_rebuild(fixture, 1);
}

struct report {
	const struct scope *scope;
	char account[16];
	struct source_run run;
	enum source_run_result result;
};

static enum error take(struct db *db, void *arg)
{
	struct report *report = arg;

	return source_run_take(db, report->scope, report->account, &report->run, &report->result);
}

static enum source_run_result report_run(uint64_t acting, uint64_t source, struct source_run run)
{
	struct report report = { fixture_scope(fixture, acting), "", run, SOURCE_RUN_UNKNOWN };

	snprintf(report.account, sizeof report.account, "%012lu", (unsigned long)source);
	assert_int_equal(db_transaction(fixture->db, take, &report), ERR_NONE);
	return report.result;
}

static struct source_run finished(int64_t started, int64_t minutes, enum rollup status)
{
	return (struct source_run){ started, true, started + minutes * 60000, status, 100, "2026-11", status == ROLLUP_FAILED ? "no" : "" };
}

static void assert_state(uint64_t source, enum rollup state, const char *since)
{
	unsigned stored = (unsigned)fixture_number(fixture, "SELECT state FROM billing_source WHERE id = %lu", source);

	assert_int_equal(stored, state);
	if (since != NULL && fixture_number(fixture, "SELECT state_since = '%s' FROM billing_source WHERE id = %lu", since, source) != 1) {
		print_message("# not since %s\n", since);
		fail();
	}
	assert_int_equal(fixture_number(fixture, "SELECT rollup FROM tenant_list WHERE tenant_id = (SELECT tenant_id FROM billing_source "
		"WHERE id = %lu)", source), state);
}

static const char *sql_at(int64_t ms)
{
	static char texts[4][CLOCK_INSTANT_SIZE];
	static unsigned next;

	clock_sql(ms, texts[next = (next + 1) % 4]);
	return texts[next];
}

static void a_run_turns_its_source_and_all_above_it(void **state)
{
	(void)state;
	small_tree("UTC");
	assert_state(7, ROLLUP_NOT_AVAILABLE, NULL);
	assert_int_equal(report_run(D1, 7, finished(now - 5 * HOUR, 10, ROLLUP_FAILED)), SOURCE_RUN_CREATED);
	assert_state(7, ROLLUP_FAILED, sql_at(now - 5 * HOUR + 600000));
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list WHERE rollup = 1 AND s_failed = 1"), 3);
	assert_int_equal(fixture_number(fixture, "SELECT r_failed FROM tenant_total WHERE tenant_id = 1000000"), 3);
	assert_int_equal(report_run(R1, 7, finished(now - 4 * HOUR, 10, ROLLUP_SUCCESS)), SOURCE_RUN_CREATED);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list WHERE rollup = 3 AND s_failed = 0 AND s_success = 1"), 3);
	assert_int_equal(fixture_differences(fixture), 0);
}

static void the_same_start_updates(void **state)
{
	(void)state;
	small_tree("UTC");
	struct source_run run = { now - 2 * HOUR, false, 0, 0, 0, "2026-11", "" };
	assert_int_equal(report_run(C1, 7, run), SOURCE_RUN_CREATED);
	assert_state(7, ROLLUP_NOT_AVAILABLE, NULL);
	assert_int_equal(report_run(C1, 7, finished(now - 2 * HOUR, 5, ROLLUP_WARNING)), SOURCE_RUN_UPDATED);
	assert_state(7, ROLLUP_WARNING, sql_at(now - 2 * HOUR + 300000));
	assert_int_equal(report_run(C1, 7, finished(now - 2 * HOUR, 6, ROLLUP_SUCCESS)), SOURCE_RUN_UPDATED);
	assert_int_equal(report_run(C1, 7, finished(now - 2 * HOUR, 6, ROLLUP_SUCCESS)), SOURCE_RUN_UPDATED);
	assert_state(7, ROLLUP_SUCCESS, sql_at(now - 2 * HOUR + 360000));
	/* taken back: it is going on again */
	assert_int_equal(report_run(C1, 7, run), SOURCE_RUN_UPDATED);
	assert_state(7, ROLLUP_NOT_AVAILABLE, NULL);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM source_run"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT SUM(running) * 10 + SUM(success + warning + failed) FROM source_day"), 20);
	assert_int_equal(fixture_differences(fixture), 0);
}

static void runs_count_by_their_own_times(void **state)
{
	(void)state;
	small_tree("UTC");
	report_run(C1, 7, finished(now - 3 * HOUR, 10, ROLLUP_SUCCESS));
	/* late, of before it: changes nothing but when that began */
	report_run(C1, 7, finished(now - 30 * HOUR, 10, ROLLUP_FAILED));
	assert_state(7, ROLLUP_SUCCESS, sql_at(now - 3 * HOUR + 600000));
	report_run(C1, 7, finished(now - 20 * HOUR, 10, ROLLUP_SUCCESS));
	assert_state(7, ROLLUP_SUCCESS, sql_at(now - 20 * HOUR + 600000));
	/* began before the latest and ended after it */
	report_run(C1, 7, finished(now - 4 * HOUR, 180, ROLLUP_FAILED));
	assert_state(7, ROLLUP_FAILED, sql_at(now - HOUR));
	assert_int_equal(fixture_differences(fixture), 0);
}

static void a_success_is_one_for_48_hours(void **state)
{
	unsigned done;

	(void)state;
	small_tree("UTC");
	report_run(C1, 7, finished(now - 49 * HOUR, 30, ROLLUP_SUCCESS));
	assert_state(7, ROLLUP_WARNING, sql_at(now - 30 * 60000));
	/* a failed one in between is what counts, however old */
	report_run(C1, 7, finished(now - 48 * HOUR, 10, ROLLUP_FAILED));
	assert_state(7, ROLLUP_FAILED, NULL);
	report_run(C1, 7, finished(now - 47 * HOUR, 10, ROLLUP_SUCCESS));
	assert_state(7, ROLLUP_SUCCESS, NULL);
	assert_int_equal(list_table_follow_time(fixture->db, 100, &done), ERR_NONE);
	assert_state(7, ROLLUP_SUCCESS, NULL);
	clock_set_offset(now / 1000 + 2 * 3600 - time(NULL));
	assert_int_equal(list_table_follow_time(fixture->db, 100, &done), ERR_NONE);
	assert_state(7, ROLLUP_WARNING, sql_at(now - 47 * HOUR + 600000 + 48 * HOUR));
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list WHERE rollup = 2 AND s_warning = 1"), 3);
	assert_int_equal(fixture_differences(fixture), 0);
	clock_set_offset(now / 1000 - time(NULL));
}

static void a_pause_of_more_than_48_hours_ends_since(void **state)
{
	(void)state;
	small_tree("UTC");
	for (int day = 10; day > 0; day--)
		if (day != 5 && day != 4)
			report_run(C1, 7, finished(now - day * DAY, 10, ROLLUP_SUCCESS));
	assert_state(7, ROLLUP_SUCCESS, sql_at(now - 3 * DAY + 600000));
	report_run(C1, 7, finished(now - 5 * DAY, 10, ROLLUP_SUCCESS));
	assert_state(7, ROLLUP_SUCCESS, sql_at(now - 10 * DAY + 600000));
}

static void assert_times(int64_t started, int64_t end, const char *field, const char *wrong)
{
	const struct source_run run = { .started = started, .finished_known = end != 0, .finished = end };
	const char *found_field, *found_wrong;

	assert_int_equal(source_run_times_valid(&run, &found_field, &found_wrong), wrong == NULL);
	if (wrong == NULL)
		return;
	assert_string_equal(found_field, field);
	assert_non_null(strstr(found_wrong, wrong));
}

static void a_run_lies_neither_in_the_future_nor_ends_before_it_began(void **state)
{
	int64_t at = clock_now_ms();

	(void)state;
	assert_times(at - HOUR, at, NULL, NULL);
	assert_times(at - HOUR, at - HOUR, NULL, NULL);
	assert_times(at, 0, NULL, NULL);
	/* clocks differ */
	assert_times(at + 4 * 60000, at + 4 * 60000, NULL, NULL);
	assert_times(at + 6 * 60000, 0, "started", "in the future");
	assert_times(at + DAY, at + DAY + HOUR, "started", "in the future");
	assert_times(at - HOUR, at + 6 * 60000, "finished", "in the future");
	assert_times(at - HOUR, at - HOUR - 1, "finished", "before it started");
}

static void an_account_outside_of_the_scope_is_unknown(void **state)
{
	(void)state;
	small_tree("UTC");
	fixture_sql(fixture, "INSERT INTO tenant (id, public_id, tree_pos, tier, parent_id, distributor_id, name, domain, created_at) VALUES "
		"(1000003, 'R2', %lu, 2, 1000000, 1000000, 'Other', 'o.example', '2025-01-01'), "
		"(2000000, 'D2', %lu, 1, NULL, NULL, 'Second', 's.example', '2025-01-01')", tree_make(1, 2000, 0), tree_make(2, 0, 0));
	fixture_rebuild(fixture, 1);
	fixture_rebuild(fixture, 2);
	assert_int_equal(report_run(1000003, 7, finished(now - HOUR, 1, ROLLUP_FAILED)), SOURCE_RUN_UNKNOWN);
	assert_int_equal(report_run(2000000, 7, finished(now - HOUR, 1, ROLLUP_FAILED)), SOURCE_RUN_UNKNOWN);
	assert_int_equal(report_run(D1, 8, finished(now - HOUR, 1, ROLLUP_FAILED)), SOURCE_RUN_UNKNOWN);
	fixture_sql(fixture, "UPDATE billing_source SET live = NULL");
	assert_int_equal(report_run(D1, 7, finished(now - HOUR, 1, ROLLUP_FAILED)), SOURCE_RUN_UNKNOWN);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM source_run"), 0);
}

static void the_first_success_finishes_onboarding_for_good(void **state)
{
	(void)state;
	small_tree("UTC");
	fixture_sql(fixture, "UPDATE tenant SET onboarded_at = NULL WHERE id = %lu", C1);
	fixture_sql(fixture, "INSERT INTO user_account SET public_id = 'U1', tenant_id = %lu, email = 'u@x.example', first_name = 'A', "
		"last_name = 'L', role = 'admin', invited_at = '2025-01-01', activated_at = '2025-01-02'", C1);
	fixture_sql(fixture, "INSERT INTO contract SET public_id = 'K1', tenant_id = %lu, made_by_tenant_id = %lu, stored_status = 'ready', "
		"name = 'c', start_date = '2026-01-01', created_at = '2025-01-01'", C1, R1);
	fixture_rebuild(fixture, 1);
	assert_int_equal(fixture_number(fixture, "SELECT tasks_done FROM tenant_list WHERE tenant_id = %lu", C1), 4);
	report_run(C1, 7, finished(now - 3 * HOUR, 1, ROLLUP_FAILED));
	report_run(C1, 7, (struct source_run){ now - HOUR, false, 0, ROLLUP_SUCCESS, 0, "2026-11", "" });
	assert_int_equal(fixture_number(fixture, "SELECT tasks_done FROM tenant_list WHERE tenant_id = %lu", C1), 4);
	assert_int_equal(fixture_number(fixture, "SELECT onboarding FROM tenant_total WHERE tenant_id = %lu", D1), 1);
	report_run(C1, 7, finished(now - 2 * HOUR, 1, ROLLUP_SUCCESS));
	assert_int_equal(fixture_number(fixture, "SELECT tasks_done * 10 + onboarding FROM tenant_list WHERE tenant_id = %lu", C1), 50);
	assert_int_equal(fixture_number(fixture, "SELECT onboarding FROM tenant_total WHERE tenant_id = %lu", D1), 0);
	assert_int_equal(fixture_number(fixture, "SELECT onboarded_at IS NOT NULL FROM tenant WHERE id = %lu", C1), 1);
	/* taken back: it stays complete */
	report_run(C1, 7, finished(now - 2 * HOUR, 1, ROLLUP_FAILED));
	assert_int_equal(fixture_number(fixture, "SELECT tasks_done * 10 + onboarding FROM tenant_list WHERE tenant_id = %lu", C1), 50);
	assert_int_equal(fixture_differences(fixture), 0);
}

static void a_day_is_one_of_the_trees_zone(void **state)
{
	int64_t at;
	struct source_day days[SOURCE_DAYS];
	char dates[SOURCE_DAYS][CLOCK_DATE_SIZE];

	(void)state;
	small_tree("America/New_York");
	assert_true(clock_parse("2026-11-21T04:30:00Z", &at)); /* still the 20th there */
	struct report report = { NULL, "000000000007", finished(at * 1000, 1, ROLLUP_SUCCESS), SOURCE_RUN_UNKNOWN };
	report.scope = fixture_scope_zone(fixture, D1, "America/New_York");
	assert_int_equal(db_transaction(fixture->db, take, &report), ERR_NONE);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM source_day WHERE day = '2026-11-20' AND success = 1"), 2);
	assert_int_equal(fixture_differences(fixture), 0);
	for (uint64_t tenant = D1; tenant <= C1; tenant++) {
		uint64_t label = fixture_number(fixture, "SELECT tree_pos FROM tenant WHERE id = %lu", tenant);

		assert_int_equal(source_day_history(fixture->db, report.scope, tenant, label, days, dates), ERR_NONE);
		assert_string_equal(dates[SOURCE_DAYS - 1], "2026-11-22");
		assert_string_equal(dates[SOURCE_DAYS - 3], "2026-11-20");
		assert_int_equal(days[SOURCE_DAYS - 3].runs[ROLLUP_SUCCESS], 1);
		assert_int_equal(days[SOURCE_DAYS - 3].rows, 100);
		assert_int_equal(days[SOURCE_DAYS - 2].rows, 0);
	}
}

/* What a naive reader makes of the runs of each source: the rule of product.md, word for word. */
static void assert_states(void)
{
	const char *at = sql_at(clock_now_ms());

	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM billing_source s WHERE s.state <> COALESCE((SELECT CASE "
		"WHEN r.status = 'failed' THEN 1 WHEN r.status = 'warning' THEN 2 WHEN (SELECT MAX(g.finished_at) FROM source_run g WHERE "
		"g.source_id = s.id AND g.status <> 'failed') < '%s' - INTERVAL 48 HOUR THEN 2 ELSE 3 END FROM source_run r WHERE "
		"r.source_id = s.id AND r.finished_at IS NOT NULL ORDER BY r.finished_at DESC, r.started_at DESC LIMIT 1), 4)", at), 0);
}

/* What is stored of each source is what all of its runs say, to the instant and the message. */
static void assert_mending_changes_nothing(uint64_t sources)
{
	const char *all = "SELECT SUM(CRC32(CONCAT_WS('/', id, state, state_since, COALESCE(stale_at, ''), last_message))) FROM billing_source";
	uint64_t before = fixture_number(fixture, "%s", all);

	for (uint64_t i = 1; i <= sources; i++)
		assert_int_equal(source_run_mend(fixture->db, i), ERR_NONE);
	assert_int_equal(fixture_number(fixture, "%s", all), before);
}

static enum error settle(struct db *db, void *arg)
{
	uint64_t rewritten;

	return tree_settle(db, *(const uint64_t *)arg, &rewritten);
}

static enum error refresh(struct db *db, void *arg)
{
	return list_table_refresh(db, *(const uint64_t *)arg);
}

/* One of: a run of a random source, at a random time; a connect, a disconnect, a move, a deletion or its restoration. */
static void change_something(uint32_t *random, uint64_t *sources)
{
	static const enum rollup statuses[] = { ROLLUP_FAILED, ROLLUP_WARNING, ROLLUP_SUCCESS, ROLLUP_SUCCESS };
	uint64_t tenant = D1 + fixture_random(random, 31);

	switch (fixture_random(random, 12)) {
	case 0:
		add_source(tenant, ++*sources);
		assert_int_equal(db_transaction(fixture->db, refresh, &tenant), ERR_NONE);
		break;
	case 1:
		fixture_sql(fixture, "UPDATE billing_source SET live = NULL, stale_at = NULL WHERE tenant_id = %lu LIMIT 1", tenant);
		assert_int_equal(db_transaction(fixture->db, refresh, &tenant), ERR_NONE);
		break;
	case 2:
		fixture_sql(fixture, "UPDATE tenant SET parent_id = %lu WHERE id = %lu AND tier = 3", D1 + 1 + 10 * fixture_random(random, 3),
			tenant);
		assert_int_equal(db_transaction(fixture->db, settle, &tenant), ERR_NONE);
		break;
	case 3:
		fixture_sql(fixture, "UPDATE tenant SET deleted_at = IF(deleted_at IS NULL, '2026-11-01', NULL) WHERE id = %lu AND tier = 3",
			tenant);
		assert_int_equal(db_transaction(fixture->db, settle, &tenant), ERR_NONE);
		break;
	default: {
		struct source_run run = finished(now - (int64_t)fixture_random(random, 12) * 9 * HOUR, 1 + fixture_random(random, 900),
			statuses[fixture_random(random, 4)]);

		run.rows = fixture_random(random, 1000);
		run.finished_known = fixture_random(random, 8) > 0;
		report_run(D1, 1 + fixture_random(random, (uint32_t)*sources), run);
		break;
	}
	}
}

static void random_trees_and_operations_agree_with_a_recomputation(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 3; seed++) {
		uint32_t random = seed;
		uint64_t sources = 0;

		fixture_empty(fixture);
		fixture_tree(fixture, 1, 3, 9, "own", seed);
		fixture_sql(fixture, "DELETE FROM billing_source");
		fixture_sql(fixture, "DELETE FROM source_run");
		for (unsigned i = 0; i < 30; i++)
			add_source(D1 + fixture_random(&random, 31), ++sources);
		fixture_rebuild(fixture, 1);
		for (unsigned i = 0; i < 400; i++) {
			change_something(&random, &sources);
			if (i % 100 == 99) {
				assert_states();
				assert_mending_changes_nothing(sources);
				assert_int_equal(fixture_differences(fixture), 0);
			}
		}
	}
}

/* What the writers tell: how many transactions each had to run again. */
struct board {
	unsigned taken[WRITERS], again[WRITERS];
};

struct attempt {
	struct report report;
	unsigned *runs;
};

static enum error take_counted(struct db *db, void *arg)
{
	struct attempt *attempt = arg;

	++*attempt->runs;
	return take(db, &attempt->report);
}

static void writer(const struct scope *scope, unsigned number, unsigned sources, unsigned reports, struct board *board)
{
	struct db *db = db_new(&fixture->config);
	uint32_t random = number + 1;
	unsigned runs = 0;

	for (unsigned i = 0; i < reports; i++) {
		struct attempt attempt = { { scope, "", finished(now - (int64_t)fixture_random(&random, 1000) * 60000 - number, 1,
			(enum rollup)(1 + fixture_random(&random, 3))), SOURCE_RUN_UNKNOWN }, &runs };

		snprintf(attempt.report.account, sizeof attempt.report.account, "%012u", 1 + fixture_random(&random, sources));
		if (db_transaction(db, take_counted, &attempt) == ERR_NONE && attempt.report.result != SOURCE_RUN_UNKNOWN)
			board->taken[number]++;
	}
	board->again[number] = runs - reports;
	db_close(db);
	_exit(0);
}

static void writers_at_once_lose_nothing_and_never_deadlock(void **state)
{
	enum { CUSTOMERS = 40, REPORTS = 150 };
	struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned taken = 0, again = 0;
	pid_t writers[WRITERS];
	int64_t began;

	(void)state;
	fixture_empty(fixture);
	fixture_tree(fixture, 1, 1, CUSTOMERS, "own", 9);
	fixture_sql(fixture, "DELETE FROM billing_source");
	fixture_sql(fixture, "DELETE FROM source_run");
	fixture_sql(fixture, "UPDATE tenant SET deleted_at = NULL");
	for (unsigned i = 0; i < CUSTOMERS; i++)
		add_source(C1 + i, i + 1);
	fixture_rebuild(fixture, 1);
	/* the day's counters are there before: making them is where one may have to try again */
	report_run(D1, 1, finished(now - HOUR, 1, ROLLUP_SUCCESS));
	const struct scope *scope = fixture_scope(fixture, R1);
	uint64_t before = fixture_number(fixture, "SELECT COUNT(*) FROM source_run");
	began = clock_monotonic_ms();
	for (unsigned i = 0; i < WRITERS; i++)
		if ((writers[i] = fork()) == 0)
			writer(scope, i, CUSTOMERS, REPORTS, board);
	for (unsigned i = 0; i < WRITERS; i++) {
		int status = 1;

		assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
		assert_int_equal(status, 0);
		taken += board->taken[i];
		again += board->again[i];
	}
	print_message("# %u runs by %d writers in %ld ms, %u transactions run again\n", taken, WRITERS,
		(long)(clock_monotonic_ms() - began), again);
	assert_int_equal(taken, WRITERS * REPORTS);
	/* two may make the same day's row at the same time; that is all that is ever tried again */
	assert_true(again <= 2 * 16 * 3);
	assert_true(fixture_number(fixture, "SELECT COUNT(*) FROM source_run") > before);
	assert_states();
	assert_int_equal(fixture_differences(fixture), 0);
	munmap(board, sizeof *board);
}

/* Writers that begin each round at the same time. */
struct meeting {
	pthread_barrier_t barrier;
};

struct day_change {
	uint64_t tenants[2];
	char date[CLOCK_DATE_SIZE];
};

static enum error add_a_run(struct db *db, void *arg)
{
	const struct day_change *change = arg;
	const struct source_day day = { .runs = { [ROLLUP_SUCCESS] = 1 }, .rows = 10 };

	return source_day_add(db, change->tenants, 2, change->date, &day);
}

static void day_writer(struct meeting *meeting, unsigned rounds)
{
	struct db *db = db_new(&fixture->config);
	struct day_change change = { { D1, R1 }, "" };
	int status = 0;

	/* a statement before the first round: all are connected */
	source_day_expire(db);
	for (unsigned i = 0; i < rounds; i++) {
		clock_date_add("2026-11-22", -(int)i, change.date);
		pthread_barrier_wait(&meeting->barrier);
		status |= db_transaction(db, add_a_run, &change) != ERR_NONE;
	}
	db_close(db);
	_exit(status);
}

/* The first runs of a day come at the same time: each finds no row, one makes it, and each counts. */
static void the_first_runs_of_a_day_all_count(void **state)
{
	/* more than there are slots: some share one */
	enum { ROUNDS = 20, AT_ONCE = 20 };
	struct meeting *meeting = mmap(NULL, sizeof *meeting, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_t shared;
	pid_t writers[AT_ONCE];

	(void)state;
	small_tree("UTC");
	pthread_barrierattr_init(&shared);
	pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&meeting->barrier, &shared, AT_ONCE);
	for (unsigned i = 0; i < AT_ONCE; i++)
		if ((writers[i] = fork()) == 0)
			day_writer(meeting, ROUNDS);
	for (unsigned i = 0; i < AT_ONCE; i++) {
		int status = 1;

		assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM (SELECT SUM(success) AS success, SUM(row_count) AS row_count "
		"FROM source_day GROUP BY tenant_id, day) d WHERE success = %d AND row_count = %d", AT_ONCE, 10 * AT_ONCE), 2 * ROUNDS);
	munmap(meeting, sizeof *meeting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_turns_its_source_and_all_above_it),
		cmocka_unit_test(the_same_start_updates),
		cmocka_unit_test(runs_count_by_their_own_times),
		cmocka_unit_test(a_success_is_one_for_48_hours),
		cmocka_unit_test(a_pause_of_more_than_48_hours_ends_since),
		cmocka_unit_test(a_run_lies_neither_in_the_future_nor_ends_before_it_began),
		cmocka_unit_test(an_account_outside_of_the_scope_is_unknown),
		cmocka_unit_test(the_first_success_finishes_onboarding_for_good),
		cmocka_unit_test(a_day_is_one_of_the_trees_zone),
		cmocka_unit_test(random_trees_and_operations_agree_with_a_recomputation),
		cmocka_unit_test(the_first_runs_of_a_day_all_count),
		cmocka_unit_test(writers_at_once_lose_nothing_and_never_deadlock),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
