/* What the two files of the XPath parser share. */
#ifndef TENANTRY_XML_COMPILE_XPATH_H
#define TENANTRY_XML_COMPILE_XPATH_H

#include "xml/compile.h"

/* An expression that is parsed now, which stands on `node`. */
struct parser {
	struct compiler *c;
	const xmlNode *node;
	const char *text, *at;
	unsigned nesting;
};

/* Gives up. Nothing comes any more, so all that parses ends. */
void unknown_expr(struct parser *p, const char *what);

struct expr *new_expr(struct parser *p, enum expr_kind kind, enum expr_type type);

/* ---- what comes next ---- */

void skip_blanks(struct parser *p);
bool is_name_start(char c);

/* How long the name is that begins at AT; 0: none does. Names of our documents are ASCII. */
size_t name_length(const char *at);

/* Takes TOKEN, if it comes next. */
bool take(struct parser *p, const char *token);

/* Takes the name that has to come next. */
const xmlChar *take_name(struct parser *p);

/* ---- the grammar ---- */

/* Any expression. */
struct expr *parse_or(struct parser *p);

/* A primary, if one comes; NULL when a location path does. */
struct expr *parse_primary(struct parser *p);

/* A location path, a primary, or a path that begins with one. */
struct expr *parse_path(struct parser *p);

#endif
