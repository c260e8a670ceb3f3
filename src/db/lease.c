/* Leases (lease.h): a row each, taken by an UPDATE that finds it free. Needs nothing that a cluster does differently. */
#include "db/lease.h"

#include <string.h>

#include "base/clock.h"

struct taking {
	const char *name, *holder;
	unsigned ms;
	bool held;
};

static enum error lease_ask(struct db *db, void *arg)
{
	struct taking *taking = arg;
	char now[CLOCK_INSTANT_SIZE], until[CLOCK_INSTANT_SIZE], absurd[CLOCK_INSTANT_SIZE];
	int64_t ms = clock_now_ms();
	DB_ROWS_AUTO rows = NULL;

	clock_sql(ms, now);
	clock_sql(ms + taking->ms, until);
	clock_sql(ms + 10 * (int64_t)taking->ms, absurd);
	enum error error = db_execute(db, NULL, STMT_LEASE_TAKE, DB_VALUES(DB_TEXT(taking->holder), DB_TEXT(until),
		DB_TEXT(taking->name), DB_TEXT(taking->holder), DB_TEXT(now), DB_TEXT(absurd)), NULL);
	if (error == ERR_NONE)
		error = db_query(db, NULL, STMT_LEASE_READ, DB_VALUES(DB_TEXT(taking->name)), &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	taking->held = row == NULL || strcmp(row[0], taking->holder) == 0;
	/* The very first time; of two that try it one runs again and finds it taken. */
	return row != NULL ? ERR_NONE : db_execute(db, NULL, STMT_LEASE_NEW,
		DB_VALUES(DB_TEXT(taking->holder), DB_TEXT(until), DB_TEXT(taking->name)), NULL);
}

enum error lease_take(struct db *db, const char *name, const char *holder, unsigned ms, bool *held)
{
	struct taking taking = { name, holder, ms, false };
	enum error error = db_transaction(db, lease_ask, &taking);

	*held = error == ERR_NONE && taking.held;
	return error;
}
