/* The stylesheet compiler: the files of a sheet, and what stands directly in xsl:stylesheet.
 *
 * Runs in the master at start, after libxslt has taken the same sheet: so a sheet is right, and what is not known here is
 * no fault but sends the whole sheet through libxslt. All memory is the program's arena. */
#include "xml/compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/uri.h>

#include "xml/xml_internal.h"

#define UNIT_NESTING_MAX 20

static void say_why(struct compiler *c, const char *file, int line, const char *format, va_list values)
{
	if (c->failed)
		return;
	c->failed = true;
	snprintf(c->why->file, sizeof c->why->file, "%s", file == NULL ? "" : file);
	c->why->line = line;
	vsnprintf(c->why->text, sizeof c->why->text, format, values);
}

void unknown(struct compiler *c, const xmlNode *node, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	say_why(c, c->file, node == NULL ? 0 : (int)xmlGetLineNo(node), format, values);
	va_end(values);
}

void unknown_at(struct compiler *c, const char *file, int line, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	say_why(c, file, line, format, values);
	va_end(values);
}

const xmlChar *compile_name(const char *name, size_t length)
{
	const xmlChar *copy = xmlDictLookup(xml_names, BAD_CAST name, (int)length);
	if (copy == NULL)
		abort();
	return copy;
}

const xmlChar *compile_plain_name(const char *text)
{
	size_t length = strlen(text);
	if (length == 0 || length > 200 || strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != length ||
		strchr("0123456789-.", text[0]) != NULL)
		return NULL;
	return compile_name(text, length);
}

bool is_xslt(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && node->ns != NULL && xmlStrEqual(node->ns->href, BAD_CAST XSLT_SPACE) &&
		(name == NULL || xmlStrEqual(node->name, BAD_CAST name));
}

const char *compile_get(struct compiler *c, const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
	char *copy = arena_strdup(c->arena, (const char *)value);
	xmlFree(value);
	return copy;
}

void compile_attributes(struct compiler *c, const xmlNode *node, const char *const *names)
{
	for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
		size_t i = 0;
		while (names[i] != NULL && !xmlStrEqual(attr->name, BAD_CAST names[i]))
			i++;
		if (names[i] == NULL || attr->ns != NULL)
			unknown(c, node, "the attribute %s of xsl:%s", attr->name, node->name);
	}
}

bool is_blank(const xmlNode *text)
{
	return text->content == NULL || text->content[strspn((const char *)text->content, " \t\r\n")] == '\0';
}

struct mode *compile_mode(struct compiler *c, const xmlNode *node, const char *name)
{
	const xmlChar *key = name == NULL ? NULL : compile_plain_name(name);
	if (name != NULL && key == NULL)
		unknown(c, node, "the mode \"%s\"", name);
	struct mode **end = &c->program->modes;
	for (; *end != NULL; end = &(*end)->next)
		if ((*end)->name == key)
			return *end;
	*end = arena_alloc(c->arena, sizeof **end);
	(*end)->name = key;
	return *end;
}

/* The strongest of a name: imports are weaker than what imports them. libxslt has refused two of the same strength. */
struct template *compile_template_named(struct compiler *c, const xmlNode *node, const xmlChar *name)
{
	struct template *found = NULL;
	for (struct template *template = c->program->templates; template != NULL; template = template->next)
		if (template->name == name && (found == NULL || template->precedence > found->precedence))
			found = template;
	if (found == NULL)
		unknown(c, node, "a template %s that is not there", name);
	return found;
}

int compile_global_slot(struct compiler *c, const xmlChar *name)
{
	/* none yet while patterns are read, which may not use them */
	for (unsigned i = 0; i < c->program->global_count; i++)
		if (c->program->globals[i]->name == name)
			return (int)i;
	return -1;
}

/* ---- files ---- */

/* The document of PATH; each is read once. */
static xmlDocPtr file_doc(struct compiler *c, const xmlNode *node, const char *path)
{
	for (unsigned i = 0; i < c->file_count; i++)
		if (strcmp(c->files[i].path, path) == 0)
			return c->files[i].doc;
	if (c->file_count == COMPILE_FILES_MAX)
		unknown(c, node, "more than %d files", COMPILE_FILES_MAX);
	xmlDocPtr doc = c->failed ? NULL : c->reader(path);
	if (doc == NULL)
		unknown(c, node, "the file %s", path);
	else
		c->files[c->file_count++] = (struct sheet_file){ path, doc };
	return doc;
}

/* What stands in the sheet of PATH; NULL when it is unknown. */
static const xmlNode *file_content(struct compiler *c, const xmlNode *node, const char *path)
{
	xmlDocPtr doc = path == NULL ? NULL : file_doc(c, node, path);
	const xmlNode *root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
	if (root == NULL)
		return NULL;
	c->file = path;
	if (!is_xslt(root, "stylesheet") && !is_xslt(root, "transform")) {
		unknown(c, root, "a sheet that is one element of the result");
		return NULL;
	}
	static const char *const names[] = { "version", "exclude-result-prefixes", NULL };
	compile_attributes(c, root, names);
	const char *version = compile_get(c, root, "version");
	if (version == NULL || strcmp(version, "1.0") != 0)
		unknown(c, root, "a version other than 1.0");
	return root->children;
}

/* The file that an xsl:include or xsl:import names. */
static const char *file_named(struct compiler *c, const xmlNode *node)
{
	const char *href = compile_get(c, node, "href");
	xmlChar *uri = href == NULL ? NULL : xmlBuildURI(BAD_CAST href, BAD_CAST c->file);
	const char *path = arena_strdup(c->arena, (const char *)uri);
	xmlFree(uri);
	if (path == NULL)
		unknown(c, node, "an address of a sheet");
	return path;
}

/* ---- declarations ---- */

static void declare_template(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "name", "match", "mode", "priority", NULL };
	compile_attributes(c, node, names);
	const char *name = compile_get(c, node, "name"), *match = compile_get(c, node, "match");
	const char *priority = compile_get(c, node, "priority"), *mode = compile_get(c, node, "mode");
	struct template *template = arena_alloc(c->arena, sizeof *template);
	template->name = name == NULL ? NULL : compile_plain_name(name);
	template->precedence = c->precedence;
	template->node = node;
	template->file = c->file;
	template->next = c->program->templates;
	c->program->templates = template;
	if (name != NULL && template->name == NULL)
		unknown(c, node, "the name \"%s\" of a template", name);
	struct rule *rules = match == NULL ? NULL : compile_pattern(c, node, match);
	struct mode *place = compile_mode(c, node, mode);
	/* Weaker than all before it never: a later rule of the same strength wins. */
	unsigned order = ++c->order;
	for (struct rule *rule = rules, *next; rule != NULL; rule = next) {
		next = rule->next;
		rule->template = template;
		rule->precedence = c->precedence;
		rule->order = order;
		if (priority != NULL) {
			char *end;
			rule->priority = strtod(priority, &end);
			if (end == priority || *end != '\0')
				unknown(c, node, "the priority \"%s\"", priority);
		}
		struct rule **at = &place->rules;
		while (*at != NULL && ((*at)->precedence > rule->precedence ||
				((*at)->precedence == rule->precedence && (*at)->priority > rule->priority)))
			at = &(*at)->next;
		rule->next = *at;
		*at = rule;
	}
}

static void declare_global(struct compiler *c, const xmlNode *node)
{
	static const char *const names[] = { "name", "select", NULL };
	compile_attributes(c, node, names);
	const char *text = compile_get(c, node, "name");
	const xmlChar *name = text == NULL ? NULL : compile_plain_name(text);
	if (name == NULL) {
		unknown(c, node, "the name of a variable");
		return;
	}
	struct global *global = arena_alloc(c->arena, sizeof *global);
	*global = (struct global){ .name = name, .precedence = c->precedence, .node = node, .file = c->file, .next = c->globals };
	for (struct global *other = c->globals; other != NULL; other = other->next)
		if (other->name == name)
			unknown(c, node, "a variable %s of the sheet and of an import", name);
	c->globals = global;
	c->global_count++;
}

static void declare(struct compiler *c, const xmlNode *node)
{
	static const char *const output[] = { "method", "encoding", "indent", NULL };
	if (is_xslt(node, "template")) {
		declare_template(c, node);
	} else if (is_xslt(node, "variable")) {
		declare_global(c, node);
	} else if (is_xslt(node, "output")) {
		compile_attributes(c, node, output);
		const char *indent = compile_get(c, node, "indent");
		if (indent != NULL && strcmp(indent, "no") != 0)
			unknown(c, node, "indent=\"%s\"", indent);
	} else {
		unknown(c, node, "%s%s", is_xslt(node, NULL) ? "xsl:" : "", node->name);
	}
}

static void unit(struct compiler *c, const xmlNode *from, const char *path);

static bool unit_enter(struct compiler *c, const xmlNode *node)
{
	if (++c->nesting > UNIT_NESTING_MAX)
		unknown(c, node, "includes within each other");
	return !c->failed;
}

/* First the imports of a file and of those that it includes, each with what it imports: all are weaker than the file. */
static void unit_imports(struct compiler *c, const xmlNode *from, const char *path)
{
	const xmlNode *first = unit_enter(c, from) ? file_content(c, from, path) : NULL;
	for (const xmlNode *node = first; node != NULL; node = node->next) {
		c->file = path;
		if (is_xslt(node, "import"))
			unit(c, node, file_named(c, node));
		else if (is_xslt(node, "include"))
			unit_imports(c, node, file_named(c, node));
	}
	c->nesting--;
}

static void unit_declarations(struct compiler *c, const xmlNode *from, const char *path)
{
	const xmlNode *first = unit_enter(c, from) ? file_content(c, from, path) : NULL;
	for (const xmlNode *node = first; node != NULL; node = node->next) {
		c->file = path;
		if (is_xslt(node, "include"))
			unit_declarations(c, node, file_named(c, node));
		else if (node->type == XML_ELEMENT_NODE && !is_xslt(node, "import"))
			declare(c, node);
	}
	c->nesting--;
}

static void unit(struct compiler *c, const xmlNode *from, const char *path)
{
	if (unit_enter(c, from)) {
		unit_imports(c, from, path);
		c->precedence++;
		unit_declarations(c, from, path);
	}
	c->nesting--;
}

/* ---- contents ---- */

static void compile_parameters(struct compiler *c, struct template *template, struct op **body)
{
	struct parameter **end = &template->parameters;
	for (struct op *op = *body; op != NULL && op->kind == OP_PARAM; op = op->next) {
		struct parameter *parameter = arena_alloc(c->arena, sizeof *parameter);
		*parameter = (struct parameter){ .name = op->variable.name, .slot = op->variable.slot };
		*end = parameter;
		end = &parameter->next;
	}
}

static void compile_globals(struct compiler *c)
{
	/* the list is from the last to the first */
	unsigned i = c->global_count;
	c->program->globals = arena_array(c->arena, c->global_count + 1, sizeof *c->program->globals);
	c->program->global_count = c->global_count;
	for (struct global *global = c->globals; global != NULL; global = global->next)
		c->program->globals[--i] = global;
	for (i = 0; i < c->global_count; i++) {
		struct global *global = c->program->globals[i];
		c->file = global->file;
		const char *select = compile_get(c, global->node, "select");
		if (select == NULL)
			unknown(c, global->node, "a variable of the whole sheet without select");
		else
			global->expr = compile_expr(c, global->node, select);
	}
}

static void compile_all(struct compiler *c, const char *path)
{
	compile_mode(c, NULL, NULL);
	unit(c, NULL, path);
	compile_globals(c);
	for (struct template *template = c->program->templates; template != NULL; template = template->next) {
		c->file = template->file;
		c->scope = NULL;
		c->slots = 0;
		template->body = compile_body(c, template->node->children);
		compile_parameters(c, template, &template->body);
		template->slots = c->slots;
	}
	if (!c->failed)
		compile_lower(c);
}

struct program *program_compile(const char *file, sheet_reader *reader, enum method method, struct why *why)
{
	struct arena *arena = arena_new_shared();
	struct program *program = arena_alloc(arena, sizeof *program);
	program->arena = arena;
	program->method = method;
	struct compiler *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->program = program;
	c->arena = arena;
	c->reader = reader;
	c->why = why;
	compile_all(c, arena_strdup(arena, file));
	for (unsigned i = 0; i < c->file_count; i++)
		xmlFreeDoc(c->files[i].doc);
	bool compiled = !c->failed;
	free(c);
	if (compiled)
		return program;
	arena_free(arena);
	return NULL;
}

void program_free(struct program *program)
{
	if (program != NULL)
		arena_free(program->arena);
}
