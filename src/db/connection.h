/* One connection to the server. Included in db/ alone: the rest of the program has db/db.h. */
#ifndef TENANTRY_DB_CONNECTION_H
#define TENANTRY_DB_CONNECTION_H

#include <mysql.h>

#include "base/buf.h"
#include "db/db.h"
#include "db/prepared.h"

#define DB_SQL_MAX (16 * 1024 * 1024 - 1024) /* the server's usual max_allowed_packet, less its own bytes */

/* The piece of a search text that list_choose() chose last (its place, -1: none; about how many have it), and of which pieces of which scope. */
struct list_choice {
	uint64_t picked[12], scope_low, rows;
	size_t count;
	int chosen;
	int64_t until_ms;
};

struct db {
	const struct config *config;
	MYSQL *mysql;           /* NULL: not connected */
	bool in_transaction;
	bool rows_open;         /* rows are being read one by one */
	enum error broken;      /* inside a transaction: the first error; nothing more is run */
	size_t host;            /* its place in the configuration's list */
	uint64_t host_us;       /* when a better one was looked for */
	int timeout;            /* seconds for reading and writing */
	uint64_t insert_id, spent_us;
	unsigned statements_run;
	struct buf sql;
	struct buf ahead;       /* the statement that was sent and whose answer nobody has taken yet */
	bool ahead_open;
	struct prepared prepared[PREPARED_MAX];
	uint64_t prepared_clock;
	struct list_choice choices[2]; /* of tenants, of contracts */
};

/* Connects when there is no connection. Inside a transaction that has met an error it gives that error. */
enum error connection_need(struct db *db);

/* Sends SQL (named NAME in the log) and takes the answer's head. With REPEATABLE, and outside a transaction, a
 * connection that turns out to be lost is made again and the statement run once more. */
enum error connection_run(struct db *db, const char *name, const char *sql, size_t length, bool repeatable);

/* Sends SQL and does not wait, so that the server works on it meanwhile: connection_run() of the same text takes the answer, any
 * other throws it away first. Inside a transaction alone, since nothing is repeated here; what fails
 * shows with the next statement. */
void connection_send(struct db *db, const char *sql, size_t length);

/* Throws away the answer to what was sent and not taken. */
void connection_settle(struct db *db);

/* What the connection's last error means; logs it, and closes the connection when it is lost. */
enum error connection_error(struct db *db, const char *name);

void connection_close(struct db *db);

/* The clock of db_spent_us(). */
uint64_t connection_clock_us(void);

/* db_query(), db_query_stream() and db_execute() for a statement that is composed of fixed parts: SQL is
 * formatted like those of the table. For db/ alone. */
enum error db_query_text(struct db *db, const struct scope *scope, const char *name, const char *sql,
	const struct db_value *values, size_t count, bool stream, struct db_rows **rows);
enum error db_execute_text(struct db *db, const struct scope *scope, const char *name, const char *sql,
	const struct db_value *values, size_t count, uint64_t *changed);

/* For format_sql(), with the MYSQL of a connection: as its character set wants it; utf8mb4, so a quote or backslash is never part of a
 * longer character. The session's sql_mode has no NO_BACKSLASH_ESCAPES. */
unsigned long connection_escape(void *mysql, char *to, const char *from, unsigned long length);

/* The place of a column by its name; -1 when there is none, or when the statement was prepared (SELECTs alone are). */
int db_rows_column(const struct db_rows *rows, const char *name);

/* connection_send() of the same. */
void db_query_ahead(struct db *db, const struct scope *scope, const char *name, const char *sql,
	const struct db_value *values, size_t count);

/* A second handle on the same server, as patient as SECONDS say: for migrations. */
struct db *db_new_patient(const struct db *db, int seconds);

#endif
