/* The pool of processes. Owns forking, reaping and the pauses after crashes. Must never start more
 * than one process for a seat, nor wait for anything: the master's loop calls it again. */
#include "proc/pool.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/routes.h"
#include "base/clock.h"
#include "base/log.h"

/* After a crash: none, then doubling from the first to the last; a process that lived for LONG_LIFE starts it anew. */
#define PAUSE_FIRST 100
#define PAUSE_LAST 10000
#define LONG_LIFE 10000

/* Seats: workers, workers for downloads, the housekeeper. */
#define EXPORT_SEAT POOL_WORKERS
#define HOUSEKEEPER_SEAT (POOL_WORKERS + POOL_EXPORTS)
#define SEATS (HOUSEKEEPER_SEAT + 1)
#define NO_SEAT (-1)

/* A process, at the index of its slot on the scoreboard. */
struct member {
	pid_t pid; /* 0: none */
	int seat;
	bool housekeeper;
	int64_t started;
	int64_t kill_at;      /* 0: it was not asked to leave */
	bool export_too;
	bool ended_by_us;     /* past its deadline: no crash */
	int64_t slow_said;    /* start of the request that was logged as slow */
};

struct seat {
	int member; /* index, -1: empty */
	int64_t pause, not_before;
};

struct pool {
	struct process process; /* what is handed on */
	struct member members[SCOREBOARD_SLOTS];
	const struct listener *listeners;
	struct seat seats[SEATS];
	bool full_said;
	uint64_t finished;      /* requests, when pool_progress() was asked the last time */
};

struct pool *pool_new(struct scoreboard *board, const struct listener listeners[LISTENER__MAX])
{
	struct pool *pool = calloc(1, sizeof *pool);

	if (pool == NULL)
		abort();
	pool->process = (struct process){ .board = board, .master = getpid() };
	pool->listeners = listeners;
	for (int i = 0; i < SEATS; i++)
		pool->seats[i].member = -1;
	return pool;
}

void pool_free(struct pool *pool)
{
	free(pool);
}

void pool_use(struct pool *pool, const struct config *config, const struct sheets *sheets, const char *version)
{
	pool->process.config = config;
	pool->process.board->workers = config->workers;
	pool->process.board->export_workers = pool->listeners[LISTENER_EXPORTS].fd >= 0 ? config->export_workers : 0;
	pool->process.sheets = sheets;
	pool->process.version = version;
}

static const char *member_kind(const struct member *member)
{
	return member->housekeeper ? "housekeeper" : "worker";
}

static void pause_grow(struct seat *seat, int64_t now)
{
	seat->not_before = now + seat->pause;
	seat->pause = seat->pause == 0 ? PAUSE_FIRST : seat->pause * 2 > PAUSE_LAST ? PAUSE_LAST : seat->pause * 2;
}

static void seat_fill(struct pool *pool, int number, int64_t now)
{
	struct seat *seat = &pool->seats[number];
	bool housekeeper = number == HOUSEKEEPER_SEAT;
	int index = scoreboard_take(pool->process.board);

	if (index < 0) {
		if (!pool->full_said)
			log_warn("too many processes still finish old requests: waiting for them");
		pool->full_said = true;
		return;
	}
	pool->full_said = false;
	pool->process.slot = &pool->process.board->slots[index];
	pool->process.kind = number < EXPORT_SEAT ? LISTENER_PAGES : LISTENER_EXPORTS;
	memcpy(pool->process.listeners, pool->listeners, sizeof pool->process.listeners);
	pid_t pid = fork();
	if (pid == 0) {
		pool->process.slot->pid = getpid();
		pool->process.slot->housekeeper = housekeeper;
		pool->process.slot->downloads = pool->process.kind == LISTENER_EXPORTS && !housekeeper;
		exit(housekeeper ? housekeeper_run(&pool->process) : worker_run(&pool->process));
	}
	if (pid < 0) {
		log_error("no process for a %s: %s", housekeeper ? "housekeeper" : "worker", strerror(errno));
		pause_grow(seat, now);
		return;
	}
	pool->process.board->slots[index].pid = pid;
	pool->members[index] = (struct member){
		.pid = pid, .seat = number, .housekeeper = housekeeper, .started = now };
	seat->member = index;
	if (!housekeeper)
		pool->process.board->tally.workers_started++;
	log_debug("%s %d started", housekeeper ? "housekeeper" : "worker", (int)pid);
}

/* Is there a housekeeper, of whatever set? Two would do the same work twice. */
static bool housekeeper_lives(const struct pool *pool)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		if (pool->members[i].pid != 0 && pool->members[i].housekeeper)
			return true;
	}
	return false;
}

static void seats_fill(struct pool *pool, int first, int count, int64_t now)
{
	for (int i = first; i < first + count; i++) {
		if (pool->seats[i].member < 0 && now >= pool->seats[i].not_before)
			seat_fill(pool, i, now);
	}
}

void pool_fill(struct pool *pool, int64_t now)
{
	seats_fill(pool, 0, pool->process.config->workers, now);
	if (pool->listeners[LISTENER_EXPORTS].fd >= 0)
		seats_fill(pool, EXPORT_SEAT, pool->process.config->export_workers, now);
	const struct seat *seat = &pool->seats[HOUSEKEEPER_SEAT];
	if (seat->member < 0 && now >= seat->not_before && !housekeeper_lives(pool))
		seat_fill(pool, HOUSEKEEPER_SEAT, now);
}

/* Says how a process ended, when it did not end as it should. */
static void end_log(const struct member *member, const struct slot *slot, int status)
{
	char how[64];

	if (WIFSIGNALED(status))
		snprintf(how, sizeof how, "by signal %d", WTERMSIG(status));
	else
		snprintf(how, sizeof how, "with status %d", WEXITSTATUS(status));
	if (slot->step == STEP_IDLE)
		log_error("%s %d ended %s", member_kind(member), (int)member->pid, how);
	else
		log_error("%s %d ended %s in step %s of request %s", member_kind(member), (int)member->pid, how,
			step_name((enum step)slot->step), slot->request_id);
}

static void member_end(struct pool *pool, int index, int status, int64_t now)
{
	struct member *member = &pool->members[index];
	struct seat *seat = member->seat == NO_SEAT ? NULL : &pool->seats[member->seat];
	bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	if (!good && !member->ended_by_us) {
		end_log(member, &pool->process.board->slots[index], status);
		pool->process.board->tally.worker_crashes++;
		if (pool->process.board->slots[index].step != STEP_IDLE)
			pool->process.board->tally.lost[LOSS_CRASH]++;
	}
	if (seat != NULL) {
		seat->member = -1;
		if (now - member->started >= LONG_LIFE)
			seat->pause = 0;
		if (good || member->ended_by_us)
			seat->not_before = now;
		else
			pause_grow(seat, now);
	}
	scoreboard_release(pool->process.board, index);
	*member = (struct member){ 0 };
}

void pool_reap(struct pool *pool, int64_t now)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
			if (pool->members[i].pid == pid) {
				member_end(pool, i, status, now);
				break;
			}
		}
	}
}

void pool_retire(struct pool *pool, int64_t kill_at, bool exports_too)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		struct member *member = &pool->members[i];
		if (member->pid == 0)
			continue;
		member->seat = NO_SEAT;
		/* The grace of one that was asked before is not made longer by asking again. */
		if (member->kill_at == 0 || kill_at < member->kill_at)
			member->kill_at = kill_at;
		member->export_too |= exports_too;
		kill(member->pid, SIGTERM);
	}
	for (int i = 0; i < SEATS; i++)
		pool->seats[i] = (struct seat){ .member = -1 };
}

/* Says once of a request that it is slow, and where it stands: its own line comes when it ends, if it does. */
static void slow_look(struct member *member, const struct slot *slot, int slow_ms, int64_t now)
{
	int64_t started = slot->started;
	unsigned route = slot->route;

	if (slow_ms == 0 || slot->step == STEP_IDLE || slot->step == STEP_EXPORT || now - started < slow_ms ||
			member->slow_said == started)
		return;
	member->slow_said = started;
	log_warn("slow: request %s (%s) in worker %d has taken %" PRId64 " ms and is in step %s", slot->request_id,
		route > 0 && route <= route_count ? routes[route - 1].name : "-", (int)member->pid, now - started,
		step_name((enum step)slot->step));
}

void pool_watch(struct pool *pool, int64_t now)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		struct member *member = &pool->members[i];
		const struct slot *slot = &pool->process.board->slots[i];
		if (member->pid == 0 || member->ended_by_us)
			continue;
		slow_look(member, slot, pool->process.config->slow_ms, now);
		if (slot_overdue(slot, now) > 0) {
			pool->process.board->tally.lost[LOSS_DEADLINE]++;
			log_error("worker %d: request %s took %" PRId64 " ms, past its deadline, and was in step %s (user %"
				PRIu64 "): ended", (int)member->pid, slot->request_id, now - slot->started,
				step_name((enum step)slot->step), slot->user);
			member->ended_by_us = true;
		} else if (member->kill_at != 0 && now >= member->kill_at &&
				(member->export_too || slot->step != STEP_EXPORT)) {
			pool->process.board->tally.lost[LOSS_STOP] += slot->step != STEP_IDLE;
			log_warn("%s %d was asked to leave and is still in step %s: ended", member_kind(member),
				(int)member->pid, step_name((enum step)slot->step));
			member->ended_by_us = true;
		}
		if (member->ended_by_us)
			kill(member->pid, SIGKILL);
	}
}

bool pool_progress(struct pool *pool)
{
	uint64_t finished = 0;
	bool idle = false;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		const struct slot *slot = &pool->process.board->slots[i];
		if (pool->members[i].pid == 0 || slot->housekeeper || slot->downloads)
			continue;
		idle |= slot->step == STEP_IDLE;
		finished += slot->served;
	}
	bool progress = idle || finished != pool->finished;
	pool->finished = finished;
	return progress;
}

unsigned pool_alive(const struct pool *pool)
{
	unsigned count = 0;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++)
		count += pool->members[i].pid != 0;
	return count;
}
