/* try_cases FILE...: small stylesheets with what must come out of them, compiled and through libxslt.
 *
 * A file has many cases; the format is told in cases/README. Prints TAP. Exit status 0, 1 (a case failed), 2 (a file cannot be read). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "xml/xml.h"

#define OUTPUT_MAX ((size_t)1024 * 1024)

static const char head[] = "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' xmlns:t='urn:tenantry:1' "
	"exclude-result-prefixes='t'>";

struct section {
	char kind[16], argument[128];
	char *text; /* without the newline at its end */
};

struct test {
	char name[160];
	struct section section[8];
	unsigned count;
};

static char dir[64];
static unsigned passed, failed;

static const struct section *find(const struct test *test, const char *kind)
{
	for (unsigned i = 0; i < test->count; i++)
		if (strcmp(test->section[i].kind, kind) == 0)
			return &test->section[i];
	return NULL;
}

static void write_sheet(const char *name, const char *method, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *file = fopen(path, "w");
	if (file == NULL)
		abort();
	if (strncmp(text, "<?xml", 5) == 0)
		fputs(text, file);
	else
		fprintf(file, "%s<xsl:output method='%s' encoding='UTF-8'/>\n%s</xsl:stylesheet>\n", head, method, text);
	fclose(file);
}

/* What one way makes of it; the newline that ends HTML is left out. "FAILED" when it fails. */
static void run(const struct sheets *sheets, enum sheets_way way, bool html, struct doc *doc, struct buf *out)
{
	buf_reset(out);
	if (sheets_apply_by(sheets, way, "s", doc, out) != ERR_NONE) {
		buf_reset(out);
		buf_puts(out, "FAILED");
	} else if (html && out->length > 0) {
		out->data[--out->length] = '\0';
	}
	if (out->data == NULL)
		buf_puts(out, "");
}

static bool check(const char *what, const char *expected, const char *got)
{
	if (strcmp(expected, got) == 0)
		return true;
	printf("# %s: expected\n# %s\n# got\n# %s\n", what, expected, got);
	return false;
}

static bool run_test(const struct test *test)
{
	const struct section *sheet = find(test, "sheet"), *document = find(test, "document"), *output = find(test, "output");
	const struct section *unknown = find(test, "unknown"), *fails = find(test, "fails");
	const char *xml = document == NULL ? "<page xmlns='urn:tenantry:1'/>" : document->text;
	if (sheet == NULL || (output == NULL) == (unknown == NULL && fails == NULL))
		return check("sections", "sheet; output, fails or unknown", test->name);
	bool html = strcmp(sheet->argument, "text") != 0;
	write_sheet("s.xsl", html ? "html" : "text", sheet->text);
	char sub[128];
	snprintf(sub, sizeof sub, "%s/lib", dir);
	mkdir(sub, 0700);
	for (unsigned i = 0; i < test->count; i++)
		if (strcmp(test->section[i].kind, "file") == 0)
			write_sheet(test->section[i].argument, html ? "html" : "text", test->section[i].text);
	struct sheets *sheets = sheets_load_both(dir, stdout);
	if (sheets == NULL)
		return false;
	bool good = true;
	if (unknown != NULL) {
		char *lines = NULL;
		size_t size;
		FILE *file = open_memstream(&lines, &size);
		sheets_print(sheets, file);
		fclose(file);
		good = strstr(lines, unknown->text) != NULL || check("why it is unknown", unknown->text, lines);
		free(lines);
	} else {
		DOC_AUTO doc = doc_parse(xml, strlen(xml));
		BUF_AUTO out;
		buf_init(&out, OUTPUT_MAX);
		const char *expected = fails != NULL ? "FAILED" : output->text;
		run(sheets, SHEETS_LIBXSLT, html, doc, &out);
		good = check("libxslt", expected, out.data);
		run(sheets, SHEETS_COMPILED, html, doc, &out);
		good = check("compiled", expected, out.data) && good;
	}
	sheets_free(sheets);
	return good;
}

static void end_test(struct test *test)
{
	if (test->name[0] != '\0') {
		bool good = run_test(test);
		*(good ? &passed : &failed) += 1;
		printf("%sok %u - %s\n", good ? "" : "not ", passed + failed, test->name);
	}
	for (unsigned i = 0; i < test->count; i++)
		free(test->section[i].text);
	*test = (struct test){ .count = 0 };
}

static void add_line(struct section *section, const char *line)
{
	char *text;
	if (asprintf(&text, "%s%s%s", section->text == NULL ? "" : section->text, section->text == NULL ? "" : "\n", line) < 0)
		abort();
	free(section->text);
	section->text = text;
}

static void run_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];
	struct test test = { .count = 0 };
	if (file == NULL) {
		perror(path);
		exit(2);
	}
	const char *base = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
	while (fgets(line, sizeof line, file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "=== ", 4) == 0) {
			end_test(&test);
			snprintf(test.name, sizeof test.name, "%.*s: %.120s", (int)strcspn(base, "."), base, line + 4);
		} else if (strncmp(line, "--- ", 4) == 0 && test.count < 8) {
			struct section *section = &test.section[test.count++];
			sscanf(line + 4, "%15s %127s", section->kind, section->argument);
		} else if (test.count > 0) {
			add_line(&test.section[test.count - 1], line);
		}
	}
	end_test(&test);
	fclose(file);
}

int main(int argc, char **argv)
{
	strcpy(dir, "/tmp/tenantry-cases-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return 2;
	log_set_level(LOG_ERROR_LEVEL);
	xml_init();
	for (int i = 1; i < argc; i++)
		run_file(argv[i]);
	printf("1..%u\n", passed + failed);
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	return system(command) != 0 || failed > 0;
}
