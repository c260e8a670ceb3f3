/* The stylesheet compiler: what stands in a template, as a tree of operations. lower.c makes it shorter afterwards. */
#include "xml/compile.h"

#include <string.h>

#include "xml/output_html.h"

static struct op *new_op(struct compiler *c, const xmlNode *node, enum op_kind kind)
{
	struct op *op = arena_alloc(c->arena, sizeof *op);
	op->kind = kind;
	op->line = (int)xmlGetLineNo(node);
	op->file = c->file;
	c->program->ops++;
	return op;
}

static struct op *new_literal(struct compiler *c, const xmlNode *node, const char *text, size_t length)
{
	struct op *op = new_op(c, node, OP_LITERAL);
	op->literal.raw = (struct text){ arena_strndup(c->arena, text, length), length };
	return op;
}

/* Attribute NAME of an instruction, which must have it. */
static const char *get_required(struct compiler *c, const xmlNode *node, const char *name)
{
	const char *value = compile_get(c, node, name);
	if (value == NULL)
		unknown(c, node, "xsl:%s without %s", node->name, name);
	return value == NULL ? "" : value;
}

static struct expr *get_expr(struct compiler *c, const xmlNode *node, const char *name)
{
	return compile_expr(c, node, get_required(c, node, name));
}

/* A name that is known now: no value template, no prefix. */
static const xmlChar *get_name(struct compiler *c, const xmlNode *node)
{
	const char *text = get_required(c, node, "name");
	const xmlChar *name = compile_plain_name(text);
	if (name == NULL)
		unknown(c, node, "the name \"%s\" of xsl:%s", text, node->name);
	return name == NULL ? compile_name("", 0) : name;
}

/* What of NODE has no children. */
static void check_childless(struct compiler *c, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child != NULL; child = child->next)
		if (child->type == XML_ELEMENT_NODE || (child->type == XML_TEXT_NODE && !is_blank(child)))
			unknown(c, child, "something within xsl:%s", node->name);
}

/* ---- instructions ---- */

static struct op *compile_value_of(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "select", NULL };
	compile_attributes(c, node, names);
	check_childless(c, node);
	struct op *op = new_op(c, node, OP_VALUE);
	op->expr = get_expr(c, node, "select");
	return op;
}

static struct op *compile_text(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { NULL };
	compile_attributes(c, node, names);
	struct op *first = NULL, **end = &first;
	for (const xmlNode *child = node->children; child != NULL; child = child->next) {
		if (child->type == XML_COMMENT_NODE)
			continue;
		if (child->type != XML_TEXT_NODE) {
			unknown(c, child, "something within xsl:text");
			break;
		}
		*end = new_literal(c, child, (const char *)child->content, strlen((const char *)child->content));
		end = &(*end)->next;
	}
	return first;
}

static struct op *compile_if(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "test", NULL };
	compile_attributes(c, node, names);
	struct op *op = new_op(c, node, OP_IF);
	op->expr = get_expr(c, node, "test");
	op->body = compile_body(c, node->children);
	return op;
}

/* Its branches are a list of OP_IF in the body; that of xsl:otherwise has no test. */
static struct op *compile_choose(struct compiler *c, const xmlNode *node)
{
	static const char *const none[] = { NULL };
	compile_attributes(c, node, none);
	struct op *op = new_op(c, node, OP_CHOOSE), **end = &op->body;
	bool otherwise = false;
	for (const xmlNode *child = node->children; child != NULL; child = child->next) {
		if (child->type == XML_COMMENT_NODE || (child->type == XML_TEXT_NODE && is_blank(child)))
			continue;
		if (is_xslt(child, "when") && !otherwise) {
			*end = compile_if(c, child);
		} else if (is_xslt(child, "otherwise") && !otherwise) {
			compile_attributes(c, child, none);
			*end = new_op(c, child, OP_IF);
			(*end)->body = compile_body(c, child->children);
			otherwise = true;
		} else {
			unknown(c, child, "something within xsl:choose");
			break;
		}
		end = &(*end)->next;
	}
	return op;
}

/* The word of an attribute that has two: false for the first, which it is without the attribute. */
static bool get_word(struct compiler *c, const xmlNode *node, const char *name, const char *first, const char *second)
{
	const char *word = compile_get(c, node, name);
	if (word != NULL && strcmp(word, first) != 0 && strcmp(word, second) != 0)
		unknown(c, node, "%s=\"%s\"", name, word);
	return word != NULL && strcmp(word, second) == 0;
}

/* The xsl:sort among the children of an instruction. */
static struct sort *compile_sorts(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "select", "data-type", "order", NULL };
	struct sort *first = NULL, **end = &first;
	for (const xmlNode *child = node->children; child != NULL; child = child->next) {
		if (!is_xslt(child, "sort"))
			continue;
		compile_attributes(c, child, names);
		check_childless(c, child);
		const char *select = compile_get(c, child, "select");
		*end = arena_alloc(c->arena, sizeof **end);
		(*end)->expr = compile_expr(c, child, select == NULL ? "." : select);
		(*end)->number = get_word(c, child, "data-type", "text", "number");
		(*end)->descending = get_word(c, child, "order", "ascending", "descending");
		end = &(*end)->next;
	}
	return first;
}

static struct op *compile_for_each(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "select", NULL };
	compile_attributes(c, node, names);
	struct op *op = new_op(c, node, OP_FOR_EACH);
	op->expr = get_expr(c, node, "select");
	if (op->expr->type != TYPE_NODES && op->expr->type != TYPE_ANY)
		unknown(c, node, "xsl:for-each over no node set");
	op->sorts = compile_sorts(c, node);
	op->body = compile_body(c, node->children);
	return op;
}

/* select or content of a variable, a parameter or an argument; neither is the empty text. */
static void compile_value(struct compiler *c, const xmlNode *node, struct expr **expr, struct op **body)
{
	static const char *const names[] = { "name", "select", NULL };
	compile_attributes(c, node, names);
	const char *select = compile_get(c, node, "select");
	if (select != NULL) {
		check_childless(c, node);
		*expr = compile_expr(c, node, select);
		return;
	}
	*body = compile_body(c, node->children);
	if (*body == NULL)
		*expr = compile_expr(c, node, "''");
}

/* Variable or parameter: in scope for what follows. */
static struct op *compile_variable(struct compiler *c, const xmlNode *node, enum op_kind kind)
{
	struct op *op = new_op(c, node, kind);
	op->variable.name = get_name(c, node);
	for (const struct binding *other = c->scope; other != NULL; other = other->next)
		if (other->name == op->variable.name)
			unknown(c, node, "a second %s", other->name);
	compile_value(c, node, &op->expr, &op->body);
	op->variable.slot = c->slots++;
	struct binding *binding = arena_alloc(c->arena, sizeof *binding);
	*binding = (struct binding){ .name = op->variable.name, .slot = op->variable.slot, .next = c->scope };
	c->scope = binding;
	return op;
}

static struct argument *compile_arguments(struct compiler *c, const xmlNode *node)
{
	struct argument *first = NULL, **end = &first;
	for (const xmlNode *child = node->children; child != NULL; child = child->next) {
		if (child->type == XML_COMMENT_NODE || (child->type == XML_TEXT_NODE && is_blank(child)))
			continue;
		if (is_xslt(child, "sort") && is_xslt(node, "apply-templates"))
			continue;
		if (!is_xslt(child, "with-param")) {
			unknown(c, child, "%s%s within xsl:%s", is_xslt(child, NULL) ? "xsl:" : "", child->name, node->name);
			break;
		}
		struct argument *argument = arena_alloc(c->arena, sizeof *argument);
		argument->name = get_name(c, child);
		for (const struct argument *other = first; other != NULL; other = other->next)
			if (other->name == argument->name)
				unknown(c, child, "a second %s", other->name);
		compile_value(c, child, &argument->expr, &argument->body);
		*end = argument;
		end = &argument->next;
	}
	return first;
}

static struct op *compile_call(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "name", NULL };
	compile_attributes(c, node, names);
	struct op *op = new_op(c, node, OP_CALL);
	op->call.name = get_name(c, node);
	op->call.template = compile_template_named(c, node, op->call.name);
	op->call.arguments = compile_arguments(c, node);
	return op;
}

static struct op *compile_apply(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "select", "mode", NULL };
	compile_attributes(c, node, names);
	struct op *op = new_op(c, node, OP_APPLY);
	const char *select = compile_get(c, node, "select");
	op->expr = compile_expr(c, node, select == NULL ? "node()" : select);
	if (op->expr->type != TYPE_NODES && op->expr->type != TYPE_ANY)
		unknown(c, node, "xsl:apply-templates to no node set");
	op->call.mode = compile_mode(c, node, compile_get(c, node, "mode"));
	op->sorts = compile_sorts(c, node);
	op->call.arguments = compile_arguments(c, node);
	return op;
}

/* ---- attributes and elements ---- */

static struct op *new_attribute(struct compiler *c, const xmlNode *node, const xmlChar *name)
{
	struct op *op = new_op(c, node, OP_ATTRIBUTE);
	op->attribute.name = name;
	op->attribute.class = html_attribute_class(name);
	char *head = arena_printf(c->arena, op->attribute.class == ATTRIBUTE_BOOLEAN ? " %s" : " %s=\"", name);
	op->attribute.head = (struct text){ head, strlen(head) };
	return op;
}

static struct op *compile_attribute(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "name", NULL };
	compile_attributes(c, node, names);
	const xmlChar *name = get_name(c, node);
	if (xmlStrcasecmp(name, BAD_CAST "xmlns") == 0)
		unknown(c, node, "a namespace as attribute");
	struct op *op = new_attribute(c, node, name);
	op->body = compile_body(c, node->children);
	return op;
}

/* Where the expression that begins at AT, behind its {, ends: its } or the end of all. */
static const char *template_end(const char *at)
{
	for (; *at != '\0' && *at != '}'; at++)
		if (*at == '\'' || *at == '"') {
			const char *quote = strchr(at + 1, *at);
			if (quote == NULL)
				return at + strlen(at);
			at = quote;
		}
	return at;
}

/* An attribute value template as the body of an attribute. */
static struct op *compile_value_template(struct compiler *c, const xmlNode *node, const char *text)
{
	struct op *first = NULL, **end = &first;
	while (*text != '\0') {
		size_t plain = strcspn(text, "{}");
		if (plain > 0) {
			*end = new_literal(c, node, text, plain);
		} else if (text[0] == text[1]) {
			*end = new_literal(c, node, text, 1);
			plain = 2;
		} else {
			const char *last = template_end(text + 1);
			if (*text == '}' || *last != '}') {
				unknown(c, node, "a brace without its other one");
				break;
			}
			*end = new_op(c, node, OP_VALUE);
			(*end)->expr = compile_expr(c, node, arena_strndup(c->arena, text + 1, (size_t)(last - text - 1)));
			plain = (size_t)(last + 1 - text);
		}
		text += plain;
		end = &(*end)->next;
	}
	return first;
}

static struct op *new_element(struct compiler *c, const xmlNode *node, const xmlChar *name)
{
	if (c->program->method == METHOD_TEXT)
		unknown(c, node, "the element %s in a text", name);
	struct op *op = new_op(c, node, OP_ELEMENT);
	char *open = arena_printf(c->arena, "<%s", name), *close = arena_printf(c->arena, "</%s>", name);
	op->element.name = name;
	op->element.open = (struct text){ open, strlen(open) };
	op->element.close = (struct text){ close, strlen(close) };
	op->element.empty = html_empty(name);
	op->element.short_empty = html_short_empty(name);
	op->element.root = xmlStrEqual(name, BAD_CAST "html");
	op->element.anchor = xmlStrcasecmp(name, BAD_CAST "a") == 0;
	return op;
}

static struct op *compile_element(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "name", NULL };
	compile_attributes(c, node, names);
	if (xmlSearchNs(node->doc, (xmlNodePtr)node, NULL) != NULL)
		unknown(c, node, "a default namespace");
	struct op *op = new_element(c, node, get_name(c, node));
	op->body = compile_body(c, node->children);
	return op;
}

/* Does the sheet keep this namespace out of its result? */
static bool is_excluded(struct compiler *c, const xmlNode *node, const xmlNs *space)
{
	if (xmlStrEqual(space->href, BAD_CAST XSLT_SPACE))
		return true;
	const char *excluded = compile_get(c, xmlDocGetRootElement(node->doc), "exclude-result-prefixes");
	const char *prefix = space->prefix == NULL ? "#default" : (const char *)space->prefix;
	size_t length = strlen(prefix);
	for (const char *p = excluded == NULL ? "" : excluded; *p != '\0'; p += strcspn(p, " \t\r\n")) {
		p += strspn(p, " \t\r\n");
		if (strcspn(p, " \t\r\n") == length && memcmp(p, prefix, length) == 0)
			return true;
	}
	return false;
}

static struct op *compile_literal_element(struct compiler *c, const xmlNode *node)
{
	/* a prefix that is declared nowhere stays in the name */
	if (node->ns != NULL || xmlStrchr(node->name, ':') != NULL) {
		unknown(c, node, "the element %s in a namespace", node->name);
		return NULL;
	}
	for (const xmlNode *scope = node; scope != NULL && scope->type == XML_ELEMENT_NODE; scope = scope->parent)
		for (const xmlNs *space = scope->nsDef; space != NULL; space = space->next)
			if (!is_excluded(c, node, space))
				unknown(c, node, "the namespace %s, which would be put out", space->href);
	struct op *op = new_element(c, node, compile_name((const char *)node->name, strlen((const char *)node->name)));
	struct op **end = &op->element.attributes;
	for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
		if (attr->ns != NULL) {
			unknown(c, node, "the attribute %s in a namespace", attr->name);
			break;
		}
		*end = new_attribute(c, node, compile_name((const char *)attr->name, strlen((const char *)attr->name)));
		(*end)->body = compile_value_template(c, node, compile_get(c, node, (const char *)attr->name));
		end = &(*end)->next;
	}
	op->body = compile_body(c, node->children);
	/* No data in scripts and styles: what stands there is not escaped. */
	if (xmlStrcasecmp(op->element.name, BAD_CAST "script") == 0 || xmlStrcasecmp(op->element.name, BAD_CAST "style") == 0)
		if (op->body != NULL)
			unknown(c, node, "content of <%s>", op->element.name);
	return op;
}

/* ---- bodies ---- */

/* Gives up when something else than other xsl:NAME stands before NODE: libxslt has its own ideas then. */
static void check_leading(struct compiler *c, const xmlNode *node, const char *name)
{
	for (const xmlNode *before = node->prev; before != NULL; before = before->prev)
		if (before->type != XML_COMMENT_NODE && !is_xslt(before, name) && !(before->type == XML_TEXT_NODE && is_blank(before)))
			unknown(c, node, "xsl:%s behind something else", name);
}

static struct op *compile_instruction(struct compiler *c, const xmlNode *node)
{
	static const struct {
		const char *name;
		struct op *(*function)(struct compiler *c, const xmlNode *node);
	} instructions[] = {
		{ "apply-templates", compile_apply }, { "attribute", compile_attribute }, { "call-template", compile_call },
		{ "choose", compile_choose }, { "element", compile_element }, { "for-each", compile_for_each },
		{ "if", compile_if }, { "text", compile_text }, { "value-of", compile_value_of },
	};
	if (!is_xslt(node, NULL))
		return compile_literal_element(c, node);
	for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++)
		if (is_xslt(node, instructions[i].name)) {
			if (c->program->method == METHOD_TEXT && instructions[i].function == compile_attribute)
				unknown(c, node, "an attribute in a text");
			return instructions[i].function(c, node);
		}
	if (is_xslt(node, "variable"))
		return compile_variable(c, node, OP_VARIABLE);
	/* Read by xsl:for-each. */
	if (is_xslt(node, "sort") && is_xslt(node->parent, "for-each")) {
		check_leading(c, node, "sort");
		return NULL;
	}
	if (is_xslt(node, "param") && is_xslt(node->parent, "template")) {
		check_leading(c, node, "param");
		return compile_variable(c, node, OP_PARAM);
	}
	unknown(c, node, "xsl:%s", node->name);
	return NULL;
}

struct op *compile_body(struct compiler *c, const xmlNode *from)
{
	struct op *first = NULL, **end = &first;
	struct binding *scope = c->scope;
	if (++c->nesting > COMPILE_NESTING_MAX)
		unknown(c, from, "nesting");
	for (const xmlNode *node = c->failed ? NULL : from; node != NULL; node = node->next) {
		if (node->type == XML_TEXT_NODE && !is_blank(node))
			*end = new_literal(c, node, (const char *)node->content, strlen((const char *)node->content));
		else if (node->type == XML_ELEMENT_NODE)
			*end = compile_instruction(c, node);
		else if (node->type != XML_TEXT_NODE && node->type != XML_COMMENT_NODE)
			unknown(c, node, "a processing instruction or an entity");
		while (*end != NULL)
			end = &(*end)->next;
	}
	c->nesting--;
	c->scope = scope;
	return first;
}
