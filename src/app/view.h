/* What a list shows, as its address says it: filter, folding, place, columns, density.
 *
 * A view is a plain value: to make another address (a chip taken off, a row folded) a copy is changed and written
 * down again with view_query(). */
#ifndef TENANTRY_APP_VIEW_H
#define TENANTRY_APP_VIEW_H

#include "app/context.h"

/* Columns of the Customers list in the page's order; the names are those of the parameter `columns`. */
#define COLUMNS(X) \
	X(CUSTOMER, "customer", "Customer") X(STATUS, "status", "Status") X(ADMIN, "admin", "Admin") \
	X(SOURCE, "source", "Source data") X(CONTRACTS, "contracts", "Contracts") X(DOMAIN, "domain", "Domain") \
	X(TIER, "tier", "Tier") X(ID, "id", "Customer ID") X(CREATED, "created", "Created")
enum column {
#define X(id, name, title) COLUMN_##id,
	COLUMNS(X)
#undef X
	COLUMN__MAX
};
#define COLUMNS_ALL ((1u << COLUMN__MAX) - 1)
#define COLUMNS_DEFAULT ((1u << COLUMN_DOMAIN) - 1)

const char *column_name(enum column column);
const char *column_title(enum column column);

/* "customer,status", "all" or "" as a mask; COLUMN_CUSTOMER is always in it. False: an unknown word. */
bool columns_parse(const char *text, unsigned *mask);
void columns_write(struct buf *buf, unsigned mask);

enum density { DENSITY_COMPACT, DENSITY_STANDARD, DENSITY_COMFORTABLE, DENSITY__MAX };
const char *density_name(enum density density);
bool density_parse(const char *text, enum density *density);

/* Is N one of 25, 50, 100, 200? */
bool limit_parse(const char *text, unsigned *limit);
#define LIMIT_DEFAULT 50

#define VIEW_FOLDS_MAX 200 /* no more can come: HTTP_PARAMETERS_MAX */

struct view {
	struct list_filter filter;
	const char *q;     /* as typed, trimmed; NULL: no text filter */
	bool below;        /* with everything below a match */
	bool folded;       /* all resellers folded; `folds` are the open ones then */
	const char *folds[VIEW_FOLDS_MAX];
	size_t fold_count;
	const char *after, *before;
	unsigned limit, columns;
	enum density density;
	bool limit_given, columns_given, density_given; /* in the address, not from the user's settings */
};

/* Reads the list parameters. ERR_BAD_PARAMETER for a value that is not allowed. */
enum error view_read(struct context *c, struct view *view);

/* Appends the address's query ("?q=b&source=failed", or nothing) that gives the view; with PLACE also after/before. */
void view_query(struct buf *buf, const struct view *view, bool place);

/* The same as an address of PATH, in the arena. */
const char *view_href(const struct context *c, const char *path, const struct view *view, bool place);

/* Is anything filtered? */
bool view_filters(const struct view *view);

/* Words of the parameters for each value of a filter field ("failed"), and as a person reads them ("Failed"). */
const char *source_word(enum rollup state);
const char *source_title(enum rollup state);
extern const char *const status_words[2];  /* complete, onboarding */
extern const char *const status_titles[2];

#endif
