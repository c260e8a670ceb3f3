/* What the files of xml/ share among themselves; nobody else includes it, so libxml2 stays in here. */
#ifndef TENANTRY_XML_INTERNAL_H
#define TENANTRY_XML_INTERNAL_H

/* tree.h first: dict.h needs what it declares. */
#include <libxml/tree.h>
#include <libxml/dict.h>

#include "xml/xml.h"

struct doc {
	xmlDocPtr tree;
	xmlNodePtr open;     /* the element that is open; NULL once the root is closed */
	xmlNsPtr space;      /* declared on the root, used by every element */
	unsigned depth;      /* of the open element; 1 for the root */
	struct arena *arena; /* the nodes of a document that was built, cleaned copies, formatted values */
	bool built;          /* not parsed: its nodes are not libxml2's to free */
	const struct words *words; /* NULL: English */
};

/* VALUE as it may stand in a document, itself or a cleaned copy, and its length. */
const char *doc_value(struct doc *doc, const char *value, size_t *length);

/* The tree of a document, all elements below the root closed; aborts when one is open. */
xmlDocPtr doc_tree(struct doc *doc);

/* Element and attribute names, each once for the process: nodes point into it. */
extern xmlDictPtr xml_names;

/* Where the messages of libxml2 and libxslt go from now on: lines "FILE:LINE: text" to ERRORS, or, with
 * NULL as at the start, to the log. Each call starts the count of messages anew. */
void xml_report_to(FILE *errors);
unsigned xml_report_count(void);

/* One message of our own into the same place. */
void xml_report(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Lets libxml2 open files below these directories, and no others; NULL, as at the start: none. False when one is not there. */
bool xml_files_below(const char *dir, const char *other);

/* Parses the file of a sheet with its names in DICT: the one way by which sheets are read, for libxslt and for our compiler. What changes a
 * sheet before it is compiled belongs here. NULL, with lines written, when it cannot be read. */
xmlDocPtr sheet_read(const char *file, xmlDictPtr dict);

/* Output of libxml2 into a struct buf. Always succeeds: the buffer itself remembers that it overflowed. */
int xml_write_buf(void *buf, const char *data, int length);

#endif
