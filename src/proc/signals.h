/* Signals of the master and its processes. */
#ifndef TENANTRY_PROC_SIGNALS_H
#define TENANTRY_PROC_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Blocks all that the master handles, and ignores SIGPIPE. Call before the first fork. */
void signals_block(void);

/* Waits in the master at most TIMEOUT_MS for a signal; 0 when none came. */
int signals_wait(int timeout_ms);

/* In a worker or the housekeeper, after the libraries have put in handlers of their own: SIGTERM asks it to
 * leave, what the terminal sends to all processes (INT, QUIT, HUP) is the master's business. Gives the mask to
 * wait with; at all other times everything stays blocked, so that no signal cuts a request. */
void signals_child(sigset_t *waiting);

/* Has this process been asked to leave? */
bool signals_leaving(void);

#endif
