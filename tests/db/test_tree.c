/* Places in the tree: siblings stand in the order of their names whatever is added, renamed and moved, gaps that are used up
 * are made anew at a bounded cost, and what repeats labels goes along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "db/tree.h"
#include "fixture.h"

#define D1 UINT64_C(1000000)
#define R1 UINT64_C(1000001)
#define WRITERS 8
#define REWRITTEN_MAX 40 /* rows an add, on average */

static struct fixture *fixture;

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_tree");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

static void begin(unsigned resellers, unsigned customers)
{
	fixture_empty(fixture);
	fixture_tree(fixture, 1, resellers, customers, "tree", 7);
}

/* Siblings in the order of their names, GAP labels apart; through labels that belong to nobody. */
static void number_siblings(unsigned gap)
{
	fixture_sql(fixture, "UPDATE tenant t JOIN (SELECT t.id, d.tree_pos + 33554432 * %u * "
		"ROW_NUMBER() OVER (ORDER BY t.name, t.public_id) AS place FROM tenant t JOIN tenant d ON d.id = t.parent_id "
		"WHERE t.tier = 2) n ON n.id = t.id SET t.tree_pos = n.place + 18014398509481984", gap);
	fixture_sql(fixture, "UPDATE tenant t JOIN (SELECT t.id, r.tree_pos + %u * ROW_NUMBER() OVER "
		"(PARTITION BY t.parent_id ORDER BY t.name, t.public_id) AS place FROM tenant t "
		"JOIN tenant r ON r.id = t.parent_id WHERE t.tier = 3) n ON n.id = t.id SET t.tree_pos = n.place", gap);
	fixture_sql(fixture, "UPDATE tenant SET tree_pos = tree_pos - 18014398509481984 WHERE tier > 1");
}

/* Everything is where it should be: names in order, subtrees inside their parents, the list table as the facts. */
static void check_all(void)
{
	assert_int_equal(fixture_differences(fixture), 0);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM (SELECT name, public_id, "
		"LAG(name) OVER w AS before_name, LAG(public_id) OVER w AS before_id FROM tenant WHERE tier > 1 "
		"WINDOW w AS (PARTITION BY parent_id ORDER BY tree_pos)) o "
		"WHERE o.before_name > o.name OR (o.before_name = o.name AND o.before_id > o.public_id)"), 0);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant t JOIN tenant p ON p.id = t.parent_id "
		"WHERE t.tree_pos <= p.tree_pos OR t.tree_pos >= p.tree_pos + IF(p.tier = 1, 1125899906842624, 33554432) "
		"OR (t.tree_pos MOD 33554432 = 0) <> (t.tier = 2)"), 0);
}

/* What one writer does in one transaction. */
struct change {
	struct tree_new new;
	uint64_t tenant, parent, rewritten;
	const char *name;
};

static enum error run_add(struct db *db, void *arg)
{
	struct change *change = arg;

	return tree_add(db, &change->new, &change->tenant, &change->rewritten);
}

static enum error run_change(struct db *db, void *arg)
{
	struct change *change = arg;
	enum error error = tree_lock(db, change->tenant, change->parent);

	(void)db;
	if (error == ERR_NONE && change->name != NULL)
		fixture_sql(fixture, "UPDATE tenant SET name = '%s' WHERE id = %lu", change->name, (unsigned long)change->tenant);
	if (error == ERR_NONE && change->parent != 0)
		fixture_sql(fixture, "UPDATE tenant SET parent_id = %lu WHERE id = %lu", (unsigned long)change->parent,
			(unsigned long)change->tenant);
	if (error != ERR_NONE)
		return error;
	return change->parent == 0 ? tree_rename(db, change->tenant, &change->rewritten)
		: tree_settle(db, change->tenant, &change->rewritten);
}

static enum error add(struct db *db, uint64_t parent, const char *id, const char *name, uint64_t *tenant, uint64_t *rewritten)
{
	char domain[80];
	struct change change = { .new = { .parent = parent, .id = id, .name = name, .domain = domain,
		.created = "2026-11-22 12:00:00.000" } };
	enum error error;

	snprintf(domain, sizeof domain, "%s.example", id);
	error = db_transaction(db, run_add, &change);
	*tenant = change.tenant;
	*rewritten = change.rewritten;
	return error;
}

/* Shared by the writers of one test. */
struct tally {
	atomic_ulong next, rewritten, failed, most;
};

static void writer(struct tally *tally, unsigned long wanted)
{
	struct db *db = db_new(&fixture->config);

	for (;;) {
		char id[32], name[64];
		uint64_t tenant, rewritten = 0;
		unsigned long number = atomic_fetch_add(&tally->next, 1);
		enum error error = ERR_CONFLICT;

		if (number >= wanted)
			break;
		snprintf(id, sizeof id, "N%lu", number);
		snprintf(name, sizeof name, "Customer %08lu", number);
		for (int i = 0; i < 20 && error == ERR_CONFLICT; i++)
			error = add(db, R1, id, name, &tenant, &rewritten);
		if (error != ERR_NONE)
			atomic_fetch_add(&tally->failed, 1);
		atomic_fetch_add(&tally->rewritten, rewritten);
		if (rewritten > atomic_load(&tally->most))
			atomic_store(&tally->most, rewritten);
	}
	db_close(db);
	_exit(0);
}

/* 5,000 adds, or as many as TREE_ADDS says. */
static void test_ascending_adds(void **state)
{
	const char *text = getenv("TREE_ADDS");
	unsigned long wanted = text != NULL ? strtoul(text, NULL, 10) : 5000;
	struct tally *tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct timespec from, to;

	(void)state;
	assert_ptr_not_equal(tally, MAP_FAILED);
	begin(3, 0);
	number_siblings(1000);
	fixture_rebuild(fixture, 1);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < WRITERS; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			writer(tally, wanted);
	}
	for (int i = 0; i < WRITERS; i++)
		wait(NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	db_close(fixture->db);
	fixture->db = db_new(&fixture->config);
	print_message("# %lu adds, 8 at once: %.1f rows rewritten an add, at most %lu; %.2f ms an add\n", wanted,
		(double)tally->rewritten / (double)wanted, tally->most,
		((double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6) / (double)wanted);
	assert_int_equal(tally->failed, 0);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant WHERE parent_id = %lu", R1), wanted);
	assert_true(tally->rewritten <= wanted * REWRITTEN_MAX);
	check_all();
}

static const char *const starts[] = { "Ärger", "arger", "Zulu", "zulu", "Beta", "béta", "Ωmega", "東京", "O''Hara", "mid",
	"middle", "Mid" };

static void random_name(uint32_t *random, char name[64])
{
	if (fixture_random(random, 3) == 0)
		snprintf(name, 64, "%s", starts[fixture_random(random, 12)]);
	else
		snprintf(name, 64, "%s %u", starts[fixture_random(random, 12)], fixture_random(random, 1000));
}

static uint64_t random_tenant(uint32_t *random, unsigned tier)
{
	uint64_t count = fixture_number(fixture, "SELECT COUNT(*) FROM tenant WHERE tier = %u AND deleted_at IS NULL", tier);

	return fixture_number(fixture, "SELECT id FROM tenant WHERE tier = %u AND deleted_at IS NULL ORDER BY id LIMIT %u, 1",
		tier, fixture_random(random, (uint32_t)count));
}

static void random_change(uint32_t *random, unsigned number)
{
	char name[64], id[32], plain[64];
	uint64_t tenant, rewritten;
	struct change change = { .name = name };

	random_name(random, name);
	switch (fixture_random(random, 6)) {
	case 0:
	case 1:
	case 2:
		/* names of adds are values, not pieces of SQL */
		snprintf(id, sizeof id, "A%u", number);
		snprintf(plain, sizeof plain, "%s", strcmp(name, "O''Hara") == 0 ? "O'Hara" : name);
		assert_int_equal(add(fixture->db, fixture_random(random, 5) == 0 ? D1 : random_tenant(random, 2), id, plain,
			&tenant, &rewritten), ERR_NONE);
		return;
	case 3:
		change.tenant = random_tenant(random, 2);
		break;
	case 4:
		change.tenant = random_tenant(random, 3);
		break;
	default:
		change.tenant = random_tenant(random, 3);
		change.parent = random_tenant(random, 2);
		if (fixture_random(random, 2) == 0)
			change.name = NULL;
	}
	assert_int_equal(db_transaction(fixture->db, run_change, &change), ERR_NONE);
}

/* Labels without any gap at first, so that the first changes already make room. */
static void test_random_changes(void **state)
{
	uint32_t random = 20261122;

	(void)state;
	begin(12, 9);
	number_siblings(1);
	fixture_rebuild(fixture, 1);
	check_all();
	for (unsigned i = 0; i < 600; i++) {
		random_change(&random, i);
		if (i % 40 == 39)
			check_all();
	}
}

/* Both ends, the same name, and a place that is right already. */
static void test_places(void **state)
{
	uint64_t first, last, same, rewritten, label;
	struct change change = { 0 };

	(void)state;
	begin(2, 0);
	number_siblings(1000);
	fixture_rebuild(fixture, 1);
	assert_int_equal(add(fixture->db, R1, "B", "beta", &last, &rewritten), ERR_NONE);
	assert_int_equal(add(fixture->db, R1, "A", "Alpha", &first, &rewritten), ERR_NONE);
	assert_int_equal(add(fixture->db, R1, "A1", "ALPHA", &same, &rewritten), ERR_NONE);
	assert_int_equal(fixture_number(fixture, "SELECT GROUP_CONCAT(id ORDER BY tree_pos) = '%lu,%lu,%lu' FROM tenant "
		"WHERE parent_id = %lu", (unsigned long)first, (unsigned long)same, (unsigned long)last, R1), 1);
	label = fixture_number(fixture, "SELECT tree_pos FROM tenant WHERE id = %lu", (unsigned long)last);
	change = (struct change){ .tenant = last, .name = "Betty" };
	assert_int_equal(db_transaction(fixture->db, run_change, &change), ERR_NONE);
	assert_int_equal(change.rewritten, 0);
	assert_int_equal(fixture_number(fixture, "SELECT tree_pos FROM tenant_list WHERE name = 'Betty'"), label);
	assert_int_equal(add(fixture->db, first, "X", "below a customer", &same, &rewritten), ERR_NOT_FOUND);
	check_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_random_changes),
		cmocka_unit_test(test_ascending_adds),
	};

	return cmocka_run_group_tests_name("tree", tests, setup, teardown);
}
