/* The application: from a parsed request to an answer. proc/ calls app_serve() for each request. */
#ifndef TENANTRY_APP_APP_H
#define TENANTRY_APP_APP_H

#include "base/config.h"
#include "db/db.h"
#include "http/http.h"
#include "xml/xml.h"

/* The steps of a request, in order; the scoreboard shows the step of each worker. */
#define STEPS(X) X(IDLE, "idle") X(ACCEPT, "accept") X(PARSE, "parse") X(ROUTE, "route") X(SESSION, "session") \
	X(HASH, "hash") X(AUTHORIZE, "authorize") X(VALIDATE, "validate") X(HANDLE, "handle") X(TRANSFORM, "transform") \
	X(SEND, "send") X(EXPORT, "export") X(FINISH, "finish")
enum step {
#define X(id, name) STEP_##id,
	STEPS(X)
#undef X
	STEP__MAX
};
const char *step_name(enum step step);

struct tally;

/* What the process around lends to the application; proc/ implements it over the scoreboard, tests with a stub. */
struct app_host {
	void *arg;
	/* The step that this worker is in now; user is its user's key when known (0 else). */
	void (*step)(void *arg, enum step step, uint64_t user);
	/* How many workers (this one not counted) are in a step, for a user (0: any). */
	unsigned (*count)(void *arg, enum step step, uint64_t user);
	/* Is a worker at work on anything but a download? */
	bool (*busy)(void *arg);
	/* The index of the request's route in routes[], once it is known; and microseconds of this request in each step. */
	void (*route)(void *arg, size_t route);
	const uint64_t *(*spent)(void *arg);
	struct tally *tally; /* app/tally.h */
	unsigned workers;
};

/* Long-lived state of one worker. */
struct app {
	const struct config *config;
	const struct sheets *sheets;
	const char *version;  /* of all that pages are made of (version.h) */
	struct db *db;      /* the request's connection */
	struct db *watch_db; /* a second one: exports read session and scope again on it; connects when used */
	struct app_host host;
};

/* Serves the request that TRANSPORT has accepted, wholly: parse to send, errors as pages, one line of the access log. */
void app_serve(struct app *app, struct transport *transport, struct arena *arena);

/* The housekeeper's round: follows time in the list table, throws away what has expired. Returns
 * milliseconds until it should be called again. */
int app_housekeep(struct app *app);

#endif
