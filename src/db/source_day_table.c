/* The counters of source_day.h for a whole tree: made anew from the runs, and compared with them. Walks the runs once, in tree order, with
 * the counters of one distributor and one reseller in memory. */
#include <string.h>

#include "base/arena.h"
#include "db/bulk.h"
#include "db/list_fact.h"
#include "db/source_day_window.h"

#define CHUNK 2000

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
			grid_count(&walk->distributor->grid, &walk->window, run + 1);
			if (tier != TIER_DISTRIBUTOR)
				grid_count(&walk->reseller->grid, &walk->window, run + 1);
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

	for (int date = 0; date < SOURCE_DATES && error == ERR_NONE; date++) {
		const struct source_day *day = &rebuild->grid->days[date];

		if (!source_day_zero(day))
			error = bulk_row(bulk, DB_VALUES(DB_UINT(rebuild->tenant), DB_TEXT(rebuild->window->dates[date]),
				DB_INT(day->runs[ROLLUP_FAILED]), DB_INT(day->runs[ROLLUP_WARNING]), DB_INT(day->runs[ROLLUP_SUCCESS]),
				DB_INT(day->runs[ROLLUP_NOT_AVAILABLE]), DB_INT(day->rows)));
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

static enum error compare_take(void *arg, uint64_t tenant, const struct window *window, const struct grid *grid)
{
	struct compare *compare = arg;
	static const char *const names[] = { [ROLLUP_FAILED] = "failed", [ROLLUP_WARNING] = "warning", [ROLLUP_SUCCESS] = "success",
		[ROLLUP_NOT_AVAILABLE] = "running" };
	struct source_day stored[SOURCE_DATES] = { 0 };
	DB_ROWS_AUTO rows = NULL;
	/* Days before those shown are on their way out. */
	int first = SOURCE_DAYS_KEPT - SOURCE_DAYS;
	enum error error = db_query(compare->db, NULL, STMT_SOURCE_DAY_STORED,
		DB_VALUES(DB_UINT(tenant), DB_TEXT(window->dates[first])), &rows);

	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		for (int date = first; date < SOURCE_DATES; date++)
			if (strcmp(window->dates[date], row[0]) == 0)
				source_day_read(&stored[date], row);
	for (int date = first; date < SOURCE_DATES && error == ERR_NONE; date++) {
		const struct source_day *fact = &grid->days[date];

		for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
			if (stored[date].runs[state] != fact->runs[state])
				compare->difference(compare->arg, tenant, window->dates[date], names[state], stored[date].runs[state], fact->runs[state]);
		if (stored[date].rows != fact->rows)
			compare->difference(compare->arg, tenant, window->dates[date], "rows", stored[date].rows, fact->rows);
	}
	return error;
}

enum error source_day_compare(struct db *db, uint64_t distributor_pos, source_day_difference_fn *difference, void *arg)
{
	struct compare compare = { db, difference, arg };

	return walk_tree(db, distributor_pos, compare_take, &compare);
}
