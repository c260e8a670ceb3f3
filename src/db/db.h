/* The database: one connection, named statements, rows.
 *
 * The only public header of MySQL here; nothing outside db/ sees a piece of SQL. A statement is
 * an entry of statements/ (*.sql, a file a noun), named by `enum statement` and run with values for
 * its `?` in order. A statement about tenants' data says SCOPE(alias); the functions here bind the
 * range of the scope they are given, and abort when it is missing: there is no other way to run it. */
#ifndef TENANTRY_DB_DB_H
#define TENANTRY_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "db/statements.h" /* generated: enum statement, STMT_<NAME> */
#include "scope/scope.h"

struct config;
struct db;
struct db_rows;

/* A value for a `?`. Texts and bytes are only read during the call. DB_UINTS stands inside IN (?). */
struct db_value {
	enum { DB_KIND_NULL, DB_KIND_INT, DB_KIND_UINT, DB_KIND_TEXT, DB_KIND_BYTES, DB_KIND_UINTS } kind;
	int64_t number;
	const void *data;
	size_t length;
};
#define DB_NULL ((struct db_value){ DB_KIND_NULL, 0, NULL, 0 })
#define DB_INT(n) ((struct db_value){ DB_KIND_INT, (int64_t)(n), NULL, 0 })
#define DB_UINT(n) ((struct db_value){ DB_KIND_UINT, (int64_t)(uint64_t)(n), NULL, 0 })
/* NULL becomes SQL's NULL. */
#define DB_TEXT(t) ((struct db_value){ DB_KIND_TEXT, 0, (t), 0 })
#define DB_BYTES(p, n) ((struct db_value){ DB_KIND_BYTES, 0, (p), (n) })
#define DB_UINTS(p, n) ((struct db_value){ DB_KIND_UINTS, 0, (p), (n) })

#define DB_VALUES(...) (const struct db_value[]){ __VA_ARGS__ }, \
	sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value)
#define DB_NO_VALUES NULL, 0

/* A handle that connects when it is first used, and again after the connection was lost (outside a
 * transaction). CONFIG must outlive it. Never NULL. Close with db_close(); NULL is allowed. An outage is logged
 * once for all processes, if the first db_new() came before they were forked. */
struct db *db_new(const struct config *config);
void db_close(struct db *db);

/* After a fork: forgets an inherited connection without telling the server. */
void db_forget(struct db *db);

/* Runs a statement that gives rows. SCOPE is required when the statement has SCOPE(...), NULL for
 * others. On ERR_NONE *ROWS is to be ended with db_rows_free(). With `_stream` rows are read from the
 * server one by one (the connection takes nothing else until they are freed); without, all are here.
 * Errors: ERR_UNAVAILABLE (no server, lost connection, time limit), ERR_CONFLICT (deadlock, lock wait, a key that
 * somebody else has just taken: run the transaction again), ERR_INTERNAL (anything else, logged with the
 * statement's name). After an error inside a transaction nothing more of it is run. */
enum error db_query(struct db *db, const struct scope *scope, enum statement statement,
	const struct db_value *values, size_t count, struct db_rows **rows);
enum error db_query_stream(struct db *db, const struct scope *scope, enum statement statement,
	const struct db_value *values, size_t count, struct db_rows **rows);

/* Runs a statement that gives none; *CHANGED (may be NULL) is the number of rows it changed. */
enum error db_execute(struct db *db, const struct scope *scope, enum statement statement,
	const struct db_value *values, size_t count, uint64_t *changed);
uint64_t db_insert_id(const struct db *db);

/* The next row: its values as text, NULL for SQL's NULL, valid until the next call (for buffered
 * rows until db_rows_free()). NULL after the last one; look at db_rows_error() then when streaming. */
char **db_next(struct db_rows *rows);
const unsigned long *db_lengths(const struct db_rows *rows);
enum error db_rows_error(const struct db_rows *rows);
size_t db_rows_count(const struct db_rows *rows); /* buffered rows alone */
void db_rows_free(struct db_rows *rows);

static inline void db_rows_freep(struct db_rows **rows)
{
	db_rows_free(*rows);
}
#define DB_ROWS_AUTO __attribute__((cleanup(db_rows_freep))) struct db_rows *

/* Numbers of a row's value; NULL counts as 0. */
uint64_t db_uint(const char *value);
int64_t db_int(const char *value);

/* Runs FUNCTION in a transaction and commits when it returns ERR_NONE, else rolls back. On
 * ERR_CONFLICT the whole is run again, at most 5 times with growing pauses, so FUNCTION must
 * begin afresh each time and send nothing. Not to be nested. Returns what FUNCTION returned, or the
 * error of the commit. */
typedef enum error db_transaction_fn(struct db *db, void *arg);
enum error db_transaction(struct db *db, db_transaction_fn *function, void *arg);

/* A read-only transaction with one consistent snapshot, for exports; db_snapshot_end() ends it. */
enum error db_snapshot_begin(struct db *db);
void db_snapshot_end(struct db *db);

/* Time spent waiting for the server and statements run since the last call of db_spent_reset(). */
uint64_t db_spent_us(const struct db *db);
unsigned db_statements_run(const struct db *db);
void db_spent_reset(struct db *db);

/* What all processes of the pool have counted since the first db_new(). */
struct db_counts { uint64_t connections, lost, retries, given_up; };
void db_counts(struct db_counts *counts);

/* The public name of a statement ("customer_by_id"), its text, and why it may do without SCOPE
 * (NULL when it has SCOPE): for the tests that walk the table. */
const char *db_statement_name(enum statement statement);
const char *db_statement_text(enum statement statement);
const char *db_statement_exempt(enum statement statement);

/* The schema: the newest migration this program knows, the newest in the database (0: none), and
 * applying what is missing, one log line each. A migration whose checksum differs is ERR_INTERNAL. */
unsigned db_schema_known(void);
enum error db_schema_version(struct db *db, unsigned *version);
enum error db_migrate(struct db *db);
enum error db_migrate_status(struct db *db, void (*show)(unsigned number, const char *title, bool applied));

#endif
