/* The counters of source_day.h: what a run adds, what a move carries along, reading the history.
 *
 * Must touch rows in the order of their keys: two writers of one tree then never wait for each other in a circle. */
#include "db/source_day.h"

#include <string.h>

#include "db/source_day_window.h"

void source_day_first(const char *zone, char date[CLOCK_DATE_SIZE])
{
	char today[CLOCK_DATE_SIZE];

	clock_date(clock_now(), zone, today);
	clock_date_add(today, -(SOURCE_DAYS_KEPT - 1), date);
}

void window_make(struct window *window, const char *zone)
{
	char date[CLOCK_DATE_SIZE], first[CLOCK_DATE_SIZE];

	source_day_first(zone, first);
	for (int i = 0; i <= SOURCE_DATES; i++) {
		clock_date_add(first, i, date);
		clock_sql(clock_date_start(date, zone) * 1000, window->begins[i]);
		if (i < SOURCE_DATES)
			memcpy(window->dates[i], date, sizeof date);
	}
}

/* Instants of one form compare as texts. */
int window_find(const struct window *window, const char *instant)
{
	int low = 0, high = SOURCE_DATES;

	if (strcmp(instant, window->begins[0]) < 0 || strcmp(instant, window->begins[SOURCE_DATES]) >= 0)
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

void grid_count(struct grid *grid, const struct window *window, char **run)
{
	int date = window_find(window, run[0]);

	if (date >= 0)
		source_day_count(&grid->days[date], run[1], run[2], db_int(run[3]), 1);
}

bool source_day_zero(const struct source_day *day)
{
	static const struct source_day zero;

	return memcmp(day, &zero, sizeof zero) == 0;
}

/* The columns behind the day, in the order of enum rollup. */
void source_day_read(struct source_day *day, char **row)
{
	for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
		day->runs[state] = db_int(row[state]);
	day->rows = db_int(row[ROLLUP_NOT_AVAILABLE + 1]);
}

enum error source_day_add(struct db *db, const uint64_t *tenants, size_t count, const char *date, const struct source_day *day)
{
	const struct db_value failed = DB_INT(day->runs[ROLLUP_FAILED]), warning = DB_INT(day->runs[ROLLUP_WARNING]),
		success = DB_INT(day->runs[ROLLUP_SUCCESS]), running = DB_INT(day->runs[ROLLUP_NOT_AVAILABLE]), rows = DB_INT(day->rows);
	uint64_t changed = 0, made = 0;

	if (count == 0 || source_day_zero(day))
		return ERR_NONE;
	enum error error = db_execute(db, NULL, STMT_SOURCE_DAY_ADD,
		DB_VALUES(failed, warning, success, running, rows, DB_UINTS(tenants, count), DB_TEXT(date)), &changed);
	if (error != ERR_NONE || changed == count)
		return error;
	/* Those that have no row yet. One that somebody else has made just now was neither changed nor made here: all is run again. */
	error = db_execute(db, NULL, STMT_SOURCE_DAY_NEW,
		DB_VALUES(failed, warning, success, running, rows, DB_TEXT(date), DB_UINTS(tenants, count)), &made);
	return error == ERR_NONE && changed + made < count ? ERR_CONFLICT : error;
}

static struct source_day day_taken_back(const struct source_day *day)
{
	struct source_day back = { .rows = -day->rows };

	for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
		back.runs[state] = -day->runs[state];
	return back;
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

static enum error move_apply(struct db *db, const struct window *window, const struct grid *grid, const uint64_t *tenants,
	size_t count, bool takes)
{
	enum error error = ERR_NONE;

	for (int date = 0; date < SOURCE_DATES && error == ERR_NONE; date++) {
		struct source_day back = day_taken_back(&grid->days[date]);

		error = source_day_add(db, tenants, count, window->dates[date], takes ? &grid->days[date] : &back);
	}
	return error;
}

enum error source_day_move(struct db *db, uint64_t tenant, uint64_t old, uint64_t new)
{
	struct move move;
	struct window window;
	struct grid grid = { 0 };
	DB_ROWS_AUTO rows = NULL;
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
	for (char **row; (row = db_next(rows)) != NULL;)
		grid_count(&grid, &window, row);
	/* Between two resellers alone: the one with the smaller key first. */
	bool takes_first = move.from_count == 1 && move.to_count == 1 && move.to[0] < move.from[0];
	if (takes_first)
		error = move_apply(db, &window, &grid, move.to, move.to_count, true);
	if (error == ERR_NONE)
		error = move_apply(db, &window, &grid, move.from, move.from_count, false);
	if (error == ERR_NONE && !takes_first)
		error = move_apply(db, &window, &grid, move.to, move.to_count, true);
	return error;
}

static enum error history_customer(struct db *db, const struct scope *scope, uint64_t tenant, const struct window *window,
	struct grid *grid)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_SOURCE_DAY_OF_CUSTOMER,
		DB_VALUES(DB_TEXT(window->begins[0]), DB_UINT(tenant)), &rows);

	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		grid_count(grid, window, row);
	return error;
}

static enum error history_below(struct db *db, const struct scope *scope, uint64_t tenant, const struct window *window,
	struct grid *grid)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_SOURCE_DAY_BELOW, DB_VALUES(DB_UINT(tenant), DB_TEXT(window->dates[0])), &rows);

	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		for (int date = 0; date < SOURCE_DATES; date++)
			if (strcmp(window->dates[date], row[0]) == 0)
				source_day_read(&grid->days[date], row);
	return error;
}

enum error source_day_history(struct db *db, const struct scope *scope, uint64_t tenant, uint64_t label,
	struct source_day days[SOURCE_DAYS], char dates[SOURCE_DAYS][CLOCK_DATE_SIZE])
{
	const int first = SOURCE_DAYS_KEPT - SOURCE_DAYS;
	struct window window;
	struct grid grid = { 0 };

	window_make(&window, scope_zone(scope));
	enum error error = (tree_tier(label) == TIER_CUSTOMER ? history_customer : history_below)(db, scope, tenant, &window, &grid);
	memcpy(days, &grid.days[first], SOURCE_DAYS * sizeof *days);
	memcpy(dates, window.dates[first], SOURCE_DAYS * sizeof *dates);
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
