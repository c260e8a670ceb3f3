/* The walk over the filtered tree: which rows a page or an export lists, in tree order.
 *
 * A walk goes from a place in one direction and gives items: rows that match and are not folded away, and folded
 * resellers that match or have matches inside. Context rows (ancestors that do not match themselves) and the repeated reseller
 * on top of a page are added to the items by walk_page(). */
#ifndef TENANTRY_APP_WALK_H
#define TENANTRY_APP_WALK_H

#include "app/view.h"

#define WALK_COUNT_BOUND 10000 /* counts that are not kept are exact up to here */

struct walk_row {
	struct list_row row;
	bool matched, repeated, folded;
	uint64_t matches; /* inside a folded reseller, when something is filtered */
};

struct walk {
	struct db *db;
	const struct scope *scope;
	struct arena *arena;
	struct list_filter wanted_rows;   /* the view's */
	const struct list_filter *filter; /* that; NULL: everything matches */
	bool below, folded;
	uint64_t folds[VIEW_FOLDS_MAX];   /* labels, sorted: folded ones, or the open ones when `folded` */
	size_t fold_count;
	bool root_matches;                /* the acting tenant matches and everything below comes with it */
	uint64_t scope_rows;              /* how many rows the scope has; 0: not known yet */
	const struct list_row *above;     /* a reseller's row that has been read already; NULL: none */

	/* The items of the present call. */
	bool backwards;
	struct walk_row *items;
	size_t count, wanted;
};

/* Prepares a walk for a view of customers_listing: its filter, its folds. ERR_BAD_PARAMETER for one that is no reseller of the
 * scope. The walk must not be moved. */
enum error walk_begin(struct context *c, const struct view *view, struct walk *walk);

/* Up to WANTED items of [LOW, HIGH), in tree order, or against it with BACKWARDS. walk->items, walk->count. */
enum error walk_run(struct walk *walk, uint64_t low, uint64_t high, bool backwards, size_t wanted);

/* Asks the database ahead for what walk_run() will be called for next: in an export, where nothing is folded. */
void walk_ahead(const struct walk *walk, uint64_t low, uint64_t high, size_t wanted);

/* How many rows the scope has. */
enum error walk_total(struct walk *walk, uint64_t *total);

/* How many rows match in the scope; *MORE when it is only a lower bound. */
enum error walk_matched(struct walk *walk, uint64_t *matched, bool *more);

struct walk_page {
	struct walk_row *rows;
	size_t count;
	const char *previous, *next; /* cursors (public IDs), NULL: there is none */
	bool whole;                  /* all that matches is on the page: walk->count tells how many */
};

/* The page of the view: items, context rows, the repeated reseller. */
enum error walk_page(struct context *c, const struct view *view, struct walk *walk, struct walk_page *page);

/* Adds context rows to the items of a chunk: those whose label is above *SHOWN (the last reseller or root that was
 * shown, in and out). For exports. */
enum error walk_context(struct walk *walk, uint64_t *shown, struct walk_row **rows, size_t *count);

#endif
