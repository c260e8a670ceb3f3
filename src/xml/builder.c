/* The document builder: what the application says, checked and cleaned, as a tree of libxml2.
 *
 * Owns the making of nodes; nothing else makes any. Names are literals of the program and go into one dictionary;
 * values are data and go through text_clean(), so that what old rows still hold cannot make a document that
 * does not parse. A value never becomes markup: text nodes alone are made from it. Misuse is a fault of the
 * program, not of the data, and ends the process.
 *
 * Nodes are libxml2's, but stand in the document's arena, values beside them, and go with it: making and freeing them singly
 * costs more than the compiled sheet. libxml2 and libxslt may read such a document and hang their own things on it (IDs, marks of the
 * validator); they must never free or move a node of it, so whatever changes a tree gets a copy (sheets.c). */
#include "xml/xml_internal.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlsave.h>

#include "base/log.h"
#include "base/text.h"

__attribute__((noreturn, format(printf, 1, 2)))
static void misuse(const char *format, ...)
{
	char text[256];
	va_list values;
	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	log_error("document builder: %s", text);
	abort();
}

static void *checked(void *pointer)
{
	if (pointer == NULL)
		misuse("out of memory");
	return pointer;
}

/* The one copy of a name. Names are literals, so mostly where one was found before stands the same one again. */
static const xmlChar *doc_name(const char *name)
{
	static struct { const char *literal; const xmlChar *name; } found[256];
	size_t place = ((uintptr_t)name ^ (uintptr_t)name >> 8) % 256;
	if (found[place].literal != name || strcmp((const char *)found[place].name, name) != 0) {
		found[place].name = checked((void *)xmlDictLookup(xml_names, BAD_CAST name, -1));
		found[place].literal = name;
	}
	return found[place].name;
}

const char *doc_value(struct doc *doc, const char *value, size_t *length)
{
	/* Printable ASCII, which most values are, needs no look at code points. */
	const char *p = value;
	while (*p >= ' ' && *p <= '~')
		p++;
	if (*p != '\0') {
		value = text_clean(doc->arena, value);
		p = value + strlen(value);
	}
	*length = (size_t)(p - value);
	return value;
}

static struct doc *doc_wrap(xmlDocPtr tree)
{
	struct doc *doc = checked(calloc(1, sizeof *doc));
	doc->tree = tree;
	doc->arena = arena_new();
	return doc;
}

static xmlNodePtr doc_element(struct doc *doc, const char *name)
{
	xmlNodePtr node = arena_alloc(doc->arena, sizeof *node);
	node->type = XML_ELEMENT_NODE;
	node->name = doc_name(name);
	node->doc = doc->tree;
	node->ns = doc->space;
	return node;
}

/* Makes NODE, which may be an attribute, the last child of PARENT, which may be a document: what all kinds of nodes begin with is
 * the same. */
static void doc_hang(xmlNodePtr parent, xmlNodePtr node)
{
	node->parent = parent;
	node->prev = parent->last;
	if (parent->last != NULL)
		parent->last->next = node;
	else
		parent->children = node;
	parent->last = node;
}

struct doc *doc_new(const char *root)
{
	struct doc *doc = doc_wrap(checked(xmlNewDoc(BAD_CAST "1.0")));
	doc->tree->dict = xml_names;
	xmlDictReference(xml_names);
	doc->built = true;
	doc->space = arena_alloc(doc->arena, sizeof *doc->space);
	doc->space->type = XML_LOCAL_NAMESPACE;
	doc->space->href = BAD_CAST XML_NAMESPACE;
	doc->open = doc_element(doc, root);
	doc->open->nsDef = doc->space;
	doc_hang((xmlNodePtr)doc->tree, doc->open);
	doc->depth = 1;
	return doc;
}

void doc_free(struct doc *doc)
{
	if (doc == NULL)
		return;
	if (doc->built)
		doc->tree->children = doc->tree->last = NULL;
	xmlFreeDoc(doc->tree);
	arena_free(doc->arena);
	free(doc);
}

void doc_open(struct doc *doc, const char *name)
{
	if (doc->open == NULL)
		misuse("<%s> after the root was closed", name);
	if (doc->depth >= XML_DEPTH_MAX)
		misuse("<%s> is more than %d deep", name, XML_DEPTH_MAX);
	xmlNodePtr node = doc_element(doc, name);
	doc_hang(doc->open, node);
	doc->open = node;
	doc->depth++;
}

void doc_close(struct doc *doc)
{
	if (doc->open == NULL)
		misuse("more elements closed than opened");
	doc->depth--;
	doc->open = doc->depth == 0 ? NULL : doc->open->parent;
}

/* Makes NODE, behind which there is room for it, the text VALUE of PARENT. */
static void text_fill(xmlNodePtr node, xmlNodePtr parent, const char *value, size_t length)
{
	node->type = XML_TEXT_NODE;
	node->name = xmlStringText;
	node->doc = parent->doc;
	node->content = memcpy(node + 1, value, length);
	doc_hang(parent, node);
}

void doc_attr(struct doc *doc, const char *name, const char *value)
{
	if (doc->open == NULL)
		misuse("attribute %s after the root was closed", name);
	if (doc->open->children != NULL && doc->open->children->type == XML_TEXT_NODE)
		misuse("attribute %s after the text of <%s>", name, doc->open->name);
	const xmlChar *key = doc_name(name);
	xmlAttrPtr last = NULL;
	for (xmlAttrPtr attr = doc->open->properties; attr != NULL; last = attr, attr = attr->next)
		if (attr->name == key)
			misuse("attribute %s twice in <%s>", name, doc->open->name);
	if (value == NULL)
		return;
	size_t length;
	value = doc_value(doc, value, &length);
	struct { xmlAttr attr; xmlNode text; } *made = arena_alloc(doc->arena, sizeof *made + length + 1);
	made->attr.type = XML_ATTRIBUTE_NODE;
	made->attr.name = key;
	made->attr.doc = doc->tree;
	made->attr.parent = doc->open;
	made->attr.prev = last;
	if (last != NULL)
		last->next = &made->attr;
	else
		doc->open->properties = &made->attr;
	text_fill(&made->text, (xmlNodePtr)&made->attr, value, length);
}

void doc_language(struct doc *doc, const struct words *words)
{
	doc->words = words;
}

const struct words *doc_words(const struct doc *doc)
{
	return doc->words;
}

void doc_say(struct doc *doc, const char *name, const char *text)
{
	doc_attr(doc, name, words_say(doc->words, text));
}

void doc_say_of(struct doc *doc, const char *name, const char *text, const char *of)
{
	doc_attr(doc, name, words_say_of(doc->words, text, of));
}

void doc_attr_int(struct doc *doc, const char *name, long long value)
{
	char text[TEXT_NUMBER_SIZE];
	doc_attr(doc, name, text_int(value, text));
}

void doc_attr_printf(struct doc *doc, const char *name, const char *format, ...)
{
	char fixed[512], *text = fixed;
	va_list values, again;
	va_start(values, format);
	va_copy(again, values);
	int length = vsnprintf(fixed, sizeof fixed, format, values);
	if (length < 0)
		misuse("attribute %s cannot be formatted", name);
	if ((size_t)length >= sizeof fixed) {
		text = arena_alloc(doc->arena, (size_t)length + 1);
		vsnprintf(text, (size_t)length + 1, format, again);
	}
	va_end(again);
	va_end(values);
	doc_attr(doc, name, text);
}

void doc_text(struct doc *doc, const char *text)
{
	if (doc->open == NULL)
		misuse("text after the root was closed");
	if (text == NULL || text[0] == '\0')
		return;
	if (doc->open->last != NULL && doc->open->last->type == XML_TEXT_NODE)
		misuse("a second text in <%s>", doc->open->name);
	size_t length;
	text = doc_value(doc, text, &length);
	xmlNodePtr node = arena_alloc(doc->arena, sizeof *node + length + 1);
	text_fill(node, doc->open, text, length);
}

xmlDocPtr doc_tree(struct doc *doc)
{
	if (doc->depth > 1)
		misuse("<%s> is still open", doc->open->name);
	return doc->tree;
}

bool doc_serialize(struct doc *doc, struct buf *out)
{
	xmlSaveCtxtPtr save = checked(xmlSaveToIO(xml_write_buf, NULL, out, "UTF-8", 0));
	long written = xmlSaveDoc(save, doc_tree(doc));
	int flushed = xmlSaveClose(save);
	return written >= 0 && flushed >= 0 && !out->overflow;
}

/* Removes white space between elements, comments and processing instructions: the builder makes none, so a document that a person
 * indented is then the document that the program would have built. */
static void doc_strip(xmlNodePtr parent)
{
	bool elements = false;
	for (xmlNodePtr node = parent->children; node != NULL; node = node->next)
		if (node->type == XML_ELEMENT_NODE)
			elements = true;
	for (xmlNodePtr node = parent->children, next; node != NULL; node = next) {
		next = node->next;
		if (node->type == XML_ELEMENT_NODE) {
			doc_strip(node);
		} else if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE || (elements && xmlIsBlankNode(node))) {
			xmlUnlinkNode(node);
			xmlFreeNode(node);
		}
	}
}

struct doc *doc_parse(const char *data, size_t length)
{
	if (length > INT_MAX)
		return NULL;
	/* Its names into the one dictionary, as those of a document that was built. */
	xmlParserCtxtPtr parser = checked(xmlNewParserCtxt());
	xmlDictFree(parser->dict);
	parser->dict = xml_names;
	xmlDictReference(xml_names);
	xmlDocPtr tree = xmlCtxtReadMemory(parser, data, (int)length, "document", NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA);
	xmlFreeParserCtxt(parser);
	if (tree == NULL)
		return NULL;
	/* No document of ours has a DTD: it could define entities. */
	if (tree->intSubset != NULL) {
		xmlFreeDoc(tree);
		return NULL;
	}
	doc_strip((xmlNodePtr)tree);
	return doc_wrap(tree);
}
