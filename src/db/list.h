/* The Customers list as the database sees it: filtered pieces of the tree in tree order.
 *
 * The walk that makes a page out of these pieces (context rows, folding, paging) is
 * app/walk.c. Every query here is made of fixed parts and bound values, over tenant_list clustered by
 * tree_pos, with the index forced: architecture.md tells why. */
#ifndef TENANTRY_DB_LIST_H
#define TENANTRY_DB_LIST_H

#include "base/text.h"
#include "db/db.h"

struct arena;

/* What was deleted can be restored, and has a place as a cursor, for so long. */
#define LIST_DELETED_DAYS 30
#define LIST_DELETED_MS (INT64_C(86400000) * LIST_DELETED_DAYS)

enum rollup { ROLLUP_FAILED = 1, ROLLUP_WARNING, ROLLUP_SUCCESS, ROLLUP_NOT_AVAILABLE };

/* What must hold for a row to match. A set is a bit mask of 1 << value; 0 means no condition, and so do
 * all values together. status: bit 0 complete, bit 1 onboarding. suspended: bit 0 no, bit 1 yes. */
struct list_filter {
	unsigned source;    /* 1 << enum rollup */
	unsigned status;
	unsigned tier;      /* 1 << enum tier */
	unsigned suspended;
	const char *like;   /* pattern of text_query(), or NULL */
	const struct text_gram *grams;
	size_t gram_count;
};

/* One row of tenant_list; texts are in the arena that was given to list_rows(). */
struct list_row {
	uint64_t tree_pos, tenant;
	const char *id, *parent, *name, *domain, *created; /* created: RFC 3339 */
	enum tier tier;
	bool suspended, onboarding, admin_pending;
	const char *admin; /* NULL: nobody */
	unsigned tasks_done, tasks_total;
	enum rollup rollup;
	unsigned contracts[6]; /* by enum contract_status below */
	bool due; /* never set outside of db/: counts of a day that has passed are recounted here */
};

enum contract_status {
	CONTRACT_ACTIVE, CONTRACT_SCHEDULED, CONTRACT_DRAFT, CONTRACT_EXPIRED, CONTRACT_CANCELLED,
	CONTRACT_SUPERSEDED, CONTRACT__MAX
};

bool list_filter_empty(const struct list_filter *filter);

/* Up to LIMIT rows of [LOW, HIGH), within the scope, that match FILTER (NULL: all), in tree order or,
 * with BACKWARDS, against it. *ROWS is in the arena. A reseller's own row in its own scope counts as
 * complete whatever it stores; own drafts of an acting reseller or customer are counted as 0. */
enum error list_rows(struct db *db, const struct scope *scope, const struct list_filter *filter,
	uint64_t low, uint64_t high, bool backwards, unsigned limit, struct arena *arena,
	struct list_row **rows, size_t *count);

/* What list_place() with DELETED_TOO, list_rows_at() and list_rows() without a filter give of a page behind the row with the public ID, in one
 * statement: its label, the row of its reseller (NULL: none, or gone), and up to LIMIT rows behind it. ERR_NOT_FOUND when there is
 * nothing behind it, or no such row. */
enum error list_rows_after(struct db *db, const struct scope *scope, const char *id, unsigned limit, struct arena *arena,
	uint64_t *cursor, const struct list_row **reseller, struct list_row **rows, size_t *count);

/* Asks ahead, forwards, for what list_rows() will be called for next, so that the server finds it meanwhile. Does nothing
 * outside of a snapshot; a call that is then not made costs nothing but the server's work. */
void list_rows_ahead(struct db *db, const struct scope *scope, const struct list_filter *filter,
	uint64_t low, uint64_t high, unsigned limit);

/* The rows with the given labels (at most 256), in tree order; those that are gone are missing. */
enum error list_rows_at(struct db *db, const struct scope *scope, const uint64_t *labels, size_t label_count,
	struct arena *arena, struct list_row **rows, size_t *count);

/* One tenant: its row, and what else its pages say. */
struct list_tenant {
	struct list_row row;
	const char *parent_name; /* NULL: no parent in the scope */
	unsigned version;
	unsigned sources[5];     /* of the subtree, by enum rollup */
	bool self;               /* it is the acting tenant */
};

/* A tenant of the scope by public ID, in the arena; ERR_NOT_FOUND when the scope has none. */
enum error list_find(struct db *db, const struct scope *scope, const char *id, struct arena *arena,
	struct list_tenant *tenant);

/* How many rows of [LOW, HIGH) match, counted to at most BOUND (0: without bound). That a bound of 1,000 or more was reached
 * is remembered for a minute. */
enum error list_count(struct db *db, const struct scope *scope, const struct list_filter *filter,
	uint64_t low, uint64_t high, uint64_t bound, uint64_t *count);

/* Exact and from the counters kept: the whole scope (FILTER empty), or one value of one of source, status,
 * tier, suspended. *KNOWN is false, and nothing read, for any other filter. */
enum error list_total(struct db *db, const struct scope *scope, const struct list_filter *filter,
	bool *known, uint64_t *count);

/* A row of the scope by public ID, deleted rows of the last 30 days included when DELETED_TOO (their place is all that a
 * cursor needs). ERR_NOT_FOUND when the scope has none. */
enum error list_place(struct db *db, const struct scope *scope, const char *id, bool deleted_too,
	uint64_t *tree_pos);

#endif
