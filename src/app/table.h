/* A CSV answer that a handler writes row by row; rows go through the sheet csv/list in chunks and out as they come,
 * in constant memory. A table that is not finished is cut: the download fails visibly. */
#ifndef TENANTRY_APP_TABLE_H
#define TENANTRY_APP_TABLE_H

#include "app/context.h"

/* Begins the answer: NAME is the file's name without date and suffix, ROWS its number of rows (X-Row-Count).
 * Nothing has been sent before this, so errors up to here are ordinary pages. */
enum error table_begin(struct context *c, const char *name, uint64_t rows, const char *const *header, size_t columns);

/* Is it asked for with its texts as they are, for programs? */
bool table_raw(const struct context *c);

/* One row of as many cells as the header; texts are quoted and guarded here. ERR_CUT when the client has gone or the session's
 * right has: return it. */
enum error table_row(struct context *c, const char *const *cells);

/* Lets pages go first. ERR_CUT when whoever asked for the file has gone. Called by what works long, before each chunk of rows. */
enum error table_wanted(const struct context *c);

#endif
