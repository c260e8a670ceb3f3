/* The scoreboard: what is counted, and whose request is past its deadline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "proc/scoreboard.h"

static int board_make(void **state)
{
	*state = scoreboard_new("off");
	return *state == NULL;
}

static int board_end(void **state)
{
	scoreboard_free(*state);
	return 0;
}

/* Takes a slot for a process with the given number. */
static struct slot *slot_take(struct scoreboard *board, pid_t pid)
{
	int index = scoreboard_take(board);
	assert_true(index >= 0);
	board->slots[index].pid = pid;
	return &board->slots[index];
}

static void a_slot_is_taken_once_and_comes_back_clean(void **state)
{
	struct scoreboard *board = *state;
	struct slot *first = slot_take(board, 100), *second = slot_take(board, 101);

	assert_ptr_not_equal(first, second);
	slot_begin(first, 1000);
	first->user = 9;
	scoreboard_release(board, (int)(first - board->slots));
	struct slot *again = slot_take(board, 102);
	assert_ptr_equal(again, first);
	assert_int_equal(again->step, STEP_IDLE);
	assert_int_equal(again->user, 0);
	assert_int_equal(again->deadline, 0);
}

static void there_is_no_slot_too_many(void **state)
{
	struct scoreboard *board = *state;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++)
		slot_take(board, 100 + i);
	assert_int_equal(scoreboard_take(board), -1);
}

static void others_in_a_step_are_counted_by_user(void **state)
{
	struct scoreboard *board = *state;
	struct board_view views[4] = { { 0 } };
	struct app_host hosts[4];

	for (int i = 0; i < 4; i++) {
		views[i] = (struct board_view){ .board = board, .own = slot_take(board, 100 + i) };
		hosts[i] = board_host(&views[i], 4);
		slot_begin(views[i].own, 1000);
	}
	hosts[0].step(hosts[0].arg, STEP_EXPORT, 7);
	hosts[1].step(hosts[1].arg, STEP_EXPORT, 7);
	hosts[2].step(hosts[2].arg, STEP_EXPORT, 8);
	assert_int_equal(hosts[3].count(hosts[3].arg, STEP_EXPORT, 0), 3);
	assert_int_equal(hosts[3].count(hosts[3].arg, STEP_EXPORT, 7), 2);
	assert_int_equal(hosts[0].count(hosts[0].arg, STEP_EXPORT, 7), 1);
	/* One that ended in the middle counts no more when the master has cleared it. */
	scoreboard_release(board, (int)(views[1].own - board->slots));
	assert_int_equal(hosts[0].count(hosts[0].arg, STEP_EXPORT, 7), 0);
}

static void downloads_wait_for_pages_and_not_for_each_other(void **state)
{
	struct scoreboard *board = *state;
	struct board_view page = { .board = board, .own = slot_take(board, 100) };
	struct board_view download = { .board = board, .own = slot_take(board, 101) };
	struct app_host host = board_host(&page, 1);

	download.own->downloads = true;
	slot_begin(download.own, 1000);
	slot_take(board, 102)->housekeeper = true;
	assert_false(host.busy(host.arg));
	slot_begin(page.own, 1000);
	assert_true(host.busy(host.arg));
	/* Without a socket of their own downloads are served by workers of pages. */
	host.step(host.arg, STEP_EXPORT, 0);
	assert_false(host.busy(host.arg));
	slot_end(page.own);
	assert_false(host.busy(host.arg));
}

static void a_request_is_overdue_after_its_deadline_and_an_export_never(void **state)
{
	struct scoreboard *board = *state;
	struct board_view view = { .board = board, .own = slot_take(board, 100) };
	struct app_host host = board_host(&view, 1);
	int64_t now = clock_monotonic_ms();

	assert_int_equal(slot_overdue(view.own, now + 1000000), 0);
	slot_begin(view.own, 500);
	host.step(host.arg, STEP_HANDLE, 0);
	assert_int_equal(slot_overdue(view.own, now), 0);
	assert_true(slot_overdue(view.own, now + 2000) > 0);
	host.step(host.arg, STEP_EXPORT, 0);
	host.step(host.arg, STEP_FINISH, 0);
	assert_int_equal(slot_overdue(view.own, now + 1000000), 0);
	assert_true(view.exported);
	assert_false(view.hashed);
	slot_end(view.own);
	assert_int_equal(view.own->served, 1);
	slot_begin(view.own, 500);
	assert_true(slot_overdue(view.own, now + 20000) > 0);
}

static void what_a_process_writes_another_reads(void **state)
{
	struct scoreboard *board = *state;
	struct board_view view = { .board = board, .own = slot_take(board, 100) };
	int status;

	pid_t pid = fork();
	if (pid == 0) {
		struct app_host host = board_host(&view, 1);
		slot_begin(view.own, 500);
		log_set_request("request-one");
		host.step(host.arg, STEP_SESSION, 0);
		log_set_request("not taken: the first one stays");
		host.step(host.arg, STEP_TRANSFORM, 42);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(view.own->step, STEP_TRANSFORM);
	assert_int_equal(view.own->user, 42);
	assert_string_equal(view.own->request_id, "request-one");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_slot_is_taken_once_and_comes_back_clean, board_make, board_end),
		cmocka_unit_test_setup_teardown(there_is_no_slot_too_many, board_make, board_end),
		cmocka_unit_test_setup_teardown(others_in_a_step_are_counted_by_user, board_make, board_end),
		cmocka_unit_test_setup_teardown(downloads_wait_for_pages_and_not_for_each_other, board_make, board_end),
		cmocka_unit_test_setup_teardown(a_request_is_overdue_after_its_deadline_and_an_export_never, board_make,
			board_end),
		cmocka_unit_test_setup_teardown(what_a_process_writes_another_reads, board_make, board_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
