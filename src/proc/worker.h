/* What the processes below the master do. Both return the exit status. */
#ifndef TENANTRY_PROC_WORKER_H
#define TENANTRY_PROC_WORKER_H

#include <sys/types.h>

#include "app/app.h"
#include "proc/inherit.h"
#include "proc/scoreboard.h"

/* What the master hands on to a process it forks. */
struct process {
	const struct config *config;
	const struct sheets *sheets;
	const char *version; /* app/version.h */
	struct scoreboard *board;
	struct slot *slot;
	pid_t master;
	struct listener listeners[LISTENER__MAX];
	enum listener_kind kind; /* of them its own; one that is inherited is held open by others: its queue is theirs too */
};

/* Exit status of a process that found a schema it does not know, and of one that could not be confined. */
#define EXIT_SCHEMA 3
#define EXIT_CONFINE 4

int worker_run(const struct process *process);
int housekeeper_run(const struct process *process);

/* The part that both begin with: dies with its master, takes signals, little memory. False: the master is gone. */
bool process_begin(const struct process *process, sigset_t *waiting);

/* Does the database have the schema of this program? One that does not answer is given the benefit of the doubt:
 * it may come back. */
bool process_schema_good(struct db *db);

#endif
