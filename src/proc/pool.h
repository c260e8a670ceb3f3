/* The pool: which processes there should be, which there are, when the next may start.
 *
 * A seat is the place of one worker (or the housekeeper) in the set that serves now. Processes of an older set,
 * after a reload, have no seat; they finish what they do. Used by the master alone. */
#ifndef TENANTRY_PROC_POOL_H
#define TENANTRY_PROC_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "proc/inherit.h"
#include "proc/scoreboard.h"
#include "proc/worker.h"

#define POOL_WORKERS 256 /* the greatest numbers that the configuration takes */
#define POOL_EXPORTS 64

struct pool;

/* LISTENERS are read when a process starts: they stay the caller's. */
struct pool *pool_new(struct scoreboard *board, const struct listener listeners[LISTENER__MAX]);
void pool_free(struct pool *pool);

/* The set that processes started from now on serve with. All must stay until the next call. */
void pool_use(struct pool *pool, const struct config *config, const struct sheets *sheets, const char *version);

/* Starts what is missing and may start at NOW (monotonic ms). */
void pool_fill(struct pool *pool, int64_t now);

/* Takes note of the processes that have ended. */
void pool_reap(struct pool *pool, int64_t now);

/* Asks all processes to leave after the request at hand and empties the seats. Who is still there at KILL_AT is
 * killed, but an export only when EXPORTS_TOO. */
void pool_retire(struct pool *pool, int64_t kill_at, bool exports_too);

/* Ends processes whose request is past its deadline, and those that pool_retire() gave up on. */
void pool_watch(struct pool *pool, int64_t now);

/* Do the workers of pages get anywhere: is one free, or has one finished a request since the last call? */
bool pool_progress(struct pool *pool);

/* Processes that live, of all sets. */
unsigned pool_alive(const struct pool *pool);

#endif
