/* Transactions: the one runner, which runs again what a conflict undid, and the snapshot for exports.
 *
 * Must never commit after an error inside, whatever the function made of it: the server may have
 * rolled back half already. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "db/connection.h"
#include "db/shared.h"

#define ATTEMPTS 5
#define PAUSE_FIRST_MS 5

static enum error run(struct db *db, const char *sql, bool repeatable)
{
	return connection_run(db, sql, sql, strlen(sql), repeatable);
}

/* Ends a transaction that must not stay. A server that does not take the ROLLBACK is left: that rolls back too. */
static void transaction_abandon(struct db *db)
{
	static const char rollback[] = "ROLLBACK";

	db->broken = ERR_NONE;
	connection_settle(db);
	if (db->mysql != NULL && mysql_real_query(db->mysql, rollback, sizeof rollback - 1) != 0)
		connection_close(db);
	db->in_transaction = false;
}

/* 5, 10, 20, 40 ms, each times 0.5 to 1.5, so that two that collided do not collide again. */
static void pause_before(unsigned attempt)
{
	uint32_t ms = (uint32_t)PAUSE_FIRST_MS << attempt;
	uint32_t us = ms * 500 + randombytes_uniform(ms * 1000);

	nanosleep(&(struct timespec){ .tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000 }, NULL);
}

static enum error attempt(struct db *db, db_transaction_fn *function, void *arg)
{
	enum error error = run(db, "START TRANSACTION", true);

	if (error != ERR_NONE)
		return error;
	db->in_transaction = true;
	db->broken = ERR_NONE;
	error = function(db, arg);
	if (db->rows_open) {
		log_error("a transaction ends while rows are open");
		abort();
	}
	/* A statement's conflict counts even when the function went on to say something else. */
	if (db->broken != ERR_NONE)
		error = db->broken;
	if (error == ERR_NONE)
		error = run(db, "COMMIT", false);
	if (error != ERR_NONE)
		transaction_abandon(db);
	db->in_transaction = false;
	return error;
}

enum error db_transaction(struct db *db, db_transaction_fn *function, void *arg)
{
	enum error error = ERR_CONFLICT;

	if (db->in_transaction) {
		log_error("a transaction inside a transaction");
		abort();
	}
	for (unsigned i = 0; i < ATTEMPTS; i++) {
		if (i > 0) {
			shared_count(SHARED_RETRIES);
			pause_before(i - 1);
		}
		error = attempt(db, function, arg);
		if (error != ERR_CONFLICT)
			return error;
	}
	shared_count(SHARED_GIVEN_UP);
	log_warn("a transaction met %d conflicts in a row", ATTEMPTS);
	return error;
}

enum error db_snapshot_begin(struct db *db)
{
	enum error error;

	if (db->in_transaction) {
		log_error("a snapshot inside a transaction");
		abort();
	}
	error = run(db, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", true);
	if (error != ERR_NONE)
		return error;
	/* That is for the next transaction of this connection alone: in a transaction no other connection is made. */
	db->in_transaction = true;
	db->broken = ERR_NONE;
	error = run(db, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", false);
	if (error != ERR_NONE)
		transaction_abandon(db);
	return error;
}

void db_snapshot_end(struct db *db)
{
	if (db->in_transaction)
		transaction_abandon(db);
}
