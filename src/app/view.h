/* What a list shows, as its address says it: filter, folding, place, columns, density.
 *
 * A list is described by a table of its columns and one of its filter's fields (struct listing); everything here and in
 * view_page.h is made of these. A view is a plain value: to make another address (a chip taken off, a row folded) a copy is
 * changed and written down again with view_query(). */
#ifndef TENANTRY_APP_VIEW_H
#define TENANTRY_APP_VIEW_H

#include "app/context.h"

#define VIEW_FIELDS_MAX 8
#define VIEW_COLUMNS_MAX 16

/* A column. The first of a list is always shown. */
struct list_column {
	const char *name, *title; /* word of the parameter `columns`; header cell */
	bool hidden;              /* until the user shows it */
};

enum list_field_kind {
	FILTER_SET,      /* repeatable: any of the values */
	FILTER_PAIR,     /* the same of two values, which a form offers as one choice */
	FILTER_ONE,      /* one value, or none */
	FILTER_FLAG,     /* value 1, or not there */
	FILTER_MODIFIER, /* the same, and filters nothing by itself */
};

/* A field of the filter: a parameter whose values are words. The set of a view has 1 << i for words[i]. */
struct list_field {
	const char *name, *group; /* the parameter; what its chips belong to */
	enum list_field_kind kind;
	const char *const *words, *const *titles; /* as the address has them, and as a person reads them on a chip */
	unsigned first, last;
	const char *takes; /* what a wrong value is told */
};

/* A list. CELL gives the text of a row's cell in the file, owned by the row or the arena; behind the columns come the cells that the
 * file always has last. */
struct listing {
	const char *path, *file; /* "/customers"; the file's name without date and suffix */
	enum remembered_list remembered;
	const struct list_column *columns;
	size_t column_count;
	const char *const *last_titles;
	size_t last_count;
	const struct list_field *fields;
	size_t field_count;
	const char *text_group; /* what the chip of a search text belongs to */
	bool folds;             /* rows fold away */
	const char *(*cell)(struct arena *arena, const void *row, unsigned column, bool raw);
};

/* Masks of columns: those shown at first; "customer,status", "all" or "" as a mask, which the first is always in. False: an
 * unknown word. */
unsigned columns_all(const struct listing *list), columns_default(const struct listing *list);
bool columns_parse(const struct listing *list, const char *text, unsigned *mask);
void columns_write(const struct listing *list, struct buf *buf, unsigned mask);

enum density { DENSITY_COMPACT, DENSITY_STANDARD, DENSITY_COMFORTABLE, DENSITY__MAX };
const char *density_name(enum density density);
bool density_parse(const char *text, enum density *density);

/* Is N one of 25, 50, 100, 200? */
bool limit_parse(const char *text, unsigned *limit);
#define LIMIT_DEFAULT 50

#define VIEW_FOLDS_MAX 200 /* no more can come: HTTP_PARAMETERS_MAX */

struct view {
	const struct listing *list;
	const char *q, *like; /* as typed, trimmed; its pattern; NULL: no text filter */
	const struct text_gram *grams;
	size_t gram_count;
	unsigned sets[VIEW_FIELDS_MAX]; /* by field of the list */
	bool folded;       /* all resellers folded; `folds` are the open ones then */
	const char *folds[VIEW_FOLDS_MAX];
	size_t fold_count;
	const char *after, *before;
	unsigned limit, columns;
	enum density density;
	bool limit_given, columns_given, density_given; /* in the address, not from the user's settings */
};

/* Reads the list parameters. ERR_BAD_PARAMETER for a value that is not allowed. */
enum error view_read(struct context *c, const struct listing *list, struct view *view);

/* Appends the address's query ("?q=b&source=failed", or nothing) that gives the view; with PLACE also after/before. */
void view_query(struct buf *buf, const struct view *view, bool place);

/* The same as an address of the list with SUFFIX ("" or ".csv"), in the arena. */
const char *view_href(const struct context *c, const char *suffix, const struct view *view, bool place);

/* Is anything filtered? */
bool view_filters(const struct view *view);

/* The values of a field that are asked for; 0 when there are none, or all. */
unsigned view_set(const struct view *view, unsigned field);

/* Words and titles that several lists' fields have. */
extern const char *const tier_words[], *const tier_titles[], *const flag_words[];

#endif
