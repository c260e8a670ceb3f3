/* Many rows into one table with few statements: for demo data and imports.
 *
 * The statement is an INSERT of one row, "INSERT INTO t (a, b) VALUES (?, ?)"; what stands in its last parentheses is
 * repeated for each row, and sent when about half a megabyte is together. */
#ifndef TENANTRY_DB_BULK_H
#define TENANTRY_DB_BULK_H

#include "db/db.h"

struct bulk;

/* STATEMENT must not have SCOPE. DB must outlive it. Never NULL; end it with bulk_free(), which sends nothing: NULL is
 * allowed. */
struct bulk *bulk_new(struct db *db, enum statement statement);
void bulk_free(struct bulk *bulk);

/* Adds a row: as many values as the statement has `?`. Errors are those of the statement that it may send. */
enum error bulk_row(struct bulk *bulk, const struct db_value *values, size_t count);

/* Sends what is together. */
enum error bulk_flush(struct bulk *bulk);

/* For the session of DB, until it ends: no checks of foreign keys, and unique secondary keys buffered. For loading
 * generated data alone. */
enum error bulk_relax(struct db *db);

#endif
