/* The formatter: the one place where a value becomes a piece of SQL.
 *
 * Every value of every statement, composed ones too, comes through here as a literal. Must never take a
 * value for anything but a literal, and never know a table: what is a name stands in the statement. */
#include "db/format.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define ESCAPE_PIECE 1024 /* a text is escaped in pieces of so many bytes */

static void put_uint(struct buf *out, uint64_t number)
{
	char text[TEXT_NUMBER_SIZE];

	buf_puts(out, text_uint(number, text));
}

static void put_text(struct buf *out, const char *text, format_escape_fn *escape, void *escape_arg)
{
	char escaped[2 * ESCAPE_PIECE + 1];
	size_t length = strlen(text);

	buf_putc(out, '\'');
	while (length > 0) {
		size_t piece = length < ESCAPE_PIECE ? length : ESCAPE_PIECE;

		/* never in the middle of a character: the escaper would take its rest for garbage */
		if (piece < length) {
			while (piece > ESCAPE_PIECE - 4 && ((unsigned char)text[piece] & 0xc0) == 0x80)
				piece--;
		}
		buf_append(out, escaped, escape(escape_arg, escaped, text, piece));
		text += piece;
		length -= piece;
	}
	buf_putc(out, '\'');
}

static void put_bytes(struct buf *out, const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	buf_append(out, "x'", 2);
	for (size_t i = 0; i < length; i++) {
		buf_putc(out, digits[bytes[i] >> 4]);
		buf_putc(out, digits[bytes[i] & 15]);
	}
	buf_putc(out, '\'');
}

/* A list for IN (?). An empty one is NULL: equal to nothing. */
static void put_uints(struct buf *out, const uint64_t *numbers, size_t count)
{
	if (count == 0)
		buf_append(out, "NULL", 4);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_putc(out, ',');
		put_uint(out, numbers[i]);
	}
}

/* Where values go: into the text, or to BOUND. */
struct target {
	struct buf *out;
	format_escape_fn *escape;
	void *escape_arg;
	struct format_bound *bound;
};

static void bind_value(const struct target *target, const struct db_value *value)
{
	struct format_bound *bound = target->bound;
	bool list = value->kind == DB_KIND_UINTS;

	buf_putc(target->out, '?');
	if (bound->count == FORMAT_BOUND_MAX || (list && value->length != 1))
		bound->too_many = true;
	else
		bound->values[bound->count++] = list ? DB_UINT(*(const uint64_t *)value->data) : *value;
}

static void put_value(const struct target *target, const struct db_value *value)
{
	struct buf *out = target->out;

	if (target->bound != NULL) {
		bind_value(target, value);
		return;
	}
	switch (value->kind) {
	case DB_KIND_INT:
		buf_puts(out, text_int(value->number, (char[TEXT_NUMBER_SIZE]){ 0 }));
		return;
	case DB_KIND_UINT:
		put_uint(out, (uint64_t)value->number);
		return;
	case DB_KIND_TEXT:
		if (value->data == NULL)
			break;
		put_text(out, value->data, target->escape, target->escape_arg);
		return;
	case DB_KIND_BYTES:
		if (value->data == NULL)
			break;
		put_bytes(out, value->data, value->length);
		return;
	case DB_KIND_UINTS:
		put_uints(out, value->data, value->length);
		return;
	case DB_KIND_NULL:
		break;
	}
	buf_append(out, "NULL", 4);
}

static void put_range(const struct target *target, const char *alias, size_t length, const struct format_range *range)
{
	struct buf *out = target->out;

	buf_putc(out, '(');
	buf_append(out, alias, length);
	buf_puts(out, ".tree_pos >= ");
	put_value(target, &DB_UINT(range->low));
	buf_puts(out, " AND ");
	buf_append(out, alias, length);
	buf_puts(out, ".tree_pos < ");
	put_value(target, &DB_UINT(range->high));
	buf_putc(out, ')');
}

static const char *format(const struct target *target, const char *sql, const struct format_range *range,
	const struct db_value *values, size_t count)
{
	static const char scope[] = "SCOPE(";
	struct buf *out = target->out;
	size_t used = 0;

	while (*sql != '\0') {
		size_t plain = strcspn(sql, "'\"`?S");

		buf_append(out, sql, plain);
		sql += plain;
		if (*sql == '?') {
			if (used == count)
				return "fewer values than ?";
			put_value(target, &values[used++]);
			sql++;
		} else if (strncmp(sql, scope, sizeof scope - 1) == 0) {
			const char *alias = sql + sizeof scope - 1;
			size_t length = strcspn(alias, ")");

			if (range == NULL)
				return "SCOPE without a scope";
			if (length == 0 || alias[length] == '\0')
				return "SCOPE without an alias";
			put_range(target, alias, length, range);
			sql = alias + length + 1;
		} else if (*sql == 'S') {
			buf_putc(out, *sql++);
		} else if (*sql != '\0') {
			const char *end = strchr(sql + 1, *sql);

			if (end == NULL)
				return "a quoted text without end";
			buf_append(out, sql, (size_t)(end - sql) + 1);
			sql = end + 1;
		}
	}
	return used == count ? NULL : "more values than ?";
}

const char *format_sql(struct buf *out, const char *sql, const struct format_range *range,
	const struct db_value *values, size_t count, format_escape_fn *escape, void *escape_arg)
{
	return format(&(struct target){ out, escape, escape_arg, NULL }, sql, range, values, count);
}

const char *format_marked(struct buf *out, const char *sql, const struct format_range *range,
	const struct db_value *values, size_t count, struct format_bound *bound)
{
	return format(&(struct target){ .out = out, .bound = bound }, sql, range, values, count);
}
