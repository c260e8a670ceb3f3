/* Running a compiled stylesheet: the functions of XPath, as libxml2 and libxslt compute them. */
#include "xml/run.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static struct value of_text(struct text text)
{
	return (struct value){ .type = VALUE_STRING, .text = text };
}

static struct value of_number(double number)
{
	return (struct value){ .type = VALUE_NUMBER, .number = number };
}

static struct value of_boolean(bool boolean)
{
	return (struct value){ .type = VALUE_BOOLEAN, .boolean = boolean };
}

/* ---- texts: UTF-8, which the builder and the parser have checked ---- */

static size_t character_length(struct text text, size_t at)
{
	size_t length = 1;
	while (at + length < text.length && ((unsigned char)text.at[at + length] & 0xC0) == 0x80)
		length++;
	return length;
}

static size_t count_characters(struct text text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.length; i++)
		count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
	return count;
}

/* What is left behind the first COUNT characters. */
static struct text skip_characters(struct text text, size_t count)
{
	size_t at = 0;
	while (at < text.length && count > 0) {
		at += character_length(text, at);
		count--;
	}
	return (struct text){ text.at + at, text.length - at };
}

/* Rounds as libxml2 does for positions. */
static double round_half_up(double number)
{
	double whole = floor(number);
	return number - whole >= 0.5 ? whole + 1 : whole;
}

/* substring(): positions begin at 1. A NaN gives nothing. */
static struct text substring(struct text text, double from, bool has_length, double length)
{
	int first = 1, last = INT_MAX;
	if (!(from < INT_MAX))
		first = INT_MAX;
	else if (from >= 1)
		first = (int)round_half_up(from);
	if (has_length) {
		double end = round_half_up(from) + round_half_up(length);
		if (!(end >= 1))
			last = 1;
		else if (end < INT_MAX)
			last = (int)end;
	}
	if (first >= last)
		return NO_TEXT;
	struct text rest = skip_characters(text, (size_t)first - 1);
	struct text after = skip_characters(rest, (size_t)(last - first));
	return (struct text){ rest.at, rest.length - after.length };
}

static const char *find(struct text text, struct text part)
{
	return part.length == 0 ? text.at : memmem(text.at, text.length, part.at, part.length);
}

static struct text normalize_space(struct run *run, struct text text)
{
	char *to = run_alloc(run, text.length + 1);
	if (to == NULL)
		return NO_TEXT;
	size_t length = 0;
	bool blank = false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			blank = length > 0;
			continue;
		}
		if (blank)
			to[length++] = ' ';
		blank = false;
		to[length++] = c;
	}
	return (struct text){ to, length };
}

static struct text translate(struct run *run, struct text text, struct text from, struct text to)
{
	/* a character of up to four bytes may come for one of a single byte */
	char *result = run_alloc(run, text.length * 4 + 1);
	if (result == NULL)
		return NO_TEXT;
	size_t length = 0, size;
	for (size_t at = 0; at < text.length && run_work(run); at += size) {
		size = character_length(text, at);
		size_t place = 0, i = 0;
		while (i < from.length && !(character_length(from, i) == size && memcmp(from.at + i, text.at + at, size) == 0)) {
			i += character_length(from, i);
			place++;
		}
		struct text other = i < from.length ? skip_characters(to, place) : (struct text){ text.at + at, size };
		if (other.length == 0)
			continue;
		size_t piece = character_length(other, 0);
		memcpy(result + length, other.at, piece);
		length += piece;
	}
	return (struct text){ result, length };
}

static struct text concat(struct run *run, const struct expr *call, const struct context *context)
{
	struct text pieces[64], *end = pieces;
	size_t length = 0;
	for (const struct expr *argument = call->arguments; argument != NULL; argument = argument->next) {
		*end = eval_text(run, argument, context);
		length += end++->length;
	}
	char *text = run_alloc(run, length + 1), *to = text;
	if (text == NULL)
		return NO_TEXT;
	for (const struct text *piece = pieces; piece < end; piece++) {
		memcpy(to, piece->at, piece->length);
		to += piece->length;
	}
	return (struct text){ text, length };
}

/* ---- numbers ---- */

static double round_number(double number)
{
	return number >= -0.5 && number < 0.5 ? number * 0.0 : round_half_up(number);
}

/* How a pattern that compile_xpath.c let pass groups: digits to a group, 0 for none, and how many there must be. */
static void read_pattern(struct text pattern, unsigned *group, unsigned *width)
{
	const char *comma = memrchr(pattern.at, ',', pattern.length);
	*group = comma == NULL ? 0 : (unsigned)(pattern.at + pattern.length - comma - 1);
	*width = 0;
	for (size_t i = 0; i < pattern.length; i++)
		*width += pattern.at[i] == '0';
}

/* format-number(): libxslt divides a double, which shows in its digits from 10^15 on. */
static struct text format_number(struct run *run, double number, struct text pattern)
{
	char digits[640], *p = digits + sizeof digits;
	unsigned group, width;
	if (isnan(number))
		return (struct text){ "NaN", 3 };
	if (isinf(number))
		return number > 0 ? (struct text){ "Infinity", 8 } : (struct text){ "-Infinity", 9 };
	read_pattern(pattern, &group, &width);
	double rest = floor(fabs(number) + 0.5);
	/* 32 digits of the pattern at most, 309 of the largest number; a comma between any two, and a sign */
	for (unsigned i = 0; i < width || !(rest < 1.0); i++) {
		if (i > 0 && group > 0 && i % group == 0)
			*--p = ',';
		*--p = (char)('0' + (int)fmod(rest, 10.0));
		rest /= 10.0;
	}
	if (number < 0)
		*--p = '-';
	return run_copy(run, (struct text){ p, (size_t)(digits + sizeof digits - p) });
}

/* ---- node sets ---- */

static double sum(struct run *run, size_t from)
{
	double total = 0;
	for (size_t i = from; i < run->node_count; i++)
		total += text_number(run, node_text(run, run->nodes[i]));
	return total;
}

/* count(), sum(), name(): a fragment counts as one node, and a value of another type is an error. */
static struct value of_nodes(struct run *run, const struct expr *call, const struct context *context)
{
	const struct expr *argument = call->arguments;
	size_t from = run->node_count;
	if (argument == NULL) {
		run_push_node(run, context->node);
	} else if (argument->type == TYPE_ANY) {
		struct value value = eval(run, argument, context);
		if (value.type == VALUE_TREE && call->function == FUNCTION_COUNT)
			return of_number(1);
		if (value.type == VALUE_TREE && call->function == FUNCTION_SUM)
			return of_number(text_number(run, value.text));
		if (value.type == VALUE_TREE)
			return of_text(NO_TEXT);
	}
	if (argument != NULL)
		eval_nodes(run, argument, context);
	struct value result;
	if (call->function == FUNCTION_COUNT) {
		result = of_number((double)(run->node_count - from));
	} else if (call->function == FUNCTION_SUM) {
		result = of_number(sum(run, from));
	} else {
		const xmlNode *node = run->node_count == from ? NULL : run->nodes[from];
		bool named = node != NULL && (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE);
		const char *name = named ? (const char *)node->name : "";
		const xmlChar *prefix = named && node->ns != NULL && call->function == FUNCTION_NAME ? node->ns->prefix : NULL;
		struct text text = { name, strlen(name) };
		if (prefix != NULL) {
			size_t length = strlen((const char *)prefix);
			char *both = run_alloc(run, length + 1 + text.length);
			if (both == NULL)
				return of_text(NO_TEXT);
			memcpy(both, prefix, length);
			both[length] = ':';
			memcpy(both + length + 1, name, text.length);
			text = (struct text){ both, length + 1 + text.length };
		}
		result = of_text(text);
	}
	run->node_count = from;
	return result;
}

/* ---- all ---- */

static struct value call_on_text(struct run *run, const struct expr *call, const struct context *context)
{
	const struct expr *first = call->arguments, *second = first == NULL ? NULL : first->next;
	struct text text = first == NULL ? node_text(run, context->node) : eval_text(run, first, context);
	struct text other = second == NULL || call->function == FUNCTION_SUBSTRING ? NO_TEXT : eval_text(run, second, context);
	const char *found;
	switch (call->function) {
	case FUNCTION_STARTS_WITH:
		return of_boolean(other.length <= text.length && memcmp(text.at, other.at, other.length) == 0);
	case FUNCTION_CONTAINS:
		return of_boolean(find(text, other) != NULL);
	case FUNCTION_SUBSTRING_BEFORE:
		found = find(text, other);
		return of_text((struct text){ text.at, found == NULL ? 0 : (size_t)(found - text.at) });
	case FUNCTION_SUBSTRING_AFTER:
		found = find(text, other);
		if (found == NULL)
			return of_text(NO_TEXT);
		return of_text((struct text){ found + other.length, (size_t)(text.at + text.length - found) - other.length });
	case FUNCTION_SUBSTRING: {
		double from = eval_number(run, second, context);
		bool has_length = second->next != NULL;
		return of_text(substring(text, from, has_length, has_length ? eval_number(run, second->next, context) : 0));
	}
	case FUNCTION_STRING_LENGTH:
		return of_number((double)count_characters(text));
	case FUNCTION_NORMALIZE_SPACE:
		return of_text(normalize_space(run, text));
	case FUNCTION_TRANSLATE:
		return of_text(translate(run, text, other, eval_text(run, second->next, context)));
	case FUNCTION_NUMBER:
		return of_number(text_number(run, text));
	default:
		return of_text(text);
	}
}

struct value call_function(struct run *run, const struct expr *call, const struct context *context)
{
	const struct expr *first = call->arguments;
	switch (call->function) {
	case FUNCTION_LAST:
		return of_number((double)context->size);
	case FUNCTION_POSITION:
		return of_number((double)context->position);
	case FUNCTION_COUNT:
	case FUNCTION_SUM:
	case FUNCTION_NAME:
	case FUNCTION_LOCAL_NAME:
		return of_nodes(run, call, context);
	case FUNCTION_CONCAT:
		return of_text(concat(run, call, context));
	case FUNCTION_BOOLEAN:
		return of_boolean(eval_boolean(run, first, context));
	case FUNCTION_NOT:
		return of_boolean(!eval_boolean(run, first, context));
	case FUNCTION_TRUE:
		return of_boolean(true);
	case FUNCTION_FALSE:
		return of_boolean(false);
	case FUNCTION_NUMBER:
		if (first != NULL)
			return of_number(eval_number(run, first, context));
		break;
	case FUNCTION_FLOOR:
		return of_number(floor(eval_number(run, first, context)));
	case FUNCTION_CEILING:
		return of_number(ceil(eval_number(run, first, context)));
	case FUNCTION_ROUND:
		return of_number(round_number(eval_number(run, first, context)));
	case FUNCTION_CURRENT:
		return (struct value){ .type = VALUE_NODES, .count = 1, .node = run->current };
	case FUNCTION_FORMAT_NUMBER:
		return of_text(format_number(run, eval_number(run, first, context), first->next->text));
	default:
		break;
	}
	return call_on_text(run, call, context);
}
