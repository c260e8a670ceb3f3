/* Taking a reported run (source_run.h).
 *
 * Locks in one order: the tenant (so that neither it nor a source of it changes meanwhile), the rows of the list from the distributor down, the
 * counters by day. Must never decide by the order in which reports come: the state follows from the runs that are there. */
#include "db/source_run.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "db/list_node.h"
#include "db/list_table.h"
#include "db/source_day.h"

/* A run being taken, and what was known before it. */
struct taking {
	struct db *db;
	struct arena *arena;
	const struct source_run *run;
	const char *zone;
	char started[CLOCK_INSTANT_SIZE], finished[CLOCK_INSTANT_SIZE];
	uint64_t source, tenant, parent, distributor, label;
	bool onboarding;          /* the tenant's tasks still follow the facts */
	bool known;               /* there is a run with this start: */
	const char *old_finished, *old_status;
	int64_t old_rows;
	enum rollup old_state;
	const char *old_since, *old_stale, *old_message, *connected;
};

/* What the source is now. Texts are in the arena; STALE may be NULL. */
struct verdict {
	enum rollup state;
	const char *since, *stale, *message;
};

bool source_run_times_valid(const struct source_run *run, const char **field, const char **wrong)
{
	int64_t latest = clock_now_ms() + SOURCE_AHEAD_MS;

	*field = run->started > latest ? "started" : "finished";
	*wrong = NULL;
	if (run->started > latest || (run->finished_known && run->finished > latest))
		*wrong = "This is in the future. Is the clock of the reporting machine right?";
	else if (run->finished_known && run->finished < run->started)
		*wrong = "This is before it started.";
	return *wrong == NULL;
}

static const char *status_text(enum rollup status)
{
	return status == ROLLUP_SUCCESS ? "success" : status == ROLLUP_WARNING ? "warning" : status == ROLLUP_FAILED ? "failed" : NULL;
}

/* Does a source in this state count as one with data (the Contracts list asks for tenants that have some and no contract)? */
static bool with_data(enum rollup state)
{
	return state == ROLLUP_SUCCESS || state == ROLLUP_WARNING;
}

static enum error taking_tenant(struct taking *taking, const struct scope *scope, const char *account, bool *found)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(taking->db, scope, STMT_SOURCE_RUN_TENANT,
		DB_VALUES(DB_TEXT(account), DB_UINT(scope_tenant(scope))), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	*found = row != NULL;
	if (row == NULL)
		return error;
	taking->tenant = db_uint(row[0]);
	taking->label = db_uint(row[1]);
	taking->parent = db_uint(row[2]);
	taking->distributor = db_uint(row[3]);
	taking->onboarding = db_uint(row[4]) != 0;
	return ERR_NONE;
}

static enum error taking_source(struct taking *taking, const char *account)
{
	/* The columns of source_run_source. */
	enum { S_ID, S_STATE, S_SINCE, S_STALE, S_CONNECTED, S_MESSAGE, S_KNOWN, S_FINISHED, S_STATUS, S_ROWS };
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(taking->db, NULL, STMT_SOURCE_RUN_SOURCE, DB_VALUES(DB_TEXT(taking->started),
		DB_UINT(taking->distributor), DB_TEXT(account), DB_UINT(taking->tenant)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	/* Gone since its tenant was found: found again, it will not be. */
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_CONFLICT;
	taking->source = db_uint(row[S_ID]);
	taking->old_state = (enum rollup)db_uint(row[S_STATE]);
	taking->old_since = arena_strdup(taking->arena, row[S_SINCE]);
	taking->old_stale = arena_strdup(taking->arena, row[S_STALE]);
	taking->connected = arena_strdup(taking->arena, row[S_CONNECTED]);
	taking->old_message = arena_strdup(taking->arena, row[S_MESSAGE]);
	taking->known = db_uint(row[S_KNOWN]) != 0;
	taking->old_finished = arena_strdup(taking->arena, row[S_FINISHED]);
	taking->old_status = arena_strdup(taking->arena, row[S_STATUS]);
	taking->old_rows = db_int(row[S_ROWS]);
	return ERR_NONE;
}

static enum error taking_write(struct taking *taking)
{
	const struct source_run *run = taking->run;
	struct db_value source = DB_UINT(taking->source), started = DB_TEXT(taking->started), rows = DB_UINT(run->rows),
		finished = DB_TEXT(run->finished_known ? taking->finished : NULL), status = DB_TEXT(status_text(run->status)),
		period = DB_TEXT(run->period), message = DB_TEXT(run->message);

	if (taking->known)
		return db_execute(taking->db, NULL, STMT_SOURCE_RUN_UPDATE,
			DB_VALUES(finished, status, rows, period, message, source, started), NULL);
	return db_execute(taking->db, NULL, STMT_SOURCE_RUN_INSERT,
		DB_VALUES(source, started, finished, status, rows, period, message), NULL);
}

/* An instant of the database ("2026-11-22 15:04:05.123") so much later. */
static const char *instant_later(struct arena *arena, const char *instant, int64_t ms)
{
	char *later = arena_alloc(arena, CLOCK_INSTANT_SIZE);
	const char *fraction = strchr(instant, '.');
	int64_t seconds = 0;

	clock_parse(arena_printf(arena, "%sZ", instant), &seconds);
	clock_sql(seconds * 1000 + (fraction != NULL ? db_int(fraction + 1) : 0) + ms, later);
	return later;
}

/* When did the row of runs with the latest one's status begin? */
static enum error verdict_since(struct taking *taking, const char *status, const char *other, struct verdict *verdict)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(taking->db, NULL, STMT_SOURCE_RUN_SINCE, DB_VALUES(DB_UINT(taking->source), DB_TEXT(status),
		DB_TEXT(other != NULL ? other : "1970-01-01 00:00:00.000"), DB_TEXT(status)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	if (row != NULL && row[0] != NULL)
		verdict->since = arena_strdup(taking->arena, row[0]);
	return error;
}

/* The usual cases, in which the other runs are not asked: one that has not finished changes nothing; one that finishes behind a success, which
 * was the latest then and 48 hours before it will be stale, or is the first to finish at all. */
static bool verdict_usual(const struct taking *taking, struct verdict *verdict)
{
	const struct source_run *run = taking->run;
	bool success = run->status == ROLLUP_SUCCESS, behind = taking->old_state == ROLLUP_SUCCESS && taking->old_stale != NULL;

	*verdict = (struct verdict){ taking->old_state, taking->old_since, taking->old_stale, taking->old_message };
	if (taking->old_finished != NULL || !run->finished_known)
		return taking->old_finished == NULL;
	if ((!behind && taking->old_state != ROLLUP_NOT_AVAILABLE) || (success && run->finished + SOURCE_STALE_MS < clock_now_ms()))
		return false;
	const char *stale = instant_later(taking->arena, taking->finished, SOURCE_STALE_MS);
	if (behind && strcmp(stale, taking->old_stale) <= 0)
		return false;
	bool goes_on = behind && success && strcmp(taking->finished, taking->old_stale) <= 0;
	*verdict = (struct verdict){ run->status, goes_on ? taking->old_since : taking->finished, success ? stale : NULL, run->message };
	return true;
}

/* Rule: product.md "Source data". The latest finished run decides; a success is one for 48 hours. */
static enum error taking_judge(struct taking *taking, struct verdict *verdict)
{
	struct db_value source = DB_UINT(taking->source);
	char now[CLOCK_INSTANT_SIZE];
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(taking->db, NULL, STMT_SOURCE_RUN_LATEST, DB_VALUES(source, source, source), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	*verdict = (struct verdict){ ROLLUP_NOT_AVAILABLE, taking->connected, NULL, "" };
	if (row == NULL)
		return error;
	const char *status = arena_strdup(taking->arena, row[0]), *finished = arena_strdup(taking->arena, row[1]);
	verdict->message = arena_strdup(taking->arena, row[2]);
	verdict->since = finished;
	verdict->state = strcmp(status, "failed") == 0 ? ROLLUP_FAILED : strcmp(status, "warning") == 0 ? ROLLUP_WARNING
		: ROLLUP_SUCCESS;
	row = db_next(rows);
	const char *other = row != NULL ? arena_strdup(taking->arena, row[1]) : NULL;
	if (verdict->state == ROLLUP_SUCCESS) {
		verdict->stale = instant_later(taking->arena, finished, SOURCE_STALE_MS);
		clock_sql(clock_now_ms(), now);
		if (strcmp(verdict->stale, now) < 0) {
			verdict->state = ROLLUP_WARNING;
			verdict->since = verdict->stale;
			verdict->stale = NULL;
			return ERR_NONE;
		}
	}
	return verdict_since(taking, status, other, verdict);
}

static enum error taking_count(struct taking *taking)
{
	struct source_day change = { 0 };
	char date[CLOCK_DATE_SIZE], first[CLOCK_DATE_SIZE];
	uint64_t tenants[2];
	size_t count = 0;

	clock_date(taking->run->started / 1000, taking->zone, date);
	source_day_first(taking->zone, first);
	if (strcmp(date, first) < 0)
		return ERR_NONE;
	if (taking->known)
		source_day_count(&change, taking->old_finished, taking->old_status, taking->old_rows, -1);
	source_day_count(&change, taking->run->finished_known ? taking->finished : NULL, status_text(taking->run->status),
		(int64_t)taking->run->rows, 1);
	tenants[count++] = tree_tier(taking->label) == TIER_DISTRIBUTOR ? taking->tenant : taking->distributor;
	if (tree_tier(taking->label) != TIER_DISTRIBUTOR)
		tenants[count++] = tree_tier(taking->label) == TIER_CUSTOMER ? taking->parent : taking->tenant;
	return source_day_add(taking->db, tenants, count, date, &change);
}

/* Does this run decide whether the tenant has ever had a successful one? */
static enum error taking_first(struct taking *taking, bool *first)
{
	bool now = taking->run->finished_known && taking->run->status == ROLLUP_SUCCESS;
	bool before = taking->old_finished != NULL && taking->old_status != NULL && strcmp(taking->old_status, "success") == 0;
	DB_ROWS_AUTO rows = NULL;

	*first = false;
	if (!taking->onboarding || now == before)
		return ERR_NONE;
	enum error error = db_query(taking->db, NULL, STMT_SOURCE_RUN_OTHERS,
		DB_VALUES(DB_UINT(taking->tenant), DB_UINT(taking->source), DB_TEXT(taking->started)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	*first = row != NULL && db_uint(row[0]) == 0;
	return error;
}

/* One source from a state to another: the tenant's row and those above it. */
static enum error taking_carry(struct taking *taking, enum rollup state)
{
	unsigned before[SOURCE_STATES] = { 0 }, after[SOURCE_STATES] = { 0 };
	struct list_nodes nodes = { .arena = taking->arena };

	before[taking->old_state] = after[state] = 1;
	list_nodes_need(&nodes, taking->label);
	enum error error = list_nodes_load(taking->db, &nodes);
	if (error != ERR_NONE)
		return error;
	list_nodes_sources(&nodes, taking->label, true, before, -1);
	list_nodes_sources(&nodes, taking->label, true, after, 1);
	return list_nodes_store(taking->db, &nodes);
}

static bool text_same(const char *left, const char *right)
{
	return left == NULL || right == NULL ? left == right : strcmp(left, right) == 0;
}

static enum error taking_state(struct taking *taking, const struct verdict *verdict)
{
	if (verdict->state == taking->old_state && text_same(verdict->since, taking->old_since) &&
		text_same(verdict->stale, taking->old_stale) && text_same(verdict->message, taking->old_message))
		return ERR_NONE;
	return db_execute(taking->db, NULL, STMT_SOURCE_RUN_STATE, DB_VALUES(DB_UINT(verdict->state), DB_TEXT(verdict->since),
		DB_TEXT(verdict->stale), DB_TEXT(verdict->message), DB_UINT(taking->source)), NULL);
}

static enum error taking_follow(struct taking *taking)
{
	struct verdict verdict;
	bool first = false;
	enum error error = verdict_usual(taking, &verdict) ? ERR_NONE : taking_judge(taking, &verdict);

	if (error == ERR_NONE)
		error = taking_state(taking, &verdict);
	if (error == ERR_NONE)
		error = taking_first(taking, &first);
	if (error != ERR_NONE)
		return error;
	if (first || with_data(verdict.state) != with_data(taking->old_state))
		error = list_table_refresh(taking->db, taking->tenant);
	else if (verdict.state != taking->old_state)
		error = taking_carry(taking, verdict.state);
	return error == ERR_NONE ? taking_count(taking) : error;
}

enum error source_run_take(struct db *db, const struct scope *scope, const char *account, const struct source_run *run,
	enum source_run_result *result)
{
	ARENA_AUTO arena = arena_new();
	struct taking taking = { .db = db, .arena = arena, .run = run, .zone = scope_zone(scope) };
	bool found = false;

	clock_sql(run->started, taking.started);
	if (run->finished_known)
		clock_sql(run->finished, taking.finished);
	enum error error = taking_tenant(&taking, scope, account, &found);
	if (error == ERR_NONE && !found)
		*result = SOURCE_RUN_UNKNOWN;
	if (error != ERR_NONE || !found)
		return error;
	error = taking_source(&taking, account);
	if (error == ERR_NONE)
		error = taking_write(&taking);
	if (error == ERR_NONE)
		error = taking_follow(&taking);
	if (error == ERR_NONE)
		*result = taking.known ? SOURCE_RUN_UPDATED : SOURCE_RUN_CREATED;
	return error;
}

static enum error mend(struct db *db, void *arg)
{
	ARENA_AUTO arena = arena_new();
	struct taking taking = { .db = db, .arena = arena, .source = *(const uint64_t *)arg };
	struct verdict verdict;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SOURCE_RUN_MEND, DB_VALUES(DB_UINT(taking.source)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	/* disconnected meanwhile: it counts nowhere */
	if (row == NULL)
		return error;
	taking.connected = arena_strdup(arena, row[0]);
	error = taking_judge(&taking, &verdict);
	return error == ERR_NONE ? taking_state(&taking, &verdict) : error;
}

enum error source_run_mend(struct db *db, uint64_t source)
{
	return db_transaction(db, mend, &source);
}
