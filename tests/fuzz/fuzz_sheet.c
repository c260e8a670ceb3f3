/* The stylesheet compiler and what it makes: the bytes up to the first NUL are what stands in a sheet, those after it a document. What
 * libxslt refuses is not tried. A sheet that compiles must run to an end over any document, and make what libxslt makes. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#include "xml/program.h"
#include "xml/xml_internal.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char head[] = "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' xmlns:t='urn:tenantry:1' "
	"exclude-result-prefixes='t'><xsl:output method='html' encoding='UTF-8' indent='no'/>";
static char sheet[16384];

static void be_silent(void *unused, const char *format, ...)
{
	(void)unused, (void)format;
}

static void be_silent_too(void *unused, xmlErrorPtr error)
{
	(void)unused, (void)error;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	xml_init();
	xmlSetGenericErrorFunc(NULL, be_silent);
	xmlSetStructuredErrorFunc(NULL, be_silent_too);
	xsltSetGenericErrorFunc(NULL, be_silent);
	return 0;
}

static xmlDocPtr read_sheet(const char *file)
{
	(void)file;
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	xmlDictFree(parser->dict);
	parser->dict = xml_names;
	xmlDictReference(xml_names);
	xmlDocPtr doc = xmlCtxtReadMemory(parser, sheet, (int)strlen(sheet), "s.xsl", NULL, XSLT_PARSE_OPTIONS);
	xmlFreeParserCtxt(parser);
	return doc;
}

/* Does a text stand behind an element? Our documents have none such, and libxml2 puts it before what is in that element when it sorts a union. */
static bool is_mixed(const xmlNode *parent)
{
	for (const xmlNode *node = parent->children; node != NULL; node = node->next)
		if ((node->type == XML_TEXT_NODE && node->prev != NULL) || (node->type == XML_ELEMENT_NODE && is_mixed(node)))
			return true;
	return false;
}

/* What libxslt makes, as src/xml/sheets.c writes it; false when it fails or takes too long. */
static bool by_libxslt(xsltStylesheetPtr style, xmlDocPtr document, struct buf *out)
{
	xsltTransformContextPtr context = xsltNewTransformContext(style, document);
	context->maxTemplateDepth = 200;
	context->opLimit = 20000;
	context->xpathCtxt->opLimit = 200000;
	xmlDocPtr result = xsltApplyStylesheetUser(style, document, NULL, NULL, NULL, context);
	bool good = result != NULL && context->state == XSLT_STATE_OK;
	if (good) {
		const xmlNode *root = xmlDocGetRootElement(result);
		if (root != NULL && xmlStrEqual(root->name, BAD_CAST "html"))
			buf_puts(out, "<!DOCTYPE html>\n");
		xmlOutputBufferPtr output = xmlOutputBufferCreateIO(xml_write_buf, NULL, out, NULL);
		htmlDocContentDumpFormatOutput(output, result, "UTF-8", 0);
		xmlOutputBufferClose(output);
	}
	xmlFreeDoc(result);
	xsltFreeTransformContext(context);
	return good;
}

static void try_document(const struct program *program, xsltStylesheetPtr style, struct doc *doc)
{
	ARENA_AUTO arena = arena_new();
	BUF_AUTO ours, theirs;
	buf_init(&ours, 1 << 20);
	buf_init(&theirs, 1 << 20);
	bool good = program_run(program, doc_tree(doc), arena, &ours);
	if (by_libxslt(style, doc_tree(doc), &theirs) && good && !theirs.overflow)
		assert(ours.length == theirs.length && memcmp(ours.data, theirs.data, ours.length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t length = strnlen((const char *)data, size);
	if (length == size || length > 8192 || memmem(data, length, "document", 8) != NULL)
		return 0;
	snprintf(sheet, sizeof sheet, "%s%.*s</xsl:stylesheet>", head, (int)length, (const char *)data);
	struct why why = { .line = 0 };
	xmlDocPtr parsed = xmlReadMemory(sheet, (int)strlen(sheet), "s.xsl", NULL, XSLT_PARSE_OPTIONS);
	if (parsed == NULL)
		return 0;
	xsltStylesheetPtr style = xsltParseStylesheetDoc(parsed);
	if (style == NULL) {
		xmlFreeDoc(parsed);
		return 0;
	}
	struct program *program = program_compile("s.xsl", read_sheet, METHOD_HTML, &why);
	DOC_AUTO doc = program == NULL || style->errors > 0 ? NULL : doc_parse((const char *)data + length + 1, size - length - 1);
	if (doc != NULL && !(strchr(sheet, '|') != NULL && is_mixed((const xmlNode *)doc_tree(doc))))
		try_document(program, style, doc);
	program_free(program);
	xsltFreeStylesheet(style);
	return 0;
}
