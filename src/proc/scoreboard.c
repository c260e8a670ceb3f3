/* The scoreboard in shared memory. Owns its mapping; must never hold anything that a process that
 * is killed in the middle of a write could leave in a state others trip over: there are no locks. */
#include "proc/scoreboard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* A file that takes the place of FILE once it is whole; -1 with errno. */
static int file_make(const char *file)
{
	char *new;
	int fd;

	if (asprintf(&new, "%s.new", file) < 0)
		abort();
	unlink(new);
	fd = open(new, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	/* Its room is taken now: a page that finds none when it is first written to would end the process. */
	int error = fd < 0 ? errno : posix_fallocate(fd, 0, sizeof(struct scoreboard));
	if (fd >= 0 && (error != 0 || rename(new, file) != 0)) {
		error = error != 0 ? error : errno;
		close(fd);
		unlink(new);
		fd = -1;
	}
	errno = error;
	free(new);
	return fd;
}

static void version_text(char text[sizeof ((struct scoreboard *)NULL)->version])
{
	snprintf(text, sizeof ((struct scoreboard *)NULL)->version, "tenantry %s board %d %zu\n", PACKAGE_VERSION,
		SCOREBOARD_VERSION, sizeof(struct scoreboard));
}

struct scoreboard *scoreboard_new(const char *file)
{
	int fd = -1;

	if (strcmp(file, "off") != 0 && (fd = file_make(file)) < 0)
		log_warn("%s: %s: tenantry status will not see this pool", file, strerror(errno));
	struct scoreboard *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE,
		fd >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS, fd, 0);
	if (fd >= 0)
		close(fd);
	/* Untouched pages of it cost nothing. */
	if (board == MAP_FAILED) {
		log_error("no memory for the scoreboard: %s", strerror(errno));
		return NULL;
	}
	version_text(board->version);
	board->master = getpid();
	board->tally.since = clock_now();
	return board;
}

void scoreboard_free(struct scoreboard *board)
{
	if (board == NULL)
		return;
	if (board->master == getpid())
		board->master = 0;
	munmap(board, sizeof *board);
}

const struct scoreboard *scoreboard_open(const char *file, const char **why)
{
	char version[sizeof ((struct scoreboard *)NULL)->version] = "";
	const struct scoreboard *board = MAP_FAILED;
	struct stat about;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	*why = NULL;
	version_text(version);
	if (fd < 0 || fstat(fd, &about) != 0)
		*why = strerror(errno);
	else if ((size_t)about.st_size != sizeof *board)
		*why = "it is of another version of this program";
	else if ((board = mmap(NULL, sizeof *board, PROT_READ, MAP_SHARED, fd, 0)) == MAP_FAILED)
		*why = strerror(errno);
	else if (strcmp(board->version, version) != 0)
		*why = "it is of another version of this program";
	else if (board->master == 0 || (kill(board->master, 0) != 0 && errno == ESRCH))
		*why = "the pool that wrote it has ended";
	if (fd >= 0)
		close(fd);
	return *why == NULL ? board : NULL;
}

int scoreboard_take(struct scoreboard *board)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		if (board->slots[i].pid == 0)
			return i;
	}
	return -1;
}

void scoreboard_release(struct scoreboard *board, int slot)
{
	memset(&board->slots[slot], 0, sizeof board->slots[slot]);
}

void slot_begin(struct slot *slot, int64_t deadline_ms)
{
	int64_t now = clock_monotonic_ms();

	slot->user = 0;
	slot->route = 0;
	slot->request_id[0] = '\0';
	slot->started = now;
	slot->deadline = now + deadline_ms;
	slot->step = STEP_ACCEPT;
}

void slot_end(struct slot *slot)
{
	slot->deadline = 0;
	slot->step = STEP_IDLE;
	slot->user = 0;
	slot->route = 0;
	slot->served++;
}

int64_t slot_overdue(const struct slot *slot, int64_t now)
{
	int64_t deadline = slot->deadline;

	return deadline != 0 && now > deadline ? now - deadline : 0;
}

void board_begin(struct board_view *view)
{
	view->exported = view->hashed = false;
	memset(view->spent_us, 0, sizeof view->spent_us);
	view->step_began = clock_monotonic_us();
}

static void step_end(struct board_view *view)
{
	int64_t now = clock_monotonic_us();

	view->spent_us[view->own->step] += (uint64_t)(now - view->step_began);
	view->step_began = now;
}

static void host_step(void *arg, enum step step, uint64_t user)
{
	struct board_view *view = arg;
	struct slot *slot = view->own;

	step_end(view);
	slot->user = user;
	slot->step = (int)step;
	if (slot->request_id[0] == '\0')
		snprintf(slot->request_id, sizeof slot->request_id, "%s", log_request_id());
	if (step == STEP_EXPORT) {
		/* Exports take as long as the client reads; they watch over themselves. */
		slot->deadline = 0;
		view->exported = true;
	}
	if (step == STEP_HASH)
		view->hashed = true;
}

static unsigned host_count(void *arg, enum step step, uint64_t user)
{
	const struct board_view *view = arg;
	unsigned count = 0;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		const struct slot *slot = &view->board->slots[i];
		if (slot != view->own && slot->pid != 0 && !slot->housekeeper && slot->step == (int)step && (user == 0 || slot->user == user))
			count++;
	}
	return count;
}

static bool host_busy(void *arg)
{
	const struct board_view *view = arg;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		const struct slot *slot = &view->board->slots[i];
		if (slot->pid != 0 && !slot->housekeeper && !slot->downloads && slot->step != STEP_IDLE && slot->step != STEP_EXPORT)
			return true;
	}
	return false;
}

static void host_route(void *arg, size_t route)
{
	struct board_view *view = arg;

	view->own->route = (unsigned)route + 1;
}

static const uint64_t *host_spent(void *arg)
{
	struct board_view *view = arg;

	step_end(view);
	return view->spent_us;
}

struct app_host board_host(struct board_view *view, unsigned workers)
{
	return (struct app_host){ .arg = view, .step = host_step, .count = host_count, .busy = host_busy,
		.route = host_route, .spent = host_spent, .tally = &view->board->tally, .workers = workers };
}
