/* The reader of csv_read.h: bytes in, one record out. Knows nothing of what a cell means, and never
 * holds more than one record. */
#include "command/csv_read.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

#define READ_SIZE 65536
#define RECORD_MAX (CSV_CELLS_MAX * CSV_CELL_MAX)
#define END (-1)

struct csv_reader {
	FILE *in;
	size_t have, next;
	uint64_t line, column; /* of the byte that is read next */
	bool stopped;
	size_t used;           /* of text[] */
	size_t starts[CSV_CELLS_MAX];
	struct csv_record record;
	unsigned char input[READ_SIZE];
	char text[RECORD_MAX + CSV_CELLS_MAX];
};

struct csv_reader *csv_open(FILE *in)
{
	struct csv_reader *reader = malloc(sizeof *reader);
	if (reader == NULL) {
		log_error("csv: out of memory");
		abort();
	}
	reader->in = in;
	reader->have = reader->next = 0;
	reader->line = reader->column = 1;
	reader->stopped = false;
	reader->have = fread(reader->input, 1, READ_SIZE, in);
	if (reader->have >= 3 && memcmp(reader->input, "\xEF\xBB\xBF", 3) == 0)
		reader->next = 3;
	return reader;
}

void csv_close(struct csv_reader *reader)
{
	free(reader);
}

static int csv_peek(struct csv_reader *reader)
{
	if (reader->next == reader->have) {
		reader->have = fread(reader->input, 1, READ_SIZE, reader->in);
		reader->next = 0;
		if (reader->have == 0)
			return END;
	}
	return reader->input[reader->next];
}

/* Takes the byte that csv_peek() showed, and moves the place behind it. */
static void csv_take(struct csv_reader *reader)
{
	unsigned char c = reader->input[reader->next++];
	if (c == '\n') {
		reader->line++;
		reader->column = 1;
	} else if ((c & 0xC0) != 0x80) {
		reader->column++;
	}
}

static enum csv_result csv_refuse(struct csv_fault *fault, uint64_t line, uint64_t column, const char *what)
{
	*fault = (struct csv_fault){ line, column, what };
	return CSV_FAULT;
}

static enum csv_result csv_give_up(struct csv_reader *reader, struct csv_fault *fault, uint64_t line,
	uint64_t column, const char *what)
{
	csv_refuse(fault, line, column, what);
	reader->stopped = true;
	return CSV_STOP;
}

/* Reads on to the end of the line, so that one broken line costs only itself. */
static void csv_skip_line(struct csv_reader *reader)
{
	for (int c = csv_peek(reader); c != END; c = csv_peek(reader)) {
		csv_take(reader);
		if (c == '\n')
			return;
	}
}

/* The end of a line, LF or CRLF, if that is what comes; *BARE when a CR stands alone. */
static bool csv_take_line_end(struct csv_reader *reader, bool *bare)
{
	int c = csv_peek(reader);
	*bare = false;
	if (c == '\r') {
		csv_take(reader);
		c = csv_peek(reader);
		if (c != '\n') {
			*bare = true;
			return false;
		}
	}
	if (c != '\n')
		return false;
	csv_take(reader);
	return true;
}

/* A cell in quotes, from its opening quote to behind the closing one. */
static enum csv_result csv_read_quoted(struct csv_reader *reader, size_t start, struct csv_fault *fault)
{
	uint64_t line = reader->line, column = reader->column;
	csv_take(reader);
	for (;;) {
		int c = csv_peek(reader);
		if (c == END)
			return csv_give_up(reader, fault, line, column, "this quote is never closed");
		csv_take(reader);
		if (c == '"') {
			if (csv_peek(reader) != '"')
				break;
			csv_take(reader);
		}
		/* Going on behind such a cell would read the rest of the file inside out. */
		if (reader->used - start == CSV_CELL_MAX)
			return csv_give_up(reader, fault, line, column,
				"this cell is longer than 4,096 bytes; its closing quote may be missing");
		reader->text[reader->used++] = (char)c;
	}
	int c = csv_peek(reader);
	if (c != END && c != ',' && c != '\r' && c != '\n')
		return csv_refuse(fault, reader->line, reader->column, "text after a closing quote");
	return CSV_RECORD;
}

static enum csv_result csv_read_bare(struct csv_reader *reader, size_t start, struct csv_fault *fault)
{
	uint64_t line = reader->line, column = reader->column;
	for (int c = csv_peek(reader); c != END && c != ',' && c != '\r' && c != '\n'; c = csv_peek(reader)) {
		if (c == '"')
			return csv_refuse(fault, reader->line, reader->column,
				"a quote inside of a cell that does not begin with one");
		if (reader->used - start == CSV_CELL_MAX)
			return csv_refuse(fault, line, column, "this cell is longer than 4,096 bytes");
		reader->text[reader->used++] = (char)c;
		csv_take(reader);
	}
	return CSV_RECORD;
}

static enum csv_result csv_read_cell(struct csv_reader *reader, struct csv_fault *fault)
{
	struct csv_record *record = &reader->record;
	if (record->count == CSV_CELLS_MAX)
		return csv_refuse(fault, reader->line, reader->column, "more than 64 cells in a line");
	size_t start = reader->used;
	struct csv_field *field = &record->fields[record->count];
	field->line = reader->line;
	field->column = reader->column;
	enum csv_result result = csv_peek(reader) == '"' ? csv_read_quoted(reader, start, fault)
							 : csv_read_bare(reader, start, fault);
	if (result != CSV_RECORD)
		return result;
	field->text = reader->text + start;
	field->length = reader->used - start;
	reader->text[reader->used++] = '\0';
	record->count++;
	if (!text_is_utf8(field->text, field->length))
		return csv_refuse(fault, field->line, field->column, "this cell is not UTF-8, or holds a NUL");
	return CSV_RECORD;
}

enum csv_result csv_next(struct csv_reader *reader, const struct csv_record **record,
	struct csv_fault *fault)
{
	bool bare;
	if (reader->stopped)
		return CSV_END;
	if (csv_peek(reader) == END) {
		if (ferror(reader->in))
			return csv_give_up(reader, fault, reader->line, reader->column, "cannot be read further");
		return CSV_END;
	}
	reader->used = 0;
	reader->record.count = 0;
	reader->record.line = reader->line;
	if (csv_take_line_end(reader, &bare))
		return csv_refuse(fault, reader->record.line, 1, "an empty line");
	if (bare) {
		csv_skip_line(reader);
		return csv_refuse(fault, reader->record.line, 1, "a CR without LF");
	}
	for (;;) {
		enum csv_result result = csv_read_cell(reader, fault);
		if (result == CSV_FAULT)
			csv_skip_line(reader);
		if (result != CSV_RECORD)
			return result;
		uint64_t line = reader->line, column = reader->column;
		if (csv_peek(reader) == ',') {
			csv_take(reader);
			continue;
		}
		if (csv_take_line_end(reader, &bare))
			break;
		if (bare) {
			csv_skip_line(reader);
			return csv_refuse(fault, line, column, "a CR without LF");
		}
		if (ferror(reader->in))
			return csv_give_up(reader, fault, line, column, "cannot be read further");
		break; /* the last line has no end */
	}
	*record = &reader->record;
	return CSV_RECORD;
}
