/* Finding the messages of a stylesheet and putting translations in their place (words.h), before it is compiled.
 *
 * A run is a row of siblings that begins and ends with text, or with what stands for a piece of text (xsl:value-of, <bdi> and its
 * kin); in the middle anything may stand that is part of a sentence. Text that is no language stays: without a letter,
 * in attributes that people do not read, and what a parameter or variable is given in small letters, a word of the program. */
#include "xml/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xpath.h>

#include "xml/compile.h"

#define PARTS_MAX 40
#define MESSAGE_MAX ((size_t)8192)

struct walk {
	const char *file;
	words_function *function;
	void *arg;
};

/* One of a list that ends with NULL? */
static bool is_one_of(const xmlChar *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (xmlStrEqual(name, BAD_CAST *list))
			return true;
	return false;
}

static bool is_read_by_people(const xmlChar *attribute)
{
	static const char *const names[] = { "alt", "aria-description", "aria-label", "aria-roledescription", "data-label", "label", "placeholder",
		"title", NULL };
	return is_one_of(attribute, names);
}

static bool has_letter(const char *text)
{
	for (; *text != '\0'; text++)
		if (isalpha((unsigned char)*text) || (unsigned char)*text >= 0xc3)
			return true;
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Appends TEXT with each run of white space as one blank. */
static void put_collapsed(struct buf *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (!is_space(*p))
			buf_putc(out, *p);
		else if (p == text || !is_space(p[-1]))
			buf_putc(out, ' ');
	}
}

/* What of a sheet counts as text; NULL for anything else. xsl:text has one text node, or none. */
static const char *text_of(const xmlNode *node)
{
	if (node->type == XML_TEXT_NODE && !is_blank(node))
		return (const char *)node->content;
	if (is_xslt(node, "text") && node->children != NULL && node->children->type == XML_TEXT_NODE)
		return (const char *)node->children->content;
	return NULL;
}

/* May a run begin or end with it? */
static bool is_piece(const xmlNode *node)
{
	static const char *const names[] = { "b", "bdi", "code", "em", "i", "strong", "time", NULL };
	return is_xslt(node, "value-of") || (!is_xslt(node, NULL) && is_one_of(node->name, names));
}

/* May it stand in the middle of one? */
static bool is_inner(const xmlNode *node)
{
	static const char *const instructions[] = { "apply-templates", "call-template", "choose", "for-each", "if", NULL };
	static const char *const names[] = { "a", "abbr", "span", NULL };
	return is_piece(node) || is_one_of(node->name, is_xslt(node, NULL) ? instructions : names);
}

/* Nodes that do not count: they neither are in a run nor end it. */
static bool is_nothing(const xmlNode *node)
{
	return node->type == XML_COMMENT_NODE || (node->type == XML_TEXT_NODE && is_blank(node));
}

struct run_found {
	xmlNodePtr parts[PARTS_MAX]; /* texts and what stands between */
	size_t count;
	bool letters;
};

/* The run that begins at FROM; empty when none does. */
static void run_find(xmlNodePtr from, struct run_found *run)
{
	size_t whole = 0;
	*run = (struct run_found){ .count = 0 };
	for (xmlNodePtr node = from; node != NULL && run->count < PARTS_MAX; node = node->next) {
		if (is_nothing(node))
			continue;
		const char *text = text_of(node);
		if (text == NULL && (run->count == 0 ? !is_piece(node) : !is_inner(node)))
			break;
		run->parts[run->count++] = node;
		run->letters = run->letters || (text != NULL && has_letter(text));
		if (text != NULL || is_piece(node))
			whole = run->count;
	}
	run->count = whole;
}

static void run_message(const struct run_found *run, struct buf *out)
{
	unsigned place = 0;
	buf_reset(out);
	buf_puts(out, "");
	for (size_t i = 0; i < run->count; i++) {
		const char *text = text_of(run->parts[i]);
		if (text != NULL)
			put_collapsed(out, text);
		else
			buf_printf(out, "{%u}", ++place);
	}
}

/* Where the blanks at the end of TEXT begin. */
static size_t trimmed_length(const char *text)
{
	size_t length = strlen(text);
	while (length > 0 && is_space(text[length - 1]))
		length--;
	return length;
}

/* {N} at TEXT: N, and where it ends; 0 when there is none. */
static unsigned place_read(const char *text, const char **end)
{
	char *after;
	if (*text != '{' || !isdigit((unsigned char)text[1]))
		return 0;
	unsigned long place = strtoul(text + 1, &after, 10);
	*end = after + 1;
	return *after == '}' && place <= PARTS_MAX ? (unsigned)place : 0;
}

static void put_text(xmlNodePtr before, xmlNsPtr space, const char *text, size_t length)
{
	if (length == 0)
		return;
	xmlNodePtr node = xmlNewDocNode(before->doc, space, BAD_CAST "text", NULL);
	xmlAddChild(node, xmlNewDocTextLen(before->doc, BAD_CAST text, (int)length));
	node->line = before->line;
	xmlAddPrevSibling(before, node);
}

/* Puts TRANSLATION, whose places are filled with those of PLACES, before a mark. */
static void put_translation(xmlNodePtr before, xmlNsPtr space, const char *translation, xmlNodePtr *places)
{
	while (*translation != '\0') {
		size_t plain = 0;
		const char *end = NULL;
		unsigned place = 0;
		while (translation[plain] != '\0' && (place = place_read(translation + plain, &end)) == 0)
			plain++;
		put_text(before, space, translation, plain);
		if (place == 0)
			return;
		xmlNodePtr node = places[place - 1];
		if (node != NULL)
			xmlAddPrevSibling(before, node->parent == NULL ? node : xmlCopyNode(node, 1));
		translation = end;
	}
}

/* Puts a translation where the run stands. */
static void run_replace(const struct run_found *run, const char *translation)
{
	xmlNodePtr places[PARTS_MAX + 1] = { NULL }, first = run->parts[0], last = run->parts[run->count - 1];
	xmlNsPtr space = xmlSearchNsByHref(first->doc, first, BAD_CAST XSLT_SPACE);
	xmlNodePtr mark = xmlNewDocComment(first->doc, BAD_CAST "");
	const char *head = text_of(first), *tail = text_of(last);
	size_t place = 0, blanks = head == NULL ? 0 : strspn(head, " \t\r\n");
	size_t end = tail == NULL ? 0 : trimmed_length(tail);

	mark->line = first->line;
	xmlAddNextSibling(last, mark);
	put_text(mark, space, head, blanks);
	/* Everything between the first and the last of them goes: what counts is kept for its place. */
	xmlNodePtr texts[PARTS_MAX];
	size_t text_count = 0;
	for (size_t i = 0; i < run->count; i++) {
		xmlUnlinkNode(run->parts[i]);
		if (text_of(run->parts[i]) != NULL)
			texts[text_count++] = run->parts[i];
		else
			places[place++] = run->parts[i];
	}
	put_translation(mark, space, translation, places);
	if (tail != NULL && end < strlen(tail))
		put_text(mark, space, tail + end, strlen(tail) - end);
	xmlUnlinkNode(mark);
	xmlFreeNode(mark);
	for (size_t i = 0; i < text_count; i++)
		xmlFreeNode(texts[i]);
	for (size_t i = 0; i < place; i++)
		if (places[i]->parent == NULL)
			xmlFreeNode(places[i]);
}

static const char *ask(const struct walk *walk, const xmlNode *node, const char *message)
{
	return walk->function(walk->arg, walk->file, (int)xmlGetLineNo(node), message);
}

/* The runs among the children of PARENT. */
static void walk_runs(const struct walk *walk, xmlNodePtr parent)
{
	BUF_AUTO message;
	buf_init(&message, MESSAGE_MAX);
	bool given = is_xslt(parent, "with-param") || is_xslt(parent, "variable") || is_xslt(parent, "param");
	for (xmlNodePtr node = parent->children, next; node != NULL; node = next) {
		struct run_found run;
		run_find(node, &run);
		next = run.count == 0 ? node->next : run.parts[run.count - 1]->next;
		if (!run.letters || run.count == 0)
			continue;
		run_message(&run, &message);
		char *text = message.data;
		text[trimmed_length(text)] = '\0';
		text += strspn(text, " ");
		if (given && (islower((unsigned char)*text) || *text == '\0'))
			continue;
		const char *translation = ask(walk, run.parts[0], text);
		if (translation != NULL)
			run_replace(&run, translation);
	}
}

/* The expressions of an attribute, which a message has as {1}, {2}. */
struct holes {
	const char *at[PARTS_MAX];
	size_t length[PARTS_MAX];
	unsigned count;
};

static bool attribute_message(const char *text, struct buf *out, struct holes *holes)
{
	bool letters = false;
	holes->count = 0;
	buf_reset(out);
	while (*text != '\0') {
		size_t plain = strcspn(text, "{");
		char *piece = strndup(text, plain);
		letters = letters || has_letter(piece);
		put_collapsed(out, piece);
		free(piece);
		text += plain;
		if (*text == '\0')
			break;
		const char *end = strchr(text, '}');
		if (end == NULL || holes->count == PARTS_MAX)
			return false;
		holes->at[holes->count] = text;
		holes->length[holes->count++] = (size_t)(end + 1 - text);
		buf_printf(out, "{%u}", holes->count);
		text = end + 1;
	}
	return letters;
}

static void walk_attribute(const struct walk *walk, xmlNodePtr node, const xmlChar *name)
{
	xmlChar *value = xmlGetNoNsProp(node, name);
	struct holes holes;
	BUF_AUTO message, put;
	buf_init(&message, MESSAGE_MAX);
	buf_init(&put, MESSAGE_MAX);
	const char *translation = attribute_message((const char *)value, &message, &holes) ? ask(walk, node, message.data) : NULL;
	while (translation != NULL && *translation != '\0') {
		const char *end;
		unsigned place = place_read(translation, &end);
		if (place == 0)
			buf_putc(&put, *translation++);
		else if (place <= holes.count)
			buf_append(&put, holes.at[place - 1], holes.length[place - 1]);
		if (place != 0)
			translation = end;
	}
	if (translation != NULL && put.length > 0)
		xmlSetProp(node, name, BAD_CAST put.data);
	xmlFree(value);
}

static void walk_element(const struct walk *walk, xmlNodePtr node)
{
	if (is_xslt(node, "text"))
		return;
	if (is_xslt(node, "attribute")) {
		xmlChar *name = xmlGetNoNsProp(node, BAD_CAST "name");
		bool read = name != NULL && is_read_by_people(name);
		xmlFree(name);
		if (!read)
			return;
	}
	if (!is_xslt(node, NULL))
		for (const xmlAttr *attr = node->properties, *next; attr != NULL; attr = next) {
			next = attr->next;
			if (is_read_by_people(attr->name))
				walk_attribute(walk, node, attr->name);
		}
	for (xmlNodePtr child = node->children; child != NULL; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			walk_element(walk, child);
	walk_runs(walk, node);
}

void words_sheet(xmlDocPtr sheet, const char *file, words_function *function, void *arg)
{
	struct walk walk = { .file = file, .function = function, .arg = arg };
	xmlNodePtr root = xmlDocGetRootElement(sheet);
	if (root != NULL)
		walk_element(&walk, root);
}
