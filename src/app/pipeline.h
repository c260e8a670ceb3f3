/* Inside of the pipeline: what it lends to a CSV answer and to a form that is sent on. Handlers do not include this. */
#ifndef TENANTRY_APP_PIPELINE_H
#define TENANTRY_APP_PIPELINE_H

#include "app/routes.h"
#include "app/table.h"

struct table {
	struct transport *transport;
	struct arena *arena; /* of the checks of session and scope */
	struct grid *grid; /* the rows at hand */
	struct buf out, cell;
	size_t columns, rows;
	int64_t checked_at;
	bool guard, begun;
};

/* Renders the rows at hand, and sends what has gathered when it is enough, or LAST. */
enum error table_flush(struct context *c, bool last);

/* Ends a table after the handler returned ERROR: whole, or cut. Returns ERR_CUT or another error when the file is not
 * complete; when nothing has been sent, ERROR as it is. */
enum error table_end(struct context *c, enum error error);

/* Two steps, for the form that a login sends on: may who is at work do this to {tenant}; and do it. */
enum error pipeline_authorize(struct context *c, enum access access);
enum error pipeline_handle(struct context *c);

#endif
