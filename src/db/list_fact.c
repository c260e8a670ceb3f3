/* From facts (tenants, users, contracts, sources) to the rows of the list table.
 *
 * Owns every rule by which a column follows from facts; rebuilding, comparing and the single-tenant form
 * all ask here. Reads only; what to do with a row is the caller's. */
#include "db/list_fact.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "db/contract_day.h"

#define CHUNK 2000
#define SEARCH_POINTS 1400 /* of the column */
#define SEPARATOR "\x02"   /* between name, domain and ID: nothing typed folds to it */

enum rollup list_rollup(const unsigned sources[SOURCE_STATES])
{
	for (enum rollup state = ROLLUP_FAILED; state < ROLLUP_NOT_AVAILABLE; state++) {
		if (sources[state] > 0)
			return state;
	}
	return ROLLUP_NOT_AVAILABLE;
}

void list_totals_add(struct list_totals *totals, const struct list_fact *fact, int sign)
{
	totals->total += sign;
	totals->tier[fact->tier & 3] += sign;
	totals->onboarding += sign * (int)fact->onboarding;
	totals->suspended += sign * (int)fact->suspended;
	totals->rollup[list_rollup(fact->sources)] += sign;
}

void list_totals_merge(struct list_totals *totals, const struct list_totals *more)
{
	totals->total += more->total;
	totals->onboarding += more->onboarding;
	totals->suspended += more->suspended;
	for (size_t i = 0; i < 4; i++)
		totals->tier[i] += more->tier[i];
	for (size_t i = 0; i < SOURCE_STATES; i++)
		totals->rollup[i] += more->rollup[i];
}

void list_tree_make(struct list_tree *tree, uint64_t label, const char *zone)
{
	*tree = (struct list_tree){ .low = tree_distributor(label) };
	tree->high = tree_end(tree->low);
	memcpy(tree->zone, zone, strnlen(zone, sizeof tree->zone - 1));
	clock_date(clock_now(), tree->zone, tree->today);
}

enum error list_trees(struct db *db, struct arena *arena, struct list_tree **trees, size_t *count)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_LIST_FACT_DISTRIBUTORS, DB_NO_VALUES, &rows);
	char **row;

	*count = 0;
	if (error != ERR_NONE)
		return error;
	*trees = arena_array(arena, db_rows_count(rows) + 1, sizeof **trees);
	while ((row = db_next(rows)) != NULL)
		list_tree_make(&(*trees)[(*count)++], db_uint(row[0]), row[1]);
	return ERR_NONE;
}

enum error list_tree_of(struct db *db, uint64_t label, struct list_tree *tree)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_LIST_FACT_TREE, DB_VALUES(DB_UINT(tree_distributor(label))), &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	if (row == NULL)
		return ERR_NOT_FOUND;
	list_tree_make(tree, label, row[0]);
	return ERR_NONE;
}

const char *list_fact_search(struct arena *arena, const struct list_fact *fact)
{
	const char *const parts[] = { fact->name, fact->domain, fact->id };
	size_t points = 0, cut = 0;
	BUF_AUTO text;

	buf_init(&text, 65536);
	for (size_t i = 0; i < 3; i++) {
		const char *folded = text_fold(arena, parts[i], true);

		if (i > 0)
			buf_puts(&text, SEPARATOR);
		buf_puts(&text, folded != NULL ? folded : "");
	}
	while (cut < text.length) {
		points += ((unsigned char)text.data[cut] & 0xc0) != 0x80;
		if (points > SEARCH_POINTS)
			break;
		cut++;
	}
	return arena_strndup(arena, text.data, cut);
}

/* A row while its facts come together. */
struct making {
	struct list_fact *fact;
	bool complete; /* for good */
	bool admin, active_admin, contract, source, success;
	char next[CLOCK_DATE_SIZE];
};

struct reading {
	struct db *db;
	const struct list_tree *tree;
	struct arena *arena;
	struct making *makings;
	size_t count;
	uint64_t low, high;
};

static int making_compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = ((const struct making *)right)->fact->tree_pos;

	return a < b ? -1 : a > b;
}

static struct making *making_find(const struct reading *reading, const char *label)
{
	uint64_t tree_pos = db_uint(label);

	return bsearch(&tree_pos, reading->makings, reading->count, sizeof *reading->makings, making_compare);
}

static enum error read_tenants(struct reading *reading, unsigned limit, struct list_fact **facts)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(reading->db, NULL, STMT_LIST_FACT_TENANTS, DB_VALUES(
		DB_UINT(reading->low), DB_UINT(reading->high), DB_UINT(limit)), &rows);
	struct arena *arena = reading->arena;
	size_t count;
	char **row;

	if (error != ERR_NONE)
		return error;
	count = db_rows_count(rows);
	*facts = arena_array(arena, count + 1, sizeof **facts);
	reading->makings = arena_array(arena, count + 1, sizeof *reading->makings);
	while ((row = db_next(rows)) != NULL) {
		struct list_fact *fact = &(*facts)[reading->count];

		*fact = (struct list_fact){
			.tree_pos = db_uint(row[0]), .tenant = db_uint(row[1]), .id = arena_strdup(arena, row[2]),
			.parent = arena_strdup(arena, row[3]), .tier = (unsigned)db_uint(row[4]),
			.suspended = (unsigned)db_uint(row[5]), .name = arena_strdup(arena, row[6]),
			.domain = arena_strdup(arena, row[7]), .created = arena_strdup(arena, row[8]),
		};
		fact->search = list_fact_search(arena, fact);
		reading->makings[reading->count].fact = fact;
		reading->makings[reading->count].complete = db_uint(row[9]) != 0;
		reading->count++;
	}
	/* What follows is read as far as these tenants go. */
	if (reading->count == limit && limit > 0)
		reading->high = (*facts)[reading->count - 1].tree_pos + 1;
	return ERR_NONE;
}

static enum error read_admins(struct reading *reading)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(reading->db, NULL, STMT_LIST_FACT_ADMINS,
		DB_VALUES(DB_UINT(reading->low), DB_UINT(reading->high)), &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	while ((row = db_next(rows)) != NULL) {
		bool activated = db_uint(row[3]) != 0, disabled = db_uint(row[4]) != 0, cancelled = db_uint(row[5]) != 0;
		struct making *making = making_find(reading, row[0]);

		if (making == NULL)
			continue;
		making->active_admin |= activated && !disabled;
		if (cancelled)
			continue;
		/* they come in the order of their invitations */
		if (!making->admin) {
			making->fact->admin = arena_printf(reading->arena, "%s %s", row[1], row[2]);
			making->fact->admin_pending = !activated;
		}
		making->admin = true;
	}
	return ERR_NONE;
}

void list_fact_contract(const struct list_tree *tree, unsigned counts[CONTRACT__MAX], char next[CLOCK_DATE_SIZE],
	const char *stored, const char *start, const char *end, bool former)
{
	enum contract_status status = contract_day_status(stored, start, end, tree->today);
	char date[CLOCK_DATE_SIZE];

	if (!former || !contract_day_former_hidden(status))
		counts[status]++;
	contract_day_next(stored, start, end, tree->today, date);
	if (date[0] != '\0' && (next[0] == '\0' || strcmp(date, next) < 0))
		memcpy(next, date, sizeof date);
}

/* The columns of list_fact_contracts. */
enum { FACT_LABEL, FACT_STORED, FACT_START, FACT_END, FACT_FORMER, FACT_KEY, FACT_ID, FACT_NAME, FACT_VERSION, FACT_RENEWAL,
	FACT_ENTITLEMENT, FACT_UNSEEN };

static void contract_read(struct contract_fact *fact, char **row, struct arena *arena)
{
	*fact = (struct contract_fact){
		.contract = db_uint(row[FACT_KEY]), .id = arena_strdup(arena, row[FACT_ID]),
		.name = arena_strdup(arena, row[FACT_NAME]), .stored = arena_strdup(arena, row[FACT_STORED]),
		.start = arena_strdup(arena, row[FACT_START]), .end = arena_strdup(arena, row[FACT_END]),
		.renewal = arena_strdup(arena, row[FACT_RENEWAL]), .entitlement = arena_strdup(arena, row[FACT_ENTITLEMENT]),
		.version = (unsigned)db_uint(row[FACT_VERSION]), .former = db_uint(row[FACT_FORMER]) != 0,
		.unseen = db_uint(row[FACT_UNSEEN]) != 0,
	};
}

static enum error read_contracts(struct reading *reading)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(reading->db, NULL, STMT_LIST_FACT_CONTRACTS,
		DB_VALUES(DB_UINT(reading->low), DB_UINT(reading->high)), &rows);
	struct contract_fact *all;
	size_t used = 0;
	char **row;

	if (error != ERR_NONE)
		return error;
	/* they come tenant by tenant; behind those of each there is room for one more */
	all = arena_array(reading->arena, db_rows_count(rows) + reading->count + 1, sizeof *all);
	while ((row = db_next(rows)) != NULL) {
		struct making *making = making_find(reading, row[FACT_LABEL]);

		if (making == NULL)
			continue;
		list_fact_contract(reading->tree, making->fact->contracts, making->next, row[FACT_STORED], row[FACT_START],
			row[FACT_END], db_uint(row[FACT_FORMER]) != 0);
		making->contract |= strcmp(row[FACT_STORED], "draft") != 0;
		if (making->fact->contract_rows.count == 0)
			making->fact->contract_rows.rows = &all[used++];
		contract_read(&making->fact->contract_rows.rows[making->fact->contract_rows.count++], row, reading->arena);
		used++;
	}
	return ERR_NONE;
}

static enum error read_sources(struct reading *reading)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(reading->db, NULL, STMT_LIST_FACT_SOURCES,
		DB_VALUES(DB_UINT(reading->low), DB_UINT(reading->high)), &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	while ((row = db_next(rows)) != NULL) {
		struct making *making = making_find(reading, row[0]);
		uint64_t state = db_uint(row[2]);

		if (making == NULL)
			continue;
		making->success |= db_uint(row[3]) != 0;
		if (row[1] == NULL)
			continue;
		making->source = true;
		making->fact->contract_rows.with_data |= state == ROLLUP_SUCCESS || state == ROLLUP_WARNING;
		making->fact->sources[state < SOURCE_STATES ? state : ROLLUP_NOT_AVAILABLE]++;
	}
	return ERR_NONE;
}

const char *list_fact_instant(const struct list_tree *tree, struct arena *arena, const char *date)
{
	/* A million rows have a few hundred dates among them, and each takes a look into the zone's table. */
	static struct { char zone[65], date[CLOCK_DATE_SIZE], instant[CLOCK_INSTANT_SIZE]; } known[1024];
	size_t slot = 0;

	if (date[0] == '\0')
		return NULL;
	for (const char *c = date; *c != '\0'; c++)
		slot = (slot * 31 + (unsigned char)*c) % (sizeof known / sizeof *known);
	if (strcmp(known[slot].date, date) != 0 || strcmp(known[slot].zone, tree->zone) != 0) {
		clock_sql(clock_date_start(date, tree->zone) * 1000, known[slot].instant);
		memcpy(known[slot].date, date, sizeof known->date);
		memcpy(known[slot].zone, tree->zone, sizeof known->zone);
	}
	return arena_strdup(arena, known[slot].instant);
}

/* Complete is complete for good; until then the tasks are what the facts say. */
static void conclude(struct reading *reading, struct making *making)
{
	struct list_fact *fact = making->fact;
	bool customer = fact->tier == TIER_CUSTOMER;

	fact->tasks_total = customer ? 5 : 3;
	fact->tasks_done = (unsigned)making->admin + making->active_admin + making->contract;
	if (customer)
		fact->tasks_done += (unsigned)making->source + making->success;
	fact->newly_onboarded = !making->complete && fact->tasks_done == fact->tasks_total;
	if (making->complete)
		fact->tasks_done = fact->tasks_total;
	fact->onboarding = fact->tasks_done < fact->tasks_total;
	fact->next_change = list_fact_instant(reading->tree, reading->arena, making->next);
	if (fact->contract_rows.rows == NULL)
		fact->contract_rows.rows = arena_array(reading->arena, 1, sizeof *fact->contract_rows.rows);
	fact->contract_rows.tier = (enum tier)fact->tier;
	contract_facts_day(&fact->contract_rows, reading->tree->today);
	contract_facts_placeholder(&fact->contract_rows);
	fact->contract_change = list_fact_instant(reading->tree, reading->arena, fact->contract_rows.next);
}

void list_fact_new(struct list_fact *fact, struct arena *arena)
{
	const struct list_tree nothing_by_day = { 0 };
	struct reading reading = { .tree = &nothing_by_day, .arena = arena };
	struct making making = { .fact = fact };

	fact->search = list_fact_search(arena, fact);
	conclude(&reading, &making);
}

enum error list_facts_read(struct db *db, const struct list_tree *tree, uint64_t low, uint64_t high, unsigned limit,
	struct arena *arena, struct list_fact **facts, size_t *count)
{
	struct reading reading = { .db = db, .tree = tree, .arena = arena, .low = low, .high = high };
	enum error error = read_tenants(&reading, limit, facts);

	if (error == ERR_NONE && reading.count > 0) {
		error = read_admins(&reading);
		if (error == ERR_NONE)
			error = read_contracts(&reading);
		if (error == ERR_NONE)
			error = read_sources(&reading);
		for (size_t i = 0; i < reading.count && error == ERR_NONE; i++)
			conclude(&reading, &reading.makings[i]);
	}
	*count = reading.count;
	return error;
}

/* A distributor or reseller whose subtree is being seen. */
struct held {
	struct arena *arena;
	struct list_fact fact;
	struct list_totals totals;
	bool open;
};

struct walk {
	struct db *db;
	const struct list_tree *tree;
	const struct list_sink *sink;
	struct arena *arena; /* of the chunk */
	struct held distributor, reseller;
};

static void fact_copy(struct list_fact *copy, const struct list_fact *fact, struct arena *arena)
{
	*copy = *fact;
	copy->id = arena_strdup(arena, fact->id);
	copy->parent = arena_strdup(arena, fact->parent);
	copy->name = arena_strdup(arena, fact->name);
	copy->domain = arena_strdup(arena, fact->domain);
	copy->created = arena_strdup(arena, fact->created);
	copy->search = arena_strdup(arena, fact->search);
	copy->admin = arena_strdup(arena, fact->admin);
	copy->next_change = arena_strdup(arena, fact->next_change);
	/* these are dealt with when the chunk of the facts is */
	copy->contract_rows = (struct contract_facts){ 0 };
	copy->contract_change = NULL;
}

static void held_open(struct held *held, const struct list_fact *fact)
{
	arena_reset(held->arena);
	fact_copy(&held->fact, fact, held->arena);
	held->totals = (struct list_totals){ 0 };
	held->open = true;
}

/* All below has been seen: the row goes out, and counts for the one ABOVE. */
static enum error held_close(struct walk *walk, struct held *held, struct held *above)
{
	struct list_fact *fact;

	if (!held->open)
		return ERR_NONE;
	held->open = false;
	list_totals_add(&held->totals, &held->fact, 1);
	if (above != NULL && above->open) {
		list_totals_merge(&above->totals, &held->totals);
		for (size_t i = 0; i < SOURCE_STATES; i++)
			above->fact.sources[i] += held->fact.sources[i];
	}
	fact = arena_alloc(walk->arena, sizeof *fact);
	fact_copy(fact, &held->fact, walk->arena);
	return walk->sink->row(walk->sink->arg, fact, &held->totals);
}

/* The row's contracts, as the reseller and the distributor above it see them, or itself. */
static void walk_contracts(struct walk *walk, const struct list_fact *fact)
{
	struct held *const holders[] = { &walk->distributor, &walk->reseller };

	for (size_t i = 0; i < 2; i++) {
		struct held *held = holders[i];

		if (held->open)
			contract_totals_add(&held->totals.contracts, &fact->contract_rows,
				contract_viewer((enum tier)held->fact.tier, fact->tree_pos == held->fact.tree_pos), 1);
	}
}

static enum error walk_fact(struct walk *walk, const struct list_fact *fact)
{
	enum error error = ERR_NONE;

	if (fact->tier != TIER_CUSTOMER) {
		error = held_close(walk, &walk->reseller, &walk->distributor);
		held_open(fact->tier == TIER_RESELLER ? &walk->reseller : &walk->distributor, fact);
		walk_contracts(walk, fact);
		return error;
	}
	walk_contracts(walk, fact);
	if (walk->reseller.open) {
		list_totals_add(&walk->reseller.totals, fact, 1);
		for (size_t i = 0; i < SOURCE_STATES; i++)
			walk->reseller.fact.sources[i] += fact->sources[i];
	}
	return walk->sink->row(walk->sink->arg, fact, NULL);
}

static enum error walk_chunk(struct walk *walk, uint64_t *low, bool *last)
{
	struct list_fact *facts;
	size_t count;
	uint64_t high = walk->tree->high;
	enum error error = list_facts_read(walk->db, walk->tree, *low, high, CHUNK, walk->arena, &facts, &count);

	if (error != ERR_NONE)
		return error;
	*last = count < CHUNK;
	if (!*last)
		high = facts[count - 1].tree_pos + 1;
	error = walk->sink->chunk(walk->sink->arg, *low, high, facts, count);
	for (size_t i = 0; i < count && error == ERR_NONE; i++)
		error = walk_fact(walk, &facts[i]);
	if (*last && error == ERR_NONE)
		error = held_close(walk, &walk->reseller, &walk->distributor);
	if (*last && error == ERR_NONE)
		error = held_close(walk, &walk->distributor, NULL);
	if (error == ERR_NONE)
		error = walk->sink->chunk_end(walk->sink->arg);
	*low = high;
	return error;
}

enum error list_facts_walk(struct db *db, const struct list_tree *tree, const struct list_sink *sink)
{
	struct walk walk = { .db = db, .tree = tree, .sink = sink, .arena = arena_new(),
		.distributor = { .arena = arena_new() }, .reseller = { .arena = arena_new() } };
	uint64_t low = tree->low;
	enum error error = ERR_NONE;

	for (bool last = false; !last && error == ERR_NONE;) {
		arena_reset(walk.arena);
		error = walk_chunk(&walk, &low, &last);
	}
	arena_free(walk.arena);
	arena_free(walk.distributor.arena);
	arena_free(walk.reseller.arena);
	return error;
}
