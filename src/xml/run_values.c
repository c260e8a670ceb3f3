/* Running a compiled stylesheet: values, and what XPath makes of one type where another is asked for. Texts point into the document
 * where they can. Numbers are read and written by libxml2 but for the plain whole ones. */
#include "xml/run.h"

#include <math.h>
#include <string.h>

#include <libxml/xpath.h>

#include "base/text.h"

#define PLAIN_DIGITS 15

xmlNodePtr value_node(const struct value *value, size_t i)
{
	return value->count == 1 ? value->node : value->nodes[i];
}

/* The text of all that is within NODE, at TO; how long it is. With TO NULL it is measured alone. */
static size_t gather(struct run *run, const xmlNode *node, char *to)
{
	size_t length = 0;
	for (const xmlNode *child = node->children; child != NULL && run_work(run); child = child->next) {
		if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
			size_t piece = child->content == NULL ? 0 : strlen((const char *)child->content);
			if (to != NULL && piece > 0)
				memcpy(to + length, child->content, piece);
			length += piece;
		} else if (child->type == XML_ELEMENT_NODE) {
			length += gather(run, child, to == NULL ? NULL : to + length);
		}
	}
	return length;
}

/* The text of NODE in pieces; not inline, so that node_text() is short for the one that has a single piece. */
__attribute__((noinline))
static struct text gathered_text(struct run *run, const xmlNode *node)
{
	size_t length = gather(run, node, NULL);
	char *text = run_alloc(run, length + 1);
	if (text == NULL)
		return NO_TEXT;
	gather(run, node, text);
	return (struct text){ text, length };
}

struct text node_text(struct run *run, const xmlNode *node)
{
	const xmlNode *only = node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ? node : node->children;
	if (only == NULL)
		return NO_TEXT;
	if (only == node || (only->next == NULL && only->type == XML_TEXT_NODE)) {
		const char *content = only->content == NULL ? "" : (const char *)only->content;
		return (struct text){ content, strlen(content) };
	}
	return gathered_text(run, node);
}

struct text number_text(struct run *run, double number)
{
	if (number > INT32_MIN && number < INT32_MAX && number == (double)(int32_t)number) {
		char digits[TEXT_NUMBER_SIZE];
		const char *whole = text_int((int32_t)number, digits);
		return run_copy(run, (struct text){ whole, strlen(whole) });
	}
	xmlChar *written = xmlXPathCastNumberToString(number);
	if (written == NULL) {
		run_fail(run, "out of memory");
		return NO_TEXT;
	}
	struct text text = run_copy(run, (struct text){ (const char *)written, strlen((const char *)written) });
	xmlFree(written);
	return text;
}

double text_number(struct run *run, struct text text)
{
	int64_t whole = 0;
	size_t i = 0;
	while (i < text.length && i < PLAIN_DIGITS && text.at[i] >= '0' && text.at[i] <= '9')
		whole = whole * 10 + (text.at[i++] - '0');
	if (i == text.length && i > 0)
		return (double)whole;
	if (text.length == 0)
		return NAN;
	char *copy = run_alloc(run, text.length + 1);
	if (copy == NULL)
		return NAN;
	memcpy(copy, text.at, text.length);
	return xmlXPathCastStringToNumber(BAD_CAST copy);
}

struct text value_text(struct run *run, const struct value *value)
{
	switch (value->type) {
	case VALUE_NODES:
		return value->count == 0 ? NO_TEXT : node_text(run, value_node(value, 0));
	case VALUE_STRING:
	case VALUE_TREE:
		return value->text;
	case VALUE_NUMBER:
		return number_text(run, value->number);
	case VALUE_BOOLEAN:
		return value->boolean ? (struct text){ "true", 4 } : (struct text){ "false", 5 };
	case VALUE_NONE:
		break;
	}
	run_fail(run, "a variable without a value");
	return NO_TEXT;
}

double value_number(struct run *run, const struct value *value)
{
	if (value->type == VALUE_NUMBER)
		return value->number;
	if (value->type == VALUE_BOOLEAN)
		return value->boolean ? 1 : 0;
	return text_number(run, value_text(run, value));
}

bool value_boolean(const struct value *value)
{
	switch (value->type) {
	case VALUE_NODES:
		return value->count > 0;
	case VALUE_STRING:
		return value->text.length > 0;
	case VALUE_NUMBER:
		return value->number != 0 && !isnan(value->number);
	case VALUE_BOOLEAN:
		return value->boolean;
	default:
		return true; /* a fragment has a root node, even without content */
	}
}
