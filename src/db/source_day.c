/* The counters of source_day.h: what a run adds, what a move carries along, making and comparing them, reading the history.
 *
 * Must touch rows in the order of their keys: two writers of one tree then never wait for each other in a circle. */
#include "db/source_day.h"

#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/bulk.h"
#include "db/list_fact.h"

#define SLOTS 16
#define AHEAD 2 /* days: a pipeline's clock may be ahead of ours */
#define DATES (SOURCE_DAYS_KEPT + AHEAD)
#define CHUNK 2000

/* The dates that count, and the instants at which they begin in a zone. */
struct window {
	char dates[DATES][CLOCK_DATE_SIZE], begins[DATES + 1][CLOCK_INSTANT_SIZE];
};

/* Counters of one tenant. */
struct grid {
	struct source_day days[DATES][SLOTS];
};

void source_day_first(const char *zone, char date[CLOCK_DATE_SIZE])
{
	char today[CLOCK_DATE_SIZE];

	clock_date(clock_now(), zone, today);
	clock_date_add(today, -(SOURCE_DAYS_KEPT - 1), date);
}

static void window_make(struct window *window, const char *zone)
{
	char date[CLOCK_DATE_SIZE], first[CLOCK_DATE_SIZE];

	source_day_first(zone, first);
	for (int i = 0; i <= DATES; i++) {
		clock_date_add(first, i, date);
		clock_sql(clock_date_start(date, zone) * 1000, window->begins[i]);
		if (i < DATES)
			memcpy(window->dates[i], date, sizeof date);
	}
}

/* Which of the dates an instant of the database belongs to; -1: none. Instants of one form compare as texts. */
static int window_find(const struct window *window, const char *instant)
{
	int low = 0, high = DATES;

	if (strcmp(instant, window->begins[0]) < 0 || strcmp(instant, window->begins[DATES]) >= 0)
		return -1;
	while (high - low > 1) {
		int middle = (low + high) / 2;

		if (strcmp(instant, window->begins[middle]) < 0)
			high = middle;
		else
			low = middle;
	}
	return low;
}

void source_day_count(struct source_day *day, const char *finished, const char *status, int64_t rows, int sign)
{
	enum rollup state = ROLLUP_NOT_AVAILABLE;

	if (finished != NULL && status != NULL)
		state = strcmp(status, "failed") == 0 ? ROLLUP_FAILED : strcmp(status, "warning") == 0 ? ROLLUP_WARNING
			: ROLLUP_SUCCESS;
	day->runs[state] += sign;
	day->rows += sign * rows;
}

static bool day_zero(const struct source_day *day)
{
	for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
		if (day->runs[state] != 0)
			return false;
	return day->rows == 0;
}

static enum error day_insert(struct db *db, uint64_t tenant, uint64_t slot, const char *date, const struct source_day *day)
{
	return db_execute(db, NULL, STMT_SOURCE_DAY_INSERT, DB_VALUES(DB_INT(day->runs[ROLLUP_SUCCESS]),
		DB_INT(day->runs[ROLLUP_WARNING]), DB_INT(day->runs[ROLLUP_FAILED]), DB_INT(day->runs[ROLLUP_NOT_AVAILABLE]),
		DB_INT(day->rows), DB_UINT(tenant), DB_TEXT(date), DB_UINT(slot)), NULL);
}

/* CHANGED of the rows were there and have been changed; the others are made. A row that is there now and was not then is somebody
 * else's, just made: which of them were changed cannot be told any more, and the whole is run again. */
static enum error day_insert_missing(struct db *db, const uint64_t *tenants, size_t count, uint64_t changed, uint64_t slot,
	const char *date, const struct source_day *day)
{
	DB_ROWS_AUTO rows = NULL;
	bool known[2] = { false, false };
	enum error error = db_query(db, NULL, STMT_SOURCE_DAY_KNOWN,
		DB_VALUES(DB_UINTS(tenants, count), DB_TEXT(date), DB_UINT(slot)), &rows);

	if (error == ERR_NONE && db_rows_count(rows) != changed)
		return ERR_CONFLICT;
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		for (size_t i = 0; i < count; i++)
			known[i] = known[i] || tenants[i] == db_uint(row[0]);
	for (size_t i = 0; i < count && error == ERR_NONE; i++)
		if (!known[i])
			error = day_insert(db, tenants[i], slot, date, day);
	return error;
}

enum error source_day_add(struct db *db, const uint64_t *tenants, size_t count, uint64_t source, const char *date,
	const struct source_day *day)
{
	uint64_t changed = 0, slot = source % SLOTS, sorted[2];

	if (count == 0 || day_zero(day))
		return ERR_NONE;
	if (count > 2) {
		log_error("a run counts for %zu tenants", count);
		return ERR_INTERNAL;
	}
	sorted[0] = count == 2 && tenants[1] < tenants[0] ? tenants[1] : tenants[0];
	sorted[1] = count == 2 ? tenants[0] + tenants[1] - sorted[0] : 0;
	enum error error = db_execute(db, NULL, STMT_SOURCE_DAY_ADD, DB_VALUES(DB_INT(day->runs[ROLLUP_SUCCESS]),
		DB_INT(day->runs[ROLLUP_WARNING]), DB_INT(day->runs[ROLLUP_FAILED]), DB_INT(day->runs[ROLLUP_NOT_AVAILABLE]),
		DB_INT(day->rows), DB_UINTS(sorted, count), DB_TEXT(date), DB_UINT(slot)), &changed);
	return error == ERR_NONE && changed < count ? day_insert_missing(db, sorted, count, changed, slot, date, day) : error;
}

/* A move: up to two tenants that lose the runs, up to two that get them, and the zone of the tree. Those above both places do neither. */
struct move {
	uint64_t from[2], to[2];
	size_t from_count, to_count;
	char zone[65];
};

static bool is_above(uint64_t place, uint64_t label)
{
	return label != 0 && (place == tree_distributor(label) || place == tree_reseller(label));
}

static enum error move_find(struct db *db, uint64_t old, uint64_t new, struct move *move)
{
	const uint64_t labels[] = { tree_distributor(old), tree_reseller(old), tree_distributor(new), tree_reseller(new) };
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SOURCE_DAY_TENANTS, DB_VALUES(DB_UINTS(labels, 4)), &rows);

	*move = (struct move){ 0 };
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;) {
		uint64_t tenant = db_uint(row[0]), place = db_uint(row[1]);
		bool leaves = is_above(place, old), comes = is_above(place, new);

		if (leaves && !comes && move->from_count < 2)
			move->from[move->from_count++] = tenant;
		if (comes && !leaves && move->to_count < 2)
			move->to[move->to_count++] = tenant;
		if (tree_tier(place) == TIER_DISTRIBUTOR)
			memcpy(move->zone, row[2], strnlen(row[2], sizeof move->zone - 1));
	}
	return error;
}

static void grid_count(struct grid *grid, const struct window *window, uint64_t source, char **run, int sign)
{
	int date = window_find(window, run[0]);

	if (date >= 0)
		source_day_count(&grid->days[date][source % SLOTS], run[1], run[2], db_int(run[3]), sign);
}

static enum error move_apply(struct db *db, const struct window *window, const struct grid *grid, const uint64_t *tenants,
	size_t count, int sign)
{
	enum error error = ERR_NONE;

	for (size_t i = 0; i < count; i++)
		for (int date = 0; date < DATES; date++)
			for (unsigned slot = 0; slot < SLOTS && error == ERR_NONE; slot++) {
				struct source_day day = grid->days[date][slot];

				for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
					day.runs[state] *= sign;
				day.rows *= sign;
				error = source_day_add(db, &tenants[i], 1, slot, window->dates[date], &day);
			}
	return error;
}

enum error source_day_move(struct db *db, uint64_t tenant, uint64_t old, uint64_t new)
{
	ARENA_AUTO arena = arena_new();
	struct move move;
	struct window window;
	DB_ROWS_AUTO rows = NULL;
	struct grid *grid;
	enum error error;

	/* Nearly always: it stays where it is. */
	if (old != 0 && new != 0 && tree_reseller(old) == tree_reseller(new))
		return ERR_NONE;
	error = move_find(db, old, new, &move);
	if (error != ERR_NONE || move.from_count + move.to_count == 0)
		return error;
	window_make(&window, move.zone);
	error = db_query(db, NULL, STMT_SOURCE_DAY_OWN, DB_VALUES(DB_TEXT(window.begins[0]), DB_UINT(tenant)), &rows);
	if (error != ERR_NONE || db_rows_count(rows) == 0)
		return error;
	grid = arena_alloc(arena, sizeof *grid);
	for (char **row; (row = db_next(rows)) != NULL;)
		grid_count(grid, &window, db_uint(row[0]), row + 1, 1);
	/* Between two resellers alone: the one with the smaller key first. */
	bool takes_first = move.from_count == 1 && move.to_count == 1 && move.to[0] < move.from[0];
	if (takes_first)
		error = move_apply(db, &window, grid, move.to, move.to_count, 1);
	if (error == ERR_NONE)
		error = move_apply(db, &window, grid, move.from, move.from_count, -1);
	if (error == ERR_NONE && !takes_first)
		error = move_apply(db, &window, grid, move.to, move.to_count, 1);
	return error;
}

/* A walk through the runs of a tree: the distributor and the reseller at hand, with what is below them so far. */
struct walk_node {
	bool open;
	uint64_t tenant;
	struct grid grid;
};

typedef enum error walk_fn(void *arg, uint64_t tenant, const struct window *window, const struct grid *grid);

struct walk {
	struct db *db;
	struct window window;
	struct walk_node *distributor, *reseller;
	walk_fn *take;
	void *arg;
};

static enum error node_close(struct walk *walk, struct walk_node *node)
{
	if (!node->open)
		return ERR_NONE;
	node->open = false;
	return walk->take(walk->arg, node->tenant, &walk->window, &node->grid);
}

static enum error node_open(struct walk *walk, struct walk_node *node, uint64_t tenant)
{
	enum error error = node_close(walk, node);

	memset(node, 0, sizeof *node);
	node->open = true;
	node->tenant = tenant;
	return error;
}

/* Both come in tree order: a run belongs to the last reseller whose label it has reached. */
static enum error walk_piece(struct walk *walk, const uint64_t *labels, const uint64_t *tenants, size_t count,
	struct db_rows *runs)
{
	char **run = db_next(runs);
	enum error error = ERR_NONE;

	for (size_t i = 0; i < count && error == ERR_NONE; i++) {
		enum tier tier = tree_tier(labels[i]);

		if (tier == TIER_DISTRIBUTOR)
			error = node_open(walk, walk->distributor, tenants[i]);
		else if (tier == TIER_RESELLER)
			error = node_open(walk, walk->reseller, tenants[i]);
		for (; error == ERR_NONE && run != NULL && db_uint(run[0]) <= labels[i]; run = db_next(runs)) {
			grid_count(&walk->distributor->grid, &walk->window, db_uint(run[1]), run + 2, 1);
			if (tier != TIER_DISTRIBUTOR)
				grid_count(&walk->reseller->grid, &walk->window, db_uint(run[1]), run + 2, 1);
		}
	}
	return error;
}

static enum error walk_chunk(struct walk *walk, uint64_t *low, uint64_t high, bool *last)
{
	ARENA_AUTO arena = arena_new();
	uint64_t *labels = arena_array(arena, CHUNK, sizeof *labels), *tenants = arena_array(arena, CHUNK, sizeof *tenants);
	size_t count = 0;
	DB_ROWS_AUTO places = NULL;
	DB_ROWS_AUTO runs = NULL;
	enum error error = db_query(walk->db, NULL, STMT_SOURCE_DAY_PLACES,
		DB_VALUES(DB_UINT(*low), DB_UINT(high), DB_UINT(CHUNK)), &places);

	if (error != ERR_NONE)
		return error;
	for (char **row; (row = db_next(places)) != NULL; count++) {
		labels[count] = db_uint(row[0]);
		tenants[count] = db_uint(row[1]);
	}
	*last = count < CHUNK;
	if (!*last)
		high = labels[count - 1] + 1;
	error = db_query(walk->db, NULL, STMT_SOURCE_DAY_RUNS,
		DB_VALUES(DB_TEXT(walk->window.begins[0]), DB_UINT(*low), DB_UINT(high)), &runs);
	*low = high;
	return error == ERR_NONE ? walk_piece(walk, labels, tenants, count, runs) : error;
}

static enum error walk_tree(struct db *db, uint64_t distributor_pos, walk_fn *take, void *arg)
{
	ARENA_AUTO arena = arena_new();
	struct walk *walk = arena_alloc(arena, sizeof *walk);
	struct list_tree tree;
	enum error error = list_tree_of(db, distributor_pos, &tree);
	uint64_t low = distributor_pos;

	if (error != ERR_NONE)
		return error;
	*walk = (struct walk){ .db = db, .distributor = arena_alloc(arena, sizeof *walk->distributor),
		.reseller = arena_alloc(arena, sizeof *walk->reseller), .take = take, .arg = arg };
	window_make(&walk->window, tree.zone);
	for (bool last = false; !last && error == ERR_NONE;)
		error = walk_chunk(walk, &low, tree.high, &last);
	if (error == ERR_NONE)
		error = node_close(walk, walk->reseller);
	return error == ERR_NONE ? node_close(walk, walk->distributor) : error;
}

struct rebuild {
	struct db *db;
	bool commit;
	uint64_t tenant;
	const struct window *window;
	const struct grid *grid;
};

static enum error rebuild_write(struct db *db, void *arg)
{
	struct rebuild *rebuild = arg;
	struct bulk *bulk = bulk_new(db, STMT_SOURCE_DAY_INSERT);
	enum error error = db_execute(db, NULL, STMT_SOURCE_DAY_CLEAR, DB_VALUES(DB_UINT(rebuild->tenant)), NULL);

	for (int date = 0; date < DATES; date++)
		for (unsigned slot = 0; slot < SLOTS && error == ERR_NONE; slot++) {
			const struct source_day *day = &rebuild->grid->days[date][slot];

			if (!day_zero(day))
				error = bulk_row(bulk, DB_VALUES(DB_INT(day->runs[ROLLUP_SUCCESS]), DB_INT(day->runs[ROLLUP_WARNING]),
					DB_INT(day->runs[ROLLUP_FAILED]), DB_INT(day->runs[ROLLUP_NOT_AVAILABLE]), DB_INT(day->rows),
					DB_UINT(rebuild->tenant), DB_TEXT(rebuild->window->dates[date]), DB_UINT(slot)));
		}
	if (error == ERR_NONE)
		error = bulk_flush(bulk);
	bulk_free(bulk);
	return error;
}

static enum error rebuild_take(void *arg, uint64_t tenant, const struct window *window, const struct grid *grid)
{
	struct rebuild *rebuild = arg;

	rebuild->tenant = tenant;
	rebuild->window = window;
	rebuild->grid = grid;
	return rebuild->commit ? db_transaction(rebuild->db, rebuild_write, rebuild) : rebuild_write(rebuild->db, rebuild);
}

enum error source_day_rebuild(struct db *db, uint64_t distributor_pos, bool commit)
{
	struct rebuild rebuild = { .db = db, .commit = commit };

	return walk_tree(db, distributor_pos, rebuild_take, &rebuild);
}

struct compare {
	struct db *db;
	source_day_difference_fn *difference;
	void *arg;
};

/* The columns behind the day in source_day_stored and source_day_below. */
static const struct {
	const char *name;
	enum rollup state;
} columns[] = {
	{ "success", ROLLUP_SUCCESS }, { "warning", ROLLUP_WARNING }, { "failed", ROLLUP_FAILED },
	{ "running", ROLLUP_NOT_AVAILABLE },
};
#define COLUMN_ROWS 5

static void day_read(struct source_day *day, char **row)
{
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		day->runs[columns[i].state] = db_int(row[1 + i]);
	day->rows = db_int(row[COLUMN_ROWS]);
}

static enum error compare_take(void *arg, uint64_t tenant, const struct window *window, const struct grid *grid)
{
	struct compare *compare = arg;
	struct source_day stored[DATES] = { 0 }, fact;
	DB_ROWS_AUTO rows = NULL;
	/* Days before those shown are on their way out. */
	int first = SOURCE_DAYS_KEPT - SOURCE_DAYS;
	enum error error = db_query(compare->db, NULL, STMT_SOURCE_DAY_STORED,
		DB_VALUES(DB_UINT(tenant), DB_TEXT(window->dates[first])), &rows);

	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		for (int date = first; date < DATES; date++)
			if (strcmp(window->dates[date], row[0]) == 0)
				day_read(&stored[date], row);
	for (int date = first; date < DATES && error == ERR_NONE; date++) {
		fact = (struct source_day){ 0 };
		for (unsigned slot = 0; slot < SLOTS; slot++) {
			for (size_t i = 0; i < SOURCE_STATES; i++)
				fact.runs[i] += grid->days[date][slot].runs[i];
			fact.rows += grid->days[date][slot].rows;
		}
		for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
			if (stored[date].runs[columns[i].state] != fact.runs[columns[i].state])
				compare->difference(compare->arg, tenant, window->dates[date], columns[i].name,
					stored[date].runs[columns[i].state], fact.runs[columns[i].state]);
		if (stored[date].rows != fact.rows)
			compare->difference(compare->arg, tenant, window->dates[date], "rows", stored[date].rows, fact.rows);
	}
	return error;
}

enum error source_day_compare(struct db *db, uint64_t distributor_pos, source_day_difference_fn *difference, void *arg)
{
	struct compare compare = { db, difference, arg };

	return walk_tree(db, distributor_pos, compare_take, &compare);
}

static enum error history_customer(struct db *db, const struct scope *scope, uint64_t tenant, const struct window *window,
	struct source_day days[SOURCE_DAYS])
{
	const int first = SOURCE_DAYS_KEPT - SOURCE_DAYS;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_SOURCE_DAY_OF_CUSTOMER,
		DB_VALUES(DB_TEXT(window->begins[first]), DB_UINT(tenant)), &rows);

	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;) {
		int date = window_find(window, row[1]) - first;

		if (date >= 0 && date < SOURCE_DAYS)
			source_day_count(&days[date], row[2], row[3], db_int(row[4]), 1);
	}
	return error;
}

enum error source_day_history(struct db *db, const struct scope *scope, uint64_t tenant, uint64_t label,
	struct source_day days[SOURCE_DAYS], char dates[SOURCE_DAYS][CLOCK_DATE_SIZE])
{
	const int first = SOURCE_DAYS_KEPT - SOURCE_DAYS;
	struct window window;
	DB_ROWS_AUTO rows = NULL;

	window_make(&window, scope_zone(scope));
	memset(days, 0, SOURCE_DAYS * sizeof *days);
	memcpy(dates, window.dates[first], SOURCE_DAYS * sizeof *dates);
	if (tree_tier(label) == TIER_CUSTOMER)
		return history_customer(db, scope, tenant, &window, days);
	enum error error = db_query(db, scope, STMT_SOURCE_DAY_BELOW,
		DB_VALUES(DB_UINT(tenant), DB_TEXT(window.dates[first])), &rows);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		for (int date = 0; date < SOURCE_DAYS; date++)
			if (strcmp(dates[date], row[0]) == 0)
				day_read(&days[date], row);
	return error;
}

enum error source_day_expire(struct db *db)
{
	char before[CLOCK_DATE_SIZE], today[CLOCK_DATE_SIZE];

	/* A day more: zones. */
	clock_date(clock_now(), "UTC", today);
	clock_date_add(today, -(SOURCE_DAYS_KEPT + 1), before);
	return db_execute(db, NULL, STMT_SOURCE_DAY_EXPIRE, DB_VALUES(DB_TEXT(before)), NULL);
}
