/* transform SHEETDIR DOCUMENT compiled|libxslt COUNT: the page of DOCUMENT, COUNT times as a request makes it: the document built
 * node by node, run through the sheet into bytes, freed. For callgrind: the bench takes the difference of two counts, in which
 * reading and compiling are not. Exit status 0, 1 (it failed), 2 (usage). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "xml/xml.h"

#define SIZE_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define SIZE_USUAL_BYTES ((size_t)64 * 1024) /* as src/app/answer.c */

/* What is within NODE once more, into the open element. The names live as long as the tree, so as literals do. */
static void build(struct doc *doc, const xmlNode *node)
{
	for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next)
		doc_attr(doc, (const char *)attr->name, attr->children == NULL ? "" : (const char *)attr->children->content);
	for (const xmlNode *child = node->children; child != NULL; child = child->next) {
		if (child->type == XML_TEXT_NODE) {
			doc_text(doc, (const char *)child->content);
			continue;
		}
		doc_open(doc, (const char *)child->name);
		build(doc, child);
		doc_close(doc);
	}
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: transform SHEETDIR DOCUMENT compiled|libxslt COUNT\n");
		return 2;
	}
	enum sheets_way way = strcmp(argv[3], "libxslt") == 0 ? SHEETS_LIBXSLT : SHEETS_COMPILED;
	xmlDocPtr page = xmlReadFile(argv[2], NULL, XML_PARSE_NONET | XML_PARSE_NOBLANKS);
	xml_init();
	struct sheets *sheets = page == NULL ? NULL : sheets_load_both(argv[1], stderr);
	if (sheets == NULL)
		return 1;
	enum error error = ERR_NONE;
	for (long count = strtol(argv[4], NULL, 10); count > 0 && error == ERR_NONE; count--) {
		const xmlNode *root = xmlDocGetRootElement(page);
		DOC_AUTO doc = doc_new((const char *)root->name);
		BUF_AUTO out;
		buf_init(&out, SIZE_MAX_BYTES);
		buf_reserve(&out, SIZE_USUAL_BYTES);
		build(doc, root);
		error = sheets_apply_by(sheets, way, "pages", doc, &out);
	}
	sheets_free(sheets);
	xmlFreeDoc(page);
	return error == ERR_NONE ? 0 : 1;
}
