/* The socket that the pool serves on: inherited, or made here. */
#ifndef TENANTRY_PROC_INHERIT_H
#define TENANTRY_PROC_INHERIT_H

#include <stdbool.h>

#include "base/config.h"

/* The listening socket: file descriptor 3 when LISTEN_PID and LISTEN_FDS say so (systemd's way), else descriptor 0
 * when it is a listening socket (spawn-fcgi's way), else a new one at the configured path. Not inherited by
 * programs, non-blocking. -1 when there is none, logged. */
int listen_open(const struct config *config, bool *inherited);

#endif
