/* What every process of the pool is doing, in memory that all of them share.
 *
 * A slot is written by its process alone, but for the master, which takes and clears it. Readers see each
 * field whole, not all fields of one instant: good enough to count and to judge a deadline. */
#ifndef TENANTRY_PROC_SCOREBOARD_H
#define TENANTRY_PROC_SCOREBOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "app/app.h"
#include "app/tally.h"

/* Three times the greatest number of processes and more: those of a reload start beside the ones that still export. */
#define SCOREBOARD_SLOTS 1024
#define SCOREBOARD_REQUEST_ID 65
#define SCOREBOARD_VERSION 1 /* to be changed with anything below */

struct slot {
	_Atomic pid_t pid;          /* 0: free */
	_Atomic bool housekeeper, downloads; /* what it is, when it is no worker of pages */
	_Atomic int step;           /* enum step */
	_Atomic unsigned route;     /* of the request at hand, as in tally.h; 0: not known (yet) */
	_Atomic uint64_t user;
	_Atomic int64_t started;    /* monotonic ms of the request at hand */
	_Atomic int64_t deadline;   /* monotonic ms; 0: none */
	_Atomic uint64_t served;    /* requests of this process */
	char request_id[SCOREBOARD_REQUEST_ID]; /* for the log, when the process is stuck */
} __attribute__((aligned(64)));

struct scoreboard {
	char version[48];           /* who reads the file knows by it whether this is its layout */
	_Atomic pid_t master;       /* 0: it has ended */
	_Atomic int workers, export_workers; /* that there should be */
	struct tally tally;
	_Atomic bool stopping;      /* TERM of the master: workers empty the socket's queue before they leave */
	struct slot slots[SCOREBOARD_SLOTS];
};

/* Makes it, shared with all processes forked later, in FILE ("off": in memory alone), which is replaced; NULL with errno. */
struct scoreboard *scoreboard_new(const char *file);
void scoreboard_free(struct scoreboard *board);

/* The one of a running pool, to look at; NULL with *WHY. */
const struct scoreboard *scoreboard_open(const char *file, const char **why);

/* The index of a free slot, cleared; -1 when there is none. The master alone takes and releases. */
int scoreboard_take(struct scoreboard *board);
void scoreboard_release(struct scoreboard *board, int slot);

/* A request begins (it may take DEADLINE_MS) and ends in this process's slot. */
void slot_begin(struct slot *slot, int64_t deadline_ms);
void slot_end(struct slot *slot);

/* Milliseconds by which the request of a slot is over its deadline; 0 when it is not, or has none. */
int64_t slot_overdue(const struct slot *slot, int64_t now);

/* The application's view: what it says and asks of the pool. ARG of the host is the struct board_view, which must
 * outlive it. */
struct board_view {
	struct scoreboard *board;
	struct slot *own;
	bool exported, hashed;      /* the request went through that step; for the worker, which clears it */
	int64_t step_began;         /* monotonic us */
	uint64_t spent_us[STEP__MAX];
};

/* The request of this view begins: no time is spent yet. */
void board_begin(struct board_view *view);

struct app_host board_host(struct board_view *view, unsigned workers);

#endif
