/* What the service manager is told (sd_notify(3)): ready, reloading, stopping, alive. Nothing without NOTIFY_SOCKET. */
#ifndef TENANTRY_PROC_NOTIFY_H
#define TENANTRY_PROC_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Reads NOTIFY_SOCKET and WATCHDOG_USEC and takes them out of the environment. Once, in the master. */
void notify_begin(void);

/* REMARK stands behind what the status says, such as "; not reloaded". */
void notify_ready(int workers, const char *remark);
void notify_reloading(void);
void notify_stopping(void);

/* Called again and again: feeds the watchdog when it is time, and PROGRESS was made since it was fed the last time.
 * NOW in monotonic ms. */
void notify_alive(int64_t now, bool progress);

#endif
