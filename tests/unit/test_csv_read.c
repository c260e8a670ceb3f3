/* The strict CSV reader of the import: what it takes, and where it says that something is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "command/csv_read.h"

/* A file of LENGTH bytes, read with the reader; to be closed with close_text(). */
struct text {
	FILE *file;
	struct csv_reader *reader;
	const struct csv_record *record;
	struct csv_fault fault;
};

static struct text open_bytes(const char *bytes, size_t length)
{
	struct text text = { .file = tmpfile() };
	assert_non_null(text.file);
	assert_int_equal(fwrite(bytes, 1, length, text.file), length);
	rewind(text.file);
	text.reader = csv_open(text.file);
	return text;
}

static struct text open_text(const char *bytes)
{
	return open_bytes(bytes, strlen(bytes));
}

static enum csv_result next(struct text *text)
{
	return csv_next(text->reader, &text->record, &text->fault);
}

static void close_text(struct text *text)
{
	csv_close(text->reader);
	fclose(text->file);
}

static void check_cells(struct text *text, uint64_t line, size_t count, const char *const *cells)
{
	assert_int_equal(next(text), CSV_RECORD);
	assert_int_equal(text->record->line, line);
	assert_int_equal(text->record->count, count);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(text->record->fields[i].text, cells[i]);
		assert_int_equal(text->record->fields[i].length, strlen(cells[i]));
	}
}

#define CELLS(...) sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (const char *const[]){ __VA_ARGS__ }

static void test_lines_end_with_lf_or_crlf_and_the_last_one_may_not(void **state)
{
	struct text text = open_text("a,b\r\nc,d\ne,f");
	(void)state;
	check_cells(&text, 1, CELLS("a", "b"));
	check_cells(&text, 2, CELLS("c", "d"));
	check_cells(&text, 3, CELLS("e", "f"));
	assert_int_equal(next(&text), CSV_END);
	assert_int_equal(next(&text), CSV_END);
	close_text(&text);
}

static void test_a_byte_order_mark_is_read_over(void **state)
{
	struct text text = open_text("\xEF\xBB\xBFname,x\n");
	(void)state;
	check_cells(&text, 1, CELLS("name", "x"));
	assert_int_equal(text.record->fields[0].column, 1);
	close_text(&text);
}

static void test_quoted_cells_keep_what_is_in_them(void **state)
{
	struct text text = open_text("\"a,b\",\"say \"\"x\"\"\",\"two\r\nlines\",\"\",\n株,\"式\",x\n");
	(void)state;
	check_cells(&text, 1, CELLS("a,b", "say \"x\"", "two\r\nlines", "", ""));
	check_cells(&text, 3, CELLS("株", "式", "x"));
	assert_int_equal(text.record->fields[1].column, 3);
	assert_int_equal(text.record->fields[2].column, 7);
	close_text(&text);
}

static void check_fault(const char *bytes, size_t length, uint64_t line, uint64_t column, enum csv_result result)
{
	struct text text = open_bytes(bytes, length);
	enum csv_result got;
	while ((got = next(&text)) == CSV_RECORD)
		;
	assert_int_equal(got, result);
	assert_int_equal(text.fault.line, line);
	assert_int_equal(text.fault.column, column);
	assert_non_null(text.fault.what);
	close_text(&text);
}

#define FAULT(bytes, line, column, result) check_fault(bytes, sizeof(bytes) - 1, line, column, result)

static void test_faults_have_their_place(void **state)
{
	(void)state;
	FAULT("a,b\nc,d\"e\n", 2, 4, CSV_FAULT);
	FAULT("a,\"b\"c\n", 1, 6, CSV_FAULT);
	FAULT("a,b\n\nc,d\n", 2, 1, CSV_FAULT);
	FAULT("a,b\rc,d\n", 1, 4, CSV_FAULT);
	FAULT("a\nb,\xC3(\n", 2, 3, CSV_FAULT);
	FAULT("a\nb\0c\n", 2, 1, CSV_FAULT);
	FAULT("a,\"b\nc\n", 1, 3, CSV_STOP);
	FAULT("é,\"b\"\"", 1, 3, CSV_STOP);
}

static void test_reading_goes_on_behind_a_broken_line(void **state)
{
	struct text text = open_text("a,b\nc,d\"e,f\ng,h\n\xFF,x\n\"i\"\"\",j\n");
	(void)state;
	check_cells(&text, 1, CELLS("a", "b"));
	assert_int_equal(next(&text), CSV_FAULT);
	check_cells(&text, 3, CELLS("g", "h"));
	assert_int_equal(next(&text), CSV_FAULT);
	check_cells(&text, 5, CELLS("i\"", "j"));
	assert_int_equal(next(&text), CSV_END);
	close_text(&text);
}

static void test_cells_and_lines_have_limits(void **state)
{
	size_t size = 3 * CSV_CELL_MAX;
	char *bytes = malloc(size);
	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'x', size);
	memcpy(bytes, "a\n", 2);
	bytes[2 + CSV_CELL_MAX] = '\n';
	struct text text = open_bytes(bytes, 3 + CSV_CELL_MAX);
	assert_int_equal(next(&text), CSV_RECORD);
	assert_int_equal(next(&text), CSV_RECORD);
	assert_int_equal(text.record->fields[0].length, CSV_CELL_MAX);
	close_text(&text);

	bytes[2 + CSV_CELL_MAX] = 'x';
	check_fault(bytes, size, 2, 1, CSV_FAULT);
	bytes[2] = '"';
	check_fault(bytes, size, 2, 1, CSV_STOP);

	memset(bytes, ',', CSV_CELLS_MAX);
	check_fault(bytes, CSV_CELLS_MAX, 1, CSV_CELLS_MAX + 1, CSV_FAULT);
	free(bytes);
}

static void test_an_empty_file_has_no_record(void **state)
{
	struct text text = open_text("");
	(void)state;
	assert_int_equal(next(&text), CSV_END);
	close_text(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_end_with_lf_or_crlf_and_the_last_one_may_not),
		cmocka_unit_test(test_a_byte_order_mark_is_read_over),
		cmocka_unit_test(test_quoted_cells_keep_what_is_in_them),
		cmocka_unit_test(test_faults_have_their_place),
		cmocka_unit_test(test_reading_goes_on_behind_a_broken_line),
		cmocka_unit_test(test_cells_and_lines_have_limits),
		cmocka_unit_test(test_an_empty_file_has_no_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
