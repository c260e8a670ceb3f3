/* One cell of CSV: the quoting of RFC 4180 and the guard against formulas. Owns no state; makes no rows. */
#include "xml/xml.h"

#include <string.h>

/* A spreadsheet takes a cell that begins so for a formula, and would carry out what a customer typed. "---" is our
 * own mark for "nothing" and stays as it is. */
static bool csv_is_formula(const char *text)
{
	switch (text[0]) {
	case '=':
	case '+':
	case '@':
	case '\t':
	case '\r':
		return true;
	case '-':
		return strcmp(text, "---") != 0;
	default:
		return false;
	}
}

static bool csv_needs_quotes(const char *text)
{
	return text[strcspn(text, "\",\r\n")] != '\0';
}

bool csv_plain(const char *text, bool guard)
{
	return !(guard && csv_is_formula(text)) && !csv_needs_quotes(text);
}

void csv_cell(struct buf *out, const char *text, bool guard)
{
	bool formula = guard && csv_is_formula(text);
	if (!csv_needs_quotes(text)) {
		if (formula)
			buf_putc(out, '\'');
		buf_puts(out, text);
		return;
	}
	buf_putc(out, '"');
	if (formula)
		buf_putc(out, '\'');
	for (const char *from = text;;) {
		size_t length = strcspn(from, "\"");
		buf_append(out, from, length);
		if (from[length] == '\0')
			break;
		buf_append(out, "\"\"", 2);
		from += length + 1;
	}
	buf_putc(out, '"');
}
