/* The master: socket, sheets, processes, signals.
 *
 * It serves no request and has no connection to the database while the pool runs. Must never give up a
 * set (configuration and sheets) that works before the next one is known to be good. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/version.h"
#include "base/clock.h"
#include "base/log.h"
#include "proc/confine.h"
#include "proc/inherit.h"
#include "proc/notify.h"
#include "proc/pool.h"
#include "proc/proc.h"
#include "proc/scoreboard.h"
#include "proc/signals.h"
#include "xml/xml.h"

/* How often deadlines are looked at. */
#define TICK_MS 250
/* What INT and QUIT leave a process to end by itself. */
#define AT_ONCE_MS 300

/* What processes are started with; replaced as one. */
struct set {
	struct config config;
	struct sheets *sheets;
	char version[APP_VERSION_SIZE];
};

struct master {
	const char *config_file;
	struct set *set;
	struct scoreboard *board;
	struct pool *pool;
	struct listener listeners[LISTENER__MAX];
	bool stopping;
};

static void set_free(struct set *set)
{
	if (set == NULL)
		return;
	sheets_free(set->sheets);
	config_free(&set->config);
	free(set);
}

/* Reads configuration and sheets; NULL with the faults as lines in ERRORS. */
static struct set *set_load(const char *config_file, FILE *errors)
{
	struct set *set = calloc(1, sizeof *set);
	char *dir;

	if (set == NULL)
		abort();
	if (config_load(config_file, &set->config, errors) > 0) {
		free(set);
		return NULL;
	}
	app_version(&set->config, set->version);
	if (asprintf(&dir, "%s/xslt", set->config.data_dir) < 0)
		abort();
	set->sheets = sheets_load(dir, set->config.theme_dir, errors);
	free(dir);
	if (set->sheets == NULL) {
		set_free(set);
		return NULL;
	}
	/* Compiling leaves holes that every worker would inherit. */
	malloc_trim(0);
	return set;
}

static void set_apply_log(const struct set *set)
{
	enum log_level level;

	if (log_level_parse(set->config.log_level, &level))
		log_set_level(level);
	/* Again at each reload, for whoever has moved the file away. */
	if (!log_access_open(set->config.access_log))
		log_error("%s: %s", set->config.access_log, strerror(errno));
}

static void lines_log(char *text)
{
	for (char *line = text, *rest; line != NULL && *line != '\0'; line = rest) {
		rest = strchr(line, '\n');
		if (rest != NULL)
			*rest++ = '\0';
		log_error("%s", line);
	}
}

/* The path of a socket that stays as it is whatever the new configuration says. */
static void socket_keep(const struct master *master, int kind, char **path, char **old)
{
	if (!master->listeners[kind].inherited && strcmp(*path, *old) != 0)
		log_warn("another socket is used after a restart alone; it stays %s", **old != '\0' ? *old : "(none)");
	free(*path);
	*path = *old;
	*old = NULL;
}

/* HUP: the new set serves from now on, or the old one stays. */
static void master_reload(struct master *master, int64_t now)
{
	char *faults = NULL;
	size_t length;
	FILE *errors = open_memstream(&faults, &length);

	if (errors == NULL)
		abort();
	notify_reloading();
	struct set *set = set_load(master->config_file, errors), *old = master->set;
	fclose(errors);
	if (set == NULL) {
		lines_log(faults);
		log_error("not reloaded: what was read before serves on");
	} else {
		socket_keep(master, LISTENER_PAGES, &set->config.socket, &old->config.socket);
		socket_keep(master, LISTENER_EXPORTS, &set->config.export_socket, &old->config.export_socket);
		master->set = set;
		set_apply_log(set);
		/* Who connects meanwhile waits in the socket's queue. */
		pool_retire(master->pool, now + (int64_t)old->config.drain * 1000, false);
		pool_use(master->pool, &set->config, set->sheets, set->version);
		set_free(old);
		pool_fill(master->pool, now);
		log_info("reloaded: %d workers", set->config.workers);
	}
	notify_ready(master->set->config.workers, set != NULL ? "" : "; not reloaded, the log says why");
	free(faults);
}

static void master_stop(struct master *master, int signal_number, int64_t now)
{
	bool drain = signal_number == SIGTERM && !master->stopping;
	int64_t grace = drain ? (int64_t)master->set->config.drain * 1000 : AT_ONCE_MS;

	if (!master->stopping) {
		log_info("stopping%s", drain ? ", after the requests at hand" : "");
		listeners_close(&master->set->config, master->listeners);
		notify_stopping();
	}
	master->stopping = true;
	master->board->stopping = drain;
	pool_retire(master->pool, now + grace, true);
}

/* Serves until it has stopped. FORMER is no longer found by who connects from now on. */
static void master_loop(struct master *master, pid_t former)
{
	pool_fill(master->pool, clock_monotonic_ms());
	log_info("serving with %d workers on %s%s", master->set->config.workers,
		master->listeners[LISTENER_PAGES].inherited ? "the inherited socket" : master->set->config.socket,
		master->listeners[LISTENER_EXPORTS].fd >= 0 ? ", and more for downloads" : "");
	notify_ready(master->set->config.workers, "");
	if (former > 0)
		kill(former, SIGTERM);
	while (!master->stopping || pool_alive(master->pool) > 0) {
		int number = signals_wait(TICK_MS);
		int64_t now = clock_monotonic_ms();
		pool_reap(master->pool, now);
		if (number == SIGHUP && !master->stopping)
			master_reload(master, now);
		else if (number == SIGTERM || number == SIGINT || number == SIGQUIT)
			master_stop(master, number, now);
		pool_watch(master->pool, now);
		/* While it stops, that it does: requests may take what `drain` says. */
		notify_alive(now, pool_progress(master->pool) || master->stopping);
		if (!master->stopping)
			pool_fill(master->pool, now);
	}
}

static bool pid_write(const char *file)
{
	if (*file == '\0')
		return true;
	FILE *out = fopen(file, "we");
	bool done = out != NULL && fprintf(out, "%d\n", (int)getpid()) > 0;
	if (out != NULL && fclose(out) != 0)
		done = false;
	if (!done)
		log_error("%s: %s", file, strerror(errno));
	return done;
}

/* Another master may have put its own there. */
static void pid_remove(const char *file)
{
	FILE *in = *file != '\0' ? fopen(file, "re") : NULL;
	int pid = 0;

	if (in == NULL)
		return;
	if (fscanf(in, "%d", &pid) == 1 && pid == (int)getpid())
		unlink(file);
	fclose(in);
}

/* A schema that does not fit is said before anything is served. */
static bool schema_good(const struct config *config)
{
	struct db *db = db_new(config);
	bool good = process_schema_good(db);

	db_close(db);
	return good;
}

int proc_serve(const char *config_file, pid_t former)
{
	struct master master = { .config_file = config_file };
	int64_t start;
	int status = 1;

	xml_init();
	master.set = set_load(config_file, stderr);
	if (master.set == NULL)
		return 1;
	set_apply_log(master.set);
	/* Once: a reload must not turn the clock back. */
	if (clock_parse(master.set->config.clock, &start))
		clock_set_offset(start - clock_now());
	signals_block();
	notify_begin();
	char *pid_file = strdup(master.set->config.pid_file);
	if (pid_file == NULL)
		abort();
	confine_report(&master.set->config);
	if (schema_good(&master.set->config) && listeners_open(&master.set->config, former, master.listeners)) {
		/* A pool that is there yet loses nothing before the sockets are put in the place of its own. */
		if (pid_write(pid_file) && (master.board = scoreboard_new(master.set->config.scoreboard)) != NULL &&
			listeners_publish(&master.set->config, master.listeners)) {
			master.pool = pool_new(master.board, master.listeners);
			pool_use(master.pool, &master.set->config, master.set->sheets, master.set->version);
			master_loop(&master, former);
			log_info("stopped");
			status = 0;
			pid_remove(pid_file);
		} else {
			listeners_close(&master.set->config, master.listeners);
		}
	}
	free(pid_file);
	pool_free(master.pool);
	scoreboard_free(master.board);
	set_free(master.set);
	return status;
}
