/* Running a compiled stylesheet: xsl:sort. Texts compare byte by byte and NaN comes before all numbers, as in libxslt; what is equal by all
 * keys stays in document order. */
#include "xml/run.h"

#include <math.h>
#include <stdlib.h>

struct key {
	struct text text;
	double number;
};

struct sorted {
	xmlNodePtr node;
	size_t place; /* before sorting */
	const struct key *keys;
};

static int compare_texts(struct text a, struct text b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
	return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_numbers(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(b) - isnan(a);
	return (a > b) - (a < b);
}

static int compare_sorted(const void *left, const void *right, void *sorts)
{
	const struct sorted *a = left, *b = right;
	size_t i = 0;
	for (const struct sort *sort = sorts; sort != NULL; sort = sort->next, i++) {
		int order = sort->number ? compare_numbers(a->keys[i].number, b->keys[i].number) :
			compare_texts(a->keys[i].text, b->keys[i].text);
		if (order != 0)
			return sort->descending ? -order : order;
	}
	return (a->place > b->place) - (a->place < b->place);
}

/* The keys of one node, which is the current one for them. */
static void find_keys(struct run *run, const struct sort *sorts, const struct context *context, struct key *keys)
{
	xmlNodePtr current = run->current;
	run->current = context->node;
	for (const struct sort *sort = sorts; sort != NULL; sort = sort->next, keys++) {
		keys->text = eval_text(run, sort->expr, context);
		/* libxslt makes a number of the text, and so loses what lies behind 15 digits. */
		keys->number = sort->number ? text_number(run, keys->text) : 0;
	}
	run->current = current;
}

void sort_by_keys(struct run *run, const struct sort *sorts, size_t from)
{
	struct context context = { .size = run->node_count - from };
	size_t width = 0;
	for (const struct sort *sort = sorts; sort != NULL; sort = sort->next)
		width++;
	if (context.size < 2)
		return;
	struct sorted *all = run_alloc(run, context.size * sizeof *all);
	struct key *keys = run_alloc(run, context.size * width * sizeof *keys);
	if (all == NULL || keys == NULL)
		return;
	for (size_t i = 0; i < context.size; i++) {
		context.node = run->nodes[from + i];
		context.position = i + 1;
		all[i] = (struct sorted){ context.node, i, keys + i * width };
		find_keys(run, sorts, &context, keys + i * width);
	}
	qsort_r(all, context.size, sizeof *all, compare_sorted, (void *)sorts);
	for (size_t i = 0; i < context.size; i++)
		run->nodes[from + i] = all[i].node;
}
