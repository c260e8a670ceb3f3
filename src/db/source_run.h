/* Runs of billing sources: one reported run in, the state of its source and of every row above it out.
 *
 * Takes runs in any order and any number of times: what counts is what they say of themselves. The state of a source is
 * product.md's "Source data", decided here alone. Knows nothing of who reports (tokens, HTTP): the scope says what exists. */
#ifndef TENANTRY_DB_SOURCE_RUN_H
#define TENANTRY_DB_SOURCE_RUN_H

#include "db/list.h"

#define SOURCE_ACCOUNT_DIGITS 12
#define SOURCE_MESSAGE_MAX 500               /* characters */
#define SOURCE_STALE_MS (INT64_C(48) * 3600 * 1000)
#define SOURCE_AHEAD_MS (INT64_C(5) * 60 * 1000) /* a pipeline's clock may be as much ahead of ours */

/* A run, checked: times in milliseconds since 1970 UTC by the pipeline's own clock, between 1970 and 9999. */
struct source_run {
	int64_t started;
	bool finished_known;  /* false: it is still going on; then it counts for nothing but is shown */
	int64_t finished;     /* not before STARTED */
	enum rollup status;   /* ROLLUP_SUCCESS, ROLLUP_WARNING or ROLLUP_FAILED; 0 (none) only while it is going on */
	uint64_t rows;        /* at most INT64_MAX */
	const char *period;   /* "2026-11" */
	const char *message;  /* one line, text_has_forbidden() is false, at most SOURCE_MESSAGE_MAX characters; "" for none */
};

enum source_run_result {
	SOURCE_RUN_CREATED,
	SOURCE_RUN_UPDATED, /* there was a run with this start: it says now what this one says */
	SOURCE_RUN_UNKNOWN, /* no source with this account is connected within the scope: nothing was done */
};

/* Can a run have had these times: neither later than now (but for SOURCE_AHEAD_MS), nor an end before its beginning? If not, *FIELD is the
 * one of contract.md that is wrong ("started" or "finished"), and *WRONG says so in a sentence. Everybody who takes runs asks this first: a
 * run that lies in the future would be the latest one until then. */
bool source_run_times_valid(const struct source_run *run, const char **field, const char **wrong);

/* Takes one run of the source with ACCOUNT that is connected to a tenant of SCOPE (the acting tenant or one below it, suspended or not).
 * In the caller's transaction (db_transaction()), whose last statements these should be: rows that all writers of a tree share are
 * locked here, in an order in which none waits for another in a circle. Writes the run, the source's state, the counts and roll-ups of
 * every tenant above, the counters by day, and what the first successful run means for onboarding. *RESULT is set on ERR_NONE alone.
 * ERR_CONFLICT: run the transaction again. */
enum error source_run_take(struct db *db, const struct scope *scope, const char *account, const struct source_run *run,
	enum source_run_result *result);

/* Gives a source (its internal key) the state that its runs say, in a transaction of its own. What is above it is not carried along: whoever
 * calls this rebuilds the list of the tree afterwards (list_table_rebuild()). */
enum error source_run_mend(struct db *db, uint64_t source);

#endif
