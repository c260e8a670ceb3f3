/* The CSV reader of the import: what it gives is well-formed, its places go forward, and it comes to an end. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "command/csv_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(const struct csv_record *record)
{
	assert(record->count >= 1 && record->count <= CSV_CELLS_MAX);
	for (size_t i = 0; i < record->count; i++) {
		const struct csv_field *field = &record->fields[i];

		assert(field->length <= CSV_CELL_MAX && strlen(field->text) == field->length);
		assert(text_is_utf8(field->text, field->length));
		assert(field->line >= record->line && field->column >= 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "rb") : tmpfile();
	const struct csv_record *record;
	struct csv_fault fault;
	struct csv_reader *reader;
	enum csv_result result;
	size_t steps = 0;

	if (in == NULL)
		abort();
	reader = csv_open(in);
	do {
		result = csv_next(reader, &record, &fault);
		if (result == CSV_RECORD)
			check_record(record);
		else if (result != CSV_END)
			assert(fault.what != NULL && fault.line >= 1 && fault.column >= 1);
		assert(++steps <= size + 2);
	} while (result != CSV_END);
	csv_close(reader);
	fclose(in);
	return 0;
}
