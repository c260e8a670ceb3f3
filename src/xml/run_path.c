/* Running a compiled stylesheet: paths over the document, and patterns.
 *
 * A path is walked node by node, without a list where none is needed: whether it finds anything, what its first node says. A
 * walk that would meet nodes twice or in another order than the document's is collected and sorted first. */
#include "xml/run.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/xpath.h>

/* What is done with each node of a walk; true ends it. */
struct visit {
	bool (*see)(struct run *run, struct visit *visit, xmlNodePtr node);
	xmlNodePtr first;   /* see_first() */
	struct text text;   /* see_equal() */
	bool unequal;
	bool ordered;       /* did the nodes come in document order, each once? */
};

static bool see_all(struct run *run, struct visit *visit, xmlNodePtr node)
{
	(void)visit;
	run_push_node(run, node);
	return false;
}

static bool see_first(struct run *run, struct visit *visit, xmlNodePtr node)
{
	(void)run;
	visit->first = node;
	return true;
}

static bool see_equal(struct run *run, struct visit *visit, xmlNodePtr node)
{
	return text_is(node_text(run, node), visit->text) != visit->unequal;
}

/* ---- axes ---- */

/* Attributes have their text as a child in libxml2, not in XPath. */
static xmlNodePtr child_of(const xmlNode *node)
{
	return node->type == XML_ATTRIBUTE_NODE ? NULL : node->children;
}

static xmlNodePtr axis_first(enum axis axis, xmlNodePtr node)
{
	switch (axis) {
	case AXIS_CHILD:
	case AXIS_DESCENDANT:
		return child_of(node);
	case AXIS_ATTRIBUTE:
		return node->type == XML_ELEMENT_NODE ? (xmlNodePtr)node->properties : NULL;
	case AXIS_PARENT:
	case AXIS_ANCESTOR:
		return node->type == XML_DOCUMENT_NODE ? NULL : node->parent;
	case AXIS_FOLLOWING_SIBLING:
		return node->type == XML_ATTRIBUTE_NODE || node->type == XML_DOCUMENT_NODE ? NULL : node->next;
	case AXIS_PRECEDING_SIBLING:
		return node->type == XML_ATTRIBUTE_NODE || node->type == XML_DOCUMENT_NODE ? NULL : node->prev;
	default:
		return node;
	}
}

/* axis_next() on the axes where it is not the next sibling. */
static xmlNodePtr axis_climb(enum axis axis, xmlNodePtr node, const xmlNode *origin)
{
	switch (axis) {
	case AXIS_PRECEDING_SIBLING:
		return node->prev;
	case AXIS_ANCESTOR:
	case AXIS_ANCESTOR_OR_SELF:
		return node->type == XML_DOCUMENT_NODE ? NULL : node->parent;
	case AXIS_DESCENDANT:
	case AXIS_DESCENDANT_OR_SELF:
		if (child_of(node) != NULL)
			return node->children;
		while (node != origin && node->next == NULL)
			node = node->parent;
		return node == origin ? NULL : node->next;
	default:
		return NULL;
	}
}

/* The node behind NODE on the axis from ORIGIN. */
static inline xmlNodePtr axis_next(enum axis axis, xmlNodePtr node, const xmlNode *origin)
{
	return axis <= AXIS_FOLLOWING_SIBLING ? node->next : axis_climb(axis, node, origin);
}

/* A test other than that of a name. */
static bool kind_holds(const struct run *run, const struct step *step, const xmlNode *node)
{
	xmlElementType principal = step->axis == AXIS_ATTRIBUTE ? XML_ATTRIBUTE_NODE : XML_ELEMENT_NODE;
	switch (step->test) {
	case TEST_SPACE:
		return node->type == principal && space_is(run, node, step->space);
	case TEST_ANY:
		return node->type == principal;
	case TEST_TEXT:
		return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
	default:
		return true;
	}
}

static inline bool test_holds(const struct run *run, const struct step *step, const xmlNode *node)
{
	if (step->test != TEST_NAME)
		return kind_holds(run, step, node);
	return node->name == step->name && node->type == (step->axis == AXIS_ATTRIBUTE ? XML_ATTRIBUTE_NODE : XML_ELEMENT_NODE) &&
		space_is(run, node, step->space);
}

/* ---- predicates ---- */

static bool predicate_holds(struct run *run, const struct expr *predicate, const struct context *context)
{
	if (predicate->kind == EXPR_NUMBER)
		return predicate->number == (double)context->position;
	if (predicate->type == TYPE_NUMBER)
		return eval_number(run, predicate, context) == (double)context->position;
	if (predicate->type != TYPE_ANY)
		return eval_boolean(run, predicate, context);
	struct value value = eval(run, predicate, context);
	return value.type == VALUE_NUMBER ? value.number == (double)context->position : value_boolean(&value);
}

/* COUNTS: how many nodes of this step have come to each predicate. */
static bool predicates_hold(struct run *run, const struct step *step, xmlNodePtr node, size_t *counts)
{
	size_t i = 0;
	for (const struct expr *predicate = step->predicates; predicate != NULL; predicate = predicate->next) {
		struct context context = { .node = node, .position = ++counts[i++] };
		if (!predicate_holds(run, predicate, &context))
			return false;
	}
	return true;
}

/* Leaves on the stack of nodes, from FROM on, those for which all predicates hold, with the whole as last(). */
static void filter(struct run *run, const struct expr *predicates, size_t from)
{
	for (const struct expr *predicate = predicates; predicate != NULL; predicate = predicate->next) {
		struct context context = { .size = run->node_count - from };
		size_t kept = from;
		for (size_t i = 0; i < context.size && run_work(run); i++) {
			context.node = run->nodes[from + i];
			context.position = i + 1;
			if (predicate_holds(run, predicate, &context))
				run->nodes[kept++] = context.node;
		}
		run->node_count = kept;
	}
}

/* ---- walks ---- */

static bool walk(struct run *run, const struct step *step, xmlNodePtr node, struct visit *visit);

/* A step of which a predicate asks for last(): all its nodes first. */
static bool walk_sized(struct run *run, const struct step *step, xmlNodePtr node, struct visit *visit)
{
	size_t from = run->node_count;
	for (xmlNodePtr found = axis_first(step->axis, node); found != NULL && run_work(run); found = axis_next(step->axis, found, node)) {
		if (test_holds(run, step, found))
			run_push_node(run, found);
	}
	filter(run, step->predicates, from);
	/* off the stack, where the visit may put its own */
	size_t count = run->node_count - from;
	xmlNodePtr *nodes = run_alloc(run, (count + 1) * sizeof *nodes);
	if (nodes == NULL)
		return true;
	if (count > 0)
		memcpy(nodes, run->nodes + from, count * sizeof *nodes);
	run->node_count = from;
	for (size_t i = 0; i < count; i++)
		if (walk(run, step->next, nodes[i], visit))
			return true;
	return false;
}

static bool walk(struct run *run, const struct step *step, xmlNodePtr node, struct visit *visit)
{
	if (step == NULL)
		return visit->see(run, visit, node);
	if (step->attribute) {
		xmlNodePtr found = find_attribute(run, step, node);
		return found != NULL && walk(run, step->next, found, visit);
	}
	if (step->sized)
		return walk_sized(run, step, node, visit);
	size_t counts[PREDICATES_MAX] = { 0 };
	for (xmlNodePtr found = axis_first(step->axis, node); found != NULL && run_work(run); found = axis_next(step->axis, found, node)) {
		if (!test_holds(run, step, found))
			continue;
		if (step->predicates != NULL && !predicates_hold(run, step, found, counts))
			continue;
		if (walk(run, step->next, found, visit))
			return true;
		/* name[1]: no other can have that place */
		if (step->predicates != NULL && step->predicates->kind == EXPR_NUMBER)
			break;
	}
	return false;
}

static bool path_visit(struct run *run, const struct expr *path, const struct context *context, struct visit *visit)
{
	visit->ordered = path->ordered;
	if (path->start == START_CONTEXT)
		return walk(run, path->steps, context->node, visit);
	if (path->start == START_ROOT)
		return walk(run, path->steps, (xmlNodePtr)run->document, visit);
	size_t from = run->node_count;
	eval_nodes(run, path->left, context);
	filter(run, path->filters, from);
	size_t count = run->node_count - from;
	if (count <= 1)
		visit->ordered = path->ordered_from_one;
	bool ended = false;
	for (size_t i = 0; i < count && !ended; i++)
		ended = walk(run, path->steps, run->nodes[from + i], visit);
	/* What the visit has put there takes the place of the start. */
	size_t made = run->node_count - from - count;
	if (made > 0)
		memmove(run->nodes + from, run->nodes + from + count, made * sizeof *run->nodes);
	run->node_count = from + made;
	return ended;
}

static int compare_places(const void *a, const void *b)
{
	return -xmlXPathCmpNodes(*(const xmlNodePtr *)a, *(const xmlNodePtr *)b);
}

static void sort_nodes(struct run *run, size_t from)
{
	size_t count = run->node_count - from, kept = 0;
	if (count < 2)
		return;
	xmlNodePtr *nodes = run->nodes + from;
	qsort(nodes, count, sizeof *nodes, compare_places);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || nodes[i] != nodes[kept - 1])
			nodes[kept++] = nodes[i];
	run->node_count = from + kept;
}

static void push_value(struct run *run, const struct value *value)
{
	if (value->type != VALUE_NODES) {
		run_fail(run, "a node set is needed where a variable has none");
		return;
	}
	for (size_t i = 0; i < value->count; i++)
		run_push_node(run, value_node(value, i));
}

size_t eval_nodes(struct run *run, const struct expr *expr, const struct context *context)
{
	size_t from = run->node_count;
	if (expr->kind == EXPR_PATH) {
		struct visit visit = { .see = see_all };
		path_visit(run, expr, context, &visit);
		if (!visit.ordered)
			sort_nodes(run, from);
	} else if (expr->kind == EXPR_UNION) {
		eval_nodes(run, expr->left, context);
		eval_nodes(run, expr->right, context);
		sort_nodes(run, from);
	} else {
		struct value value = eval(run, expr, context);
		push_value(run, &value);
	}
	return run->node_count - from;
}

bool path_finds(struct run *run, const struct expr *path, const struct context *context)
{
	struct visit visit = { .see = see_first };
	return path_visit(run, path, context, &visit);
}

bool path_has_text(struct run *run, const struct expr *path, const struct context *context, struct text text, bool unequal)
{
	struct visit visit = { .see = see_equal, .text = text, .unequal = unequal };
	return path_visit(run, path, context, &visit);
}

xmlNodePtr path_first(struct run *run, const struct expr *path, const struct context *context)
{
	if (path->attribute != NULL)
		return find_attribute(run, path->attribute, context->node);
	struct visit visit = { .see = see_first };
	if (path->kind == EXPR_PATH && path->ordered) {
		path_visit(run, path, context, &visit);
		return visit.first;
	}
	size_t from = run->node_count;
	xmlNodePtr first = eval_nodes(run, path, context) == 0 ? NULL : run->nodes[from];
	run->node_count = from;
	return first;
}

/* ---- patterns ---- */

static xmlNodePtr parent_of(xmlNodePtr node)
{
	return node->type == XML_DOCUMENT_NODE ? NULL : node->parent;
}

static bool step_matches(struct run *run, const struct step *step, xmlNodePtr node)
{
	xmlElementType type = node->type;
	/* child::node() is no attribute and not the document, which is nobody's child */
	if (step->axis == AXIS_ATTRIBUTE ? type != XML_ATTRIBUTE_NODE : type == XML_ATTRIBUTE_NODE || type == XML_DOCUMENT_NODE)
		return false;
	size_t counts[PREDICATES_MAX] = { 0 };
	return test_holds(run, step, node) && predicates_hold(run, step, node, counts);
}

/* The steps from the last to the first, up from NODE; NULL is above the document. */
static bool steps_match(struct run *run, const struct rule *rule, const struct step *step, xmlNodePtr node)
{
	if (!run_work(run))
		return false;
	if (step == NULL)
		return !rule->rooted || (node != NULL && node->type == XML_DOCUMENT_NODE);
	if (node == NULL)
		return false;
	if (step->axis != AXIS_DESCENDANT_OR_SELF)
		return step_matches(run, step, node) && steps_match(run, rule, step->next, parent_of(node));
	/* a//b: the parent, or any above it */
	for (; node != NULL; node = parent_of(node))
		if (steps_match(run, rule, step->next, node))
			return true;
	return false;
}

bool rule_matches(struct run *run, const struct rule *rule, xmlNodePtr node)
{
	return steps_match(run, rule, rule->steps, node);
}
