/* The housekeeper: calls the application's round again and again, with pauses that it asks for.
 *
 * One of it in each pool; several pools on one database do no harm to each other. It serves no request. */
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "proc/confine.h"
#include "proc/signals.h"
#include "proc/worker.h"

/* Limits for what the application asks for, in milliseconds. */
#define PAUSE_LEAST 100
#define PAUSE_MOST 60000

int housekeeper_run(const struct process *process)
{
	struct board_view view = { .board = process->board, .own = process->slot };
	struct app app = { .config = process->config, .sheets = process->sheets, .version = process->version };
	sigset_t waiting;
	int status = 0;

	listeners_drop(process->listeners, LISTENER__MAX);
	if (!process_begin(process, &waiting))
		return 0;
	app.db = db_new(process->config);
	app.watch_db = db_new(process->config);
	app.host = board_host(&view, (unsigned)process->config->workers);
	if (!process_schema_good(app.db))
		status = EXIT_SCHEMA;
	else if (!confine(process->config, CONFINE_HOUSEKEEPER))
		status = EXIT_CONFINE;
	while (status == 0 && !signals_leaving()) {
		/* No deadline: a round goes through chunks and is as long as there is to do. */
		int pause = app_housekeep(&app);
		process->slot->served++;
		process->board->tally.rounds++;
		process->board->tally.last_round = clock_now();
		malloc_trim(0);
		pause = pause < PAUSE_LEAST ? PAUSE_LEAST : pause > PAUSE_MOST ? PAUSE_MOST : pause;
		struct timespec wait = { pause / 1000, (long)(pause % 1000) * 1000000 };
		ppoll(NULL, 0, &wait, &waiting);
	}
	db_close(app.watch_db);
	db_close(app.db);
	return status;
}
