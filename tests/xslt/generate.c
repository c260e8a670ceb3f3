/* The generator of generate.h. Of RELAX NG it knows what the grammars use. */
#include "generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#define FILES_MAX 80
#define INCLUDES_MAX 4

struct grammars {
	char *dir;
	struct {
		char *name;
		xmlDocPtr doc;
	} file[FILES_MAX];
	unsigned count;
};

/* One document being made. `scope`: the grammar and what it includes, where a name is looked up. */
struct maker {
	struct grammars *grammars;
	const xmlNode *scope[INCLUDES_MAX];
	unsigned scope_count, depth;
	uint64_t random;
	unsigned present; /* percent of the optional parts */
	unsigned longest; /* of lists */
	struct doc *doc;
};

__attribute__((noreturn))
static void die(const char *what, const char *name)
{
	fprintf(stderr, "generate: %s %s\n", what, name);
	exit(2);
}

/* The document FILE below the directory; parsed once. Comes before the security of xml_init() counts: by content, not by name. */
static const xmlNode *grammar_root(struct grammars *grammars, const char *name)
{
	for (unsigned i = 0; i < grammars->count; i++)
		if (strcmp(grammars->file[i].name, name) == 0)
			return xmlDocGetRootElement(grammars->file[i].doc);
	char path[4096];
	BUF_AUTO text;
	buf_init(&text, 1 << 20);
	snprintf(path, sizeof path, "%s/%s", grammars->dir, name);
	FILE *file = fopen(path, "r");
	if (file == NULL || grammars->count == FILES_MAX)
		die("cannot read", path);
	char piece[4096];
	for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
		buf_append(&text, piece, got);
	fclose(file);
	xmlDocPtr doc = xmlReadMemory(text.data, (int)text.length, path, NULL, XML_PARSE_NOBLANKS);
	if (doc == NULL)
		die("cannot parse", path);
	grammars->file[grammars->count].name = strdup(name);
	grammars->file[grammars->count++].doc = doc;
	return xmlDocGetRootElement(doc);
}

struct grammars *grammars_load(const char *dir)
{
	struct grammars *grammars = calloc(1, sizeof *grammars);
	grammars->dir = strdup(dir);
	grammar_root(grammars, "tenantry.rng");
	return grammars;
}

void grammars_free(struct grammars *grammars)
{
	for (unsigned i = 0; i < grammars->count; i++) {
		free(grammars->file[i].name);
		xmlFreeDoc(grammars->file[i].doc);
	}
	free(grammars->dir);
	free(grammars);
}

/* ---- chance ---- */

static unsigned below(struct maker *m, unsigned limit)
{
	m->random += 0x9E3779B97F4A7C15u;
	uint64_t z = m->random;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (unsigned)((z ^ (z >> 31)) % limit);
}

/* What has gone wrong somewhere: markup, quotes, white space, what HTML 4 treats in its own way, long and odd characters. */
static const char *const odd[] = {
	"a", "Nordwind GmbH", "x & y", "<b>", "</script>", "\"", "'", "\"'\"", "&amp;", "&{x}", "&{", "}", "<!-- x -->", "<!--", "-->", " ", "  lead",
	"tail ", "\t", "\n", "\r\n", "%41%zz", "{$base}", "javascript:alert(1)", "//evil.example/", "/\\evil", "http://a.example/?a=b&c=d", "mailto:x@y.example",
	"#top", "ä", "Ångström", "株式会社", "\xF0\x9F\x98\x80", "e\xCC\x81", "\xD7\xA9\xD7\x9C", "\xE2\x80\xAE", "\xC2\xA0", "\xEF\xBB\xBF", "\x01", "\x7F", "\xFF",
	"`", "^", "[x]", "|", "a=b;c", "=1+1", "@", "\\", "0", "-0", "1e3", "NaN", "Infinity", "-", "1,5", "--", "]]>", "$", "~", "*", "(", "\xC2\xAD", "\xE2\x80\xA8",
};

static void put_odd(struct maker *m, struct buf *out)
{
	unsigned pieces = 1 + below(m, 3);
	if (below(m, 40) == 0)
		pieces = 200;
	while (pieces-- > 0)
		buf_puts(out, odd[below(m, sizeof odd / sizeof *odd)]);
}

/* What . of a regular expression takes: all but the ends of lines. */
static void put_odd_in_line(struct maker *m, struct buf *out)
{
	const char *piece;
	do
		piece = odd[below(m, sizeof odd / sizeof *odd)];
	while (strpbrk(piece, "\r\n") != NULL);
	buf_puts(out, piece);
}

static void put_count(struct maker *m, struct buf *out, unsigned least)
{
	static const char *const counts[] = { "1", "2", "7", "9", "10", "25", "50", "99", "100", "999", "1000", "1001", "12345", "999999", "1000000",
		"1002001", "2147483647", "2147483648", "4294967296", "999999999999999", "1000000000000000", "9007199254740993", "12345678901234567890" };
	if (least == 0 && below(m, 4) == 0)
		buf_puts(out, below(m, 8) == 0 ? "007" : "0");
	else
		buf_puts(out, counts[below(m, sizeof counts / sizeof *counts)]);
}

/* ---- a text that a regular expression describes: sequences, classes, groups, counts ---- */

static const char *after_class(const char *p)
{
	while (*++p != ']')
		if (*p == '\\')
			p++;
	return p + 1;
}

static const char *after_atom(const char *p)
{
	if (*p == '[')
		return after_class(p);
	if (*p == '\\')
		return p + 2;
	if (*p != '(')
		return p + 1;
	for (p++; *p != ')';)
		p = after_atom(p);
	return p + 1;
}

static void put_class(struct maker *m, struct buf *out, const char *p, const char *end)
{
	char members[512];
	unsigned count = 0;
	for (p++; p < end - 1; p++) {
		if (*p == '\\')
			p++;
		char first = *p, last = first;
		if (p[1] == '-' && p + 2 < end - 1) {
			last = p[2];
			p += 2;
		}
		for (int c = first; c <= last && count < sizeof members; c++)
			members[count++] = (char)c;
	}
	buf_putc(out, members[below(m, count)]);
}

static void put_sequence(struct maker *m, struct buf *out, const char *p, const char *end);

static void put_atom(struct maker *m, struct buf *out, const char *p, const char *end)
{
	if (*p == '[')
		put_class(m, out, p, end);
	else if (*p == '(')
		put_sequence(m, out, p + 1, end - 1);
	else if (*p == '.')
		put_odd_in_line(m, out);
	else
		buf_putc(out, *p == '\\' ? p[1] : *p);
}

static void put_sequence(struct maker *m, struct buf *out, const char *p, const char *end)
{
	while (p < end) {
		const char *atom = p;
		unsigned least = 1, most = 1;
		p = after_atom(p);
		const char *atom_end = p;
		if (p < end && *p == '{') {
			char *rest;
			least = most = (unsigned)strtoul(p + 1, &rest, 10);
			if (*rest == ',')
				most = (unsigned)strtoul(rest + 1, &rest, 10);
			p = rest + 1;
		} else if (p < end && (*p == '*' || *p == '+' || *p == '?')) {
			least = *p == '+';
			most = *p == '?' ? 1 : 12;
			p++;
		}
		for (unsigned times = least + below(m, most - least + 1); times > 0; times--)
			put_atom(m, out, atom, atom_end);
	}
}

/* ---- patterns ---- */

static bool is(const xmlNode *node, const char *name)
{
	return xmlStrEqual(node->name, BAD_CAST name);
}

static void make(struct maker *m, const xmlNode *pattern, struct buf *text);

static void make_children(struct maker *m, const xmlNode *pattern, struct buf *text)
{
	for (const xmlNode *child = pattern->children; child != NULL; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			make(m, child, text);
}

static void make_data(struct maker *m, const xmlNode *data, struct buf *text)
{
	xmlChar *type = xmlGetNoNsProp(data, BAD_CAST "type");
	const xmlNode *param = data->children;
	while (param != NULL && (param->type != XML_ELEMENT_NODE || !is(param, "param")))
		param = param->next;
	xmlChar *name = param == NULL ? NULL : xmlGetNoNsProp(param, BAD_CAST "name"), *value = xmlNodeGetContent(param);
	bool pattern = name != NULL && strcmp((char *)name, "pattern") == 0;
	if (pattern)
		put_sequence(m, text, (char *)value, (char *)value + strlen((char *)value));
	/* what an address may not have, its type forbids beside the pattern */
	if (strcmp((char *)type, "anyURI") == 0)
		for (char *p = text->data; (p = strpbrk(p, "%[]\"<>\\^`{|}#")) != NULL;)
			*p = '~';
	if (pattern)
		; /* done */
	else if (strcmp((char *)type, "nonNegativeInteger") == 0 || strcmp((char *)type, "positiveInteger") == 0)
		put_count(m, text, type[0] == 'p');
	else if (strcmp((char *)type, "language") == 0)
		buf_puts(text, below(m, 2) ? "en" : "de");
	else if (strcmp((char *)type, "string") == 0)
		put_odd(m, text);
	else
		die("unknown type", (char *)type);
	xmlFree(type);
	xmlFree(name);
	xmlFree(value);
}

/* A named definition, here or in what is included. */
static const xmlNode *definition(struct maker *m, const char *name)
{
	for (unsigned i = 0; i < m->scope_count; i++)
		for (const xmlNode *child = m->scope[i]->children; child != NULL; child = child->next) {
			xmlChar *own = child->type == XML_ELEMENT_NODE && is(child, "define") ? xmlGetNoNsProp(child, BAD_CAST "name") : NULL;
			bool found = own != NULL && strcmp((char *)own, name) == 0;
			xmlFree(own);
			if (found)
				return child;
		}
	die("unknown name", name);
}

/* Another grammar: its start, in its own scope. */
static void make_grammar(struct maker *m, const char *file)
{
	struct maker inner = *m;
	inner.scope_count = 1;
	inner.scope[0] = grammar_root(m->grammars, file);
	const xmlNode *start = NULL;
	for (const xmlNode *child = inner.scope[0]->children; child != NULL; child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		if (is(child, "start"))
			start = child;
		if (is(child, "include") && inner.scope_count < INCLUDES_MAX) {
			xmlChar *href = xmlGetNoNsProp(child, BAD_CAST "href");
			inner.scope[inner.scope_count++] = grammar_root(m->grammars, (char *)href);
			xmlFree(href);
		}
	}
	if (start == NULL)
		die("no start in", file);
	make_children(&inner, start, NULL);
	m->random = inner.random;
	m->doc = inner.doc;
}

static void make_element(struct maker *m, const xmlNode *pattern)
{
	xmlChar *name = xmlGetNoNsProp(pattern, BAD_CAST "name");
	bool root = m->doc == NULL;
	BUF_AUTO text;
	buf_init(&text, 1 << 20);
	if (root)
		m->doc = doc_new((char *)name);
	else
		doc_open(m->doc, (char *)name);
	m->depth++;
	make_children(m, pattern, &text);
	if (text.length > 0)
		doc_text(m->doc, text.data);
	m->depth--;
	if (!root)
		doc_close(m->doc);
	xmlFree(name);
}

static void make_attribute(struct maker *m, const xmlNode *pattern)
{
	xmlChar *name = xmlGetNoNsProp(pattern, BAD_CAST "name");
	BUF_AUTO text;
	buf_init(&text, 1 << 20);
	if (pattern->children != NULL)
		make_children(m, pattern, &text);
	else if (below(m, 3) > 0)
		put_odd(m, &text);
	doc_attr(m->doc, (char *)name, text.data == NULL ? "" : text.data);
	xmlFree(name);
}

static void make_choice(struct maker *m, const xmlNode *pattern, struct buf *text)
{
	unsigned count = 0;
	for (const xmlNode *child = pattern->children; child != NULL; child = child->next)
		count += child->type == XML_ELEMENT_NODE;
	unsigned chosen = below(m, count);
	for (const xmlNode *child = pattern->children; child != NULL; child = child->next)
		if (child->type == XML_ELEMENT_NODE && chosen-- == 0) {
			make(m, child, text);
			return;
		}
}

static void make_list(struct maker *m, const xmlNode *pattern, struct buf *text)
{
	unsigned times = is(pattern, "oneOrMore") + below(m, (m->depth > 2 ? 2 : m->longest) + 1);
	/* parts of a <list> are words */
	bool words = pattern->parent != NULL && is(pattern->parent, "list");
	for (unsigned i = 0; i < times; i++) {
		if (words && i > 0)
			buf_putc(text, ' ');
		make_children(m, pattern, text);
	}
}

static void make(struct maker *m, const xmlNode *pattern, struct buf *text)
{
	xmlChar *name;
	if (is(pattern, "element")) {
		make_element(m, pattern);
	} else if (is(pattern, "attribute")) {
		make_attribute(m, pattern);
	} else if (is(pattern, "optional")) {
		if (below(m, 100) < m->present)
			make_children(m, pattern, text);
	} else if (is(pattern, "zeroOrMore") || is(pattern, "oneOrMore")) {
		make_list(m, pattern, text);
	} else if (is(pattern, "choice")) {
		make_choice(m, pattern, text);
	} else if (is(pattern, "group") || is(pattern, "list")) {
		make_children(m, pattern, text);
	} else if (is(pattern, "ref")) {
		name = xmlGetNoNsProp(pattern, BAD_CAST "name");
		make_children(m, definition(m, (char *)name), text);
		xmlFree(name);
	} else if (is(pattern, "externalRef")) {
		name = xmlGetNoNsProp(pattern, BAD_CAST "href");
		make_grammar(m, (char *)name);
		xmlFree(name);
	} else if (is(pattern, "value")) {
		name = xmlNodeGetContent(pattern);
		buf_puts(text, (char *)name);
		xmlFree(name);
	} else if (is(pattern, "data")) {
		make_data(m, pattern, text);
	} else if (is(pattern, "text")) {
		put_odd(m, text);
	} else if (!is(pattern, "empty")) {
		die("unknown pattern", (const char *)pattern->name);
	}
}

struct doc *generate(struct grammars *grammars, uint64_t seed)
{
	struct maker m = { .grammars = grammars, .random = seed * 0x2545F4914F6CDD1Du };
	static const unsigned present[] = { 0, 100, 10, 50, 50, 90 }, longest[] = { 0, 1, 2, 3, 3, 5, 8, 60 };
	m.present = present[below(&m, 6)];
	m.longest = longest[below(&m, 8)];
	make_grammar(&m, "tenantry.rng");
	return m.doc;
}
