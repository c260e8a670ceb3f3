/* What the files of the stylesheet compiler share among themselves. */
#ifndef TENANTRY_XML_COMPILE_H
#define TENANTRY_XML_COMPILE_H

#include "xml/program.h"

#define XSLT_SPACE "http://www.w3.org/1999/XSL/Transform"
#define COMPILE_FILES_MAX 128
#define COMPILE_NESTING_MAX 200

struct sheet_file {
	const char *path;
	xmlDocPtr doc;
};

/* A variable that is in scope. */
struct binding {
	const xmlChar *name;
	unsigned slot;
	struct binding *next;
};

struct compiler {
	struct program *program;
	struct arena *arena; /* the program's */
	sheet_reader *reader;
	struct sheet_file files[COMPILE_FILES_MAX];
	unsigned file_count;
	unsigned nesting;
	int precedence; /* of what is declared now; a later import is stronger */
	unsigned order; /* of rules */
	struct global *globals;
	unsigned global_count;
	/* the template that is compiled now */
	const char *file;
	struct binding *scope;
	unsigned slots;
	bool in_pattern;
	struct why *why;
	bool failed; /* something unknown was found: what is made from there on is never used */
};

/* Gives the sheet up: "WHAT" at NODE, or at a place; the first one counts. The caller goes on with anything that is
 * safe to look at. */
__attribute__((format(printf, 3, 4)))
void unknown(struct compiler *c, const xmlNode *node, const char *format, ...);
__attribute__((format(printf, 4, 5)))
void unknown_at(struct compiler *c, const char *file, int line, const char *format, ...);

/* The one copy of a name. */
const xmlChar *compile_name(const char *name, size_t length);

/* A NCName without a prefix; NULL when TEXT is none. */
const xmlChar *compile_plain_name(const char *text);

/* Parses an expression that stands on NODE, whose namespaces it uses. */
struct expr *compile_expr(struct compiler *c, const xmlNode *node, const char *text);

/* Parses a pattern into rules, linked by next, without template and precedence. */
struct rule *compile_pattern(struct compiler *c, const xmlNode *node, const char *text);

/* What stands between the tags of PARENT as instructions; leaves the scope as it was. FROM is its first child to look at. */
struct op *compile_body(struct compiler *c, const xmlNode *from);

/* Is NODE the instruction xsl:NAME? */
bool is_xslt(const xmlNode *node, const char *name);

/* The value of attribute NAME; NULL when NODE has none. In the arena. */
const char *compile_get(struct compiler *c, const xmlNode *node, const char *name);

/* Gives up when NODE has attributes other than those in NAMES, which ends with NULL. */
void compile_attributes(struct compiler *c, const xmlNode *node, const char *const *names);

/* White space alone? Such text of a sheet does not count outside of xsl:text. */
bool is_blank(const xmlNode *text);

struct mode *compile_mode(struct compiler *c, const xmlNode *node, const char *name);
struct template *compile_template_named(struct compiler *c, const xmlNode *node, const xmlChar *name);
int compile_global_slot(struct compiler *c, const xmlChar *name);

/* After all is parsed: finds what each template may make, turns what is known of elements into bytes and joins these. */
void compile_lower(struct compiler *c);

#endif
