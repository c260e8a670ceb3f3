/* A compiled stylesheet: what compile*.c make of a sheet, and run*.c write bytes by, with no result tree.
 *
 * A program is read-only once it is made: it lives in one arena, and any number of runs may use it. Names of elements and
 * attributes are from the dictionary xml_names, so they compare by pointer with those of a document. A sheet that says
 * anything outside of what stands here gets no program, and goes through libxslt as a whole. */
#ifndef TENANTRY_XML_PROGRAM_H
#define TENANTRY_XML_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

#include "base/arena.h"
#include "base/buf.h"

/* Bytes of somebody else's, without a NUL at their end. */
struct text {
	const char *at;
	size_t length;
};

/* ---- XPath ---- */

enum axis {
	/* on these the next node is the next sibling */
	AXIS_CHILD, AXIS_ATTRIBUTE, AXIS_FOLLOWING_SIBLING,
	AXIS_SELF, AXIS_PARENT, AXIS_DESCENDANT, AXIS_DESCENDANT_OR_SELF, AXIS_ANCESTOR, AXIS_ANCESTOR_OR_SELF, AXIS_PRECEDING_SIBLING
};

/* name or t:name; t:*; *; node(); text() */
enum node_test { TEST_NAME, TEST_SPACE, TEST_ANY, TEST_NODE, TEST_TEXT };

#define PREDICATES_MAX 4

struct step {
	enum axis axis;
	enum node_test test;
	const xmlChar *name;  /* TEST_NAME */
	const xmlChar *space; /* TEST_NAME, TEST_SPACE: the namespace; NULL is none */
	struct expr *predicates;
	bool attribute; /* it is @name without a predicate */
	bool sized;     /* a predicate asks for last() */
	struct step *next;
};

enum expr_kind {
	EXPR_STRING, EXPR_NUMBER, EXPR_LOCAL, EXPR_GLOBAL, EXPR_PATH, EXPR_UNION, EXPR_CALL, EXPR_OR, EXPR_AND,
	/* the comparisons, those of equality first */
	EXPR_EQUAL, EXPR_UNEQUAL, EXPR_LESS, EXPR_LESS_EQUAL, EXPR_GREATER, EXPR_GREATER_EQUAL,
	EXPR_ADD, EXPR_SUBTRACT, EXPR_MULTIPLY, EXPR_DIVIDE, EXPR_MODULO, EXPR_NEGATE
};

/* What an expression gives; TYPE_ANY is a variable, of which only the run knows. */
enum expr_type { TYPE_ANY, TYPE_NODES, TYPE_STRING, TYPE_NUMBER, TYPE_BOOLEAN };

enum function {
	FUNCTION_LAST, FUNCTION_POSITION, FUNCTION_COUNT, FUNCTION_LOCAL_NAME, FUNCTION_NAME, FUNCTION_STRING, FUNCTION_CONCAT,
	FUNCTION_STARTS_WITH, FUNCTION_CONTAINS, FUNCTION_SUBSTRING_BEFORE, FUNCTION_SUBSTRING_AFTER, FUNCTION_SUBSTRING,
	FUNCTION_STRING_LENGTH, FUNCTION_NORMALIZE_SPACE, FUNCTION_TRANSLATE, FUNCTION_BOOLEAN, FUNCTION_NOT, FUNCTION_TRUE,
	FUNCTION_FALSE, FUNCTION_NUMBER, FUNCTION_SUM, FUNCTION_FLOOR, FUNCTION_CEILING, FUNCTION_ROUND, FUNCTION_CURRENT,
	FUNCTION_FORMAT_NUMBER
};

/* Where a path begins: the context node, the document, or what an expression gives. */
enum path_start { START_CONTEXT, START_ROOT, START_EXPR };

struct expr {
	enum expr_kind kind;
	enum expr_type type;
	double number;
	struct text text;
	unsigned slot;               /* EXPR_LOCAL, EXPR_GLOBAL */
	enum function function;
	struct expr *left, *right;   /* operators; left: the start of a path */
	struct expr *arguments;      /* of a call, linked by next */
	/* A path: its start, predicates on the whole of what START_EXPR gives, its steps. The walk along the steps meets each node once
	 * and in document order if `ordered`, and if it starts from one node alone if `ordered_from_one`. */
	enum path_start start;
	struct expr *filters;
	struct step *steps;
	const struct step *attribute; /* the step of a path that is @name alone, as most are */
	bool ordered, ordered_from_one;
	bool positional;             /* asks for position() or last(), within no predicate of its own */
	bool sized;                  /* asks for last() */
	struct expr *next;           /* in a list of arguments or predicates */
};

/* ---- instructions ---- */

enum op_kind { OP_LITERAL, OP_VALUE, OP_ATTRIBUTE, OP_ELEMENT, OP_IF, OP_CHOOSE, OP_FOR_EACH, OP_CALL, OP_APPLY, OP_VARIABLE, OP_PARAM };

/* How the writer treats the value of an attribute: as it is; as a URI; as a URI in <a> (name); leaves it out (booleans of HTML). */
enum attribute_class { ATTRIBUTE_PLAIN, ATTRIBUTE_URI, ATTRIBUTE_URI_IN_A, ATTRIBUTE_BOOLEAN };

/* What a body may make: bits of a mask. */
enum { MAKES_TEXT = 1, MAKES_ATTRIBUTE = 2, MAKES_ELEMENT = 4 };

/* Operations run along `next`. OP_IF, also as a branch of OP_CHOOSE, is a jump: to `body`, whose end goes on behind the instruction, or to
 * `next`. What else has a body runs it to its end, which is NULL. */
struct op {
	enum op_kind kind;
	int line;
	const char *file;
	struct op *next;
	struct op *body;
	struct expr *expr; /* select or test */
	struct sort *sorts; /* OP_FOR_EACH, OP_APPLY */
	union {
		/* Bytes as they go into the output; `raw` is the same text unescaped, for attributes and variables. With markup in it
		 * there is no raw form, and it never runs where only text may stand. */
		struct {
			struct text bytes, raw;
			bool markup;
		} literal;
		/* `placed`: name, opening quote and `begun` bytes of the value were written by the literal before. Else `head`, ` name="`, is. A
		 * boolean is ` name` alone. */
		struct {
			const xmlChar *name;
			struct text head;
			enum attribute_class class;
			bool placed;
			size_t begun;
		} attribute;
		/* An element whose attributes or emptiness show only when it runs; all others become literals. */
		struct {
			const xmlChar *name;
			struct op *attributes; /* until lower.c put them in front of the body */
			struct text open, close;
			bool empty;       /* HTML has no end tag for it */
			bool short_empty; /* libxml2 writes no end tag when nothing is in it */
			bool root;        /* <html> */
			bool anchor;      /* <a> */
		} element;
		/* call-template: to which slot each argument goes is known. apply-templates: by name, when the rule was chosen. */
		struct {
			struct template *template;
			const xmlChar *name;
			struct mode *mode;
			struct argument *arguments;
		} call;
		struct {
			const xmlChar *name;
			unsigned slot;
		} variable;
	};
};

struct sort {
	struct expr *expr;
	bool number, descending;
	struct sort *next;
};

/* xsl:with-param. */
struct argument {
	const xmlChar *name;
	int slot; /* call-template: in the frame of the called; -1: it has no such parameter */
	struct expr *expr;
	struct op *body;
	struct argument *next;
};

struct parameter {
	const xmlChar *name;
	unsigned slot;
	struct parameter *next;
};

struct template {
	const xmlChar *name;
	struct op *body;
	struct parameter *parameters;
	unsigned slots;
	unsigned makes;
	int precedence;
	const xmlNode *node; /* while compiling */
	const char *file;
	struct template *next;
};

/* One alternative of a match pattern: its steps from the last to the first. */
struct rule {
	struct step *steps;
	bool rooted; /* begins with / */
	double priority;
	int precedence;
	unsigned order;
	struct template *template;
	struct rule *next; /* the next weaker one */
};

/* A step of a pattern with the axis AXIS_DESCENDANT_OR_SELF stands for the // between its neighbours. */

struct mode {
	const xmlChar *name; /* NULL: no mode */
	struct rule *rules;
	struct mode *next;
};

struct global {
	const xmlChar *name;
	struct expr *expr; /* NULL: what the body makes */
	struct op *body;
	int precedence;
	const xmlNode *node;
	const char *file;
	struct global *next;
};

enum method { METHOD_HTML, METHOD_TEXT };

struct program {
	struct arena *arena;
	enum method method;
	struct mode *modes;       /* the first one is that without a name */
	struct global **globals;  /* by slot */
	unsigned global_count;
	struct template *templates;
	unsigned ops;             /* how many instructions it has */
};

/* Why a sheet has no program. */
struct why {
	char file[256];
	int line;
	char text[256];
};

/* Reads the sheet in FILE, for the sheet itself and all that it includes or imports; NULL when it cannot be read. The
 * compiler frees what it was given. */
typedef xmlDocPtr sheet_reader(const char *file);

/* Compiles the sheet in FILE, which libxslt has taken already. NULL, with WHY filled in, when it says something that is not known here. */
struct program *program_compile(const char *file, sheet_reader *reader, enum method method, struct why *why);
void program_free(struct program *program);

/* Runs PROGRAM over a document whose names are from xml_names and appends to OUT. What it needs on the way is of ARENA. False, with the
 * reason logged and nothing appended, when it fails or goes past its limits; or when OUT overflowed. */
bool program_run(const struct program *program, xmlDocPtr document, struct arena *arena, struct buf *out);

#endif
