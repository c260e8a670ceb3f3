/* From a statement and its values to the text that the server gets. Included in db/ and its tests alone. */
#ifndef TENANTRY_DB_FORMAT_H
#define TENANTRY_DB_FORMAT_H

#include <stdint.h>

#include "base/buf.h"
#include "db/db.h"

/* The interval of labels that SCOPE(alias) stands for. */
struct format_range {
	uint64_t low, high;
};

/* Writes LENGTH bytes of FROM to TO, escaped for a text between single quotes, and returns how many it
 * wrote: at most 2 * LENGTH + 1, its NUL not counted. */
typedef unsigned long format_escape_fn(void *arg, char *to, const char *from, unsigned long length);

/* Appends SQL to OUT with values for each ? and a range for each SCOPE(alias) that stand outside of quotes.
 * RANGE may be NULL when there is no SCOPE. Returns NULL, or what the program did wrong (a text that lives for
 * ever); OUT->overflow tells whether it got too long. */
const char *format_sql(struct buf *out, const char *sql, const struct format_range *range,
	const struct db_value *values, size_t count, format_escape_fn *escape, void *escape_arg);

#define FORMAT_BOUND_MAX 64

/* Values in the order of their marks. */
struct format_bound {
	struct db_value values[FORMAT_BOUND_MAX];
	size_t count;
	bool too_many; /* or a list, of which no mark can be made */
};

/* The same with a ? for each value, and for both ends of each range; the values go to BOUND. */
const char *format_marked(struct buf *out, const char *sql, const struct format_range *range,
	const struct db_value *values, size_t count, struct format_bound *bound);

#endif
