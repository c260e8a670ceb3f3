/* Contracts that are marked as active at once: however many try, two of one tenant are never in force on the same day, and
 * whoever comes second is told which one stands in the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "db/connection.h"
#include "db/contract_store.h"
#include "db/list_table.h"
#include "db/tree.h"
#include "fixture.h"

#define R1 UINT64_C(1000001)
#define C1 UINT64_C(1000002)
#define CLIENTS 8
#define ROUNDS 12

/* What the clients, which are processes, have seen; KEY of each client in each round, 0: none. */
struct board {
	volatile unsigned waiting[ROUNDS];
	uint64_t key[ROUNDS][CLIENTS], supersedes[ROUNDS];
	enum error result[ROUNDS][CLIENTS];
	char clash[ROUNDS][CLIENTS][32];
};

struct attempt {
	const struct scope *scope;
	uint64_t key, supersedes;
	struct arena *arena;
	struct contract_clash clash;
};

static struct fixture *fixture;
static uint64_t next_key;

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_contract_store");
	fixture_tree(fixture, 1, 1, 4, "own", 5);
	fixture_sql(fixture, "DELETE FROM contract");
	fixture_sql(fixture, "UPDATE tenant SET deleted_at = NULL");
	fixture_rebuild(fixture, 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

/* A contract from START to END, days after 2027-01-01 (END < 0: open). Round contracts are named after their keys. */
static uint64_t add_contract(const char *stored, int start, int end)
{
	char first[CLOCK_DATE_SIZE], last[CLOCK_DATE_SIZE], quoted[CLOCK_DATE_SIZE + 2];
	uint64_t key = ++next_key;

	clock_date_add("2027-01-01", start, first);
	clock_date_add("2027-01-01", end < 0 ? 0 : end, last);
	snprintf(quoted, sizeof quoted, "'%s'", last);
	fixture_sql(fixture, "INSERT INTO contract (id, public_id, tenant_id, made_by_tenant_id, stored_status, name, start_date, end_date, "
		"created_at) VALUES (%lu, 'K%lu', %lu, %lu, '%s', 'K%lu', '%s', %s, '2026-11-01')", (unsigned long)key, (unsigned long)key,
		(unsigned long)C1, (unsigned long)R1, stored, (unsigned long)key, first, end < 0 ? "NULL" : quoted);
	fixture_sql(fixture, "INSERT INTO contract_version (contract_id, version, saved_at, saved_by_name, name, start_date, end_date, renewal, "
		"entitlement) SELECT id, 1, created_at, 'x', name, start_date, end_date, 'auto', 'none' FROM contract WHERE id = %lu",
		(unsigned long)key);
	return key;
}

static enum error activate(struct db *db, void *arg)
{
	struct attempt *attempt = arg;
	struct contract_old old;
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	struct contract_author author = { .user = 1, .acting = R1, .name = "x", .now = now };
	enum error error = contract_lock(db, attempt->scope, C1);

	if (error == ERR_NONE)
		error = contract_make_ready(db, attempt->scope, &author, C1, attempt->key, attempt->supersedes, attempt->arena,
			&attempt->clash, &old);
	return error == ERR_NONE ? list_table_refresh(db, C1) : error;
}

/* A client: waits in each round for the others, so that all begin together. */
static void client(const struct scope *scope, unsigned number, struct board *board)
{
	struct db *db = db_new(&fixture->config);
	ARENA_AUTO arena = arena_new();

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct attempt attempt = { .scope = scope, .key = board->key[round][number], .supersedes = board->supersedes[round],
			.arena = arena };

		__atomic_add_fetch(&board->waiting[round], 1, __ATOMIC_SEQ_CST);
		while (board->waiting[round] < CLIENTS)
			usleep(50);
		board->result[round][number] = db_transaction(db, activate, &attempt);
		if (attempt.clash.id != NULL && strlen(attempt.clash.id) < sizeof board->clash[round][number])
			memcpy(board->clash[round][number], attempt.clash.id, strlen(attempt.clash.id) + 1);
	}
	db_close(db);
	_exit(0);
}

static struct board *board_new(void)
{
	struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(board != MAP_FAILED);
	fixture_sql(fixture, "DELETE FROM contract");
	fixture_sql(fixture, "DELETE FROM contract_version");
	return board;
}

static void play(struct board *board)
{
	const struct scope *scope = fixture_scope(fixture, R1);
	pid_t clients[CLIENTS];

	assert_int_equal(list_table_refresh(fixture->db, C1), ERR_NONE);
	for (unsigned i = 0; i < CLIENTS; i++)
		if ((clients[i] = fork()) == 0)
			client(scope, i, board);
	for (unsigned i = 0; i < CLIENTS; i++) {
		int status = 1;

		assert_int_equal(waitpid(clients[i], &status, 0), clients[i]);
		assert_int_equal(status, 0);
	}
}

static void assert_no_day_twice(void)
{
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM contract a JOIN contract b ON a.tenant_id = b.tenant_id AND a.id < b.id "
		"AND a.stored_status IN ('ready', 'superseded') AND b.stored_status IN ('ready', 'superseded') "
		"AND COALESCE(a.end_date, '9999-12-31') >= a.start_date AND COALESCE(b.end_date, '9999-12-31') >= b.start_date "
		"AND a.start_date <= COALESCE(b.end_date, '9999-12-31') AND b.start_date <= COALESCE(a.end_date, '9999-12-31')"), 0);
	assert_int_equal(fixture_differences(fixture), 0);
}

/* The client that won a round, among some of them; the others were told of its contract. */
static void assert_one_won(const struct board *board, unsigned round, unsigned first, unsigned step)
{
	char winner[32] = "";
	unsigned won = 0;

	for (unsigned i = first; i < CLIENTS; i += step)
		if (board->result[round][i] == ERR_NONE) {
			won++;
			snprintf(winner, sizeof winner, "K%lu", (unsigned long)board->key[round][i]);
		}
	assert_int_equal(won, 1);
	for (unsigned i = first; i < CLIENTS; i += step)
		if (board->result[round][i] != ERR_NONE) {
			assert_int_equal(board->result[round][i], ERR_REFUSED);
			assert_string_equal(board->clash[round][i], winner);
		}
}

/* Each round in a year of its own; all terms of a round have its day 50. */
static void of_overlapping_contracts_one_is_activated(void **state)
{
	struct board *board = board_new();
	uint32_t random = 4;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 0; i < CLIENTS; i++)
			board->key[round][i] = add_contract("draft", (int)(round * 365 + 50 - fixture_random(&random, 50)),
				(int)(round * 365 + 50 + fixture_random(&random, 50)));
	play(board);
	for (unsigned round = 0; round < ROUNDS; round++)
		assert_one_won(board, round, 0, 1);
	assert_no_day_twice();
	munmap(board, sizeof *board);
}

/* Clients i and i + 4 want the same days, the pairs days beside one another. */
static void contracts_side_by_side_are_in_nobodys_way(void **state)
{
	struct board *board = board_new();

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 0; i < CLIENTS; i++)
			board->key[round][i] = add_contract("draft", (int)(round * 40 + i % 4 * 10), (int)(round * 40 + i % 4 * 10 + 9));
	play(board);
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned pair = 0; pair < 4; pair++)
			assert_one_won(board, round, pair, 4);
	assert_no_day_twice();
	munmap(board, sizeof *board);
}

/* All clients' drafts are to supersede the same contract: it is shortened once. */
static void of_several_successors_one_takes_the_place(void **state)
{
	struct board *board = board_new();

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		board->supersedes[round] = add_contract("ready", (int)(round * 40), (int)(round * 40 + 39));
		for (unsigned i = 0; i < CLIENTS; i++)
			board->key[round][i] = add_contract("draft", (int)(round * 40 + 20), (int)(round * 40 + 39));
	}
	play(board);
	for (unsigned round = 0; round < ROUNDS; round++)
		assert_one_won(board, round, 0, 1);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM contract WHERE stored_status = 'superseded' AND version = 2 "
		"AND DATEDIFF(end_date, start_date) = 19"), ROUNDS);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM contract_version WHERE version > 1"), ROUNDS);
	assert_no_day_twice();
	munmap(board, sizeof *board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_overlapping_contracts_one_is_activated),
		cmocka_unit_test(contracts_side_by_side_are_in_nobodys_way),
		cmocka_unit_test(of_several_successors_one_takes_the_place),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
