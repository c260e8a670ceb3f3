/* transform SHEETDIR SHEET [DOCUMENT]: runs one stylesheet over one document, as the program does, and prints the result. The sheet must
 * be one that our compiler knows whole, and libxslt must make the same bytes of it.
 *
 * The document (standard input without a name) must be valid by SHEETDIR/vocab/tenantry.rng. For the golden tests, and for whoever
 * works on a sheet. Exit status 0, 1 (it failed: why, on stderr), 2 (usage). */
#include <stdio.h>
#include <string.h>

#include "xml/xml.h"

#define SIZE_MAX_BYTES ((size_t)16 * 1024 * 1024)

/* The language of a document that was parsed: what it says of itself. */
static void set_language(const struct sheets *sheets, struct doc *doc, const char *text)
{
	for (enum language i = 0; i < LANGUAGE__MAX; i++) {
		char lang[16];
		snprintf(lang, sizeof lang, " lang=\"%s\"", language_tag(i));
		/* in the first element, which all documents of pages have it in */
		const char *at = strstr(text, "<page"), *found = at == NULL ? NULL : strstr(at, lang);
		if (found != NULL && found < strchr(at, '>'))
			doc_language(doc, sheets_words(sheets, i));
	}
}

static bool read_all(FILE *file, struct buf *buf)
{
	char data[16384];
	for (size_t got; (got = fread(data, 1, sizeof data, file)) > 0;)
		buf_append(buf, data, got);
	return !ferror(file) && !buf->overflow && buf->data != NULL;
}

/* Both ways; false, with a line written, when they differ. */
static bool apply(const struct sheets *sheets, const char *name, struct doc *doc, struct buf *out)
{
	BUF_AUTO other;
	buf_init(&other, SIZE_MAX_BYTES);
	if (sheets_apply_by(sheets, SHEETS_COMPILED, name, doc, out) != ERR_NONE ||
		sheets_apply_by(sheets, SHEETS_LIBXSLT, name, doc, &other) != ERR_NONE)
		return false;
	if (out->length == other.length && (out->length == 0 || memcmp(out->data, other.data, out->length) == 0))
		return true;
	size_t at = 0;
	while (at < out->length && at < other.length && out->data[at] == other.data[at])
		at++;
	fprintf(stderr, "compiled and libxslt's output differ from byte %zu on\n", at);
	return false;
}

int main(int argc, char **argv)
{
	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: transform SHEETDIR SHEET [DOCUMENT]\n");
		return 2;
	}
	BUF_AUTO text;
	buf_init(&text, SIZE_MAX_BYTES);
	FILE *input = argc == 4 ? fopen(argv[3], "r") : stdin;
	if (input == NULL || !read_all(input, &text)) {
		fprintf(stderr, "the document cannot be read\n");
		return 1;
	}
	if (input != stdin)
		fclose(input);

	xml_init();
	struct sheets *sheets = sheets_load_both(argv[1], stderr);
	DOC_AUTO doc = sheets == NULL ? NULL : doc_parse(text.data, text.length);
	if (doc != NULL)
		set_language(sheets, doc, text.data);
	BUF_AUTO grammar, out;
	buf_init(&grammar, 4096);
	buf_init(&out, SIZE_MAX_BYTES);
	buf_printf(&grammar, "%s/vocab/tenantry.rng", argv[1]);
	bool done = doc != NULL && doc_valid(doc, grammar.data, stderr) &&
		apply(sheets, argv[2], doc, &out);
	sheets_free(sheets);
	if (!done)
		return 1;
	/* Without a row there is no byte, and no buffer. */
	bool written = out.length == 0 || fwrite(out.data, 1, out.length, stdout) == out.length;
	return written && fflush(stdout) == 0 ? 0 : 1;
}
