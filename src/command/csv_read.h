/* A strict reader of RFC 4180 for `tenantry import`: one record at a time, in constant memory.
 *
 * Lines end with LF or CRLF, a byte order mark at the beginning is read over, and nothing else is
 * forgiven: a quote inside of a bare cell, text after a closing quote, a bare CR, broken UTF-8 are
 * faults with the line and the column (in characters, from 1) at which they stand. */
#ifndef TENANTRY_COMMAND_CSV_READ_H
#define TENANTRY_COMMAND_CSV_READ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CSV_CELLS_MAX 64   /* in a record */
#define CSV_CELL_MAX 4096  /* bytes of a cell, after its quotes are taken off */

struct csv_reader;

struct csv_field {
	const char *text; /* NUL-terminated, valid until the next call */
	size_t length;
	uint64_t line, column; /* where the cell begins; a quoted one at its quote */
};

struct csv_record {
	size_t count;
	uint64_t line;
	struct csv_field fields[CSV_CELLS_MAX];
};

struct csv_fault {
	uint64_t line, column;
	const char *what; /* a literal */
};

enum csv_result {
	CSV_RECORD, /* *RECORD is the next one */
	CSV_FAULT,  /* *FAULT tells what is wrong; the next call goes on behind that line */
	CSV_STOP,   /* *FAULT tells what is wrong; what follows cannot be read */
	CSV_END,
};

/* Reads from IN, which stays the caller's. Never NULL; end it with csv_close(), NULL is allowed. */
struct csv_reader *csv_open(FILE *in);
void csv_close(struct csv_reader *reader);

enum csv_result csv_next(struct csv_reader *reader, const struct csv_record **record,
	struct csv_fault *fault);

#endif
