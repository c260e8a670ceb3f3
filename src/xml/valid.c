/* Validity against the RELAX NG grammar: for tests and debug instances, never for a request of an operator's. */
#include "xml/xml_internal.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/relaxng.h>

#define GRAMMAR_AUTO __attribute__((cleanup(grammar_freep))) xmlRelaxNGPtr

static void grammar_freep(xmlRelaxNGPtr *grammar)
{
	if (*grammar != NULL)
		xmlRelaxNGFree(*grammar);
}

/* Parses a grammar; it may include what stands beside it or below. NULL, with lines written, when it is faulty. */
static xmlRelaxNGPtr grammar_parse(const char *file)
{
	char *copy = strdup(file);
	bool there = copy != NULL && xml_files_below(dirname(copy));
	free(copy);
	if (!there) {
		xml_report(file, 0, "cannot be read");
		return NULL;
	}
	xmlRelaxNGPtr grammar = NULL;
	xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(file);
	if (parser != NULL)
		grammar = xmlRelaxNGParse(parser);
	xmlRelaxNGFreeParserCtxt(parser);
	xml_files_below(NULL);
	return grammar;
}

/* A built document has no lines, so the path of the node says where. */
static void on_invalid(void *unused, xmlErrorPtr error)
{
	(void)unused;
	char text[512];
	snprintf(text, sizeof text, "%s", error->message == NULL ? "not valid" : error->message);
	text[strcspn(text, "\n")] = '\0';
	xmlChar *path = error->node == NULL ? NULL : xmlGetNodePath(error->node);
	xml_report("document", error->line, "%s: %s", path == NULL ? "/" : (const char *)path, text);
	xmlFree(path);
}

bool doc_valid(struct doc *doc, const char *grammar_file, FILE *errors)
{
	xml_report_to(errors);
	bool valid = false;
	GRAMMAR_AUTO grammar = grammar_parse(grammar_file);
	if (grammar != NULL) {
		xmlRelaxNGValidCtxtPtr validator = xmlRelaxNGNewValidCtxt(grammar);
		if (validator != NULL) {
			xmlRelaxNGSetValidStructuredErrors(validator, on_invalid, NULL);
			valid = xmlRelaxNGValidateDoc(validator, doc_tree(doc)) == 0;
			xmlRelaxNGFreeValidCtxt(validator);
		}
	}
	xml_report_to(NULL);
	return valid;
}
