/* The set of stylesheets: compiled once, run for each page.
 *
 * Owns the compiled sheets and the way of libxslt: its result, and how that becomes bytes. libxslt compiles each sheet first, as the judge of what
 * is a sheet; then our own compiler does, and what it knows whole runs that way, and libxslt's form is dropped. A sheet is refused when
 * libxslt has anything to say about it, when its output is neither html nor text in UTF-8, and when it switches escaping off. While a
 * sheet runs it can open nothing; data reaches it in the document alone, so no parameter is ever passed.
 *
 * The pages of a theme are a sheet more, read from its folder and ours. It has to run compiled: so it can neither make pages slow nor
 * say anything (document(), an extension) that would open a file. */
#include "xml/xml_internal.h"

#include <dirent.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxml/xmlIO.h>
#include <libxslt/documents.h>
#include <libxslt/imports.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#include "base/language.h"
#include "base/log.h"
#include "base/theme.h"
#include "xml/program.h"
#include "xml/words.h"

#define TEMPLATE_DEPTH_MAX 200
#define TEMPLATE_VARIABLES_MAX 2000
#define SHEETS_MAX 200
#define SHEET_PAGES "pages"
#define SHEET_OURS "tenantry:" /* before the name of a sheet of ours, in the import of a theme's */

struct sheet {
	char *name;
	struct program *program; /* NULL: it goes through libxslt, and `why` says for what */
	struct why why;
	xsltStylesheetPtr style; /* NULL when the program is there, but for tests */
	enum method method;
};

struct sheets {
	struct sheet *sheet;
	size_t count;
	xsltSecurityPrefsPtr closed; /* forbids all */
	bool both;
	struct words *words[LANGUAGE__MAX]; /* that of English is NULL */
	struct theme *themes;
};

/* The catalogue by which sheets that are read now are translated; NULL: none. */
static struct words *reading_words;

/* The directory of our sheets, while sheets are read. */
static char *reading_dir;

/* Puts the file of a sheet of ours where an import says "tenantry:pages.xsl". */
static void sheet_resolve(xmlDocPtr doc)
{
	const xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNodePtr node = root == NULL ? NULL : root->children; node != NULL; node = node->next) {
		xmlChar *href = node->type == XML_ELEMENT_NODE ? xmlGetNoNsProp(node, BAD_CAST "href") : NULL;
		char *path;
		if (href != NULL && strncmp((const char *)href, SHEET_OURS, strlen(SHEET_OURS)) == 0) {
			if (asprintf(&path, "%s/%s", reading_dir, (const char *)href + strlen(SHEET_OURS)) < 0)
				abort();
			xmlSetProp(node, BAD_CAST "href", BAD_CAST path);
			free(path);
		}
		xmlFree(href);
	}
}

xmlDocPtr sheet_read(const char *file, xmlDictPtr dict)
{
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	if (parser == NULL)
		return NULL;
	if (dict != NULL) {
		xmlDictFree(parser->dict);
		parser->dict = dict;
		xmlDictReference(dict);
	}
	xmlDocPtr doc = xmlCtxtReadFile(parser, file, NULL, XSLT_PARSE_OPTIONS);
	xmlFreeParserCtxt(parser);
	if (doc != NULL && reading_dir != NULL)
		sheet_resolve(doc);
	if (doc != NULL && reading_words != NULL)
		words_sheet(doc, file, words_answer, reading_words);
	return doc;
}

/* How libxslt reads a sheet and what it includes. */
static xmlDocPtr load_for_libxslt(const xmlChar *url, xmlDictPtr dict, int options, void *context, xsltLoadType type)
{
	(void)options, (void)context, (void)type;
	return sheet_read((const char *)url, dict);
}

static xmlDocPtr read_for_compiler(const char *file)
{
	return sheet_read(file, xml_names);
}

/* Does this part of a stylesheet switch escaping off? Then data could become markup. */
static bool sheet_unescapes(const xmlNode *node)
{
	for (; node != NULL; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		if (xmlHasProp(node, BAD_CAST "disable-output-escaping") != NULL || sheet_unescapes(node->children))
			return true;
	}
	return false;
}

/* Reads xsl:output (of the sheet or what it imports); false, with a line written, when the sheet is refused. */
static bool sheet_check(struct sheet *sheet, const char *path)
{
	const xmlChar *method, *encoding;
	XSLT_GET_IMPORT_PTR(method, sheet->style, method)
	XSLT_GET_IMPORT_PTR(encoding, sheet->style, encoding)
	if (method != NULL && xmlStrEqual(method, BAD_CAST "html")) {
		sheet->method = METHOD_HTML;
	} else if (method != NULL && xmlStrEqual(method, BAD_CAST "text")) {
		sheet->method = METHOD_TEXT;
	} else {
		xml_report(path, 0, "xsl:output must have method html or text");
		return false;
	}
	if (encoding != NULL && xmlStrcasecmp(encoding, BAD_CAST "UTF-8") != 0) {
		xml_report(path, 0, "xsl:output must have encoding UTF-8");
		return false;
	}
	for (xsltStylesheetPtr style = sheet->style; style != NULL; style = xsltNextImport(style))
		if (sheet_unescapes(xmlDocGetRootElement(style->doc))) {
			xml_report(path, 0, "disable-output-escaping is not allowed");
			return false;
		}
	return true;
}

static int sheet_compare(const void *a, const void *b)
{
	return strcmp(((const struct sheet *)a)->name, ((const struct sheet *)b)->name);
}

/* Compiles DIR/FILE.xsl into the next place of the set, as NAME; one that MUST is refused when it has no program. */
static bool sheet_load(struct sheets *sheets, const char *dir, const char *file, const char *name, bool must)
{
	struct sheet *sheet = &sheets->sheet[sheets->count];
	char *path;
	if (sheets->count == SHEETS_MAX || asprintf(&path, "%s/%s.xsl", dir, file) < 0) {
		xml_report(dir, 0, "too many stylesheets");
		return false;
	}
	unsigned before = xml_report_count();
	char *full;
	if (asprintf(&full, reading_words == NULL ? "%s" : "%s@%s", name, reading_words == NULL ? "" : words_tag(reading_words)) < 0)
		full = NULL;
	*sheet = (struct sheet){ .name = full, .style = xsltParseStylesheetFile(BAD_CAST path) };
	sheets->count++;
	bool good = sheet->name != NULL && sheet->style != NULL && sheet->style->errors == 0 && sheet_check(sheet, path);
	if (!good && xml_report_count() == before)
		xml_report(path, 0, "is not a stylesheet");
	good = good && xml_report_count() == before;
	if (good)
		sheet->program = program_compile(path, read_for_compiler, sheet->method, &sheet->why);
	if (good && must && sheet->program == NULL) {
		xml_report(sheet->why.file, sheet->why.line, "the sheet of a theme cannot have %s", sheet->why.text);
		good = false;
	}
	if (sheet->program != NULL && !sheets->both) {
		xsltFreeStylesheet(sheet->style);
		sheet->style = NULL;
	}
	free(path);
	return good;
}

/* Compiles all of DIR/SUB; a SUB that is not there has none. */
static bool sheets_load_dir(struct sheets *sheets, const char *dir, const char *sub)
{
	char path[4096], name[512];
	snprintf(path, sizeof path, "%s/%s", dir, sub);
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	if (count < 0 && sub[0] == '\0')
		xml_report(dir, 0, "cannot be read: %m");
	if (count < 0)
		return sub[0] != '\0';
	bool good = true;
	for (int i = 0; i < count; i++) {
		const char *file = entries[i]->d_name;
		size_t length = strlen(file);
		if (length > 4 && length < 256 && file[0] != '.' && strcmp(file + length - 4, ".xsl") == 0) {
			snprintf(name, sizeof name, "%s%.*s", sub, (int)length - 4, file);
			good = sheet_load(sheets, dir, name, name, false) && good;
		}
		free(entries[i]);
	}
	free(entries);
	return good;
}

static bool sheets_have_pages(const struct sheets *sheets)
{
	for (size_t i = 0; i < sheets->count; i++)
		if (strcmp(sheets->sheet[i].name, SHEET_PAGES) == 0)
			return true;
	return false;
}

static bool sheets_load_words(struct sheets *sheets, const char *dir)
{
	bool good = true;
	for (enum language i = 1; i < LANGUAGE__MAX; i++) {
		char file[4096];
		snprintf(file, sizeof file, "%s/i18n/%s.xml", dir, language_tag(i));
		sheets->words[i] = words_load(file, language_tag(i));
		good = sheets->words[i] != NULL && good;
	}
	return good;
}

/* Compiles the pages of a theme, in the language at hand. */
static bool sheets_load_theme(struct sheets *sheets, const char *dir, const struct theme *theme)
{
	char name[256];
	snprintf(name, sizeof name, SHEET_THEME, theme->name);
	xml_files_below(dir, theme->dir);
	return sheet_load(sheets, theme->dir, SHEET_PAGES, name, true);
}

/* Compiles our pages in each language but English, which they are in already, and those of the themes in all. */
static bool sheets_load_pages(struct sheets *sheets, const char *dir)
{
	bool good = true;
	for (enum language i = 0; i < LANGUAGE__MAX && good; i++) {
		reading_words = sheets->words[i];
		xml_files_below(dir, NULL);
		good = reading_words == NULL || sheet_load(sheets, dir, SHEET_PAGES, SHEET_PAGES, false);
		for (const struct theme *theme = sheets->themes; theme != NULL; theme = theme->next)
			good = (!theme->sheet || sheets_load_theme(sheets, dir, theme)) && good;
	}
	reading_words = NULL;
	return good;
}

static struct sheets *load(const char *dir, const char *theme_dir, FILE *errors, bool both)
{
	xml_report_to(errors);
	struct sheets *sheets = calloc(1, sizeof *sheets);
	bool good = sheets != NULL && (sheets->sheet = calloc(SHEETS_MAX, sizeof *sheets->sheet)) != NULL &&
		(sheets->closed = xsltNewSecurityPrefs()) != NULL;
	if (good) {
		sheets->both = both;
		/* Whole: an import is looked for beside the sheet that it stands in. */
		reading_dir = realpath(dir, NULL);
		xsltSetLoaderFunc(load_for_libxslt);
		static const xsltSecurityOption options[] = { XSLT_SECPREF_READ_FILE, XSLT_SECPREF_WRITE_FILE,
			XSLT_SECPREF_CREATE_DIRECTORY, XSLT_SECPREF_READ_NETWORK, XSLT_SECPREF_WRITE_NETWORK };
		for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
			xsltSetSecurityPrefs(sheets->closed, options[i], xsltSecurityForbid);
		xml_files_below(dir, NULL);
		good = themes_load(theme_dir, errors, &sheets->themes);
		good = sheets_load_dir(sheets, dir, "") && good;
		good = sheets_load_dir(sheets, dir, "csv/") && good;
		good = sheets_load_dir(sheets, dir, "mail/") && good;
		/* Without the pages (tests of sheets alone) there is nothing to translate. */
		if (good && sheets_have_pages(sheets))
			good = sheets_load_words(sheets, dir) && sheets_load_pages(sheets, dir);
		xml_files_below(NULL, NULL);
		free(reading_dir);
		reading_dir = NULL;
	}
	xml_report_to(NULL);
	if (!good) {
		sheets_free(sheets);
		return NULL;
	}
	qsort(sheets->sheet, sheets->count, sizeof *sheets->sheet, sheet_compare);
	/* What libxslt had of the sheets goes back to the system, or each worker would carry it. */
	malloc_trim(0);
	return sheets;
}

struct sheets *sheets_load(const char *dir, const char *theme_dir, FILE *errors)
{
	return load(dir, theme_dir, errors, false);
}

struct sheets *sheets_load_both(const char *dir, FILE *errors)
{
	return load(dir, "", errors, true);
}

void sheets_print(const struct sheets *sheets, FILE *out)
{
	for (size_t i = 0; i < sheets->count; i++) {
		const struct sheet *sheet = &sheets->sheet[i];
		if (sheet->program == NULL)
			fprintf(out, "sheet %s: through libxslt, for %s at %s:%d\n", sheet->name, sheet->why.text, sheet->why.file, sheet->why.line);
	}
}

void sheets_free(struct sheets *sheets)
{
	if (sheets == NULL)
		return;
	for (size_t i = 0; i < sheets->count; i++) {
		xsltFreeStylesheet(sheets->sheet[i].style);
		program_free(sheets->sheet[i].program);
		free(sheets->sheet[i].name);
	}
	for (enum language i = 0; i < LANGUAGE__MAX; i++)
		words_free(sheets->words[i]);
	themes_free(sheets->themes);
	xsltFreeSecurityPrefs(sheets->closed);
	free(sheets->sheet);
	free(sheets);
}

static const struct sheet *sheets_find(const struct sheets *sheets, const char *name)
{
	struct sheet key = { .name = (char *)name };
	return bsearch(&key, sheets->sheet, sheets->count, sizeof key, sheet_compare);
}

/* Sheet NAME in the language of a document. */
static const struct sheet *sheets_find_for(const struct sheets *sheets, const char *name, const struct doc *doc)
{
	char full[256];
	if (doc->words == NULL)
		return sheets_find(sheets, name);
	snprintf(full, sizeof full, "%s@%s", name, words_tag(doc->words));
	return sheets_find(sheets, full);
}

const struct words *sheets_words(const struct sheets *sheets, enum language language)
{
	return sheets->words[language];
}

const struct theme *sheets_themes(const struct sheets *sheets)
{
	return sheets->themes;
}

bool sheets_has(const struct sheets *sheets, const char *name)
{
	return sheets_find(sheets, name) != NULL;
}

/* libxslt's own saving would put a second declaration of the character set into the head, and no document type:
 * so the tree is written by libxml2's HTML writer directly, the document type by us. */
static bool write_html(xmlDocPtr result, struct buf *out)
{
	const xmlNode *root = xmlDocGetRootElement(result);
	if (root != NULL && result->intSubset == NULL && xmlStrEqual(root->name, BAD_CAST "html"))
		buf_puts(out, "<!DOCTYPE html>\n");
	xmlOutputBufferPtr output = xmlOutputBufferCreateIO(xml_write_buf, NULL, out, NULL);
	if (output == NULL)
		return false;
	htmlDocContentDumpFormatOutput(output, result, "UTF-8", 0);
	return xmlOutputBufferClose(output) >= 0;
}

static void write_text(const xmlNode *node, struct buf *out)
{
	for (; node != NULL; node = node->next) {
		if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
			buf_append(out, node->content, strlen((const char *)node->content));
		else if (node->type == XML_ELEMENT_NODE)
			write_text(node->children, out);
	}
}

/* The result tree of SHEET over the document; NULL (logged) when the sheet failed. */
static xmlDocPtr sheet_run(const struct sheet *sheet, xmlDocPtr tree, xsltSecurityPrefsPtr closed)
{
	xsltTransformContextPtr context = xsltNewTransformContext(sheet->style, tree);
	if (context == NULL)
		return NULL;
	xmlDocPtr result = NULL;
	if (xsltSetCtxtSecurityPrefs(closed, context) == 0) {
		context->maxTemplateDepth = TEMPLATE_DEPTH_MAX;
		context->maxTemplateVars = TEMPLATE_VARIABLES_MAX;
		result = xsltApplyStylesheetUser(sheet->style, tree, NULL, NULL, NULL, context);
	}
	if (result != NULL && context->state != XSLT_STATE_OK) {
		xmlFreeDoc(result);
		result = NULL;
	}
	xsltFreeTransformContext(context);
	return result;
}

/* Does libxslt take nodes out of its source for this sheet (xsl:strip-space)? It would free them, and they are not its own (builder.c). */
static bool changes_source(xsltStylesheetPtr style)
{
	while (style != NULL && style->stripSpaces == NULL)
		style = xsltNextImport(style);
	return style != NULL;
}

/* libxslt's way: a result tree, then its bytes. */
static bool apply_libxslt(const struct sheets *sheets, const struct sheet *sheet, xmlDocPtr tree, struct buf *out)
{
	xmlDocPtr copy = changes_source(sheet->style) ? xmlCopyDoc(tree, 1) : NULL;
	xmlDocPtr result = sheet_run(sheet, copy != NULL ? copy : tree, sheets->closed);
	xmlFreeDoc(copy);
	if (result == NULL)
		return false;
	bool written = true;
	if (sheet->method == METHOD_HTML)
		written = write_html(result, out);
	else
		write_text(result->children, out);
	xmlFreeDoc(result);
	return written && !out->overflow;
}

static enum error apply(const struct sheets *sheets, const struct sheet *sheet, bool compiled, struct doc *doc, struct buf *out)
{
	xml_report_to(NULL);
	xmlDocPtr tree = doc_tree(doc);
	if (compiled ? program_run(sheet->program, tree, doc->arena, out) : apply_libxslt(sheets, sheet, tree, out))
		return ERR_NONE;
	log_error(out->overflow ? "the output of stylesheet %s is too large" : "stylesheet %s failed", sheet->name);
	return ERR_INTERNAL;
}

enum error sheets_apply(const struct sheets *sheets, const char *name, struct doc *doc, struct buf *out)
{
	const struct sheet *sheet = sheets_find_for(sheets, name, doc);
	if (sheet == NULL) {
		log_error("there is no stylesheet %s", name);
		return ERR_INTERNAL;
	}
	return apply(sheets, sheet, sheet->program != NULL, doc, out);
}

enum error sheets_apply_by(const struct sheets *sheets, enum sheets_way way, const char *name, struct doc *doc, struct buf *out)
{
	const struct sheet *sheet = sheets_find_for(sheets, name, doc);
	if (sheet == NULL || (way == SHEETS_COMPILED ? sheet->program == NULL : sheet->style == NULL)) {
		log_error("there is no stylesheet %s in this form", name);
		return ERR_INTERNAL;
	}
	return apply(sheets, sheet, way == SHEETS_COMPILED, doc, out);
}
