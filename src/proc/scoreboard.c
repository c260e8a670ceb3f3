/* The scoreboard in shared memory. Owns its mapping; must never hold anything that a process that
 * is killed in the middle of a write could leave in a state others trip over: there are no locks. */
#include "proc/scoreboard.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/log.h"

struct scoreboard *scoreboard_new(void)
{
	void *memory = mmap(NULL, sizeof(struct scoreboard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	/* Untouched pages of it cost nothing. */
	return memory == MAP_FAILED ? NULL : memory;
}

void scoreboard_free(struct scoreboard *board)
{
	if (board != NULL)
		munmap(board, sizeof *board);
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
	slot->served++;
}

int64_t slot_overdue(const struct slot *slot, int64_t now)
{
	int64_t deadline = slot->deadline;

	return deadline != 0 && now > deadline ? now - deadline : 0;
}

static void host_step(void *arg, enum step step, uint64_t user)
{
	struct board_view *view = arg;
	struct slot *slot = view->own;

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
		if (slot != view->own && slot->pid != 0 && slot->step == (int)step && (user == 0 || slot->user == user))
			count++;
	}
	return count;
}

struct app_host board_host(struct board_view *view, unsigned workers)
{
	return (struct app_host){ .arg = view, .step = host_step, .count = host_count, .workers = workers };
}
