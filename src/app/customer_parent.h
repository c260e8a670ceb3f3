/* Choosing the parent of a tenant that is added or moved: a field with few choices, and a search that brings others into it, so
 * that it works with thousands of resellers and without JavaScript. */
#ifndef TENANTRY_APP_CUSTOMER_PARENT_H
#define TENANTRY_APP_CUSTOMER_PARENT_H

#include "app/form.h"

/* The choices of the field `parent`, filled for each request by customer_parents(). */
extern struct field_choice customer_parent_choices[];

/* What was searched for (`parent_q`, of the form or the address), for the page. */
struct parent_search {
	const char *q;   /* NULL: nothing */
	const char *wanted; /* the chosen parent: of the form or the address, when it can be one */
	size_t found;
	bool more;       /* than are shown */
	bool offered;    /* there is something to search among */
};

/* Fills the choices: the acting tenant itself (with OWN), the chosen one, and those found, or the first resellers. */
enum error customer_parents(struct context *c, bool own, struct parent_search *search);

/* For a form that was sent: the parent that it names is the one choice, when it can be one, and *PARENT its row. */
enum error customer_parent_sent(struct context *c, bool own, struct list_row *parent);

/* Was the form sent with its button Find? Then nothing is to be saved. */
bool customer_parent_asked(const struct context *c);

/* `search`, the form's second part; nothing when there is nothing to search among. */
void customer_parent_element(struct context *c, const struct parent_search *search);

#endif
