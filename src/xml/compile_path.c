/* XPath 1.0 to expressions: the parser of paths, and of the patterns that are made of them. */
#include "xml/compile_xpath.h"

#include <string.h>

#define STEPS_MAX 32

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

struct expr *parse_path(struct parser *p)
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
