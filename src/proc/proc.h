/* Processes: a master that binds or inherits the socket and compiles the sheets, N workers, a housekeeper. */
#ifndef TENANTRY_PROC_PROC_H
#define TENANTRY_PROC_PROC_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/config.h"

/* `tenantry serve`: runs until TERM (drain, exit) or INT/QUIT (at once); HUP reads configuration and sheets again and
 * replaces the workers without losing a request; a configuration or sheet with faults leaves the old set serving.
 * CONFIG_FILE is kept for HUP. FORMER (0: none) is the master of a pool on the same sockets: once this one serves, it takes
 * their paths over and sends FORMER a TERM. Returns the exit status. */
int proc_serve(const char *config_file, pid_t former);

/* `tenantry status [--watch]`: what the pool is doing, read from its scoreboard; every two seconds again, until a
 * signal ends it, when WATCHING. Returns the exit status: 1 when there is no pool. */
int proc_status(const struct config *config, bool watching);

#endif
