/* The rows of the list table as the facts say they should be. Included in db/ and its tests alone. */
#ifndef TENANTRY_DB_LIST_FACT_H
#define TENANTRY_DB_LIST_FACT_H

#include "base/clock.h"
#include "db/contract_fact.h"
#include "db/list.h"

#define SOURCE_STATES 5 /* indexed by enum rollup; 0 is not used */

/* One row. Texts are in an arena; instants are SQL's. */
struct list_fact {
	uint64_t tree_pos, tenant;
	const char *id, *parent, *name, *domain, *created, *search;
	const char *admin; /* NULL: nobody */
	unsigned tier, suspended, admin_pending, onboarding, tasks_done, tasks_total;
	unsigned sources[SOURCE_STATES]; /* own ones at first; with those below once the subtree has been seen */
	unsigned contracts[CONTRACT__MAX];
	const char *next_change;         /* NULL: never */
	bool newly_onboarded;            /* all tasks are done, and that was not noted yet */
	struct contract_facts contract_rows; /* its rows in the Contracts list; empty once the fact was copied */
	const char *contract_change;     /* their next change as an instant; NULL: never */
};

/* The counters of tenant_total. */
struct list_totals {
	int64_t total, tier[4], onboarding, suspended, rollup[SOURCE_STATES];
	struct contract_totals contracts;
};

/* A tree: its interval, its zone and the day there. */
struct list_tree {
	uint64_t low, high;
	char zone[65], today[CLOCK_DATE_SIZE];
};

/* What a state rolled up of counts is. */
enum rollup list_rollup(const unsigned sources[SOURCE_STATES]);

/* Adds SIGN times what one row counts for. Of contracts nothing: each viewer counts others. */
void list_totals_add(struct list_totals *totals, const struct list_fact *fact, int sign);
void list_totals_merge(struct list_totals *totals, const struct list_totals *more);

/* All distributors' trees, in an array of the arena. */
enum error list_trees(struct db *db, struct arena *arena, struct list_tree **trees, size_t *count);

/* The tree that a label belongs to, in a zone. */
void list_tree_make(struct list_tree *tree, uint64_t label, const char *zone);

/* The same when the zone is not known; ERR_NOT_FOUND when there is no such distributor. */
enum error list_tree_of(struct db *db, uint64_t label, struct list_tree *tree);

/* The rows of up to LIMIT tenants from LOW on, in tree order, with own sources alone. */
enum error list_facts_read(struct db *db, const struct list_tree *tree, uint64_t low, uint64_t high, unsigned limit,
	struct arena *arena, struct list_fact **facts, size_t *count);

/* What a row is found by: its name, domain and public ID, each folded, cut to what the column holds. In the arena. */
const char *list_fact_search(struct arena *arena, const struct list_fact *fact);

/* Fills what follows from the rest of a tenant that was just made: it has no users, contracts and sources yet. */
void list_fact_new(struct list_fact *fact, struct arena *arena);

/* The instant at which DATE begins in the tree's zone, as SQL's text in the arena; NULL for an empty date. */
const char *list_fact_instant(const struct list_tree *tree, struct arena *arena, const char *date);

/* Counts one contract and brings NEXT (a date, empty at first) forward to its next change. FORMER: a former parent made it, so that
 * it counts only where the present one sees it. */
void list_fact_contract(const struct list_tree *tree, unsigned counts[CONTRACT__MAX], char next[CLOCK_DATE_SIZE],
	const char *stored, const char *start, const char *end, bool former);

/* Who takes the rows of a tree, chunk after chunk. What the pointers point to lives until `chunk_end` returns. */
struct list_sink {
	void *arg;
	/* The facts of [low, high), in tree order, with own sources alone. */
	enum error (*chunk)(void *arg, uint64_t low, uint64_t high, const struct list_fact *facts, size_t count);
	/* A whole row: customers as they come, resellers and distributors (these with TOTALS) after what is below them. */
	enum error (*row)(void *arg, const struct list_fact *fact, const struct list_totals *totals);
	enum error (*chunk_end)(void *arg);
};

/* Walks a tree from its facts in chunks, in constant memory. */
enum error list_facts_walk(struct db *db, const struct list_tree *tree, const struct list_sink *sink);

#endif
