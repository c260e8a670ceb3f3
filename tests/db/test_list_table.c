/* The list table repeats facts: each rule by which a column follows, rebuilding, refreshing and following time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "db/connection.h"
#include "db/list_gram.h"
#include "db/list_table.h"
#include "fixture.h"

#define D1 UINT64_C(1000000)
#define R1 UINT64_C(1000001)
#define C1 UINT64_C(1000002)

static struct fixture *fixture;

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_list_table");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

/* A distributor, one reseller and one customer, without anything. */
static void small_tree(const char *zone)
{
	fixture_empty(fixture);
	fixture_sql(fixture, "INSERT INTO tenant (id, public_id, tree_pos, tier, parent_id, distributor_id, name, domain, "
		"time_zone, created_at) VALUES (%lu, 'D1', %lu, 1, NULL, NULL, 'Dist', 'd.example', '%s', '2025-01-01'), "
		"(%lu, 'R1', %lu, 2, %lu, %lu, 'Res', 'r.example', NULL, '2025-01-01'), "
		"(%lu, 'C1', %lu, 3, %lu, %lu, 'Cust', 'c.example', NULL, '2025-01-01')", D1, tree_make(1, 0, 0), zone, R1,
		tree_make(1, 1000, 0), D1, D1, C1, tree_make(1, 1000, 1000), R1, D1);
}

static void add_user(uint64_t tenant, const char *name, const char *role, const char *invited, const char *rest)
{
	static unsigned number;

	fixture_sql(fixture, "INSERT INTO user_account SET public_id = 'U%u', tenant_id = %lu, email = 'u%u@x.example', "
		"first_name = '%s', last_name = 'L', role = '%s', invited_at = '%s' %s", number, tenant, number, name, role,
		invited, rest);
	number++;
}

static void add_contract(uint64_t tenant, const char *stored, const char *start, const char *end)
{
	static unsigned number;

	fixture_sql(fixture, "INSERT INTO contract SET public_id = 'K%u', tenant_id = %lu, made_by_tenant_id = %lu, "
		"stored_status = '%s', name = 'c', start_date = '%s', end_date = %s, created_at = '2025-01-01'", number++, tenant,
		tenant, stored, start, end);
}

static void add_source(uint64_t tenant, unsigned state, const char *live, const char *stale, const char *run)
{
	static unsigned number = 100;

	fixture_sql(fixture, "INSERT INTO billing_source SET id = %u, public_id = 'S%u', tenant_id = %lu, distributor_id = %lu, "
		"account = '%u', report = 'r', location = 'l', connected_at = '2025-01-01', live = %s, state = %u, "
		"state_since = '2025-01-01', stale_at = %s", number, number, tenant, D1, number, live, state, stale);
	if (run != NULL)
		/* too old for the counters by day, which only source_run_take() keeps */
		fixture_sql(fixture, "INSERT INTO source_run SET source_id = %u, started_at = '2026-09-01', "
			"finished_at = '2026-09-01', status = '%s', period = '2026-09'", number, run);
	number++;
}

static void assert_row(uint64_t tenant, const char *column, const char *wanted)
{
	uint64_t equal = fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list WHERE tenant_id = %lu AND "
		"CAST(%s AS CHAR) <=> %s", tenant, column, wanted);

	if (equal != 1) {
		char sql[256], **row;
		struct db_rows *rows;

		snprintf(sql, sizeof sql, "SELECT %s FROM tenant_list WHERE tenant_id = %lu", column, tenant);
		assert_int_equal(db_query_text(fixture->db, NULL, "test", sql, DB_NO_VALUES, false, &rows), ERR_NONE);
		row = db_next(rows);
		print_message("# %s of %lu is %s, not %s\n", column, tenant, row == NULL ? "missing" : row[0] ? row[0] : "NULL",
			wanted);
		db_rows_free(rows);
		fail();
	}
}

static void the_admin_is_the_first_invited_one_that_is_left(void **state)
{
	(void)state;
	small_tree("UTC");
	add_user(D1, "Sales", "sales", "2025-01-01", ", activated_at = '2025-01-02'");
	add_user(D1, "Gone", "admin", "2025-01-02", ", deleted_at = '2025-02-01', activated_at = '2025-01-02'");
	add_user(D1, "Cancelled", "admin", "2025-01-03", ", invitation_cancelled_at = '2025-01-04'");
	add_user(D1, "Later", "admin", "2025-01-05", ", activated_at = '2025-01-06'");
	add_user(D1, "First", "admin", "2025-01-04", "");
	add_user(R1, "Active", "admin", "2025-01-04", ", activated_at = '2025-01-06'");
	fixture_rebuild(fixture, 1);
	assert_row(D1, "admin_name", "'First L'");
	assert_row(D1, "admin_pending", "1");
	assert_row(R1, "admin_name", "'Active L'");
	assert_row(R1, "admin_pending", "0");
	assert_row(C1, "admin_name", "NULL");
}

static void tasks_follow_the_facts(void **state)
{
	(void)state;
	small_tree("UTC");
	fixture_rebuild(fixture, 1);
	assert_row(D1, "CONCAT(tasks_done, '/', tasks_total)", "'0/3'");
	assert_row(C1, "CONCAT(tasks_done, '/', tasks_total)", "'0/5'");
	add_user(C1, "Expired", "admin", "2025-01-01", ", invitation_expires_at = '2025-01-03'");
	add_contract(C1, "draft", "2026-01-01", "NULL");
	add_source(C1, 1, "NULL", "NULL", "failed");
	fixture_rebuild(fixture, 1);
	assert_row(C1, "tasks_done", "1"); /* an expired invitation counts; a draft and a disconnected source do not */
	add_user(C1, "Disabled", "admin", "2025-01-01", ", activated_at = '2025-01-03', disabled_at = '2025-01-04'");
	add_source(C1, 1, "1", "NULL", "failed");
	fixture_rebuild(fixture, 1);
	assert_row(C1, "tasks_done", "2"); /* connected */
	add_user(C1, "Active", "admin", "2025-01-01", ", activated_at = '2025-01-03'");
	add_contract(C1, "cancelled", "2026-01-01", "NULL");
	fixture_rebuild(fixture, 1);
	assert_row(C1, "tasks_done", "4");
	assert_row(C1, "onboarding", "1");
}

static void complete_is_complete_for_good(void **state)
{
	(void)state;
	small_tree("UTC");
	add_user(C1, "Active", "admin", "2025-01-01", ", activated_at = '2025-01-03'");
	add_contract(C1, "ready", "2026-01-01", "NULL");
	add_source(C1, 1, "1", "NULL", "success");
	fixture_rebuild(fixture, 1);
	assert_row(C1, "CONCAT(tasks_done, '/', tasks_total, ' ', onboarding)", "'5/5 0'");
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant WHERE onboarded_at LIKE '2026-11-22%%'"), 1);
	fixture_sql(fixture, "DELETE FROM user_account");
	fixture_sql(fixture, "DELETE FROM contract");
	fixture_sql(fixture, "DELETE FROM billing_source");
	fixture_rebuild(fixture, 1);
	assert_row(C1, "CONCAT(tasks_done, '/', tasks_total, ' ', onboarding)", "'5/5 0'");
	assert_int_equal(fixture_differences(fixture), 0);
}

static void contracts_count_by_the_day_of_the_zone(void **state)
{
	static const char counts[] =
		"CONCAT_WS(' ', c_active, c_scheduled, c_draft, c_expired, c_cancelled, c_superseded)";

	(void)state;
	small_tree("UTC"); /* today is 2026-11-22 there */
	add_contract(C1, "draft", "2026-01-01", "NULL");
	add_contract(C1, "cancelled", "2026-01-01", "NULL");
	add_contract(C1, "ready", "2026-11-22", "'2026-11-22'"); /* active, today alone */
	add_contract(C1, "ready", "2026-11-23", "NULL");         /* scheduled */
	add_contract(C1, "ready", "2026-01-01", "'2026-11-21'"); /* expired */
	add_contract(C1, "superseded", "2026-01-01", "'2026-11-22'");
	add_contract(C1, "superseded", "2026-01-01", "'2026-11-21'");
	add_contract(C1, "superseded", "2026-12-24", "'2026-12-31'");
	fixture_rebuild(fixture, 1);
	assert_row(C1, counts, "'2 2 1 1 1 1'");
	assert_row(C1, "next_change", "'2026-11-23 00:00:00.000'");
	assert_row(D1, "next_change", "NULL");
	small_tree("Pacific/Auckland"); /* 2026-11-23 already, 13 hours ahead */
	add_contract(C1, "ready", "2026-11-22", "'2026-11-22'");
	add_contract(C1, "ready", "2026-11-23", "'2026-11-25'");
	fixture_rebuild(fixture, 1);
	assert_row(C1, counts, "'1 0 0 1 0 0'");
	assert_row(C1, "next_change", "'2026-11-25 11:00:00.000'");
}

static void what_a_former_parent_keeps_to_itself_does_not_count(void **state)
{
	(void)state;
	small_tree("UTC");
	add_contract(C1, "draft", "2026-01-01", "NULL");
	add_contract(C1, "ready", "2026-01-01", "NULL");
	add_contract(C1, "cancelled", "2026-01-01", "NULL");
	fixture_sql(fixture, "UPDATE contract SET made_by_tenant_id = 77");
	fixture_rebuild(fixture, 1);
	assert_row(C1, "CONCAT(c_active, c_draft, c_cancelled)", "'100'");
	assert_int_equal(fixture_differences(fixture), 0);
	fixture_sql(fixture, "UPDATE contract SET made_by_tenant_id = %lu", R1);
	fixture_rebuild(fixture, 1);
	assert_row(C1, "CONCAT(c_active, c_draft, c_cancelled)", "'111'");
}

static void sources_roll_up_what_is_live_below(void **state)
{
	(void)state;
	small_tree("UTC");
	add_source(C1, 3, "1", "'2026-12-01'", "success");
	add_source(C1, 1, "NULL", "NULL", "failed"); /* disconnected */
	add_source(R1, 2, "1", "NULL", "warning");
	add_source(D1, 4, "1", "NULL", NULL);
	fixture_rebuild(fixture, 1);
	assert_row(C1, "CONCAT(rollup, ' ', s_failed, s_warning, s_success, s_not_available)", "'3 0010'");
	assert_row(R1, "CONCAT(rollup, ' ', s_failed, s_warning, s_success, s_not_available)", "'2 0110'");
	assert_row(D1, "CONCAT(rollup, ' ', s_failed, s_warning, s_success, s_not_available)", "'2 0111'");
	fixture_sql(fixture, "UPDATE tenant SET deleted_at = '2026-11-01' WHERE id = %lu", C1);
	fixture_rebuild(fixture, 1);
	assert_row(D1, "CONCAT(rollup, ' ', s_failed, s_warning, s_success, s_not_available)", "'2 0101'");
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list"), 2);
	assert_int_equal(fixture_number(fixture, "SELECT total FROM tenant_total WHERE tenant_id = %lu", D1), 2);
}

/* What is summed in the rows and counters above is what a query over the facts and rows below gives. */
static void assert_sums(void)
{
	static const char *const states[] = { "", "failed", "warning", "success", "not_available" };

	for (unsigned i = 1; i <= 4; i++) {
		assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list l WHERE s_%s <> (SELECT COUNT(*) FROM "
			"tenant t JOIN billing_source s ON s.tenant_id = t.id WHERE t.deleted_at IS NULL AND s.live = 1 AND "
			"s.state = %u AND t.tree_pos >= l.tree_pos AND t.tree_pos < l.tree_pos + CASE l.tier WHEN 1 THEN 1 << 50 "
			"WHEN 2 THEN 1 << 25 ELSE 1 END)", states[i], i), 0);
	}
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list WHERE rollup <> CASE WHEN s_failed > 0 "
		"THEN 1 WHEN s_warning > 0 THEN 2 WHEN s_success > 0 THEN 3 ELSE 4 END"), 0);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list a LEFT JOIN tenant_total x ON "
		"x.tenant_id = a.tenant_id JOIN (SELECT l.tree_pos, COUNT(*) n, SUM(r.tier = 2) t2, SUM(r.tier = 3) t3, "
		"SUM(r.onboarding) o, SUM(r.suspended) s, SUM(r.rollup = 1) f, SUM(r.rollup = 2) w, SUM(r.rollup = 3) k FROM "
		"tenant_list l JOIN tenant_list r ON r.tree_pos >= l.tree_pos AND r.tree_pos < l.tree_pos + IF(l.tier = 1, "
		"1 << 50, 1 << 25) WHERE l.tier < 3 GROUP BY l.tree_pos) b ON b.tree_pos = a.tree_pos WHERE NOT "
		"(CONCAT_WS(',', n, t2, t3, o, s, f, w, k) <=> CONCAT_WS(',', x.total, x.tier_2, x.tier_3, x.onboarding, "
		"x.suspended, x.r_failed, x.r_warning, x.r_success))"), 0);
}

static void a_rebuilt_table_says_what_the_facts_say(void **state)
{
	(void)state;
	fixture_empty(fixture);
	fixture_tree(fixture, 1, 9, 20, "first", 11);
	fixture_tree(fixture, 2, 3, 5, "second", 12);
	fixture_rebuild(fixture, 1);
	fixture_rebuild(fixture, 2);
	assert_int_equal(fixture_differences(fixture), 0);
	assert_sums();
}

static void rebuilding_repairs_and_writes_nothing_when_all_is_right(void **state)
{
	uint64_t grams;

	(void)state;
	grams = fixture_number(fixture, "SELECT SUM(CRC32(CONCAT(gram, ' ', tree_pos, ' ', near))) FROM tenant_gram");
	fixture_sql(fixture, "UPDATE tenant_list SET name = 'wrong', c_active = 9 WHERE tenant_id IN (1000003, 1000007)");
	fixture_sql(fixture, "DELETE FROM tenant_list WHERE tenant_id = 1000010");
	fixture_sql(fixture, "UPDATE tenant_total SET onboarding = onboarding + 1 WHERE tenant_id = 1000000");
	fixture_sql(fixture, "DELETE FROM tenant_gram WHERE tree_pos %% 7 = 0");
	fixture_sql(fixture, "UPDATE tenant_gram SET near = 0 WHERE tree_pos %% 7 = 1");
	fixture_sql(fixture, "INSERT INTO tenant_gram VALUES (5, %lu, 0), (%lu, %lu, 3)", tree_make(1, 1000, 0), INT64_MAX,
		tree_make(1, 1000, 0));
	assert_true(fixture_differences(fixture) > 5);
	fixture_rebuild(fixture, 1);
	fixture_rebuild(fixture, 2);
	assert_int_equal(fixture_differences(fixture), 0);
	assert_int_equal(fixture_number(fixture, "SELECT SUM(CRC32(CONCAT(gram, ' ', tree_pos, ' ', near))) FROM tenant_gram"), grams);
}

/* Such entries find and count the same, with a look at each row; filling leaves alone what else is wrong. */
static void an_older_programs_entries_are_told_what_is_near(void **state)
{
	uint64_t grams = fixture_number(fixture, "SELECT SUM(CRC32(CONCAT(gram, ' ', tree_pos, ' ', near))) FROM tenant_gram");

	(void)state;
	fixture_sql(fixture, "UPDATE tenant_gram SET near = 0");
	fixture_sql(fixture, "UPDATE contract_gram SET near = 0");
	fixture_sql(fixture, "INSERT INTO tenant_gram (gram, tree_pos) VALUES (5, %lu)", tree_make(1, 1000, 0));
	assert_int_equal(list_table_fill(fixture->db), ERR_NONE);
	assert_int_equal(fixture_differences(fixture), 1);
	fixture_sql(fixture, "DELETE FROM tenant_gram WHERE gram = 5");
	assert_int_equal(fixture_differences(fixture), 0);
	assert_int_equal(fixture_number(fixture, "SELECT SUM(CRC32(CONCAT(gram, ' ', tree_pos, ' ', near))) FROM tenant_gram"), grams);
}

static void a_tree_that_moved_is_rebuilt(void **state)
{
	(void)state;
	fixture_sql(fixture, "UPDATE tenant SET tree_pos = tree_pos + 5 WHERE tier = 3 AND distributor_id = 1000000");
	fixture_rebuild(fixture, 1);
	assert_int_equal(fixture_differences(fixture), 0);
}

static enum error refresh(struct db *db, void *arg)
{
	return list_table_refresh(db, *(const uint64_t *)arg);
}

static void change_something(uint64_t tenant, uint32_t *random)
{
	switch (fixture_random(random, 7)) {
	case 0:
		fixture_sql(fixture, "UPDATE tenant SET name = CONCAT('Nouveau ', name) WHERE id = %lu", tenant);
		break;
	case 1:
		fixture_sql(fixture, "UPDATE tenant SET suspended_at = IF(suspended_at IS NULL, '2026-11-01', NULL) WHERE id = %lu",
			tenant);
		break;
	case 2:
		fixture_sql(fixture, "UPDATE tenant SET deleted_at = IF(deleted_at IS NULL, '2026-11-01', NULL) WHERE id = %lu AND "
			"tier = 3", tenant);
		break;
	case 3:
		add_user(tenant, "New", "admin", "2024-01-01", ", activated_at = '2025-01-03'");
		break;
	case 4:
		add_source(tenant, 1 + fixture_random(random, 4), "1", "NULL", "success");
		break;
	case 5:
		fixture_sql(fixture, "UPDATE billing_source SET live = NULL WHERE tenant_id = %lu", tenant);
		break;
	default:
		/* to another reseller */
		fixture_sql(fixture, "UPDATE tenant t JOIN tenant p ON p.id = 1000000 + 21 * %u + 1 SET t.parent_id = p.id, "
			"t.tree_pos = p.tree_pos + 7 + t.id %% 1000000 WHERE t.id = %lu AND t.tier = 3",
			fixture_random(random, 9), tenant);
		break;
	}
}

static void refreshing_one_tenant_keeps_all_right(void **state)
{
	uint32_t random = 5;

	(void)state;
	for (unsigned i = 0; i < 150; i++) {
		uint64_t tenant = D1 + fixture_random(&random, 10) * fixture_random(&random, 20);

		change_something(tenant, &random);
		assert_int_equal(db_transaction(fixture->db, refresh, &tenant), ERR_NONE);
	}
	assert_int_equal(fixture_differences(fixture), 0);
	assert_sums();
	fixture_sql(fixture, "INSERT INTO tenant (id, public_id, tree_pos, tier, name, domain, created_at) VALUES "
		"(3000000, 'NEWDIST', %lu, 1, 'New', 'new.example', '2026-11-22')", tree_make(3, 0, 0));
	assert_int_equal(db_transaction(fixture->db, refresh, &(uint64_t){ 3000000 }), ERR_NONE);
	assert_int_equal(db_transaction(fixture->db, refresh, &(uint64_t){ 3999999 }), ERR_NOT_FOUND);
	assert_int_equal(fixture_differences(fixture), 0);
}

static void follow_all(void)
{
	unsigned done;

	do {
		assert_int_equal(list_table_follow_time(fixture->db, 7, &done), ERR_NONE);
	} while (done == 7);
}

static void time_is_followed(void **state)
{
	(void)state;
	fixture_empty(fixture);
	fixture_tree(fixture, 1, 6, 20, "first", 21);
	fixture_rebuild(fixture, 1);
	follow_all();
	assert_int_equal(fixture_differences(fixture), 0);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM billing_source WHERE stale_at <= '2026-11-22'"), 0);
	assert_sums();
	/* to the day at which others start, and sources fall silent */
	clock_set_offset(clock_now() + 31 * 86400 - time(NULL));
	assert_true(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list WHERE next_change <= '2026-12-22'") > 7);
	assert_true(fixture_number(fixture, "SELECT COUNT(*) FROM billing_source WHERE stale_at <= '2026-12-22'") > 7);
	follow_all();
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM tenant_list WHERE next_change <= '2026-12-23'"), 0);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM billing_source WHERE stale_at <= '2026-12-23'"), 0);
	assert_int_equal(fixture_differences(fixture), 0);
	assert_sums();
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM billing_source WHERE state = 2 AND "
		"state_since = '2026-11-23'") > 0, 1);
}

static void entries_come_sorted_however_many(void **state)
{
	struct gram_sort *sort = gram_sort_new();
	struct text_gram grams[12];
	struct gram_entry entry, last = { 0 };
	uint64_t count = 0;
	uint32_t random = 1;

	(void)state;
	assert_non_null(sort);
	/* more than one run: a quarter of a million labels, and more entries than memory is set aside for */
	for (uint64_t label = 1; label <= 300000; label++) {
		for (size_t i = 0; i < 12; i++)
			grams[i] = (struct text_gram){ .gram = ((uint64_t)i << 40) + fixture_random(&random, 1000) + 1, .near = label << 30 | i };
		assert_int_equal(gram_sort_add(sort, label << 20, grams, 12), ERR_NONE);
	}
	assert_int_equal(gram_sort_done(sort), ERR_NONE);
	while (gram_sort_next(sort, &entry)) {
		assert_true(entry.gram > last.gram || (entry.gram == last.gram && entry.tree_pos > last.tree_pos));
		assert_int_equal(entry.near, entry.tree_pos >> 20 << 30 | entry.gram >> 40);
		last = entry;
		count++;
	}
	assert_int_equal(gram_sort_error(sort), ERR_NONE);
	assert_int_equal(count, 300000 * 12);
	gram_sort_free(sort);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_admin_is_the_first_invited_one_that_is_left),
		cmocka_unit_test(tasks_follow_the_facts),
		cmocka_unit_test(complete_is_complete_for_good),
		cmocka_unit_test(contracts_count_by_the_day_of_the_zone),
		cmocka_unit_test(what_a_former_parent_keeps_to_itself_does_not_count),
		cmocka_unit_test(sources_roll_up_what_is_live_below),
		cmocka_unit_test(a_rebuilt_table_says_what_the_facts_say),
		cmocka_unit_test(rebuilding_repairs_and_writes_nothing_when_all_is_right),
		cmocka_unit_test(an_older_programs_entries_are_told_what_is_near),
		cmocka_unit_test(a_tree_that_moved_is_rebuilt),
		cmocka_unit_test(refreshing_one_tenant_keeps_all_right),
		cmocka_unit_test(time_is_followed),
		cmocka_unit_test(entries_come_sorted_however_many),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
