/* The bulk writer of bulk.h. Composes nothing but what the statement's own text says, with values through the
 * formatter like everywhere. */
#include "db/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/connection.h"
#include "db/format.h"
#include "db/statement.h"

#define BULK_SEND_SIZE (512 * 1024)

struct bulk {
	struct db *db;
	const struct statement_row *statement;
	const char *group;  /* "(?, ?)" of the statement */
	size_t head;        /* bytes before it */
	struct buf sql;
};

static void fail(const struct statement_row *statement, const char *what)
{
	log_error("%s: %s", statement->name, what);
	abort();
}

struct bulk *bulk_new(struct db *db, enum statement statement)
{
	struct bulk *bulk = calloc(1, sizeof *bulk);

	if (bulk == NULL) {
		log_error("out of memory for a bulk insert");
		abort();
	}
	bulk->db = db;
	bulk->statement = &statements[statement];
	bulk->group = strrchr(bulk->statement->sql, '(');
	if (bulk->statement->scoped || bulk->group == NULL)
		fail(bulk->statement, "not for a bulk insert");
	bulk->head = (size_t)(bulk->group - bulk->statement->sql);
	buf_init(&bulk->sql, DB_SQL_MAX);
	return bulk;
}

void bulk_free(struct bulk *bulk)
{
	if (bulk == NULL)
		return;
	buf_free(&bulk->sql);
	free(bulk);
}

enum error bulk_row(struct bulk *bulk, const struct db_value *values, size_t count)
{
	enum error error = connection_need(bulk->db);

	if (error != ERR_NONE)
		return error;
	if (bulk->sql.length == 0)
		buf_append(&bulk->sql, bulk->statement->sql, bulk->head);
	else
		buf_putc(&bulk->sql, ',');
	const char *fault = format_sql(&bulk->sql, bulk->group, NULL, values, count, connection_escape, bulk->db->mysql);
	if (fault != NULL)
		fail(bulk->statement, fault);
	return bulk->sql.length >= BULK_SEND_SIZE ? bulk_flush(bulk) : ERR_NONE;
}

enum error bulk_flush(struct bulk *bulk)
{
	if (bulk->sql.length == 0)
		return ERR_NONE;
	if (bulk->sql.overflow) {
		log_error("%s: a row is longer than %d bytes", bulk->statement->name, DB_SQL_MAX);
		return ERR_INTERNAL;
	}
	enum error error = connection_run(bulk->db, bulk->statement->name, bulk->sql.data, bulk->sql.length, false);
	buf_reset(&bulk->sql);
	return error;
}

enum error bulk_relax(struct db *db)
{
	static const char sql[] = "SET SESSION unique_checks = 0, foreign_key_checks = 0";

	return connection_run(db, "bulk_relax", sql, sizeof sql - 1, true);
}
