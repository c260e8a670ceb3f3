/* Who follows time: one housekeeper of several, another when that one is gone, whatever the clocks say. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "db/connection.h"
#include "db/lease.h"
#include "fixture.h"

#define MS 30000
#define KEEPERS 6

static struct fixture *fixture;
static int64_t start;

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_lease");
	start = clock_now();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

/* The clock of whoever asks next, in seconds from the beginning. */
static void clock_at(int64_t seconds)
{
	clock_set_offset(start + seconds - time(NULL));
}

static bool takes(const char *holder)
{
	bool held = true;

	assert_int_equal(lease_take(fixture->db, "time", holder, MS, &held), ERR_NONE);
	return held;
}

static void nobody_has_it(void)
{
	fixture_sql(fixture, "DELETE FROM lease");
	clock_at(0);
}

static void one_of_two_has_it_until_it_is_gone(void **state)
{
	(void)state;
	nobody_has_it();
	assert_true(takes("a"));
	assert_false(takes("b"));
	clock_at(20);
	assert_true(takes("a"));
	clock_at(49);
	assert_false(takes("b"));
	/* a was here last at 20 */
	clock_at(51);
	assert_true(takes("b"));
	assert_false(takes("a"));
	clock_at(60);
	assert_true(takes("b"));
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM lease"), 1);
}

static void leases_of_two_names_are_two(void **state)
{
	bool held = false;

	(void)state;
	nobody_has_it();
	assert_true(takes("a"));
	assert_int_equal(lease_take(fixture->db, "other", "b", MS, &held), ERR_NONE);
	assert_true(held);
	assert_true(takes("a"));
}

static void a_clock_that_was_far_ahead_does_not_hold_it_for_ever(void **state)
{
	(void)state;
	nobody_has_it();
	/* a little ahead is within what a lease lasts */
	clock_at(25);
	assert_true(takes("a"));
	clock_at(0);
	assert_false(takes("b"));
	/* set to next year, and back */
	clock_at(365 * 86400);
	assert_true(takes("a"));
	clock_at(1);
	assert_true(takes("b"));
	/* one that is behind keeps what it has, and takes nothing from one that is right */
	clock_at(-20);
	assert_false(takes("a"));
	assert_true(takes("b"));
}

/* A housekeeper of a process of its own: says once a round whether it has the lease. */
static void keep(unsigned number, volatile uint64_t *rounds, volatile uint64_t *held)
{
	struct db *db = db_new(&fixture->config);
	char holder[20];
	bool own = false;

	snprintf(holder, sizeof holder, "host%u", number);
	for (;;) {
		if (lease_take(db, "time", holder, 1500, &own) == ERR_NONE && own)
			held[number]++;
		rounds[number]++;
		usleep(20000);
	}
}

/* Waits until each that lives has gone on by so many rounds; how many of them had the lease meanwhile, and in *WHO one. */
static unsigned holders(volatile uint64_t *rounds, volatile uint64_t *held, unsigned gone, unsigned *who)
{
	uint64_t had[KEEPERS], until[KEEPERS];
	unsigned count = 0;

	for (unsigned i = 0; i < KEEPERS; i++) {
		until[i] = rounds[i] + 5;
		had[i] = held[i];
	}
	for (unsigned i = 0; i < KEEPERS; i++)
		while (i != gone && rounds[i] < until[i])
			usleep(5000);
	for (unsigned i = 0; i < KEEPERS; i++)
		if (held[i] > had[i]) {
			*who = i;
			count++;
		}
	return count;
}

static void of_many_at_once_one_has_it_and_another_when_that_is_killed(void **state)
{
	volatile uint64_t *rounds = mmap(NULL, 2 * KEEPERS * sizeof *rounds, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile uint64_t *held = rounds + KEEPERS;
	pid_t keepers[KEEPERS];
	unsigned first = KEEPERS, second = KEEPERS, now_holding = 0;

	(void)state;
	nobody_has_it();
	/* none has been there before: they make the row at the same time */
	for (unsigned i = 0; i < KEEPERS; i++)
		if ((keepers[i] = fork()) == 0)
			keep(i, rounds, held);
	for (unsigned i = 0; i < KEEPERS; i++)
		while (rounds[i] == 0)
			usleep(5000);
	assert_int_equal(holders(rounds, held, KEEPERS, &first), 1);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM lease"), 1);
	assert_int_equal(kill(keepers[first], SIGKILL), 0);
	assert_int_equal(waitpid(keepers[first], NULL, 0), keepers[first]);
	for (unsigned i = 0; i < 400 && now_holding == 0; i++)
		now_holding = holders(rounds, held, first, &second);
	assert_int_equal(now_holding, 1);
	assert_int_not_equal(second, first);
	for (unsigned i = 0; i < KEEPERS; i++)
		if (i != first) {
			kill(keepers[i], SIGKILL);
			waitpid(keepers[i], NULL, 0);
		}
	munmap((void *)rounds, 2 * KEEPERS * sizeof *rounds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_of_two_has_it_until_it_is_gone),
		cmocka_unit_test(leases_of_two_names_are_two),
		cmocka_unit_test(a_clock_that_was_far_ahead_does_not_hold_it_for_ever),
		cmocka_unit_test(of_many_at_once_one_has_it_and_another_when_that_is_killed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
