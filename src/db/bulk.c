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
	MYSQL *escaper;     /* never connected: only its character set is used */
	struct buf sql;
};

static unsigned long escape_text(void *arg, char *to, const char *from, unsigned long length)
{
	return mysql_real_escape_string(arg, to, from, length);
}

static void fail(const struct statement_row *statement, const char *what)
{
	log_error("%s: %s", statement->name, what);
	abort();
}

struct bulk *bulk_new(struct db *db, enum statement statement)
{
	struct bulk *bulk = calloc(1, sizeof *bulk);
	MYSQL *escaper = mysql_init(NULL);

	if (bulk == NULL || escaper == NULL) {
		log_error("out of memory for a bulk insert");
		abort();
	}
#ifdef LIBMARIADB
	mysql_set_character_set(escaper, "utf8mb4");
#endif
	bulk->db = db;
	bulk->statement = &statements[statement];
	bulk->group = strrchr(bulk->statement->sql, '(');
	bulk->escaper = escaper;
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
	mysql_close(bulk->escaper);
	buf_free(&bulk->sql);
	free(bulk);
}

enum error bulk_row(struct bulk *bulk, const struct db_value *values, size_t count)
{
	if (bulk->sql.length == 0)
		buf_append(&bulk->sql, bulk->statement->sql, bulk->head);
	else
		buf_putc(&bulk->sql, ',');
	const char *fault = format_sql(&bulk->sql, bulk->group, NULL, values, count, escape_text, bulk->escaper);
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
