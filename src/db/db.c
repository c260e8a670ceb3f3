/* Statements and their rows.
 *
 * Owns the only ways to run a statement. Must never run one that has SCOPE without a scope, or with a wrong
 * number of values: both are faults of the program, which ends there and then rather than show or change
 * what belongs to somebody else. */
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/connection.h"
#include "db/format.h"
#include "db/statement.h"

struct db_rows {
	struct db *db;
	MYSQL_RES *result;             /* NULL: of a prepared statement */
	struct prepared_rows prepared;
	size_t next;                   /* of the prepared ones */
	const char *name;
	enum error error;
	bool stream;
};

static const struct statement_row *statement_get(enum statement statement)
{
	if ((unsigned)statement >= (unsigned)STMT__MAX) {
		log_error("there is no statement %d", (int)statement);
		abort();
	}
	return &statements[statement];
}

const char *db_statement_name(enum statement statement)
{
	return statement_get(statement)->name;
}

const char *db_statement_text(enum statement statement)
{
	return statement_get(statement)->sql;
}

const char *db_statement_exempt(enum statement statement)
{
	return statement_get(statement)->exempt;
}

unsigned long connection_escape(void *arg, char *to, const char *from, unsigned long length)
{
	return mysql_real_escape_string(arg, to, from, length);
}

/* Formats into db->sql. Connects first: escaping follows the connection's character set. */
static enum error statement_format(struct db *db, const struct scope *scope, const char *name, const char *sql,
	const struct db_value *values, size_t count)
{
	struct format_range range = { 0, 0 };
	enum error error = connection_need(db);
	const char *fault;

	if (error != ERR_NONE)
		return error;
	if (scope != NULL)
		range = (struct format_range){ scope_low(scope), scope_high(scope) };
	buf_reset(&db->sql);
	fault = format_sql(&db->sql, sql, scope != NULL ? &range : NULL, values, count, connection_escape, db->mysql);
	if (fault != NULL) {
		log_error("%s: %s", name, fault);
		abort();
	}
	if (db->sql.overflow) {
		log_error("%s: longer than %d bytes", name, DB_SQL_MAX);
		return ERR_INTERNAL;
	}
	return ERR_NONE;
}

static struct db_rows *rows_open(struct db_rows rows)
{
	struct db_rows *opened = malloc(sizeof *opened);

	if (opened == NULL) {
		log_error("out of memory for the rows of %s", rows.name);
		abort();
	}
	*opened = rows;
	return opened;
}

enum error db_query_text(struct db *db, const struct scope *scope, const char *name, const char *sql,
	const struct db_value *values, size_t count, bool stream, struct db_rows **rows)
{
	struct prepared_rows prepared;
	enum error error = connection_need(db);
	uint64_t begin;
	MYSQL_RES *result;
	bool taken = false;

	if (error == ERR_NONE && !stream && !db->in_transaction && !db->rows_open)
		error = prepared_query(db, name, sql, scope != NULL ? &(struct format_range){ scope_low(scope), scope_high(scope) } : NULL,
			values, count, &prepared, &taken);
	if (taken) {
		if (error == ERR_NONE)
			*rows = rows_open((struct db_rows){ .db = db, .prepared = prepared, .name = name });
		return error;
	}
	if (error == ERR_NONE)
		error = statement_format(db, scope, name, sql, values, count);
	if (error == ERR_NONE)
		error = connection_run(db, name, db->sql.data, db->sql.length, true);
	if (error != ERR_NONE)
		return error;
	begin = connection_clock_us();
	result = stream ? mysql_use_result(db->mysql) : mysql_store_result(db->mysql);
	db->spent_us += connection_clock_us() - begin;
	if (result == NULL) {
		if (mysql_errno(db->mysql) == 0) {
			log_error("%s: gives no rows", name);
			error = ERR_INTERNAL;
		} else {
			error = connection_error(db, name);
		}
		if (db->in_transaction)
			db->broken = error;
		return error;
	}
	db->rows_open = stream;
	*rows = rows_open((struct db_rows){ .db = db, .result = result, .name = name, .stream = stream });
	return ERR_NONE;
}

void db_query_ahead(struct db *db, const struct scope *scope, const char *name, const char *sql,
	const struct db_value *values, size_t count)
{
	if (db->in_transaction && statement_format(db, scope, name, sql, values, count) == ERR_NONE)
		connection_send(db, db->sql.data, db->sql.length);
}

enum error db_execute_text(struct db *db, const struct scope *scope, const char *name, const char *sql,
	const struct db_value *values, size_t count, uint64_t *changed)
{
	enum error error = statement_format(db, scope, name, sql, values, count);

	if (error == ERR_NONE)
		error = connection_run(db, name, db->sql.data, db->sql.length, false);
	if (error != ERR_NONE)
		return error;
	db->insert_id = mysql_insert_id(db->mysql);
	if (changed != NULL)
		*changed = mysql_affected_rows(db->mysql);
	/* A statement that gives rows after all: they must not stand in the way of the next one. */
	mysql_free_result(mysql_store_result(db->mysql));
	return ERR_NONE;
}

enum error db_query(struct db *db, const struct scope *scope, enum statement statement,
	const struct db_value *values, size_t count, struct db_rows **rows)
{
	const struct statement_row *row = statement_get(statement);

	return db_query_text(db, scope, row->name, row->sql, values, count, false, rows);
}

enum error db_query_stream(struct db *db, const struct scope *scope, enum statement statement,
	const struct db_value *values, size_t count, struct db_rows **rows)
{
	const struct statement_row *row = statement_get(statement);

	return db_query_text(db, scope, row->name, row->sql, values, count, true, rows);
}

enum error db_execute(struct db *db, const struct scope *scope, enum statement statement,
	const struct db_value *values, size_t count, uint64_t *changed)
{
	const struct statement_row *row = statement_get(statement);

	return db_execute_text(db, scope, row->name, row->sql, values, count, changed);
}

uint64_t db_insert_id(const struct db *db)
{
	return db->insert_id;
}

char **db_next(struct db_rows *rows)
{
	uint64_t begin;
	char **row;

	if (rows->error != ERR_NONE)
		return NULL;
	if (rows->result == NULL) {
		if (rows->next == rows->prepared.count)
			return NULL;
		return rows->prepared.values + rows->next++ * rows->prepared.columns;
	}
	if (!rows->stream) {
		row = mysql_fetch_row(rows->result);
	} else {
		begin = connection_clock_us();
		row = mysql_fetch_row(rows->result);
		rows->db->spent_us += connection_clock_us() - begin;
		if (row == NULL && mysql_errno(rows->db->mysql) != 0) {
			/* The result goes first: it points to the connection, which may be closed now. */
			unsigned number = mysql_errno(rows->db->mysql);

			log_debug("%s: cut by error %u", rows->name, number);
			mysql_free_result(rows->result);
			rows->result = NULL;
			rows->db->rows_open = false;
			rows->error = connection_error(rows->db, rows->name);
			if (rows->db->in_transaction)
				rows->db->broken = rows->error;
		}
	}
	return row;
}

const unsigned long *db_lengths(const struct db_rows *rows)
{
	return rows->result == NULL ? rows->prepared.lengths + (rows->next - 1) * rows->prepared.columns
		: mysql_fetch_lengths(rows->result);
}

enum error db_rows_error(const struct db_rows *rows)
{
	return rows->error;
}

size_t db_rows_count(const struct db_rows *rows)
{
	return rows->result == NULL ? rows->prepared.count : (size_t)mysql_num_rows(rows->result);
}

int db_rows_column(const struct db_rows *rows, const char *name)
{
	/* a prepared statement's rows have no names */
	const MYSQL_FIELD *fields = rows->result != NULL ? mysql_fetch_fields(rows->result) : NULL;
	unsigned count = fields != NULL ? mysql_num_fields(rows->result) : 0;

	for (unsigned i = 0; i < count; i++) {
		if (strcmp(fields[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

void db_rows_free(struct db_rows *rows)
{
	if (rows == NULL)
		return;
	/* What was not read of a stream is read and thrown away here. */
	mysql_free_result(rows->result);
	arena_free(rows->prepared.arena);
	if (rows->stream)
		rows->db->rows_open = false;
	free(rows);
}

uint64_t db_uint(const char *value)
{
	uint64_t number = 0;

	/* The server writes digits alone; strtoull() would be a tenth of an export. */
	for (const char *p = value; p != NULL && *p >= '0' && *p <= '9'; p++)
		number = number * 10 + (uint64_t)(*p - '0');
	return number;
}

int64_t db_int(const char *value)
{
	return value != NULL ? strtoll(value, NULL, 10) : 0;
}

uint64_t db_spent_us(const struct db *db)
{
	return db->spent_us;
}

unsigned db_statements_run(const struct db *db)
{
	return db->statements_run;
}

void db_spent_reset(struct db *db)
{
	db->spent_us = 0;
	db->statements_run = 0;
}
