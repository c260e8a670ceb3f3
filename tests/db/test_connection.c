/* The connection and transactions: what is lost is found again, what conflicts is run again, what is wrong ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "db/connection.h"
#include "db/statement.h"
#include "fixture.h"

static struct fixture *fixture;

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_connection");
	fixture_sql(fixture, "CREATE TABLE pair (id INT NOT NULL PRIMARY KEY, value INT NOT NULL)");
	fixture_sql(fixture, "INSERT INTO pair VALUES (1, 0), (2, 0)");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

static enum error number_of(struct db *db, const char *sql, uint64_t *number)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query_text(db, NULL, "number", sql, DB_NO_VALUES, false, &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	*number = row != NULL ? db_uint(row[0]) : 0;
	return ERR_NONE;
}

/* Ends the connection of the fixture from another one, as a server's restart would. */
static void cut(void)
{
	struct db *other = db_new(&fixture->config);
	uint64_t id;
	char sql[64];

	assert_int_equal(number_of(fixture->db, "SELECT CONNECTION_ID()", &id), ERR_NONE);
	snprintf(sql, sizeof sql, "KILL %lu", (unsigned long)id);
	assert_int_equal(db_execute_text(other, NULL, "kill", sql, DB_NO_VALUES, NULL), ERR_NONE);
	db_close(other);
	usleep(50000);
}

static void a_read_outlives_a_lost_connection(void **state)
{
	uint64_t number;

	(void)state;
	cut();
	assert_int_equal(number_of(fixture->db, "SELECT 7", &number), ERR_NONE);
	assert_int_equal(number, 7);
}

static const char kinds_sql[] = "SELECT -5, CAST(18446744073709551615 AS UNSIGNED), 0, ?, NULL, '', REPEAT('é', 3000), x'610062', "
	"CAST('2026-11-22 15:04:05.123' AS DATETIME(3)), CAST('2026-01-02' AS DATE), 1.50, value, COUNT(*), SUM(id), ? "
	"FROM pair WHERE id = ? GROUP BY value";

/* All values of a SELECT with their lengths. */
static char *answer_of(const char *sql, const struct db_value *values, size_t count)
{
	DB_ROWS_AUTO rows = NULL;
	struct buf text;
	char **row;

	assert_int_equal(db_query_text(fixture->db, NULL, "kinds", sql, values, count, false, &rows), ERR_NONE);
	buf_init(&text, 1 << 20);
	buf_printf(&text, "%zu:", db_rows_count(rows));
	while ((row = db_next(rows)) != NULL)
		for (size_t i = 0; i < 15; i++) {
			buf_printf(&text, "|%lu ", db_lengths(rows)[i]);
			buf_append(&text, row[i] != NULL ? row[i] : "NULL", row[i] != NULL ? db_lengths(rows)[i] : 4);
			/* the bytes of x'610062' are compared too */
			for (size_t c = 0; c < text.length; c++)
				text.data[c] = text.data[c] == '\0' ? '0' : text.data[c];
		}
	assert_false(text.overflow);
	return text.data;
}

static bool is_prepared(const char *sql)
{
	for (size_t i = 0; i < PREPARED_MAX; i++)
		if (fixture->db->prepared[i].sql != NULL && strcmp(fixture->db->prepared[i].sql, sql) == 0)
			return fixture->db->prepared[i].stmt != NULL;
	return false;
}

static void a_prepared_statement_answers_as_its_text_does(void **state)
{
	static const struct db_value values[] = { DB_TEXT("it's \\ \xe6\xa0\xaa"), DB_BYTES("\x00'\xff", 3), DB_INT(1) };
	char *first, *second, *third;

	(void)state;
	first = answer_of(kinds_sql, values, 3);
	assert_false(is_prepared(kinds_sql));
	second = answer_of(kinds_sql, values, 3);
	assert_true(is_prepared(kinds_sql));
	third = answer_of(kinds_sql, values, 3);
	assert_string_equal(first, second);
	assert_string_equal(first, third);
	assert_int_equal(strncmp(first, "1:|2 -5|20 18446744073709551615|1 0|", 36), 0);
	free(first);
	free(second);
	free(third);
}

/* Its text is what it is run by then, on the new connection, and after the table has become another one. */
static void a_prepared_statement_outlives_connection_and_table(void **state)
{
	uint64_t number = 0;

	(void)state;
	for (int i = 0; i < 6; i++) {
		if (i == 2)
			cut();
		if (i == 4)
			fixture_sql(fixture, "ALTER TABLE pair ADD COLUMN more TEXT FIRST, MODIFY value BIGINT NOT NULL");
		assert_int_equal(number_of(fixture->db, "SELECT COUNT(value) FROM pair", &number), ERR_NONE);
		assert_int_equal(number, 2);
	}
	fixture_sql(fixture, "ALTER TABLE pair DROP COLUMN more, MODIFY value INT NOT NULL");
	assert_true(is_prepared("SELECT COUNT(value) FROM pair"));
}

static void a_prepared_statement_that_takes_too_long_is_no_fault_of_the_program(void **state)
{
	int timeout = fixture->db->timeout;
	enum error error = ERR_NONE;

	(void)state;
	fixture_sql(fixture, "SET max_statement_time = 0.7");
	fixture->db->timeout = 1;
	for (int i = 0; i < 3 && error == ERR_NONE; i++) {
		DB_ROWS_AUTO rows = NULL;
		error = db_query_text(fixture->db, NULL, "slow", "SELECT SLEEP(?)", DB_VALUES(DB_INT(i == 2 ? 5 : 0)), false, &rows);
		assert_int_equal(is_prepared("SELECT SLEEP(?)"), i == 1);
	}
	assert_int_equal(error, ERR_UNAVAILABLE);
	fixture->db->timeout = timeout;
	fixture_sql(fixture, "SET max_statement_time = 0");
}

static void rows_outlive_the_statement_that_gave_them(void **state)
{
	DB_ROWS_AUTO rows = NULL;
	uint64_t number;

	(void)state;
	for (int i = 0; i < 2; i++) {
		db_rows_free(rows);
		assert_int_equal(db_query_text(fixture->db, NULL, "rows", "SELECT id FROM pair ORDER BY id", DB_NO_VALUES, false, &rows), ERR_NONE);
	}
	cut();
	assert_int_equal(number_of(fixture->db, "SELECT 7", &number), ERR_NONE);
	assert_string_equal(db_next(rows)[0], "1");
	assert_string_equal(db_next(rows)[0], "2");
	assert_null(db_next(rows));
}

static void a_write_does_not_run_twice(void **state)
{
	uint64_t number;

	(void)state;
	cut();
	assert_int_equal(db_execute_text(fixture->db, NULL, "write", "UPDATE pair SET value = value + 1", DB_NO_VALUES, NULL),
		ERR_UNAVAILABLE);
	assert_int_equal(db_execute_text(fixture->db, NULL, "write", "UPDATE pair SET value = value + 1", DB_NO_VALUES, NULL),
		ERR_NONE);
	assert_int_equal(number_of(fixture->db, "SELECT MAX(value) FROM pair", &number), ERR_NONE);
	assert_int_equal(number, 1);
}

static enum error cut_inside(struct db *db, void *arg)
{
	unsigned *runs = arg;
	uint64_t number;
	enum error error;

	(*runs)++;
	error = db_execute_text(db, NULL, "write", "UPDATE pair SET value = 50", DB_NO_VALUES, NULL);
	if (error != ERR_NONE)
		return error;
	cut();
	(void)number_of(db, "SELECT 1", &number);
	/* what follows must not run on a new connection, outside of the transaction */
	(void)db_execute_text(db, NULL, "write", "UPDATE pair SET value = 60", DB_NO_VALUES, NULL);
	return ERR_NONE;
}

static void a_transaction_that_loses_its_connection_leaves_nothing(void **state)
{
	unsigned runs = 0;
	uint64_t number;

	(void)state;
	assert_int_equal(db_transaction(fixture->db, cut_inside, &runs), ERR_UNAVAILABLE);
	assert_int_equal(runs, 1);
	assert_int_equal(number_of(fixture->db, "SELECT COUNT(*) FROM pair WHERE value IN (50, 60)", &number), ERR_NONE);
	assert_int_equal(number, 0);
}

static enum error add_one(struct db *db, void *arg)
{
	(void)arg;
	return db_execute_text(db, NULL, "write", "UPDATE pair SET value = value + 1 WHERE id = 1", DB_NO_VALUES, NULL);
}

static void a_transaction_begins_on_a_new_connection(void **state)
{
	uint64_t before, after;

	(void)state;
	assert_int_equal(number_of(fixture->db, "SELECT value FROM pair WHERE id = 1", &before), ERR_NONE);
	cut();
	assert_int_equal(db_transaction(fixture->db, add_one, NULL), ERR_NONE);
	assert_int_equal(number_of(fixture->db, "SELECT value FROM pair WHERE id = 1", &after), ERR_NONE);
	assert_int_equal(after, before + 1);
}

static enum error fails_at_first(struct db *db, void *arg)
{
	unsigned *runs = arg;

	if (add_one(db, NULL) != ERR_NONE)
		return ERR_INTERNAL;
	return ++*runs < 4 ? ERR_CONFLICT : ERR_NONE;
}

static void a_conflict_runs_the_whole_again(void **state)
{
	unsigned runs = 0;
	uint64_t before, after;

	(void)state;
	assert_int_equal(number_of(fixture->db, "SELECT value FROM pair WHERE id = 1", &before), ERR_NONE);
	assert_int_equal(db_transaction(fixture->db, fails_at_first, &runs), ERR_NONE);
	assert_int_equal(runs, 4);
	assert_int_equal(number_of(fixture->db, "SELECT value FROM pair WHERE id = 1", &after), ERR_NONE);
	assert_int_equal(after, before + 1);
}

static enum error always_fails(struct db *db, void *arg)
{
	(void)db;
	++*(unsigned *)arg;
	return ERR_CONFLICT;
}

static void five_conflicts_are_enough(void **state)
{
	unsigned runs = 0;

	(void)state;
	assert_int_equal(db_transaction(fixture->db, always_fails, &runs), ERR_CONFLICT);
	assert_int_equal(runs, 5);
}

/* Takes both rows, the other one first for those that begin at 2. */
static enum error both_rows(struct db *db, void *arg)
{
	unsigned first = *(const unsigned *)arg;

	for (unsigned i = 0; i < 2; i++) {
		char sql[96];
		enum error error;

		snprintf(sql, sizeof sql, "UPDATE pair SET value = value + 1 WHERE id = %u", i == 0 ? first : 3 - first);
		error = db_execute_text(db, NULL, "both", sql, DB_NO_VALUES, NULL);
		if (error != ERR_NONE)
			return error;
		usleep(2000);
	}
	return ERR_NONE;
}

static void deadlocks_are_settled(void **state)
{
	uint64_t before, after;
	unsigned failed = 0;

	(void)state;
	assert_int_equal(number_of(fixture->db, "SELECT SUM(value) FROM pair", &before), ERR_NONE);
	for (unsigned first = 1; first <= 2; first++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			struct db *db = db_new(&fixture->config);
			unsigned bad = 0;

			db_forget(fixture->db);
			for (unsigned i = 0; i < 20; i++) {
				bad += db_transaction(db, both_rows, &first) != ERR_NONE;
				usleep(10000 + 7000 * first);
			}
			db_close(db);
			_exit(bad > 0);
		}
	}
	for (unsigned i = 0; i < 2; i++) {
		int status;

		assert_true(wait(&status) > 0);
		failed += status != 0;
	}
	assert_int_equal(failed, 0);
	assert_int_equal(number_of(fixture->db, "SELECT SUM(value) FROM pair", &after), ERR_NONE);
	assert_int_equal(after, before + 80);
}

static void a_forked_process_forgets_without_a_goodbye(void **state)
{
	uint64_t id, same;
	int status;
	pid_t child;

	(void)state;
	assert_int_equal(number_of(fixture->db, "SELECT CONNECTION_ID()", &id), ERR_NONE);
	child = fork();
	if (child == 0) {
		uint64_t other;

		db_forget(fixture->db);
		_exit(number_of(fixture->db, "SELECT CONNECTION_ID()", &other) != ERR_NONE || other == id);
	}
	assert_true(waitpid(child, &status, 0) == child);
	assert_int_equal(status, 0);
	assert_int_equal(number_of(fixture->db, "SELECT CONNECTION_ID()", &same), ERR_NONE);
	assert_int_equal(same, id);
}

static void a_snapshot_does_not_see_what_comes_later(void **state)
{
	struct db *other = db_new(&fixture->config);
	uint64_t before, inside, after;

	(void)state;
	assert_int_equal(db_snapshot_begin(fixture->db), ERR_NONE);
	assert_int_equal(number_of(fixture->db, "SELECT SUM(value) FROM pair", &before), ERR_NONE);
	assert_int_equal(db_transaction(other, add_one, NULL), ERR_NONE);
	assert_int_equal(number_of(fixture->db, "SELECT SUM(value) FROM pair", &inside), ERR_NONE);
	db_snapshot_end(fixture->db);
	assert_int_equal(number_of(fixture->db, "SELECT SUM(value) FROM pair", &after), ERR_NONE);
	assert_int_equal(inside, before);
	assert_int_equal(after, before + 1);
	db_close(other);
}

static void an_answer_asked_for_ahead_is_taken_or_thrown_away(void **state)
{
	const char *same = "SELECT value + 0 FROM pair WHERE id = 1";
	uint64_t number = 0;

	(void)state;
	assert_int_equal(db_snapshot_begin(fixture->db), ERR_NONE);
	db_query_ahead(fixture->db, NULL, "ahead", "SELECT 7", DB_NO_VALUES);
	assert_int_equal(number_of(fixture->db, "SELECT 7", &number), ERR_NONE);
	assert_int_equal(number, 7);
	db_query_ahead(fixture->db, NULL, "ahead", "SELECT 8", DB_NO_VALUES);
	db_query_ahead(fixture->db, NULL, "ahead", same, DB_NO_VALUES);
	assert_int_equal(number_of(fixture->db, "SELECT 9", &number), ERR_NONE);
	assert_int_equal(number, 9);
	/* one that fails is nobody's business until it is asked for */
	db_query_ahead(fixture->db, NULL, "ahead", "SELECT nothing FROM nowhere", DB_NO_VALUES);
	assert_int_equal(number_of(fixture->db, same, &number), ERR_NONE);
	db_query_ahead(fixture->db, NULL, "ahead", "SELECT nothing FROM nowhere", DB_NO_VALUES);
	assert_int_equal(number_of(fixture->db, "SELECT nothing FROM nowhere", &number), ERR_INTERNAL);
	db_snapshot_end(fixture->db);
	/* what is left over when the snapshot ends stands in nobody's way, and outside of one nothing is sent */
	assert_int_equal(db_snapshot_begin(fixture->db), ERR_NONE);
	db_query_ahead(fixture->db, NULL, "ahead", "SELECT 10", DB_NO_VALUES);
	db_snapshot_end(fixture->db);
	db_query_ahead(fixture->db, NULL, "ahead", "SELECT 11", DB_NO_VALUES);
	assert_int_equal(number_of(fixture->db, "SELECT 11", &number), ERR_NONE);
	assert_int_equal(number, 11);
}

static void an_answer_asked_for_ahead_is_lost_with_its_connection(void **state)
{
	struct db *other = db_new(&fixture->config);
	uint64_t id, number;
	char sql[64];

	(void)state;
	assert_int_equal(db_snapshot_begin(fixture->db), ERR_NONE);
	assert_int_equal(number_of(fixture->db, "SELECT CONNECTION_ID()", &id), ERR_NONE);
	db_query_ahead(fixture->db, NULL, "ahead", "SELECT SLEEP(5)", DB_NO_VALUES);
	snprintf(sql, sizeof sql, "KILL %lu", (unsigned long)id);
	assert_int_equal(db_execute_text(other, NULL, "kill", sql, DB_NO_VALUES, NULL), ERR_NONE);
	assert_int_equal(number_of(fixture->db, "SELECT SLEEP(5)", &number), ERR_UNAVAILABLE);
	db_snapshot_end(fixture->db);
	assert_int_equal(number_of(fixture->db, "SELECT 12", &number), ERR_NONE);
	assert_int_equal(number, 12);
	db_close(other);
}

static void a_stream_gives_all_rows_and_says_when_it_is_cut(void **state)
{
	static const char sql[] = "SELECT REPEAT('x', 8000) FROM information_schema.columns a, information_schema.columns b LIMIT 20000";
	DB_ROWS_AUTO rows = NULL;
	DB_ROWS_AUTO again = NULL;
	struct db *other = db_new(&fixture->config);
	char kill_sql[64];
	uint64_t id, count = 0;

	(void)state;
	assert_int_equal(number_of(fixture->db, "SELECT CONNECTION_ID()", &id), ERR_NONE);
	assert_int_equal(db_query_text(fixture->db, NULL, "stream", sql, DB_NO_VALUES, true, &rows), ERR_NONE);
	while (db_next(rows) != NULL)
		count++;
	assert_int_equal(db_rows_error(rows), ERR_NONE);
	assert_int_equal(count, 20000);
	db_rows_free(rows);
	rows = NULL;
	assert_int_equal(db_query_text(fixture->db, NULL, "stream", sql, DB_NO_VALUES, true, &again), ERR_NONE);
	assert_non_null(db_next(again));
	snprintf(kill_sql, sizeof kill_sql, "KILL %lu", (unsigned long)id);
	assert_int_equal(db_execute_text(other, NULL, "kill", kill_sql, DB_NO_VALUES, NULL), ERR_NONE);
	for (count = 1; db_next(again) != NULL; count++)
		continue;
	assert_true(count < 20000);
	assert_int_equal(db_rows_error(again), ERR_UNAVAILABLE);
	db_close(other);
}

static void a_taken_key_is_a_conflict(void **state)
{
	(void)state;
	assert_int_equal(db_execute_text(fixture->db, NULL, "taken", "INSERT INTO pair VALUES (1, 1)", DB_NO_VALUES, NULL),
		ERR_CONFLICT);
}

static void values_come_back_as_they_went_in(void **state)
{
	static const char text[] = "it's \\ \"quoted\"\n\r\x1a ? SCOPE(t) % _ \xe6\x9d\xb1 \xf0\x9f\x98\x80 -- # /*";
	static const uint8_t bytes[] = { 0, 1, '\'', '\\', 0xff };
	uint64_t list[] = { 3, UINT64_MAX };
	char longer[5000], **row;
	DB_ROWS_AUTO rows = NULL;

	(void)state;
	for (size_t i = 0; i + 4 < sizeof longer; i += 4)
		memcpy(longer + i, "\xf0\x9f\x98\x80\0", 5);
	assert_int_equal(db_query_text(fixture->db, NULL, "values",
		"SELECT ?, ?, ?, ?, ?, 18446744073709551615 IN (?), 5 IN (?), ?", DB_VALUES(DB_TEXT(text), DB_BYTES(bytes, 5),
		DB_INT(INT64_MIN), DB_UINT(UINT64_MAX), DB_NULL, DB_UINTS(list, 2), DB_UINTS(list, 0), DB_TEXT(longer)), false,
		&rows), ERR_NONE);
	row = db_next(rows);
	assert_string_equal(row[0], text);
	assert_int_equal(db_lengths(rows)[1], 5);
	assert_memory_equal(row[1], bytes, 5);
	assert_string_equal(row[2], "-9223372036854775808");
	assert_string_equal(row[3], "18446744073709551615");
	assert_null(row[4]);
	assert_string_equal(row[5], "1");
	assert_null(row[6]);
	assert_string_equal(row[7], longer);
}

static void away_is_said_once_and_ends(void **state)
{
	struct config nowhere = fixture->config;
	struct db *db;
	uint64_t number;
	int pipe_ends[2], kept = dup(STDERR_FILENO);
	char log[4096] = "", *first;

	(void)state;
	nowhere.db_socket = (char[]){ "/nowhere/at/all.sock" };
	db = db_new(&nowhere);
	assert_int_equal(pipe(pipe_ends), 0);
	dup2(pipe_ends[1], STDERR_FILENO);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(number_of(db, "SELECT 1", &number), ERR_UNAVAILABLE);
	assert_int_equal(db_transaction(db, add_one, NULL), ERR_UNAVAILABLE);
	nowhere.db_socket = fixture->config.db_socket;
	assert_int_equal(number_of(db, "SELECT 1", &number), ERR_NONE);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(pipe_ends[1]);
	assert_true(read(pipe_ends[0], log, sizeof log - 1) > 0);
	close(pipe_ends[0]);
	first = strstr(log, "the database is away");
	assert_non_null(first);
	assert_null(strstr(first + 1, "the database is away"));
	assert_non_null(strstr(log, "the database is back"));
	db_close(db);
}

/* The statement with SCOPE that a wrong program would run without one. */
static enum statement scoped_statement(void)
{
	for (enum statement i = 0; i < STMT__MAX; i++) {
		if (statements[i].scoped)
			return i;
	}
	fail_msg("no statement has SCOPE");
	return 0;
}

static bool aborts(bool without_scope)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct db *db = db_new(&fixture->config);
		struct db_rows *rows;

		signal(SIGABRT, SIG_DFL);
		if (without_scope)
			(void)db_query(db, NULL, scoped_statement(), DB_NO_VALUES, &rows);
		else
			(void)db_query(db, NULL, STMT_SCHEMA_LIST, DB_VALUES(DB_INT(1)), &rows);
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void a_statement_without_its_scope_ends_the_program(void **state)
{
	(void)state;
	assert_true(aborts(true));
}

static void a_wrong_number_of_values_ends_the_program(void **state)
{
	(void)state;
	assert_true(aborts(false));
}

static void migrating_again_does_nothing_and_resumes_what_was_begun(void **state)
{
	unsigned version;

	(void)state;
	assert_int_equal(db_schema_version(fixture->db, &version), ERR_NONE);
	assert_int_equal(version, db_schema_known());
	assert_int_equal(db_migrate(fixture->db), ERR_NONE);
	/* ended between the step and the note of it, and before the step */
	fixture_sql(fixture, "UPDATE schema_migration SET state = 'begun' WHERE number IN (3, 5)");
	fixture_sql(fixture, "DROP TABLE user_account");
	assert_int_equal(db_migrate(fixture->db), ERR_NONE);
	fixture_sql(fixture, "SELECT 1 FROM user_account");
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM schema_migration WHERE state = 'begun'"), 0);
}

static void two_migrators_do_not_meet(void **state)
{
	(void)state;
	fixture_sql(fixture, "DROP DATABASE test_connection");
	fixture_sql(fixture, "CREATE DATABASE test_connection");
	fixture_sql(fixture, "USE test_connection");
	for (unsigned i = 0; i < 3; i++) {
		if (fork() == 0) {
			struct db *db = db_new(&fixture->config);

			db_forget(fixture->db);
			_exit(db_migrate(db) != ERR_NONE);
		}
	}
	for (unsigned i = 0; i < 3; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

static void a_changed_migration_is_refused(void **state)
{
	(void)state;
	fixture_sql(fixture, "UPDATE schema_migration SET checksum = REPEAT('x', 32) WHERE number = 2");
	assert_int_equal(db_migrate(fixture->db), ERR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_read_outlives_a_lost_connection),
		cmocka_unit_test(a_prepared_statement_answers_as_its_text_does),
		cmocka_unit_test(a_prepared_statement_outlives_connection_and_table),
		cmocka_unit_test(a_prepared_statement_that_takes_too_long_is_no_fault_of_the_program),
		cmocka_unit_test(rows_outlive_the_statement_that_gave_them),
		cmocka_unit_test(a_write_does_not_run_twice),
		cmocka_unit_test(a_transaction_that_loses_its_connection_leaves_nothing),
		cmocka_unit_test(a_transaction_begins_on_a_new_connection),
		cmocka_unit_test(a_conflict_runs_the_whole_again),
		cmocka_unit_test(five_conflicts_are_enough),
		cmocka_unit_test(deadlocks_are_settled),
		cmocka_unit_test(a_forked_process_forgets_without_a_goodbye),
		cmocka_unit_test(a_snapshot_does_not_see_what_comes_later),
		cmocka_unit_test(an_answer_asked_for_ahead_is_taken_or_thrown_away),
		cmocka_unit_test(an_answer_asked_for_ahead_is_lost_with_its_connection),
		cmocka_unit_test(a_stream_gives_all_rows_and_says_when_it_is_cut),
		cmocka_unit_test(a_taken_key_is_a_conflict),
		cmocka_unit_test(values_come_back_as_they_went_in),
		cmocka_unit_test(away_is_said_once_and_ends),
		cmocka_unit_test(a_statement_without_its_scope_ends_the_program),
		cmocka_unit_test(a_wrong_number_of_values_ends_the_program),
		cmocka_unit_test(migrating_again_does_nothing_and_resumes_what_was_begun),
		cmocka_unit_test(two_migrators_do_not_meet),
		cmocka_unit_test(a_changed_migration_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
