/* Running a compiled stylesheet: its operations, one after the other, straight into the output.
 *
 * The tag of an element stays open until something comes into it, since a template that is called may add attributes first. After a
 * failure everything goes on with harmless values until the loops, which all look at run->failed, have ended. */
#include "xml/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "xml/output_html.h"
#include "xml/xml_internal.h"

#define STACK_FIRST 64
#define STACK_MAX 1000000

/* The arguments of apply-templates, which go on through rules that are built in. */
struct passed {
	const struct argument *arguments;
	size_t first; /* slot of the first one, from the bottom of the stack */
};

static void run_ops(struct run *run, const struct op *op, const struct context *context);

void run_fail(struct run *run, const char *format, ...)
{
	if (run->failed)
		return;
	run->failed = true;
	run->work = 0;
	char text[256];
	va_list values;
	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	log_error("stylesheet: %s", text);
}

void *run_alloc(struct run *run, size_t size)
{
	if (run->failed || size > RUN_MEMORY_MAX - run->memory) {
		run_fail(run, "too much memory");
		return NULL;
	}
	run->memory += size;
	return arena_alloc(run->arena, size);
}

struct text run_copy(struct run *run, struct text text)
{
	char *copy = run_alloc(run, text.length);
	if (copy == NULL || text.length == 0)
		return NO_TEXT;
	memcpy(copy, text.at, text.length);
	return (struct text){ copy, text.length };
}

/* Sees to it that STACK has room for NEEDED items of SIZE bytes; false, with nothing changed, when it cannot. */
static bool grow(struct run *run, void **stack, size_t needed, size_t *capacity, size_t size)
{
	if (needed <= *capacity)
		return true;
	size_t wanted = *capacity == 0 ? STACK_FIRST : *capacity;
	while (wanted < needed)
		wanted *= 2;
	void *moved = wanted > STACK_MAX ? NULL : realloc(*stack, wanted * size);
	if (moved == NULL) {
		run_fail(run, "too many nodes or variables");
		return false;
	}
	*stack = moved;
	*capacity = wanted;
	return true;
}

void run_push_node(struct run *run, xmlNodePtr node)
{
	if (grow(run, (void **)&run->nodes, run->node_count + 1, &run->node_capacity, sizeof *run->nodes))
		run->nodes[run->node_count++] = node;
}

/* Slots for COUNT variables on top, without values, from the old run->slot_count on. */
static bool push_slots(struct run *run, size_t count)
{
	size_t first = run->slot_count;
	if (!grow(run, (void **)&run->slots, first + count, &run->slot_capacity, sizeof *run->slots))
		return false;
	for (size_t i = 0; i < count; i++)
		run->slots[first + i].type = VALUE_NONE;
	run->slot_count += count;
	return true;
}

/* ---- output ---- */

/* False when the output is full, or the run is over: then nothing may be moved in it. */
static bool check_output(struct run *run)
{
	if (run->out->overflow)
		run_fail(run, "the output is too large");
	return !run->failed;
}

/* Something comes into the element whose tag is open. */
static void close_tag(struct run *run)
{
	if (run->tag == TAG_OPEN) {
		put(run->out, ">", 1);
		run->tag = TAG_CLOSED;
	}
}

static void put_value(struct run *run, struct text text)
{
	if (text.length == 0)
		return;
	if (run->raw) {
		put(run->out, text.at, text.length);
		return;
	}
	close_tag(run);
	html_text(run->out, text);
}

static void put_expr(struct run *run, const struct expr *expr, const struct context *context)
{
	if (expr->kind == EXPR_CALL && expr->function == FUNCTION_CONCAT) {
		for (const struct expr *argument = expr->arguments; argument != NULL; argument = argument->next)
			put_expr(run, argument, context);
		return;
	}
	put_value(run, eval_text(run, expr, context));
}

static void run_literal(struct run *run, const struct op *op)
{
	if (!run->raw) {
		close_tag(run);
		put(run->out, op->literal.bytes.at, op->literal.bytes.length);
	} else if (op->literal.markup && run->program->method == METHOD_HTML) {
		run_fail(run, "an element where text alone may stand");
	} else {
		put(run->out, op->literal.raw.at, op->literal.raw.length);
	}
}

/* Runs BODY as text into the output's end, whatever is open there; where it begins. The caller cuts it off or keeps it. */
static size_t run_raw(struct run *run, const struct op *body, const struct context *context)
{
	size_t from = run->out->length;
	bool raw = run->raw;
	run->raw = true;
	/* {@name}, as most are */
	if (body != NULL && body->kind == OP_VALUE && body->next == NULL)
		put_expr(run, body->expr, context);
	else
		run_ops(run, body, context);
	run->raw = raw;
	return from;
}

/* What stands in the output from FROM on, behind BEGUN plain bytes of it, becomes the value of an attribute whose opening quote is before it. */
static void finish_attribute(struct run *run, size_t from, size_t begun, bool uri)
{
	struct buf *out = run->out;
	if (!check_output(run))
		return;
	if (html_plain((struct text){ out->data + from, out->length - from }, uri)) {
		put(out, "\"", 1);
		return;
	}
	from -= begun;
	struct text value = run_copy(run, (struct text){ out->data + from, out->length - from });
	out->length = from - 1;
	html_attribute(out, value, uri);
}

/* Moves the attribute written last, which is there already, to the place of the older one. */
static void replace_attribute(struct run *run, unsigned older)
{
	struct buf *out = run->out;
	struct written *last = &run->attributes[--run->attribute_count];
	size_t from = run->attributes[older].at, old_end = run->attributes[older + 1].at;
	struct text copy = run_copy(run, (struct text){ out->data + last->at, out->length - last->at });
	/* The old one goes, what is between the two moves, the new one comes in front of that. */
	memmove(out->data + from + copy.length, out->data + old_end, last->at - old_end);
	memcpy(out->data + from, copy.at, copy.length);
	for (unsigned i = older + 1; i < run->attribute_count; i++)
		run->attributes[i].at = run->attributes[i].at - old_end + from + copy.length;
	out->length -= old_end - from;
}

static void run_attribute(struct run *run, const struct op *op, const struct context *context)
{
	bool uri = op->attribute.class == ATTRIBUTE_URI || (op->attribute.class == ATTRIBUTE_URI_IN_A && run->anchor);
	if (!op->attribute.placed) {
		/* libxslt leaves it out where no element is, and fails where something stands in the element already. */
		if (run->tag == TAG_NONE)
			return;
		if (run->tag == TAG_CLOSED || run->attribute_count == RUN_ATTRIBUTES_MAX) {
			run_fail(run, "%s:%d: %s", op->file, op->line,
				run->tag == TAG_CLOSED ? "an attribute behind content" : "too many attributes");
			return;
		}
		run->attributes[run->attribute_count++] = (struct written){ op->attribute.name, run->out->length };
		put(run->out, op->attribute.head.at, op->attribute.head.length);
	}
	size_t from = run_raw(run, op->body, context);
	if (op->attribute.class == ATTRIBUTE_BOOLEAN)
		run->out->length = from;
	else
		finish_attribute(run, from, op->attribute.begun, uri);
	if (op->attribute.placed || !check_output(run))
		return;
	for (unsigned i = 0; i + 1 < run->attribute_count; i++)
		if (run->attributes[i].name == op->attribute.name) {
			replace_attribute(run, i);
			break;
		}
}

/* <html> as the first element of all has the document type before it, which stands at the very beginning. */
static void put_document_type(struct run *run)
{
	static const char type[] = "<!DOCTYPE html>\n";
	struct buf *out = run->out;
	size_t length = out->length - run->start;
	if (run->tag != TAG_NONE || (length > 0 && memchr(out->data + run->start, '<', length) != NULL))
		return;
	put(out, type, sizeof type - 1);
	if (!check_output(run))
		return;
	memmove(out->data + run->start + sizeof type - 1, out->data + run->start, length);
	memcpy(out->data + run->start, type, sizeof type - 1);
}

static void run_element(struct run *run, const struct op *op, const struct context *context)
{
	close_tag(run);
	if (op->element.root)
		put_document_type(run);
	enum tag outer = run->tag;
	put(run->out, op->element.open.at, op->element.open.length);
	run->tag = TAG_OPEN;
	run->attribute_count = 0;
	run->anchor = op->element.anchor;
	run_ops(run, op->body, context);
	bool empty = run->tag == TAG_OPEN;
	if (empty)
		put(run->out, ">", 1);
	if (!op->element.empty && !(empty && op->element.short_empty))
		put(run->out, op->element.close.at, op->element.close.length);
	run->tag = outer;
}

/* ---- templates, variables ---- */

/* A body that may call templates: libxslt counts them all against its limit. */
static void run_body(struct run *run, const struct op *body, const struct context *context)
{
	if (body == NULL)
		return;
	if (run->depth >= RUN_DEPTH_MAX) {
		run_fail(run, "templates are too deep within each other");
		return;
	}
	run->depth++;
	run_ops(run, body, context);
	run->depth--;
}

/* The value of a variable or an argument: its expression, or the text that its body makes. */
static struct value run_value(struct run *run, const struct expr *expr, const struct op *body, const struct context *context)
{
	if (expr != NULL)
		return eval(run, expr, context);
	struct value value = { .type = VALUE_TREE };
	if (body->kind == OP_LITERAL && body->next == NULL) {
		value.text = body->literal.raw;
		return value;
	}
	size_t from = run->out->length;
	bool raw = run->raw;
	run->raw = true;
	run_body(run, body, context);
	run->raw = raw;
	size_t length = check_output(run) ? run->out->length - from : 0;
	value.text = length == 0 ? NO_TEXT : run_copy(run, (struct text){ run->out->data + from, length });
	run->out->length -= length;
	return value;
}

const struct value *run_global(struct run *run, unsigned slot)
{
	static const struct value nothing = { .type = VALUE_STRING, .text = { "", 0 } };
	if (run->globals[slot].type == VALUE_NONE) {
		if (run->computing[slot]) {
			run_fail(run, "the variable %s needs itself", run->program->globals[slot]->name);
			return &nothing;
		}
		struct context context = { (xmlNodePtr)run->document, 1, 1 };
		xmlNodePtr current = run->current;
		run->computing[slot] = true;
		run->current = context.node;
		struct value value = eval(run, run->program->globals[slot]->expr, &context);
		run->current = current;
		run->globals[slot] = value;
	}
	return &run->globals[slot];
}

static void run_variable(struct run *run, const struct op *op, const struct context *context)
{
	size_t slot = run->frame + op->variable.slot;
	if (op->kind == OP_PARAM && run->slots[slot].type != VALUE_NONE)
		return;
	struct value value = run_value(run, op->expr, op->body, context);
	run->slots[slot] = value;
}

/* Runs TEMPLATE in the frame that begins at FIRST. */
static void run_template(struct run *run, const struct template *template, size_t first, const struct context *context)
{
	size_t frame = run->frame;
	run->frame = first;
	run_body(run, template->body, context);
	run->frame = frame;
	run->slot_count = first;
}

static void run_call(struct run *run, const struct op *op, const struct context *context)
{
	const struct template *template = op->call.template;
	size_t first = run->slot_count;
	if (!push_slots(run, template->slots))
		return;
	for (const struct argument *argument = op->call.arguments; argument != NULL; argument = argument->next) {
		struct value value = run_value(run, argument->expr, argument->body, context);
		if (argument->slot >= 0)
			run->slots[first + (size_t)argument->slot] = value;
	}
	run_template(run, template, first, context);
}

/* ---- rules ---- */

static void apply_rule(struct run *run, const struct template *template, const struct passed *passed, const struct context *context)
{
	size_t first = run->slot_count, given = passed->first;
	if (!push_slots(run, template->slots))
		return;
	for (const struct argument *argument = passed->arguments; argument != NULL; argument = argument->next, given++)
		for (const struct parameter *parameter = template->parameters; parameter != NULL; parameter = parameter->next)
			if (parameter->name == argument->name)
				run->slots[first + parameter->slot] = run->slots[given];
	run_template(run, template, first, context);
}

static bool is_content(const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

static void apply_node(struct run *run, const struct mode *mode, const struct passed *passed, const struct context *context)
{
	xmlNodePtr node = context->node, current = run->current;
	if (!run_work(run))
		return;
	const struct rule *rule = mode->rules;
	while (rule != NULL && !rule_matches(run, rule, node))
		rule = rule->next;
	run->current = node;
	if (rule != NULL) {
		apply_rule(run, rule->template, passed, context);
	} else if (node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE) {
		struct context inner = { .size = 0 };
		for (const xmlNode *child = node->children; child != NULL; child = child->next)
			inner.size += is_content(child);
		for (xmlNodePtr child = node->children; child != NULL; child = child->next)
			if (is_content(child)) {
				inner.node = child;
				inner.position++;
				apply_node(run, mode, passed, &inner);
			}
	} else {
		put_value(run, node_text(run, node));
	}
	run->current = current;
}

static void run_apply(struct run *run, const struct op *op, const struct context *context)
{
	size_t slots = run->slot_count, from = run->node_count, count = 0;
	for (const struct argument *argument = op->call.arguments; argument != NULL; argument = argument->next)
		count++;
	struct passed passed = { op->call.arguments, slots };
	size_t given = slots;
	if (!push_slots(run, count))
		return;
	for (const struct argument *argument = op->call.arguments; argument != NULL; argument = argument->next) {
		struct value value = run_value(run, argument->expr, argument->body, context);
		run->slots[given++] = value;
	}
	struct context inner = { .size = eval_nodes(run, op->expr, context) };
	if (op->sorts != NULL)
		sort_by_keys(run, op->sorts, from);
	for (size_t i = 0; i < inner.size && !run->failed; i++) {
		inner.node = run->nodes[from + i];
		inner.position = i + 1;
		apply_node(run, op->call.mode, &passed, &inner);
	}
	run->node_count = from;
	run->slot_count = slots;
}

static void run_for_each(struct run *run, const struct op *op, const struct context *context)
{
	size_t from = run->node_count;
	xmlNodePtr current = run->current;
	struct context inner = { .size = eval_nodes(run, op->expr, context) };
	if (op->sorts != NULL)
		sort_by_keys(run, op->sorts, from);
	for (size_t i = 0; i < inner.size && !run->failed; i++) {
		inner.node = run->nodes[from + i];
		inner.position = i + 1;
		run->current = inner.node;
		run_body(run, op->body, &inner);
	}
	run->current = current;
	run->node_count = from;
}

static void run_ops(struct run *run, const struct op *op, const struct context *context)
{
	for (const struct op *next; op != NULL && run_work(run); op = next) {
		next = op->next;
		switch (op->kind) {
		case OP_LITERAL:
			run_literal(run, op);
			break;
		case OP_VALUE:
			put_expr(run, op->expr, context);
			break;
		case OP_ATTRIBUTE:
			run_attribute(run, op, context);
			break;
		case OP_ELEMENT:
			run_element(run, op, context);
			break;
		case OP_IF:
			if (eval_boolean(run, op->expr, context))
				next = op->body;
			break;
		case OP_CHOOSE:
			next = op->body;
			break;
		case OP_FOR_EACH:
			run_for_each(run, op, context);
			break;
		case OP_CALL:
			run_call(run, op, context);
			break;
		case OP_APPLY:
			run_apply(run, op, context);
			break;
		case OP_VARIABLE:
		case OP_PARAM:
			run_variable(run, op, context);
			break;
		}
	}
}

/* ---- a run ---- */

static void run_all(struct run *run)
{
	const xmlNode *root = xmlDocGetRootElement(run->document);
	const struct passed nothing = { NULL, 0 };
	run->space = root == NULL ? NULL : root->ns;
	if (run->space != NULL)
		run->space_name = xmlDictLookup(xml_names, run->space->href, -1);
	run->globals = run_alloc(run, (run->program->global_count + 1) * sizeof *run->globals);
	run->computing = run_alloc(run, run->program->global_count + 1);
	if (run->globals == NULL || run->computing == NULL)
		return;
	/* All, as libxslt does: one that fails must fail even if nothing needs it. */
	for (unsigned i = 0; i < run->program->global_count; i++)
		run_global(run, i);
	struct context context = { (xmlNodePtr)run->document, 1, 1 };
	apply_node(run, run->program->modes, &nothing, &context);
	if (run->program->method == METHOD_HTML)
		put(run->out, "\n", 1);
	check_output(run);
}

bool program_run(const struct program *program, xmlDocPtr document, struct arena *arena, struct buf *out)
{
	struct run *run = malloc(sizeof *run);
	if (run == NULL) {
		log_error("stylesheet: out of memory");
		return false;
	}
	*run = (struct run){ .program = program, .document = document, .arena = arena, .out = out, .start = out->length,
		.raw = program->method == METHOD_TEXT, .work = RUN_WORK_MAX };
	run_all(run);
	bool done = !run->failed;
	if (!done)
		out->length = run->start;
	if (out->data != NULL)
		out->data[out->length] = '\0';
	free(run->slots);
	free(run->nodes);
	free(run);
	return done;
}
