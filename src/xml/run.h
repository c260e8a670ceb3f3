/* What the files that run a compiled stylesheet share among themselves. */
#ifndef TENANTRY_XML_RUN_H
#define TENANTRY_XML_RUN_H

#include <stdint.h>
#include <string.h>

#include "xml/program.h"

/* How deep bodies may stand within each other (libxslt: maxTemplateDepth), and how many nodes and operations a run may look at: a page of 200
 * rows takes some 100,000. */
#define RUN_DEPTH_MAX 200
#define RUN_WORK_MAX 10000000
#define RUN_MEMORY_MAX ((size_t)64 * 1024 * 1024)
#define RUN_ATTRIBUTES_MAX 64

enum value_type {
	VALUE_NONE, /* a parameter that was not given */
	VALUE_NODES, VALUE_STRING, VALUE_NUMBER, VALUE_BOOLEAN,
	VALUE_TREE /* a result tree fragment, of which we know the text alone */
};

struct value {
	enum value_type type;
	size_t count; /* VALUE_NODES: in document order, each once */
	union {
		struct text text;
		double number;
		bool boolean;
		xmlNodePtr node;   /* count is 1 */
		xmlNodePtr *nodes; /* count is more */
	};
};

struct context {
	xmlNodePtr node;
	size_t position, size;
};

/* An attribute of the tag that is open: its name, and where in the output its bytes begin. */
struct written {
	const xmlChar *name;
	size_t at;
};

/* The tag of the element that is written now. TAG_NONE: there is no element around. */
enum tag { TAG_NONE, TAG_OPEN, TAG_CLOSED };

struct run {
	const struct program *program;
	xmlDocPtr document;
	const xmlNs *space;        /* the one that all elements of our documents have, */
	const xmlChar *space_name; /* and its name in the dictionary */
	struct arena *arena;
	struct buf *out;
	size_t start;       /* where in `out` this run begins */
	bool raw;           /* text goes out as it is: text output, attributes, variables */
	enum tag tag;
	bool anchor;        /* the open tag is <a> */
	struct written attributes[RUN_ATTRIBUTES_MAX];
	unsigned attribute_count;
	xmlNodePtr current; /* current() */
	struct value *globals; /* VALUE_NONE: not computed yet */
	bool *computing;
	/* Frames of variables, and lists of nodes that are gone through now: stacks that move when they grow. */
	struct value *slots;
	size_t slot_count, slot_capacity, frame;
	xmlNodePtr *nodes;
	size_t node_count, node_capacity;
	unsigned depth;
	uint32_t work;      /* what is left of it: nothing when the run has failed */
	size_t memory;      /* taken from the arena */
	bool failed;        /* the run is over: all loops end, and what they have made is dropped */
};

/* Ends the run, with the first reason logged. The caller goes on with anything that is safe. */
__attribute__((format(printf, 2, 3)))
void run_fail(struct run *run, const char *format, ...);

/* One more piece of work. False, and each loop must end then, when the run is over. */
static inline bool run_work(struct run *run)
{
	if (run->work == 0) {
		run_fail(run, "too much work");
		return false;
	}
	run->work--;
	return true;
}

/* Memory until the end of the run; NULL, and the run is over, when it has had its share. */
void *run_alloc(struct run *run, size_t size);

/* A copy of TEXT; the empty text when there is no memory for it. */
struct text run_copy(struct run *run, struct text text);

#define NO_TEXT ((struct text){ "", 0 })

void run_push_node(struct run *run, xmlNodePtr node);

/* ---- run_xpath.c ---- */

struct value eval(struct run *run, const struct expr *expr, const struct context *context);
bool eval_boolean(struct run *run, const struct expr *expr, const struct context *context);
double eval_number(struct run *run, const struct expr *expr, const struct context *context);
struct text eval_text(struct run *run, const struct expr *expr, const struct context *context);

/* ---- run_path.c ---- */

static inline bool space_is(const struct run *run, const xmlNode *node, const xmlChar *space)
{
	if (node->ns == NULL || space == NULL)
		return node->ns == NULL && space == NULL;
	if (node->ns == run->space)
		return space == run->space_name;
	return xmlStrEqual(node->ns->href, space);
}

/* What @name gives: an element has one such attribute at most. */
static inline xmlNodePtr find_attribute(const struct run *run, const struct step *step, const xmlNode *node)
{
	const xmlAttr *attr = node->type == XML_ELEMENT_NODE ? node->properties : NULL;
	while (attr != NULL && (attr->name != step->name || !space_is(run, (const xmlNode *)attr, step->space)))
		attr = attr->next;
	return (xmlNodePtr)attr;
}

/* Puts the nodes of EXPR onto the stack of nodes, in document order and each once; the number. */
size_t eval_nodes(struct run *run, const struct expr *expr, const struct context *context);

/* The first node that PATH, or another expression, finds in document order. */
xmlNodePtr path_first(struct run *run, const struct expr *path, const struct context *context);

/* Does PATH find any node; one that says TEXT, or that says something else? */
bool path_finds(struct run *run, const struct expr *path, const struct context *context);
bool path_has_text(struct run *run, const struct expr *path, const struct context *context, struct text text, bool unequal);

/* Does NODE match the pattern of RULE? */
bool rule_matches(struct run *run, const struct rule *rule, xmlNodePtr node);

/* ---- run_values.c ---- */

struct text node_text(struct run *run, const xmlNode *node);
struct text value_text(struct run *run, const struct value *value);
double value_number(struct run *run, const struct value *value);
bool value_boolean(const struct value *value);
struct text number_text(struct run *run, double number);
double text_number(struct run *run, struct text text);
xmlNodePtr value_node(const struct value *value, size_t i);

static inline bool text_is(struct text a, struct text b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/* ---- run_sort.c ---- */

/* Sorts the nodes on the stack from FROM on. */
void sort_by_keys(struct run *run, const struct sort *sorts, size_t from);

/* ---- run_functions.c ---- */

struct value call_function(struct run *run, const struct expr *call, const struct context *context);

/* ---- run.c ---- */

const struct value *run_global(struct run *run, unsigned slot);

#endif
