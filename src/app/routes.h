/* The route table: every address of the application in one place. A newcomer finds the code of a URL here. */
#ifndef TENANTRY_APP_ROUTES_H
#define TENANTRY_APP_ROUTES_H

#include "app/context.h"

typedef enum error handler_fn(struct context *c);

/* Who may call a route. There is no default: 0 is not an access, and the table's test fails on it. */
enum access {
	ACCESS_PUBLIC = 1, /* without a session */
	ACCESS_LOGIN,      /* any user, for itself: never a stale context */
	ACCESS_READ,       /* role sales or admin in force, within the scope */
	ACCESS_ADMIN,      /* role admin in force */
	ACCESS_PRIVATE,    /* monitoring: the web server's location vouches for it, elsewhere there is no such route */
	ACCESS_INGEST,     /* an API token that may report runs */
};

/* What {tenant} must be to the acting tenant; within the scope it is always. */
enum relation { RELATION_NONE, RELATION_SCOPE, RELATION_BELOW };

enum route_mark {
	ONCE = 1,   /* POST: creates or sends something; the same token and body again are not done again */
	TAGGED = 2  /* GET: shows who acts, the list rows of the scope and nothing else, so that etag.h knows when it changes */
};

struct route {
	const char *name;    /* the kind of its document, and its sheet */
	const char *pattern; /* {tenant} and {id} are path variables */
	unsigned formats;    /* of GET, enum format; 0: no GET */
	enum access get, post; /* 0: the method is not taken */
	enum relation relation;
	handler_fn *on_get, *on_post;
	const char *page; /* POST: name of the route whose page has the form, NULL: this one's */
	unsigned marks;   /* enum route_mark */
};

extern const struct route routes[];
extern const size_t route_count;

/* Is PATH one of the API, where tokens count and cookies do not? */
bool route_is_api(const char *path);

/* The route of PATH, whose suffix decides the format (below /api there is none: JSON). ERR_NOT_FOUND: no such route or suffix. Path variables are copied into
 * the arena. */
enum error route_find(struct arena *arena, const char *path, const struct route **route, enum format *format,
	const char *ids[CONTEXT_IDS_MAX]);

/* The row with this name; aborts when there is none. */
const struct route *route_named(const char *name);

/* Value for the Allow header. */
const char *route_allow(const struct route *route);

#endif
