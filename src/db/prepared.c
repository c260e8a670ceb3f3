/* The prepared statements of a connection, found by their text.
 *
 * Owns which are kept: those used last, each prepared when it comes for the second time, so that what is asked once costs nothing. Must never
 * run anything that changes data. Whatever goes wrong, the statement is run again as text, unless half of the time that it may take is over. */
#include "db/prepared.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "db/connection.h"

#define CELL_TEXT 256 /* longer ones are fetched once more */

typedef typeof(*((MYSQL_BIND *)NULL)->is_null) flag; /* MariaDB's my_bool, MySQL's bool */

struct prepared_cell {
	long long number;
	MYSQL_TIME time;
	char text[CELL_TEXT];
	unsigned long length;
	unsigned decimals;
	flag is_null, cut;
};

static void *need(void *memory)
{
	if (memory == NULL) {
		log_error("out of memory for a prepared statement");
		abort();
	}
	return memory;
}

static void prepared_close(struct prepared *prepared)
{
	if (prepared->stmt != NULL)
		mysql_stmt_close(prepared->stmt);
	free(prepared->binds);
	free(prepared->cells);
	prepared->stmt = NULL;
	prepared->binds = NULL;
	prepared->cells = NULL;
}

static void prepared_free(struct prepared *prepared)
{
	prepared_close(prepared);
	free(prepared->sql);
	*prepared = (struct prepared){ .sql = NULL };
}

void prepared_forget(struct db *db)
{
	for (size_t i = 0; i < PREPARED_MAX; i++)
		prepared_free(&db->prepared[i]);
}

/* Whole numbers, dates and instants come as such, since the client library takes its time to make texts of them; all else as its text,
 * which for floating point is not the server's. */
static bool bind_column(const MYSQL_FIELD *field, MYSQL_BIND *bind, struct prepared_cell *cell)
{
	*bind = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_STRING, .buffer = cell->text, .buffer_length = sizeof cell->text,
		.length = &cell->length, .is_null = &cell->is_null, .error = &cell->cut };
	cell->decimals = field->decimals;
	switch (field->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		bind->buffer = &cell->number;
		bind->is_unsigned = (field->flags & UNSIGNED_FLAG) != 0;
		return (field->flags & ZEROFILL_FLAG) == 0;
	case MYSQL_TYPE_DATE:
	case MYSQL_TYPE_DATETIME:
		if (field->decimals <= 6) {
			bind->buffer_type = field->type;
			bind->buffer = &cell->time;
		}
		return true;
	case MYSQL_TYPE_FLOAT:
	case MYSQL_TYPE_DOUBLE:
	case MYSQL_TYPE_BIT:
	case MYSQL_TYPE_TIME:
		return false;
	default:
		return true;
	}
}

static bool bind_columns(struct prepared *prepared)
{
	MYSQL_RES *about = mysql_stmt_result_metadata(prepared->stmt);
	bool good = about != NULL;

	prepared->columns = good ? mysql_num_fields(about) : 0;
	prepared->binds = need(calloc(prepared->columns + 1, sizeof *prepared->binds));
	prepared->cells = need(calloc(prepared->columns + 1, sizeof *prepared->cells));
	for (unsigned i = 0; good && i < prepared->columns; i++)
		good = bind_column(mysql_fetch_field_direct(about, i), &prepared->binds[i], &prepared->cells[i]);
	mysql_free_result(about);
	return good;
}

static void prepare(struct db *db, struct prepared *prepared)
{
	prepared->stmt = need(mysql_stmt_init(db->mysql));
	prepared->refused = mysql_stmt_prepare(prepared->stmt, prepared->sql, prepared->length) != 0 || !bind_columns(prepared);
	if (prepared->refused)
		prepared_close(prepared);
}

/* The statement of TEXT, ready to be run; NULL when it is not to be. */
static struct prepared *prepared_find(struct db *db, const struct buf *text)
{
	struct prepared *oldest = &db->prepared[0];

	for (size_t i = 0; i < PREPARED_MAX; i++) {
		struct prepared *prepared = &db->prepared[i];

		if (prepared->sql != NULL && prepared->length == text->length &&
			memcmp(prepared->sql, text->data, text->length) == 0) {
			prepared->used = ++db->prepared_clock;
			if (prepared->stmt == NULL && !prepared->refused)
				prepare(db, prepared);
			return prepared->stmt != NULL ? prepared : NULL;
		}
		if (prepared->used < oldest->used)
			oldest = prepared;
	}
	prepared_free(oldest);
	*oldest = (struct prepared){ .sql = need(strndup(text->data, text->length)), .length = text->length,
		.used = ++db->prepared_clock };
	return NULL;
}

static void bind_values(const struct format_bound *bound, MYSQL_BIND *binds)
{
	for (size_t i = 0; i < bound->count; i++) {
		const struct db_value *value = &bound->values[i];
		bool number = value->kind == DB_KIND_INT || value->kind == DB_KIND_UINT;

		if (value->kind == DB_KIND_NULL || (!number && value->data == NULL)) {
			binds[i] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_NULL };
		} else if (number) {
			binds[i] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = (void *)&value->number,
				.is_unsigned = value->kind == DB_KIND_UINT };
		} else {
			bool text = value->kind == DB_KIND_TEXT;

			binds[i] = (MYSQL_BIND){ .buffer_type = text ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB,
				.buffer = (void *)value->data, .buffer_length = text ? strlen(value->data) : value->length };
		}
	}
}

/* Adds NUMBER with PLACES digits and MARK behind it; where it ends. */
static char *put_places(char *at, unsigned long number, unsigned places, char mark)
{
	for (unsigned i = places; i > 0; i--, number /= 10)
		at[i - 1] = (char)('0' + number % 10);
	at[places] = mark;
	return at + places + 1;
}

/* "2026-11-22" or "2026-11-22 15:04:05.123", as the server writes them; DECIMALS: places of the fraction. Gives the length. */
static unsigned long put_time(const MYSQL_TIME *time, bool date, unsigned decimals, char text[CELL_TEXT])
{
	unsigned long fraction = time->second_part;
	char *at = put_places(text, time->year, 4, '-');

	at = put_places(at, time->month, 2, '-');
	at = put_places(at, time->day, 2, ' ');
	if (!date) {
		at = put_places(at, time->hour, 2, ':');
		at = put_places(at, time->minute, 2, ':');
		at = put_places(at, time->second, 2, '.');
		for (unsigned i = decimals; i < 6; i++)
			fraction /= 10; /* it is in millionths */
		if (decimals > 0)
			at = put_places(at, fraction, decimals, ' ');
	}
	at[-1] = '\0';
	return (unsigned long)(at - 1 - text);
}

static bool row_take(struct prepared *prepared, struct arena *arena, char **values, unsigned long *lengths)
{
	for (unsigned i = 0; i < prepared->columns; i++) {
		struct prepared_cell *cell = &prepared->cells[i];

		if (cell->is_null)
			continue;
		if (prepared->binds[i].buffer_type == MYSQL_TYPE_LONGLONG) {
			bool is_unsigned = prepared->binds[i].is_unsigned;
			const char *number = is_unsigned ? text_uint((uint64_t)cell->number, cell->text) : text_int(cell->number, cell->text);
			lengths[i] = strlen(number);
			values[i] = arena_strndup(arena, number, lengths[i]);
			continue;
		}
		if (prepared->binds[i].buffer_type != MYSQL_TYPE_STRING)
			cell->length = put_time(&cell->time, prepared->binds[i].buffer_type == MYSQL_TYPE_DATE, cell->decimals, cell->text);
		lengths[i] = cell->length;
		if (cell->length <= sizeof cell->text) {
			values[i] = arena_strndup(arena, cell->text, cell->length);
			continue;
		}
		MYSQL_BIND whole = prepared->binds[i];
		whole.buffer = values[i] = arena_alloc(arena, cell->length + 1);
		whole.buffer_length = cell->length;
		if (mysql_stmt_fetch_column(prepared->stmt, &whole, i, 0) != 0)
			return false;
	}
	return true;
}

static bool rows_take(struct prepared *prepared, struct prepared_rows *rows)
{
	size_t total = (size_t)mysql_stmt_num_rows(prepared->stmt), taken = 0;
	int got;

	*rows = (struct prepared_rows){ .arena = arena_new(), .columns = prepared->columns, .count = total };
	rows->values = arena_array(rows->arena, total * prepared->columns + 1, sizeof *rows->values);
	rows->lengths = arena_array(rows->arena, total * prepared->columns + 1, sizeof *rows->lengths);
	while (taken < total && ((got = mysql_stmt_fetch(prepared->stmt)) == 0 || got == MYSQL_DATA_TRUNCATED) &&
		row_take(prepared, rows->arena, rows->values + taken * rows->columns, rows->lengths + taken * rows->columns))
		taken++;
	if (taken == total)
		return true;
	arena_free(rows->arena);
	return false;
}

static bool prepared_run(struct prepared *prepared, const struct format_bound *bound, struct prepared_rows *rows)
{
	MYSQL_BIND binds[FORMAT_BOUND_MAX];
	MYSQL_STMT *stmt = prepared->stmt;

	bind_values(bound, binds);
	bool done = mysql_stmt_param_count(stmt) == bound->count && mysql_stmt_bind_param(stmt, binds) == 0 &&
		mysql_stmt_execute(stmt) == 0 && mysql_stmt_field_count(stmt) == prepared->columns &&
		mysql_stmt_bind_result(stmt, prepared->binds) == 0 && mysql_stmt_store_result(stmt) == 0 && rows_take(prepared, rows);
	/* Else the error is to be read yet. */
	if (done)
		mysql_stmt_free_result(stmt);
	return done;
}

enum error prepared_query(struct db *db, const char *name, const char *sql, const struct format_range *range,
	const struct db_value *values, size_t count, struct prepared_rows *rows, bool *taken)
{
	struct format_bound bound = { .count = 0 };
	uint64_t begin = connection_clock_us();
	enum error error = ERR_NONE;

	*taken = false;
	if (db->mysql == NULL || strncmp(sql, "SELECT ", 7) != 0)
		return ERR_NONE;
	buf_reset(&db->sql);
	/* What is wrong with it is said when it is formatted as text. */
	if (format_marked(&db->sql, sql, range, values, count, &bound) != NULL || db->sql.overflow || bound.too_many)
		return ERR_NONE;
	struct prepared *prepared = prepared_find(db, &db->sql);
	if (prepared == NULL)
		return ERR_NONE;
	*taken = prepared_run(prepared, &bound, rows);
	if (!*taken) {
		/* One that used up its time is not tried again. */
		*taken = connection_clock_us() - begin >= (uint64_t)db->timeout * 500000;
		if (*taken)
			error = connection_error(db, name);
		prepared_free(prepared);
	}
	db->statements_run += *taken;
	db->spent_us += connection_clock_us() - begin;
	return error;
}
