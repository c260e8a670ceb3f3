/* XPath 1.0 to expressions: a parser by recursive descent, and what it can tell of an expression before it runs.
 *
 * libxslt has taken the sheet before, so what is wrong here is unknown, not a fault: unknown() says so, and the sheet goes through
 * libxslt. Not known: the axes namespace, following and preceding, comments and processing instructions, id(), key(), document()
 * and other functions of XSLT but current() and format-number(). */
#include "xml/compile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXPR_NESTING_MAX 64
#define STEPS_MAX 32

struct parser {
	struct compiler *c;
	const xmlNode *node;
	const char *text, *at;
	unsigned nesting;
};

static struct expr *parse_or(struct parser *p);

/* Gives up. Nothing comes any more, so all that parses ends. */
static void unknown_expr(struct parser *p, const char *what)
{
	unknown(p->c, p->node, "%s in \"%s\"", what, p->text);
	p->at = "";
}

static void skip_blanks(struct parser *p)
{
	p->at += strspn(p->at, " \t\r\n");
}

/* Takes TOKEN, if it comes next. */
static bool take(struct parser *p, const char *token)
{
	skip_blanks(p);
	size_t length = strlen(token);
	if (strncmp(p->at, token, length) != 0)
		return false;
	p->at += length;
	return true;
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* How long the name is that comes next. Names of our documents are ASCII. */
static size_t name_length(const char *at)
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

static const xmlChar *take_name(struct parser *p)
{
	skip_blanks(p);
	size_t length = name_length(p->at);
	if (length == 0)
		unknown_expr(p, "a name that is none");
	const xmlChar *name = compile_name(p->at, length);
	p->at += length;
	return name;
}

static struct expr *new_expr(struct parser *p, enum expr_kind kind, enum expr_type type)
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

/* ---- steps ---- */

static struct expr *parse_predicates(struct parser *p, bool *sized)
{
	struct expr *first = NULL, **end = &first;
	unsigned count = 0;
	while (take(p, "[")) {
		if (++count > PREDICATES_MAX)
			unknown_expr(p, "more than four predicates");
		struct expr *predicate = parse_or(p);
		if (!take(p, "]"))
			unknown_expr(p, "a predicate without end");
		*sized |= predicate->sized;
		*end = predicate;
		end = &predicate->next;
	}
	return first;
}

static enum axis parse_axis(struct parser *p)
{
	static const struct {
		const char *name;
		enum axis axis;
	} axes[] = {
		{ "child", AXIS_CHILD }, { "attribute", AXIS_ATTRIBUTE }, { "self", AXIS_SELF }, { "parent", AXIS_PARENT },
		{ "descendant", AXIS_DESCENDANT }, { "descendant-or-self", AXIS_DESCENDANT_OR_SELF },
		{ "ancestor", AXIS_ANCESTOR }, { "ancestor-or-self", AXIS_ANCESTOR_OR_SELF },
		{ "following-sibling", AXIS_FOLLOWING_SIBLING }, { "preceding-sibling", AXIS_PRECEDING_SIBLING },
	};
	if (take(p, "@"))
		return AXIS_ATTRIBUTE;
	size_t length = name_length(p->at);
	const char *after = p->at + length + strspn(p->at + length, " \t\r\n");
	if (length == 0 || strncmp(after, "::", 2) != 0)
		return AXIS_CHILD;
	for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
		if (strlen(axes[i].name) == length && strncmp(axes[i].name, p->at, length) == 0) {
			p->at = after + 2;
			return axes[i].axis;
		}
	unknown_expr(p, "an axis");
	return AXIS_CHILD;
}

static void parse_test(struct parser *p, struct step *step)
{
	if (take(p, "*")) {
		step->test = TEST_ANY;
		return;
	}
	const char *start = p->at;
	const xmlChar *name = take_name(p);
	if (*p->at != ':' && take(p, "(")) {
		bool node = xmlStrEqual(name, BAD_CAST "node");
		if (!take(p, ")") || (!node && !xmlStrEqual(name, BAD_CAST "text")))
			unknown_expr(p, "a kind of nodes");
		step->test = node ? TEST_NODE : TEST_TEXT;
		return;
	}
	step->test = TEST_NAME;
	step->name = name;
	if (*p->at != ':')
		return;
	char *prefix = arena_strndup(p->c->arena, start, (size_t)(p->at - start));
	const xmlNs *space = xmlSearchNs(p->node->doc, (xmlNodePtr)p->node, BAD_CAST prefix);
	if (space == NULL) {
		unknown_expr(p, "a prefix without a namespace");
		return;
	}
	step->space = compile_name((const char *)space->href, strlen((const char *)space->href));
	p->at++;
	if (*p->at == '*') {
		p->at++;
		step->test = TEST_SPACE;
		step->name = NULL;
	} else {
		step->name = take_name(p);
	}
}

static struct step *new_step(struct parser *p, enum axis axis, enum node_test test)
{
	struct step *step = arena_alloc(p->c->arena, sizeof *step);
	step->axis = axis;
	step->test = test;
	return step;
}

static struct step *parse_step(struct parser *p)
{
	if (take(p, ".."))
		return new_step(p, AXIS_PARENT, TEST_NODE);
	if (take(p, "."))
		return new_step(p, AXIS_SELF, TEST_NODE);
	struct step *step = new_step(p, parse_axis(p), TEST_NODE);
	parse_test(p, step);
	step->predicates = parse_predicates(p, &step->sized);
	step->attribute = step->axis == AXIS_ATTRIBUTE && step->test == TEST_NAME && step->predicates == NULL;
	return step;
}

static bool step_comes(struct parser *p)
{
	skip_blanks(p);
	return *p->at == '.' || *p->at == '@' || *p->at == '*' || is_name_start(*p->at);
}

/* STEP ('/' STEP | '//' STEP)*, appended at END. */
static void parse_steps(struct parser *p, struct step **end)
{
	for (unsigned count = 0;; count++) {
		if (count == STEPS_MAX) {
			unknown_expr(p, "a path of more than 32 steps");
			return;
		}
		*end = parse_step(p);
		end = &(*end)->next;
		if (take(p, "//")) {
			*end = new_step(p, AXIS_DESCENDANT_OR_SELF, TEST_NODE);
			end = &(*end)->next;
		} else if (!take(p, "/")) {
			return;
		}
	}
}

/* How the nodes come that a walk meets. FLAT: in document order, none within another. NESTED: in document order.
 * MIXED: in no order, or twice. */
enum shape { SHAPE_ONE, SHAPE_FLAT, SHAPE_NESTED, SHAPE_MIXED };

static enum shape shape_after(enum shape shape, const struct step *step)
{
	switch (step->axis) {
	case AXIS_SELF:
		return shape;
	case AXIS_ATTRIBUTE:
		return shape <= SHAPE_NESTED ? SHAPE_FLAT : SHAPE_MIXED;
	case AXIS_CHILD:
		return shape <= SHAPE_FLAT ? SHAPE_FLAT : SHAPE_MIXED;
	case AXIS_PARENT:
		return shape == SHAPE_ONE ? SHAPE_ONE : SHAPE_MIXED;
	case AXIS_FOLLOWING_SIBLING:
		return shape == SHAPE_ONE ? SHAPE_FLAT : SHAPE_MIXED;
	case AXIS_DESCENDANT:
	case AXIS_DESCENDANT_OR_SELF:
		return shape <= SHAPE_FLAT ? SHAPE_NESTED : SHAPE_MIXED;
	default:
		return SHAPE_MIXED;
	}
}

static bool is_ordered(const struct expr *path, enum shape shape)
{
	for (const struct step *step = path->steps; step != NULL; step = step->next)
		shape = shape_after(shape, step);
	return shape != SHAPE_MIXED;
}

static struct expr *finish_path(struct expr *path)
{
	const struct step *first = path->start == START_CONTEXT ? path->steps : NULL;
	path->attribute = first != NULL && first->attribute && first->next == NULL ? first : NULL;
	path->ordered_from_one = is_ordered(path, SHAPE_ONE);
	path->ordered = path->start == START_EXPR ? is_ordered(path, SHAPE_NESTED) : path->ordered_from_one;
	return path;
}

static struct expr *parse_location(struct parser *p)
{
	struct expr *path = new_expr(p, EXPR_PATH, TYPE_NODES);
	if (take(p, "//")) {
		path->start = START_ROOT;
		path->steps = new_step(p, AXIS_DESCENDANT_OR_SELF, TEST_NODE);
		parse_steps(p, &path->steps->next);
	} else if (take(p, "/")) {
		path->start = START_ROOT;
		if (step_comes(p))
			parse_steps(p, &path->steps);
	} else {
		path->start = START_CONTEXT;
		parse_steps(p, &path->steps);
	}
	return finish_path(path);
}

/* ---- primaries, and paths that begin with one ---- */

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

/* A primary, if one comes; NULL when a location path does. */
static struct expr *parse_primary(struct parser *p)
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

static struct expr *parse_path(struct parser *p)
{
	struct expr *primary = parse_primary(p);
	if (primary == NULL)
		return parse_location(p);
	bool sized = false;
	struct expr *filters = parse_predicates(p, &sized);
	bool all = take(p, "//"), steps = all || take(p, "/");
	if (filters == NULL && !steps)
		return primary;
	if (primary->type != TYPE_NODES && primary->type != TYPE_ANY)
		unknown_expr(p, "a path from no node set");
	struct expr *path = new_expr(p, EXPR_PATH, TYPE_NODES);
	path->start = START_EXPR;
	path->left = primary;
	path->positional = primary->positional;
	path->sized = primary->sized;
	path->filters = filters;
	if (all)
		path->steps = new_step(p, AXIS_DESCENDANT_OR_SELF, TEST_NODE);
	if (steps)
		parse_steps(p, all ? &path->steps->next : &path->steps);
	return finish_path(path);
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

static struct expr *parse_or(struct parser *p)
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

/* ---- patterns ---- */

static double pattern_priority(const struct rule *rule)
{
	const struct step *step = rule->steps;
	if (step == NULL || rule->rooted || step->next != NULL || step->predicates != NULL)
		return 0.5;
	if (step->test == TEST_NAME)
		return 0;
	return step->test == TEST_SPACE ? -0.25 : -0.5;
}

/* A path as a rule: child and attribute steps, and the // between them, turned around. */
static struct rule *path_rule(struct compiler *c, const xmlNode *node, const struct expr *path, const char *text)
{
	struct rule *rule = arena_alloc(c->arena, sizeof *rule);
	if (path->kind != EXPR_PATH || path->start == START_EXPR)
		unknown(c, node, "a pattern that is no path: \"%s\"", text);
	rule->rooted = path->start == START_ROOT;
	for (struct step *step = path->steps, *next; step != NULL; step = next) {
		next = step->next;
		bool between = step->axis == AXIS_DESCENDANT_OR_SELF && step->test == TEST_NODE && step->predicates == NULL && next != NULL;
		if (step->axis != AXIS_CHILD && step->axis != AXIS_ATTRIBUTE && !between)
			unknown(c, node, "an axis in the pattern \"%s\"", text);
		for (const struct expr *test = step->predicates; test != NULL; test = test->next)
			if (test->positional || test->type == TYPE_NUMBER || test->type == TYPE_ANY)
				unknown(c, node, "a position in the pattern \"%s\"", text);
		step->next = rule->steps;
		rule->steps = step;
	}
	rule->priority = pattern_priority(rule);
	return rule;
}

struct rule *compile_pattern(struct compiler *c, const xmlNode *node, const char *text)
{
	c->in_pattern = true;
	const struct expr *expr = compile_expr(c, node, text);
	c->in_pattern = false;
	struct rule *rules = NULL;
	/* a | b | c is a union of a union */
	for (;;) {
		const struct expr *last = expr->kind == EXPR_UNION ? expr->right : expr;
		struct rule *rule = path_rule(c, node, last, text);
		rule->next = rules;
		rules = rule;
		if (expr->kind != EXPR_UNION)
			return rules;
		expr = expr->left;
	}
}
