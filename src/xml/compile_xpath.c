/* XPath 1.0 to expressions: a parser by recursive descent of all but paths (compile_path.c), and what it can tell of an expression before it
 * runs.
 *
 * libxslt has taken the sheet before, so what is wrong here is unknown, not a fault: unknown() says so, and the sheet goes through
 * libxslt. Not known: the axes namespace, following and preceding, comments and processing instructions, id(), key(), document()
 * and other functions of XSLT but current() and format-number(). */
#include "xml/compile_xpath.h"

#include <stdlib.h>
#include <string.h>

#define EXPR_NESTING_MAX 64

void unknown_expr(struct parser *p, const char *what)
{
	unknown(p->c, p->node, "%s in \"%s\"", what, p->text);
	p->at = "";
}

void skip_blanks(struct parser *p)
{
	p->at += strspn(p->at, " \t\r\n");
}

bool take(struct parser *p, const char *token)
{
	skip_blanks(p);
	size_t length = strlen(token);
	if (strncmp(p->at, token, length) != 0)
		return false;
	p->at += length;
	return true;
}

bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

size_t name_length(const char *at)
{
	size_t length = 0;
	if (!is_name_start(at[0]))
		return 0;
	while (is_name_start(at[length]) || (at[length] >= '0' && at[length] <= '9') || at[length] == '-' || at[length] == '.')
		length++;
	return length;
}

/* Takes an operator that is a word. Only where an operator may stand is such a word one. */
static bool take_word(struct parser *p, const char *word)
{
	skip_blanks(p);
	size_t length = strlen(word);
	if (name_length(p->at) != length || strncmp(p->at, word, length) != 0)
		return false;
	p->at += length;
	return true;
}

const xmlChar *take_name(struct parser *p)
{
	skip_blanks(p);
	size_t length = name_length(p->at);
	if (length == 0)
		unknown_expr(p, "a name that is none");
	const xmlChar *name = compile_name(p->at, length);
	p->at += length;
	return name;
}

struct expr *new_expr(struct parser *p, enum expr_kind kind, enum expr_type type)
{
	struct expr *expr = arena_alloc(p->c->arena, sizeof *expr);
	expr->kind = kind;
	expr->type = type;
	return expr;
}

/* What stands for an expression that is unknown. */
static struct expr *unknown_as_expr(struct parser *p, const char *what)
{
	unknown_expr(p, what);
	return new_expr(p, EXPR_STRING, TYPE_STRING);
}

static struct expr *new_operator(struct parser *p, enum expr_kind kind, enum expr_type type, struct expr *left, struct expr *right)
{
	struct expr *expr = new_expr(p, kind, type);
	expr->left = left;
	expr->right = right;
	expr->positional = left->positional || (right != NULL && right->positional);
	expr->sized = left->sized || (right != NULL && right->sized);
	return expr;
}

/* ---- calls ---- */

static const struct {
	const char *name;
	enum function function;
	unsigned minimum, maximum;
	enum expr_type type;
	bool nodes; /* its arguments must be node sets */
} functions[] = {
	{ "last", FUNCTION_LAST, 0, 0, TYPE_NUMBER, false },
	{ "position", FUNCTION_POSITION, 0, 0, TYPE_NUMBER, false },
	{ "count", FUNCTION_COUNT, 1, 1, TYPE_NUMBER, true },
	{ "local-name", FUNCTION_LOCAL_NAME, 0, 1, TYPE_STRING, true },
	{ "name", FUNCTION_NAME, 0, 1, TYPE_STRING, true },
	{ "string", FUNCTION_STRING, 0, 1, TYPE_STRING, false },
	{ "concat", FUNCTION_CONCAT, 2, 64, TYPE_STRING, false },
	{ "starts-with", FUNCTION_STARTS_WITH, 2, 2, TYPE_BOOLEAN, false },
	{ "contains", FUNCTION_CONTAINS, 2, 2, TYPE_BOOLEAN, false },
	{ "substring-before", FUNCTION_SUBSTRING_BEFORE, 2, 2, TYPE_STRING, false },
	{ "substring-after", FUNCTION_SUBSTRING_AFTER, 2, 2, TYPE_STRING, false },
	{ "substring", FUNCTION_SUBSTRING, 2, 3, TYPE_STRING, false },
	{ "string-length", FUNCTION_STRING_LENGTH, 0, 1, TYPE_NUMBER, false },
	{ "normalize-space", FUNCTION_NORMALIZE_SPACE, 0, 1, TYPE_STRING, false },
	{ "translate", FUNCTION_TRANSLATE, 3, 3, TYPE_STRING, false },
	{ "boolean", FUNCTION_BOOLEAN, 1, 1, TYPE_BOOLEAN, false },
	{ "not", FUNCTION_NOT, 1, 1, TYPE_BOOLEAN, false },
	{ "true", FUNCTION_TRUE, 0, 0, TYPE_BOOLEAN, false },
	{ "false", FUNCTION_FALSE, 0, 0, TYPE_BOOLEAN, false },
	{ "number", FUNCTION_NUMBER, 0, 1, TYPE_NUMBER, false },
	{ "sum", FUNCTION_SUM, 1, 1, TYPE_NUMBER, true },
	{ "floor", FUNCTION_FLOOR, 1, 1, TYPE_NUMBER, false },
	{ "ceiling", FUNCTION_CEILING, 1, 1, TYPE_NUMBER, false },
	{ "round", FUNCTION_ROUND, 1, 1, TYPE_NUMBER, false },
	{ "current", FUNCTION_CURRENT, 0, 0, TYPE_NODES, false },
	{ "format-number", FUNCTION_FORMAT_NUMBER, 2, 2, TYPE_STRING, false },
};

/* Of format-number()'s patterns those are known that have # , 0 alone, in this order, such as #,##0. */
static void check_number_format(struct parser *p, const struct expr *pattern)
{
	if (pattern->kind != EXPR_STRING)
		unknown_expr(p, "a pattern of format-number() that is no literal");
	struct text text = pattern->text;
	size_t i = 0, zeros = 0;
	while (i < text.length && (text.at[i] == '#' || text.at[i] == ','))
		i++;
	for (; i < text.length && (text.at[i] == '0' || text.at[i] == ','); i++)
		zeros += text.at[i] == '0';
	if (i != text.length || zeros == 0 || text.length > 32 || text.at[0] == ',' || text.at[text.length - 1] == ',')
		unknown_expr(p, "a pattern of format-number() other than such as #,##0");
}

static struct expr *parse_call(struct parser *p, const char *name, size_t length)
{
	size_t i = 0, count = sizeof functions / sizeof *functions;
	while (i < count && (strlen(functions[i].name) != length || memcmp(functions[i].name, name, length) != 0))
		i++;
	if (i == count) {
		unknown(p->c, p->node, "the function %.*s() in \"%s\"", (int)length, name, p->text);
		return unknown_as_expr(p, "a function");
	}
	struct expr *expr = new_expr(p, EXPR_CALL, functions[i].type), **end = &expr->arguments;
	expr->function = functions[i].function;
	unsigned given = 0;
	while (!p->c->failed && !take(p, ")")) {
		if (given++ > 0 && !take(p, ","))
			unknown_expr(p, "arguments");
		struct expr *argument = parse_or(p);
		if (functions[i].nodes && argument->type != TYPE_NODES && argument->type != TYPE_ANY)
			unknown_expr(p, "an argument that is no node set");
		expr->positional |= argument->positional;
		expr->sized |= argument->sized;
		*end = argument;
		end = &argument->next;
	}
	if (given < functions[i].minimum || given > functions[i].maximum)
		unknown_expr(p, "a number of arguments");
	if (expr->function == FUNCTION_CURRENT && p->c->in_pattern)
		unknown_expr(p, "current()");
	if (expr->function == FUNCTION_LAST || expr->function == FUNCTION_POSITION)
		expr->positional = true;
	if (expr->function == FUNCTION_LAST)
		expr->sized = true;
	if (expr->function == FUNCTION_FORMAT_NUMBER && !p->c->failed)
		check_number_format(p, expr->arguments->next);
	return expr;
}

/* ---- primaries ---- */

static struct expr *parse_variable(struct parser *p)
{
	const xmlChar *name = take_name(p);
	for (const struct binding *binding = p->c->scope; binding != NULL; binding = binding->next)
		if (binding->name == name) {
			struct expr *expr = new_expr(p, EXPR_LOCAL, TYPE_ANY);
			expr->slot = binding->slot;
			return expr;
		}
	int slot = *p->at == ':' ? -1 : compile_global_slot(p->c, name);
	if (slot < 0)
		return unknown_as_expr(p, "a variable");
	struct expr *expr = new_expr(p, EXPR_GLOBAL, TYPE_ANY);
	expr->slot = (unsigned)slot;
	return expr;
}

static struct expr *parse_literal(struct parser *p, char quote)
{
	const char *end = strchr(p->at, quote);
	if (end == NULL)
		return unknown_as_expr(p, "a text without end");
	struct expr *expr = new_expr(p, EXPR_STRING, TYPE_STRING);
	expr->text.length = (size_t)(end - p->at);
	expr->text.at = arena_strndup(p->c->arena, p->at, expr->text.length);
	p->at = end + 1;
	return expr;
}

/* A literal of up to 15 digits, for which strtod() is what libxml2 reads. */
static struct expr *parse_number(struct parser *p)
{
	size_t length = strspn(p->at, "0123456789");
	if (length == 0 || length > 15 || p->at[length] == '.' || p->at[length] == 'e' || p->at[length] == 'E')
		return unknown_as_expr(p, "a number that is no whole one");
	struct expr *expr = new_expr(p, EXPR_NUMBER, TYPE_NUMBER);
	expr->number = strtod(p->at, NULL);
	p->at += length;
	return expr;
}

struct expr *parse_primary(struct parser *p)
{
	skip_blanks(p);
	const char *start = p->at;
	if (take(p, "$"))
		return parse_variable(p);
	if (take(p, "(")) {
		struct expr *expr = parse_or(p);
		if (!take(p, ")"))
			unknown_expr(p, "a parenthesis without end");
		return expr;
	}
	if (take(p, "'"))
		return parse_literal(p, '\'');
	if (take(p, "\""))
		return parse_literal(p, '"');
	if ((*start >= '0' && *start <= '9') || (*start == '.' && start[1] >= '0' && start[1] <= '9'))
		return parse_number(p);
	size_t length = name_length(start);
	const char *after = start + length + strspn(start + length, " \t\r\n");
	bool kind = (length == 4 && (memcmp(start, "node", 4) == 0 || memcmp(start, "text", 4) == 0)) ||
		(length == 7 && memcmp(start, "comment", 7) == 0) || (length == 22 && memcmp(start, "processing-instruction", 22) == 0);
	if (length == 0 || *after != '(' || kind)
		return NULL;
	p->at = after + 1;
	return parse_call(p, start, length);
}

static struct expr *parse_union(struct parser *p)
{
	struct expr *left = parse_path(p);
	while (take(p, "|")) {
		struct expr *right = parse_path(p);
		if ((left->type != TYPE_NODES && left->type != TYPE_ANY) || (right->type != TYPE_NODES && right->type != TYPE_ANY))
			unknown_expr(p, "a union of no node sets");
		left = new_operator(p, EXPR_UNION, TYPE_NODES, left, right);
	}
	return left;
}

/* ---- operators ---- */

static struct expr *parse_unary(struct parser *p)
{
	if (++p->nesting > EXPR_NESTING_MAX)
		unknown_expr(p, "nesting");
	struct expr *expr = take(p, "-") ? new_operator(p, EXPR_NEGATE, TYPE_NUMBER, parse_unary(p), NULL) : parse_union(p);
	p->nesting--;
	return expr;
}

static struct expr *parse_multiplicative(struct parser *p)
{
	struct expr *left = parse_unary(p);
	for (;;) {
		enum expr_kind kind;
		if (take(p, "*"))
			kind = EXPR_MULTIPLY;
		else if (take_word(p, "div"))
			kind = EXPR_DIVIDE;
		else if (take_word(p, "mod"))
			kind = EXPR_MODULO;
		else
			return left;
		left = new_operator(p, kind, TYPE_NUMBER, left, parse_unary(p));
	}
}

static struct expr *parse_additive(struct parser *p)
{
	struct expr *left = parse_multiplicative(p);
	for (;;) {
		if (take(p, "+"))
			left = new_operator(p, EXPR_ADD, TYPE_NUMBER, left, parse_multiplicative(p));
		else if (take(p, "-"))
			left = new_operator(p, EXPR_SUBTRACT, TYPE_NUMBER, left, parse_multiplicative(p));
		else
			return left;
	}
}

static struct expr *parse_relational(struct parser *p)
{
	struct expr *left = parse_additive(p);
	for (;;) {
		enum expr_kind kind;
		if (take(p, "<="))
			kind = EXPR_LESS_EQUAL;
		else if (take(p, ">="))
			kind = EXPR_GREATER_EQUAL;
		else if (take(p, "<"))
			kind = EXPR_LESS;
		else if (take(p, ">"))
			kind = EXPR_GREATER;
		else
			return left;
		left = new_operator(p, kind, TYPE_BOOLEAN, left, parse_additive(p));
	}
}

static struct expr *parse_equality(struct parser *p)
{
	struct expr *left = parse_relational(p);
	for (;;) {
		if (take(p, "!="))
			left = new_operator(p, EXPR_UNEQUAL, TYPE_BOOLEAN, left, parse_relational(p));
		else if (take(p, "="))
			left = new_operator(p, EXPR_EQUAL, TYPE_BOOLEAN, left, parse_relational(p));
		else
			return left;
	}
}

static struct expr *parse_and(struct parser *p)
{
	struct expr *left = parse_equality(p);
	while (take_word(p, "and"))
		left = new_operator(p, EXPR_AND, TYPE_BOOLEAN, left, parse_equality(p));
	return left;
}

struct expr *parse_or(struct parser *p)
{
	if (++p->nesting > EXPR_NESTING_MAX)
		unknown_expr(p, "nesting");
	struct expr *left = parse_and(p);
	while (take_word(p, "or"))
		left = new_operator(p, EXPR_OR, TYPE_BOOLEAN, left, parse_and(p));
	p->nesting--;
	return left;
}

struct expr *compile_expr(struct compiler *c, const xmlNode *node, const char *text)
{
	struct parser parser = { .c = c, .node = node, .text = text, .at = text };
	struct expr *expr = parse_or(&parser);
	skip_blanks(&parser);
	if (*parser.at != '\0')
		unknown_expr(&parser, "something");
	return expr;
}
