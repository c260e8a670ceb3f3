/* A worker: one request at a time, until it has served enough or is asked to leave.
 *
 * Owns the worker's connection, arena and transport. Must never take a signal while a request is
 * read or served, and never leave with a request that it has accepted. */
#include "proc/worker.h"

#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "proc/confine.h"
#include "proc/signals.h"

/* A worker that had nothing to do for so long gives back the memory that is free. */
#define REST_MS 1000

/* Where processors are short, pages come before downloads, whose readers wait anyway (nice(1)). */
#define EXPORT_NICE 10

bool process_begin(const struct process *process, sigset_t *waiting)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != process->master)
		return false; /* it ended before that was set */
	signals_child(waiting);
	mallopt(M_ARENA_MAX, 1);
	/* Set, the threshold no longer grows: big pieces go back to the system when they are freed. */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 1 << 20);
	return true;
}

bool process_schema_good(struct db *db)
{
	unsigned version;

	if (db_schema_version(db, &version) != ERR_NONE || version == db_schema_known())
		return true;
	log_error("the database has schema %u, this program needs %u: run tenantry migrate", version, db_schema_known());
	return false;
}

static void pause_ms(long milliseconds)
{
	struct timespec pause = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
	nanosleep(&pause, NULL);
}

static void serve_one(struct app *app, struct transport *transport, struct arena *arena, struct board_view *view)
{
	board_begin(view);
	slot_begin(view->own, (int64_t)app->config->deadline * 1000);
	app_serve(app, transport, arena);
	slot_end(view->own);
	log_set_request(NULL);
	arena_reset(arena);
	if (view->exported || view->hashed)
		malloc_trim(0); /* these use much */
}

/* Serves until it is to leave. One that is asked to by the master's TERM serves what already waits in
 * the queue, since nobody will come after it. */
static void serve_all(const struct process *process, struct app *app, struct transport *transport,
	struct arena *arena, struct board_view *view, const sigset_t *waiting)
{
	uint64_t enough = (uint64_t)process->config->max_requests;
	unsigned broken = 0;
	int64_t served_at = 0; /* 0: it has rested since */

	while (process->slot->served < enough) {
		bool leaving = signals_leaving();
		if (leaving && (!process->board->stopping || process->listeners[process->kind].inherited))
			return;
		int got = transport_accept(transport, waiting, leaving ? 0 : served_at == 0 ? -1 : REST_MS);
		if (got == 1) {
			broken = 0;
			serve_one(app, transport, arena, view);
			served_at = clock_monotonic_ms();
		} else if (got == 0 && leaving) {
			return;
		} else if (got == 0) {
			/* not whenever another worker was faster */
			if (served_at != 0 && clock_monotonic_ms() - served_at >= REST_MS) {
				malloc_trim(0);
				served_at = 0;
			}
		} else if (++broken >= 20) {
			/* Something that fails at once each time must not take a whole core. */
			pause_ms(50);
		}
	}
}

int worker_run(const struct process *process)
{
	struct board_view view = { .board = process->board, .own = process->slot };
	struct app app = { .config = process->config, .sheets = process->sheets, .version = process->version };
	sigset_t waiting;
	int status = 0;

	struct transport *transport = transport_new(process->listeners[process->kind].fd);
	if (transport == NULL) {
		log_error("no worker: no memory for its requests");
		return 1;
	}
	if (!process_begin(process, &waiting))
		return 0;
	/* Who waits in the queue of another socket must not be held there by a process that never looks. */
	listeners_drop(process->listeners, process->kind);
	if (process->kind == LISTENER_EXPORTS)
		setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + EXPORT_NICE);
	struct arena *arena = arena_new();
	app.db = db_new(process->config);
	app.watch_db = db_new(process->config);
	app.host = board_host(&view, (unsigned)process->config->workers);
	if (!process_schema_good(app.db)) {
		status = EXIT_SCHEMA;
	} else if (!confine(process->config, CONFINE_WORKER)) {
		status = EXIT_CONFINE;
	} else {
		malloc_trim(0);
		serve_all(process, &app, transport, arena, &view, &waiting);
	}
	db_close(app.watch_db);
	db_close(app.db);
	arena_free(arena);
	transport_free(transport);
	return status;
}
