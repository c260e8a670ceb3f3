/* Confinement: what a process below the master gives up for good once it has its listener, log and scoreboard.
 *
 * A fault that lets somebody run code of their own in a worker leads to the database, which is what a worker is for, but to
 * no other file, program or host. Two parts, since neither knows it all: Landlock knows paths and ports, seccomp the
 * system calls, kinds of sockets and flags. */
#ifndef TENANTRY_PROC_CONFINE_H
#define TENANTRY_PROC_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"

enum confine_role { CONFINE_WORKER, CONFINE_HOUSEKEEPER };

#define CONFINE_PORTS 3

/* What a process goes on to need, by its role and the configuration. */
struct confine_need {
	bool local;        /* the database's Unix socket */
	bool network;      /* TCP, to the ports below */
	bool names;        /* hosts to look up */
	bool threads;      /* libcurl looks them up in one */
	bool mail_files;   /* messages are put into mail_dir */
	size_t port_count;
	unsigned short ports[CONFINE_PORTS];
};

/* Gives the rest up, unless the configuration says not to. A kernel without a part is no failure; false, logged, when one
 * that has it refuses: then nothing may be served. */
bool confine(const struct config *config, enum confine_role role);

/* Says in the log what is missing in this kernel or this build: for the master, once. */
void confine_report(const struct config *config);

/* The second part (confine_calls.c). */
bool confine_calls(const struct confine_need *need);

#endif
