/* Validity against the RELAX NG grammar: for tests and debug instances, never for a request of an operator's. */
#include "xml/xml_internal.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	bool there = copy != NULL && xml_files_below(dirname(copy), NULL);
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
	xml_files_below(NULL, NULL);
	return grammar;
}

/* "/page/customers/tenant[3]" appended to PATH. xmlGetNodePath() knows no names in a default namespace. */
static void put_path(struct buf *path, const xmlNode *node)
{
	if (node->parent != NULL && node->parent->type == XML_ELEMENT_NODE)
		put_path(path, node->parent);
	unsigned before = 0;
	for (const xmlNode *other = node->prev; other != NULL; other = other->prev)
		before += xmlStrEqual(other->name, node->name) != 0;
	buf_printf(path, "/%s", node->name);
	if (before > 0)
		buf_printf(path, "[%u]", before + 1);
}

/* A built document has no lines, so the path of the node says where. */
static void on_invalid(void *unused, xmlErrorPtr error)
{
	(void)unused;
	BUF_AUTO text;
	buf_init(&text, 65536);
	if (error->node != NULL)
		put_path(&text, error->node);
	buf_printf(&text, ": %s", error->message == NULL ? "not valid" : error->message);
	text.data[strcspn(text.data, "\n")] = '\0';
	xml_report("document", error->line, "%s", text.data);
}

static void on_invalid_quiet(void *unused, xmlErrorPtr error)
{
	(void)unused;
	(void)error;
}

/* Is the document valid by the grammar in FILE? Why not goes to HANDLER. */
static bool tree_valid(xmlDocPtr tree, const char *file, xmlStructuredErrorFunc handler)
{
	bool valid = false;
	GRAMMAR_AUTO grammar = grammar_parse(file);
	xmlRelaxNGValidCtxtPtr validator = grammar == NULL ? NULL : xmlRelaxNGNewValidCtxt(grammar);
	if (validator != NULL) {
		xmlRelaxNGSetValidStructuredErrors(validator, handler, NULL);
		valid = xmlRelaxNGValidateDoc(validator, tree) == 0;
		xmlRelaxNGFreeValidCtxt(validator);
	}
	return valid;
}

/* The grammar of one kind of page, beside that of all; FILE itself when there is none. To be freed. */
static char *grammar_of_kind(xmlDocPtr tree, const char *file)
{
	char *path = NULL, *copy = strdup(file);
	xmlChar *kind = xmlGetNoNsProp(xmlDocGetRootElement(tree), BAD_CAST "kind");
	if (copy != NULL && kind != NULL && kind[strspn((char *)kind, "abcdefghijklmnopqrstuvwxyz-")] == '\0' &&
		(asprintf(&path, "%s/%s.rng", dirname(copy), kind) < 0 || access(path, R_OK) != 0)) {
		free(path);
		path = NULL;
	}
	xmlFree(kind);
	free(copy);
	return path == NULL ? strdup(file) : path;
}

bool doc_valid(struct doc *doc, const char *grammar_file, FILE *errors)
{
	xml_report_to(errors);
	xmlDocPtr tree = doc_tree(doc);
	bool valid = tree_valid(tree, grammar_file, on_invalid_quiet);
	/* A choice of all kinds says little about what is wrong with one; the grammar of the kind alone says it. */
	if (!valid && xml_report_count() == 0) {
		char *file = grammar_of_kind(tree, grammar_file);
		if (tree_valid(tree, file, on_invalid))
			xml_report("document", 0, "%s is not among the kinds of %s", file, grammar_file);
		free(file);
	}
	xml_report_to(NULL);
	return valid;
}
