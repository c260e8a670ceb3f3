/* libxml2 and libxslt as a process sets them up: what they may open, and where their messages go.
 *
 * Owns the three things that these libraries keep for a whole process: the dictionary of names, the loader of
 * files and the error handlers. Nothing here may let a file outside the directory of stylesheets, or the
 * network, be opened; and nothing of these libraries may write to standard error by itself. */
#include "xml/xml_internal.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltutils.h>

#include "base/log.h"

xmlDictPtr xml_names;

/* The directories that files may be read from, with a slash at their ends; empty: none. */
static char files_roots[2][PATH_MAX + 1];

/* Messages come in pieces (libxslt) or whole (libxml2); a line is put together in `text`. libxslt says where in a
 * line of its own, before what: `file` and `line` keep that. */
static struct {
	FILE *errors;
	unsigned count;
	char file[PATH_MAX];
	int line;
	char text[1024];
	size_t length;
} report;

void xml_report_to(FILE *errors)
{
	report.errors = errors;
	report.count = 0;
	report.file[0] = '\0';
	report.line = 0;
	report.length = 0;
}

unsigned xml_report_count(void)
{
	return report.count;
}

static void report_line(const char *file, int line, const char *text)
{
	report.count++;
	if (file == NULL || file[0] == '\0')
		file = "xml";
	if (report.errors != NULL)
		fprintf(report.errors, "%s:%d: %s\n", file, line, text);
	else
		log_error("%s:%d: %s", file, line, text);
}

void xml_report(const char *file, int line, const char *format, ...)
{
	char text[1024];
	va_list values;
	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	report_line(file, line, text);
}

/* "compilation error: file F line N element E" says where the next message is from; true when TEXT is of that kind. */
static bool report_place(const char *text)
{
	const char *file = strstr(text, "error: file ");
	const char *line = file == NULL ? NULL : strstr(file, " line ");
	if (line == NULL) {
		const char *element = strstr(text, "error: element ");
		return element != NULL;
	}
	file += strlen("error: file ");
	snprintf(report.file, sizeof report.file, "%.*s", (int)(line - file), file);
	report.line = (int)strtol(line + strlen(" line "), NULL, 10);
	return true;
}

__attribute__((format(printf, 2, 3)))
static void on_generic(void *unused, const char *format, ...)
{
	(void)unused;
	char piece[1024];
	va_list values;
	va_start(values, format);
	vsnprintf(piece, sizeof piece, format, values);
	va_end(values);
	for (const char *p = piece; *p != '\0'; p++) {
		if (*p != '\n') {
			if (report.length + 1 < sizeof report.text)
				report.text[report.length++] = *p;
			continue;
		}
		report.text[report.length] = '\0';
		if (report.length > 0 && !report_place(report.text))
			report_line(report.file, report.line, report.text);
		report.length = 0;
	}
}

static void on_structured(void *unused, xmlErrorPtr error)
{
	(void)unused;
	char text[1024];
	snprintf(text, sizeof text, "%s", error->message == NULL ? "unknown error" : error->message);
	text[strcspn(text, "\n")] = '\0';
	if (error->domain == XML_FROM_XPATH && error->str1 != NULL)
		xml_report(error->file, error->line, "%s: %s", text, error->str1);
	else
		report_line(error->file, error->line, text);
}

static bool root_set(char root[PATH_MAX + 1], const char *dir)
{
	root[0] = '\0';
	if (dir == NULL)
		return true;
	char *path = realpath(dir, NULL);
	if (path == NULL)
		return false;
	snprintf(root, PATH_MAX + 1, "%s/", path);
	free(path);
	return true;
}

bool xml_files_below(const char *dir, const char *other)
{
	bool there = root_set(files_roots[0], dir);
	return root_set(files_roots[1], other) && there;
}

static bool is_below_roots(const char *path)
{
	for (size_t i = 0; i < 2; i++)
		if (files_roots[i][0] != '\0' && strncmp(path, files_roots[i], strlen(files_roots[i])) == 0)
			return true;
	return false;
}

/* The one way by which libxml2 opens anything: sheets, imports, entities, grammars, document(). */
static xmlParserInputPtr load(const char *url, const char *id, xmlParserCtxtPtr context)
{
	(void)id;
	if (url == NULL || files_roots[0][0] == '\0') {
		xml_report(url, 0, "may not be read now");
		return NULL;
	}
	char *path = realpath(strncmp(url, "file:///", 8) == 0 ? url + 7 : url, NULL);
	if (path == NULL) {
		xml_report(url, 0, "cannot be read: %m");
		return NULL;
	}
	xmlParserInputPtr input = NULL;
	if (!is_below_roots(path))
		xml_report(url, 0, "is outside %s%s%s", files_roots[0], files_roots[1][0] == '\0' ? "" : " and ", files_roots[1]);
	else if ((input = xmlNewInputFromFile(context, path)) == NULL)
		xml_report(url, 0, "cannot be read");
	free(path);
	return input;
}

int xml_write_buf(void *buf, const char *data, int length)
{
	buf_append(buf, data, (size_t)length);
	return length;
}

void xml_init(void)
{
	LIBXML_TEST_VERSION
	xmlInitParser();
	xsltInit();
	xml_names = xmlDictCreate();
	if (xml_names == NULL) {
		log_error("out of memory");
		abort();
	}
	xmlSetExternalEntityLoader(load);
	xmlSetGenericErrorFunc(NULL, on_generic);
	xmlSetStructuredErrorFunc(NULL, on_structured);
	xsltSetGenericErrorFunc(NULL, on_generic);
	xml_report_to(NULL);
}
