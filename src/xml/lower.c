/* The stylesheet compiler: from the tree of operations to what runs.
 *
 * Most elements of a sheet are known whole: nothing in them can add an attribute, and whether they are empty is plain. They become
 * bytes, and bytes that follow each other become one operation: </td><td class="set"><a class="icon gear" href=" is one. What
 * remains an element is where a called template may still add attributes, an <html>, and an <li> that may be empty. Last, xsl:if and
 * xsl:choose become jumps. */
#include "xml/compile.h"

#include <string.h>

#include "xml/output_html.h"

/* ---- what a body may make ---- */

static unsigned body_makes(const struct op *op);

static unsigned op_makes(const struct op *op)
{
	unsigned makes = 0;
	switch (op->kind) {
	case OP_LITERAL:
	case OP_VALUE:
		return MAKES_TEXT;
	case OP_ATTRIBUTE:
		return MAKES_ATTRIBUTE;
	case OP_ELEMENT:
		return MAKES_ELEMENT;
	case OP_IF:
	case OP_CHOOSE:
	case OP_FOR_EACH:
		return body_makes(op->body);
	case OP_CALL:
		return op->call.template->makes;
	case OP_APPLY:
		/* what has no rule gives its text */
		makes = MAKES_TEXT;
		for (const struct rule *rule = op->call.mode->rules; rule != NULL; rule = rule->next)
			makes |= rule->template->makes;
		return makes;
	case OP_VARIABLE:
	case OP_PARAM:
		return 0;
	}
	return 0;
}

static unsigned body_makes(const struct op *op)
{
	unsigned makes = 0;
	for (; op != NULL; op = op->next)
		makes |= op_makes(op);
	return makes;
}

/* Templates call each other, so this goes on until nothing new is found. */
static void find_makes(struct program *program)
{
	for (bool found = true; found;) {
		found = false;
		for (struct template *template = program->templates; template != NULL; template = template->next) {
			unsigned makes = body_makes(template->body);
			found = found || makes != template->makes;
			template->makes = makes;
		}
	}
}

/* ---- what is not allowed to be made where ---- */

static void check_body(struct compiler *c, const struct op *op);

static void check_text(struct compiler *c, const struct op *op, const struct op *body, const char *where)
{
	if (body_makes(body) & ~(unsigned)MAKES_TEXT)
		unknown_at(c, op->file, op->line, "elements or attributes in %s", where);
	check_body(c, body);
}

static void check_arguments(struct compiler *c, const struct op *op)
{
	for (struct argument *argument = op->call.arguments; argument != NULL; argument = argument->next) {
		check_text(c, op, argument->body, "a parameter");
		argument->slot = -1;
		if (op->kind != OP_CALL)
			continue;
		for (const struct parameter *parameter = op->call.template->parameters; parameter != NULL; parameter = parameter->next)
			if (parameter->name == argument->name)
				argument->slot = (int)parameter->slot;
	}
}

static void check_body(struct compiler *c, const struct op *op)
{
	for (; op != NULL; op = op->next) {
		if (op->kind == OP_ATTRIBUTE)
			check_text(c, op, op->body, "an attribute");
		else if (op->kind == OP_VARIABLE || op->kind == OP_PARAM)
			check_text(c, op, op->body, "a variable");
		else if (op->kind == OP_CALL || op->kind == OP_APPLY)
			check_arguments(c, op);
		else
			check_body(c, op->body);
		if (op->kind == OP_ELEMENT && op->element.empty && (body_makes(op->body) & ~(unsigned)MAKES_ATTRIBUTE))
			unknown_at(c, op->file, op->line, "content of <%s>, which HTML has not", op->element.name);
	}
}

/* ---- bytes ---- */

/* Operations that are made, and behind them bytes that are none yet. From here on nothing is unknown any more, so the buffers are
 * freed without fail. */
struct list {
	struct compiler *c;
	struct op *first, **end;
	struct buf bytes, raw;
	bool markup;
};

static void list_init(struct list *list, struct compiler *c)
{
	*list = (struct list){ .c = c };
	list->end = &list->first;
	buf_init(&list->bytes, (size_t)1 << 24);
	buf_init(&list->raw, (size_t)1 << 24);
}

static void add_op(struct list *list, struct op *op)
{
	*list->end = op;
	list->end = &op->next;
	op->next = NULL;
	list->c->program->ops++;
}

static struct text keep(struct list *list, const struct buf *buf)
{
	return (struct text){ arena_strndup(list->c->arena, buf->data == NULL ? "" : buf->data, buf->length), buf->length };
}

static void flush(struct list *list)
{
	if (list->bytes.length > 0 || list->raw.length > 0) {
		struct op *op = arena_alloc(list->c->arena, sizeof *op);
		op->kind = OP_LITERAL;
		op->literal.bytes = keep(list, &list->bytes);
		op->literal.markup = list->markup;
		op->literal.raw = list->markup ? (struct text){ "", 0 } : keep(list, &list->raw);
		add_op(list, op);
	}
	buf_reset(&list->bytes);
	buf_reset(&list->raw);
	list->markup = false;
}

static struct op *list_finish(struct list *list)
{
	flush(list);
	buf_free(&list->bytes);
	buf_free(&list->raw);
	return list->first;
}

static void add_text(struct list *list, struct text raw)
{
	buf_append(&list->raw, raw.at, raw.length);
	if (list->c->program->method == METHOD_TEXT)
		buf_append(&list->bytes, raw.at, raw.length);
	else
		html_text(&list->bytes, raw);
}

static void add_markup(struct list *list, const char *at, size_t length)
{
	list->markup = true;
	buf_append(&list->bytes, at, length);
}

/* ---- lowering ---- */

static void lower_into(struct list *list, struct op *op);

static struct op *lower_body(struct compiler *c, struct op *body)
{
	struct list list;
	list_init(&list, c);
	lower_into(&list, body);
	return list_finish(&list);
}

/* An attribute of an element that becomes bytes. What its value begins with is not escaped where it needs not be; should the rest need it,
 * the run does the whole anew. */
static void lower_attribute(struct list *list, const struct op *element, struct op *op)
{
	if (op->attribute.class == ATTRIBUTE_URI_IN_A)
		op->attribute.class = element->element.anchor ? ATTRIBUTE_URI : ATTRIBUTE_PLAIN;
	op->body = lower_body(list->c, op->body);
	bool fixed = op->body == NULL || (op->body->kind == OP_LITERAL && op->body->next == NULL);
	add_markup(list, op->attribute.head.at, op->attribute.head.length);
	if (fixed && op->attribute.class != ATTRIBUTE_BOOLEAN) {
		struct text value = op->body == NULL ? (struct text){ "", 0 } : op->body->literal.raw;
		list->bytes.length--; /* it comes with its own quotes */
		html_attribute(&list->bytes, value, op->attribute.class == ATTRIBUTE_URI);
	} else if (!fixed) {
		const struct op *first = op->body;
		if (first->kind == OP_LITERAL && html_plain(first->literal.raw, op->attribute.class == ATTRIBUTE_URI) &&
			op->attribute.class != ATTRIBUTE_BOOLEAN) {
			add_markup(list, first->literal.raw.at, first->literal.raw.length);
			op->attribute.begun = first->literal.raw.length;
			op->body = first->next;
		}
		flush(list);
		op->attribute.placed = true;
		add_op(list, op);
	}
}

/* An xsl:attribute that comes first in an element, whatever else may come, is as good as one in its tag, but for one of the same name. */
static void take_attributes(struct op *element)
{
	for (struct op *op; (op = element->body) != NULL && op->kind == OP_ATTRIBUTE;) {
		struct op **end = &element->element.attributes;
		for (; *end != NULL; end = &(*end)->next)
			if ((*end)->attribute.name == op->attribute.name)
				return;
		*end = op;
		element->body = op->next;
		op->next = NULL;
	}
}

static bool is_known(const struct op *op)
{
	/* Does the first thing in it leave a byte, whatever comes? */
	bool filled = op->body != NULL && (op->body->kind == OP_LITERAL || op->body->kind == OP_ELEMENT);
	return !(body_makes(op->body) & MAKES_ATTRIBUTE) && !op->element.root &&
		(!op->element.short_empty || op->body == NULL || filled);
}

static void lower_element(struct list *list, struct op *op)
{
	take_attributes(op);
	if (!is_known(op)) {
		struct list body;
		list_init(&body, list->c);
		for (struct op *attribute = op->element.attributes, *next; attribute != NULL; attribute = next) {
			next = attribute->next;
			attribute->body = lower_body(list->c, attribute->body);
			add_op(&body, attribute);
		}
		lower_into(&body, op->body);
		op->body = list_finish(&body);
		flush(list);
		add_op(list, op);
		return;
	}
	add_markup(list, op->element.open.at, op->element.open.length);
	for (struct op *attribute = op->element.attributes, *next; attribute != NULL; attribute = next) {
		next = attribute->next;
		lower_attribute(list, op, attribute);
	}
	add_markup(list, ">", 1);
	if (op->element.empty || (op->element.short_empty && op->body == NULL))
		return;
	lower_into(list, op->body);
	add_markup(list, op->element.close.at, op->element.close.length);
}

static void lower_other(struct list *list, struct op *op)
{
	struct compiler *c = list->c;
	flush(list);
	if (op->kind == OP_CHOOSE)
		for (struct op *branch = op->body; branch != NULL; branch = branch->next)
			branch->body = lower_body(c, branch->body);
	else
		op->body = lower_body(c, op->body);
	if (op->kind == OP_CALL || op->kind == OP_APPLY)
		for (struct argument *argument = op->call.arguments; argument != NULL; argument = argument->next)
			argument->body = lower_body(c, argument->body);
	add_op(list, op);
}

static void lower_into(struct list *list, struct op *op)
{
	for (struct op *next; op != NULL; op = next) {
		next = op->next;
		if (op->kind == OP_LITERAL)
			add_text(list, op->literal.raw);
		else if (op->kind == OP_ELEMENT)
			lower_element(list, op);
		else
			lower_other(list, op);
	}
}

/* ---- jumps ---- */

/* Lets BODY end at BEHIND, and each xsl:if and xsl:choose in it go on with what follows it. */
static void link_ops(struct op **body, struct op *behind);

static void link_branches(struct op *choose)
{
	struct op **at = &choose->body;
	for (; *at != NULL && (*at)->expr != NULL; at = &(*at)->next)
		link_ops(&(*at)->body, choose->next);
	/* xsl:otherwise has no test */
	if (*at != NULL)
		*at = (*at)->body;
	link_ops(at, choose->next);
}

static void link_ops(struct op **body, struct op *behind)
{
	if (*body == NULL)
		*body = behind;
	for (struct op *op = *body; op != behind; op = op->next) {
		if (op->next == NULL)
			op->next = behind;
		if (op->kind == OP_CHOOSE)
			link_branches(op);
		else
			link_ops(&op->body, op->kind == OP_IF ? op->next : NULL);
		if (op->kind == OP_CALL || op->kind == OP_APPLY)
			for (struct argument *argument = op->call.arguments; argument != NULL; argument = argument->next)
				link_ops(&argument->body, NULL);
	}
}

void compile_lower(struct compiler *c)
{
	find_makes(c->program);
	for (struct template *template = c->program->templates; template != NULL; template = template->next)
		check_body(c, template->body);
	if (c->failed)
		return;
	c->program->ops = 0;
	for (struct template *template = c->program->templates; template != NULL; template = template->next) {
		template->body = lower_body(c, template->body);
		link_ops(&template->body, NULL);
	}
}
