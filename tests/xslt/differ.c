/* differ SHEETDIR FIRST COUNT [DUMPDIR]: random documents through every sheet that takes them, compiled and by libxslt; the bytes must be
 * the same.
 *
 * FIRST is the number of the first document. Of the first 200 those of up to 6000 bytes are checked against their grammar too: libxml2 takes
 * minutes for some of the long ones. With DUMPDIR, documents (N.xml) and pages (N.html) are left there, for tree.mjs. Exit status 0, 1 (a difference: the
 * document is written to ./differ-N.xml), 2 (usage). */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "generate.h"

#define OUTPUT_MAX ((size_t)64 * 1024 * 1024)
#define VALIDATED 200
#define VALIDATED_BYTES 6000

static bool write_file(const char *dir, uint64_t number, const char *suffix, const struct buf *buf)
{
	char path[4096];
	snprintf(path, sizeof path, "%s%llu%s", dir, (unsigned long long)number, suffix);
	FILE *file = fopen(path, "w");
	bool good = file != NULL && (buf->length == 0 || fwrite(buf->data, 1, buf->length, file) == buf->length);
	return file != NULL && fclose(file) == 0 && good;
}

static void say_difference(uint64_t number, const char *sheet, const struct buf *compiled, const struct buf *libxslt)
{
	size_t at = 0;
	while (at < compiled->length && at < libxslt->length && compiled->data[at] == libxslt->data[at])
		at++;
	size_t from = at < 60 ? 0 : at - 60;
	printf("document %llu, sheet %s: differ from byte %zu on\n", (unsigned long long)number, sheet, at);
	printf("# compiled: %.120s\n", compiled->length > from ? compiled->data + from : "");
	printf("# libxslt:  %.120s\n", libxslt->length > from ? libxslt->data + from : "");
}

/* One document through one sheet; what it made stays in COMPILED. */
static bool same(const struct sheets *sheets, const char *sheet, uint64_t number, struct doc *doc, struct buf *compiled, struct buf *libxslt)
{
	buf_reset(compiled);
	buf_reset(libxslt);
	enum error one = sheets_apply_by(sheets, SHEETS_COMPILED, sheet, doc, compiled);
	enum error other = sheets_apply_by(sheets, SHEETS_LIBXSLT, sheet, doc, libxslt);
	if (one == other && compiled->length == libxslt->length &&
		(compiled->length == 0 || memcmp(compiled->data, libxslt->data, compiled->length) == 0))
		return true;
	say_difference(number, sheet, compiled, libxslt);
	return false;
}

static bool try_document(const struct sheets *sheets, char *const *mails, size_t mail_count, const char *grammar, uint64_t number,
	struct doc *doc, bool validated, const char *dump)
{
	BUF_AUTO compiled, libxslt, xml;
	buf_init(&compiled, OUTPUT_MAX);
	buf_init(&libxslt, OUTPUT_MAX);
	buf_init(&xml, OUTPUT_MAX);
	bool good = doc_serialize(doc, &xml) && (!validated || xml.length > VALIDATED_BYTES || doc_valid(doc, grammar, stderr));
	const char *root = strchr(strchr(xml.data, '>'), '<');
	if (strncmp(root, "<csv", 4) == 0) {
		good = same(sheets, "csv/list", number, doc, &compiled, &libxslt) && good;
	} else if (strncmp(root, "<mail", 5) == 0) {
		for (size_t i = 0; i < mail_count; i++)
			good = same(sheets, mails[i], number, doc, &compiled, &libxslt) && good;
	} else {
		good = same(sheets, "pages", number, doc, &compiled, &libxslt) && good;
		if (dump != NULL)
			good = write_file(dump, number, ".xml", &xml) && write_file(dump, number, ".html", &compiled) && good;
	}
	if (!good && !write_file("differ-", number, ".xml", &xml))
		fprintf(stderr, "differ-%llu.xml cannot be written\n", (unsigned long long)number);
	return good;
}

/* The names of DIR's sheets of mails, as sheets_load() names them. */
static size_t find_mails(const char *dir, char **mails, size_t max)
{
	char pattern[4096];
	glob_t found;
	size_t count = 0;
	snprintf(pattern, sizeof pattern, "%s/mail/*.xsl", dir);
	if (glob(pattern, 0, NULL, &found) != 0)
		return 0;
	for (; count < found.gl_pathc && count < max; count++) {
		const char *base = strrchr(found.gl_pathv[count], '/') + 1;
		if (asprintf(&mails[count], "mail/%.*s", (int)strlen(base) - 4, base) < 0)
			abort();
	}
	globfree(&found);
	return count;
}

int main(int argc, char **argv)
{
	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: differ SHEETDIR FIRST COUNT [DUMPDIR]\n");
		return 2;
	}
	char vocabulary[4096], grammar[4200], dump[4200], *mails[50];
	uint64_t first = strtoull(argv[2], NULL, 10), count = strtoull(argv[3], NULL, 10);
	snprintf(vocabulary, sizeof vocabulary, "%s/vocab", argv[1]);
	snprintf(grammar, sizeof grammar, "%s/tenantry.rng", vocabulary);
	snprintf(dump, sizeof dump, "%s/", argc == 5 ? argv[4] : "");
	xml_init();
	struct sheets *sheets = sheets_load_both(argv[1], stderr);
	if (sheets == NULL)
		return 1;
	struct grammars *grammars = grammars_load(vocabulary);
	size_t mail_count = find_mails(argv[1], mails, sizeof mails / sizeof *mails);
	unsigned failed = 0;
	for (uint64_t number = first; number < first + count && failed < 5; number++) {
		DOC_AUTO doc = generate(grammars, number);
		if (!try_document(sheets, mails, mail_count, grammar, number, doc, number < first + VALIDATED, argc == 5 ? dump : NULL))
			failed++;
	}
	printf("%llu documents, %u differ\n", (unsigned long long)count, failed);
	for (size_t i = 0; i < mail_count; i++)
		free(mails[i]);
	grammars_free(grammars);
	sheets_free(sheets);
	return failed > 0;
}
