/* Running a compiled stylesheet: XPath but for paths, which are walked in run_path.c. */
#include "xml/run.h"

#include <math.h>
#include <string.h>

/* ---- comparisons ---- */

static bool is_set(const struct value *value)
{
	return value->type == VALUE_NODES || value->type == VALUE_TREE;
}

static struct text item_text(struct run *run, const struct value *value, size_t i)
{
	return value->type == VALUE_NODES ? node_text(run, value_node(value, i)) : value_text(run, value);
}

static double item_number(struct run *run, const struct value *value, size_t i)
{
	return value->type == VALUE_NODES ? text_number(run, node_text(run, value_node(value, i))) : value_number(run, value);
}

static bool compare_numbers(enum expr_kind kind, double a, double b)
{
	switch (kind) {
	case EXPR_EQUAL:
		return a == b;
	case EXPR_UNEQUAL:
		return a != b;
	case EXPR_LESS:
		return a < b;
	case EXPR_LESS_EQUAL:
		return a <= b;
	case EXPR_GREATER:
		return a > b;
	default:
		return a >= b;
	}
}

/* With a boolean everything is one for = and !=; for < and > only node sets are, all else is a number. */
static bool compare_with_boolean(struct run *run, enum expr_kind kind, const struct value *a, const struct value *b)
{
	bool equality = kind == EXPR_EQUAL || kind == EXPR_UNEQUAL;
	double left = equality || is_set(a) ? value_boolean(a) : value_number(run, a);
	double right = equality || is_set(b) ? value_boolean(b) : value_number(run, b);
	return compare_numbers(kind, left, right);
}

/* XPath 1.0, 3.4: true if it holds for some node of a set. */
static bool compare_values(struct run *run, enum expr_kind kind, const struct value *a, const struct value *b)
{
	if (a->type == VALUE_BOOLEAN || b->type == VALUE_BOOLEAN)
		return compare_with_boolean(run, kind, a, b);
	bool numbers = (kind != EXPR_EQUAL && kind != EXPR_UNEQUAL) || a->type == VALUE_NUMBER || b->type == VALUE_NUMBER;
	size_t a_count = a->type == VALUE_NODES ? a->count : 1, b_count = b->type == VALUE_NODES ? b->count : 1;
	for (size_t i = 0; i < a_count; i++)
		for (size_t j = 0; j < b_count && run_work(run); j++) {
			if (numbers ? compare_numbers(kind, item_number(run, a, i), item_number(run, b, j)) :
					text_is(item_text(run, a, i), item_text(run, b, j)) == (kind == EXPR_EQUAL))
				return true;
		}
	return false;
}

static bool compare(struct run *run, const struct expr *expr, const struct context *context)
{
	/* @kind = 'text', the most frequent one */
	bool equality = expr->kind <= EXPR_UNEQUAL && expr->right->kind == EXPR_STRING;
	if (equality && expr->left->attribute != NULL) {
		const xmlNode *found = find_attribute(run, expr->left->attribute, context->node);
		return found != NULL && text_is(node_text(run, found), expr->right->text) == (expr->kind == EXPR_EQUAL);
	}
	if (equality && expr->left->kind == EXPR_PATH)
		return path_has_text(run, expr->left, context, expr->right->text, expr->kind == EXPR_UNEQUAL);
	struct value left = eval(run, expr->left, context), right = eval(run, expr->right, context);
	return compare_values(run, expr->kind, &left, &right);
}

/* ---- expressions ---- */

static double arithmetic(struct run *run, const struct expr *expr, const struct context *context)
{
	double left = eval_number(run, expr->left, context);
	double right = expr->right == NULL ? 0 : eval_number(run, expr->right, context);
	switch (expr->kind) {
	case EXPR_ADD:
		return left + right;
	case EXPR_SUBTRACT:
		return left - right;
	case EXPR_MULTIPLY:
		return left * right;
	case EXPR_DIVIDE:
		return left / right;
	case EXPR_MODULO:
		return right == 0 ? NAN : fmod(left, right);
	default:
		return -left;
	}
}

static struct value nodes_value(struct run *run, const struct expr *expr, const struct context *context)
{
	size_t from = run->node_count;
	struct value value = { .type = VALUE_NODES };
	value.count = eval_nodes(run, expr, context);
	if (value.count == 1) {
		value.node = run->nodes[from];
	} else if (value.count > 1) {
		value.nodes = run_alloc(run, value.count * sizeof *value.nodes);
		if (value.nodes == NULL)
			value.count = 0;
		else
			memcpy(value.nodes, run->nodes + from, value.count * sizeof *value.nodes);
	}
	run->node_count = from;
	return value;
}

static const struct value *variable(struct run *run, const struct expr *expr)
{
	return expr->kind == EXPR_LOCAL ? &run->slots[run->frame + expr->slot] : run_global(run, expr->slot);
}

struct value eval(struct run *run, const struct expr *expr, const struct context *context)
{
	if (!run_work(run))
		return (struct value){ .type = VALUE_STRING, .text = NO_TEXT };
	switch (expr->kind) {
	case EXPR_STRING:
		return (struct value){ .type = VALUE_STRING, .text = expr->text };
	case EXPR_NUMBER:
		return (struct value){ .type = VALUE_NUMBER, .number = expr->number };
	case EXPR_LOCAL:
	case EXPR_GLOBAL:
		return *variable(run, expr);
	case EXPR_PATH:
	case EXPR_UNION:
		return nodes_value(run, expr, context);
	case EXPR_CALL:
		return call_function(run, expr, context);
	case EXPR_OR:
	case EXPR_AND:
	case EXPR_EQUAL:
	case EXPR_UNEQUAL:
	case EXPR_LESS:
	case EXPR_LESS_EQUAL:
	case EXPR_GREATER:
	case EXPR_GREATER_EQUAL:
		return (struct value){ .type = VALUE_BOOLEAN, .boolean = eval_boolean(run, expr, context) };
	default:
		return (struct value){ .type = VALUE_NUMBER, .number = arithmetic(run, expr, context) };
	}
}

static bool eval_as_boolean(struct run *run, const struct expr *expr, const struct context *context)
{
	struct value value = eval(run, expr, context);
	return value_boolean(&value);
}

bool eval_boolean(struct run *run, const struct expr *expr, const struct context *context)
{
	if (expr->attribute != NULL)
		return find_attribute(run, expr->attribute, context->node) != NULL;
	switch (expr->kind) {
	case EXPR_PATH:
		return path_finds(run, expr, context);
	case EXPR_LOCAL:
	case EXPR_GLOBAL:
		return value_boolean(variable(run, expr));
	case EXPR_OR:
		return eval_boolean(run, expr->left, context) || eval_boolean(run, expr->right, context);
	case EXPR_AND:
		return eval_boolean(run, expr->left, context) && eval_boolean(run, expr->right, context);
	case EXPR_EQUAL:
	case EXPR_UNEQUAL:
	case EXPR_LESS:
	case EXPR_LESS_EQUAL:
	case EXPR_GREATER:
	case EXPR_GREATER_EQUAL:
		return compare(run, expr, context);
	default:
		return eval_as_boolean(run, expr, context);
	}
}

double eval_number(struct run *run, const struct expr *expr, const struct context *context)
{
	if (expr->type == TYPE_NODES)
		return text_number(run, eval_text(run, expr, context));
	struct value value = eval(run, expr, context);
	return value_number(run, &value);
}

struct text eval_text(struct run *run, const struct expr *expr, const struct context *context)
{
	if (expr->type == TYPE_NODES) {
		const xmlNode *node = path_first(run, expr, context);
		return node == NULL ? NO_TEXT : node_text(run, node);
	}
	if (expr->type == TYPE_ANY)
		return value_text(run, variable(run, expr));
	struct value value = eval(run, expr, context);
	return value_text(run, &value);
}
