/* The sockets that the pool serves on: inherited, or made here. */
#ifndef TENANTRY_PROC_INHERIT_H
#define TENANTRY_PROC_INHERIT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/config.h"

/* Downloads come to a socket and to workers of their own when one is configured, so that they do not hold up pages. */
enum listener_kind { LISTENER_PAGES, LISTENER_EXPORTS, LISTENER__MAX };

struct listener {
	int fd;         /* -1: none */
	bool inherited; /* others hold it open too, and its path is not ours */
	ino_t inode;    /* of its path, when it was made here: another process may have replaced it since; 0: it is not there yet */
};

/* Opens the listening sockets: file descriptors from 3 on when LISTEN_PID and LISTEN_FDS say so (systemd's way; the second is for
 * downloads), else descriptor 0 for pages when it is a listening socket (spawn-fcgi's way); what was not given is made at
 * for the configured path, where the process FORMER (0: nobody) may listen still. Not inherited by programs, non-blocking.
 * False when one is missing, logged. */
bool listeners_open(const struct config *config, pid_t former, struct listener listeners[LISTENER__MAX]);

/* Puts those that were made here at their paths, in FORMER's place: the last step before they are served, since it cannot be taken back.
 * False when one cannot be put there, logged. */
bool listeners_publish(const struct config *config, struct listener listeners[LISTENER__MAX]);

/* Closes, in a process that was forked, all but the one it serves on (LISTENER__MAX: all). */
void listeners_drop(const struct listener listeners[LISTENER__MAX], enum listener_kind kept);

/* Closes them; those that were made here are unlinked at their paths, unless others are there by now. */
void listeners_close(const struct config *config, struct listener listeners[LISTENER__MAX]);

#endif
