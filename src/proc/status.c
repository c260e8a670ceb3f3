/* `tenantry status`: the scoreboard of a running pool as a small top. Reads the file alone: it works when no worker and no
 * database answers. Must never write to the board. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/routes.h"
#include "base/clock.h"
#include "proc/proc.h"
#include "proc/scoreboard.h"

#define WATCH_MS 2000

/* What was seen the last time, for numbers a second. */
struct seen {
	uint64_t requests;
	int64_t at;
};

static void span_print(int64_t seconds)
{
	if (seconds >= 86400)
		printf("%" PRId64 " d %" PRId64 " h", seconds / 86400, seconds / 3600 % 24);
	else if (seconds >= 3600)
		printf("%" PRId64 " h %" PRId64 " min", seconds / 3600, seconds / 60 % 60);
	else
		printf("%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
}

static void head_print(const struct scoreboard *board, struct seen *seen)
{
	const struct tally *tally = &board->tally;
	uint64_t requests = tally_sum(tally, 0, 999);
	int64_t now = clock_monotonic_ms();
	unsigned workers = 0, busy = 0;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		const struct slot *slot = &board->slots[i];
		workers += slot->pid != 0 && !slot->housekeeper;
		busy += slot->pid != 0 && !slot->housekeeper && slot->step != STEP_IDLE;
	}
	printf("tenantry " PACKAGE_VERSION ", master %d, up ", (int)board->master);
	span_print(clock_now() - tally->since);
	printf("; %u workers (%d wanted, %d more for downloads), %u busy\n%" PRIu64 " requests", workers, board->workers,
		board->export_workers, busy, requests);
	if (seen->at != 0 && now > seen->at)
		printf(", %.1f a second", (double)(requests - seen->requests) * 1000 / (double)(now - seen->at));
	*seen = (struct seen){ requests, now };
	printf("; 5xx %" PRIu64 ", slow %" PRIu64 ", lost %" PRIu64 " by crash, %" PRIu64 " past the deadline, %" PRIu64
		" at a stop\n", tally_sum(tally, 500, 599), (uint64_t)tally->slow, (uint64_t)tally->lost[LOSS_CRASH],
		(uint64_t)tally->lost[LOSS_DEADLINE], (uint64_t)tally->lost[LOSS_STOP]);
	printf("housekeeper: %" PRIu64 " rounds", (uint64_t)tally->rounds);
	if (tally->last_round != 0)
		printf(", the last one %" PRId64 " s ago", clock_now() - tally->last_round);
	puts("\n");
}

static void slot_print(const struct slot *slot, int64_t now)
{
	unsigned route = slot->route;
	char id[SCOREBOARD_REQUEST_ID];

	printf("%7d  %-11s %-9s ", (int)slot->pid, slot->housekeeper ? "housekeeper" : slot->downloads ? "downloads" : "worker",
		slot->housekeeper ? "-" : step_name((enum step)slot->step));
	if (slot->housekeeper || slot->step == STEP_IDLE) {
		printf("%8s %9" PRIu64 "\n", "", slot->served);
		return;
	}
	/* Copied: its process may be writing it. */
	memcpy(id, slot->request_id, sizeof id);
	id[sizeof id - 1] = '\0';
	printf("%8" PRId64 " %9" PRIu64 "  %-18s %s\n", now - slot->started, slot->served,
		route > 0 && route <= route_count ? routes[route - 1].name : "-", id);
}

static void board_print(const struct scoreboard *board, struct seen *seen)
{
	int64_t now = clock_monotonic_ms();

	head_print(board, seen);
	puts("    PID  ROLE        STEP            MS    SERVED  ROUTE              REQUEST");
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		if (board->slots[i].pid != 0)
			slot_print(&board->slots[i], now);
	}
	fflush(stdout);
}

int proc_status(const struct config *config, bool watching)
{
	struct seen seen = { 0 };
	const char *why;
	const struct scoreboard *board = scoreboard_open(config->scoreboard, &why);

	while (board != NULL) {
		if (watching && isatty(STDOUT_FILENO))
			fputs("\033[H\033[2J", stdout);
		board_print(board, &seen);
		if (!watching)
			return 0;
		clock_pause_ms(WATCH_MS);
		/* A pool that was started anew has a board of its own. */
		scoreboard_free((struct scoreboard *)(uintptr_t)board);
		board = scoreboard_open(config->scoreboard, &why);
	}
	fprintf(stderr, "tenantry: no pool to look at: %s: %s\n", config->scoreboard, why);
	return 1;
}
