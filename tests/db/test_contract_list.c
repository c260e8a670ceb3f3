/* The Contracts list: its queries are intervals of their keys, its rows follow the facts and the day, and what differs is told. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "db/connection.h"
#include "db/contract_sql.h"
#include "db/list_table.h"
#include "db/migration.h"
#include "fixture.h"

/* A piece that all tenants of the fixture's first tree have. */
#define OWN (const struct text_gram){ .gram = (uint64_t)'o' << 42 | (uint64_t)'w' << 21 | 'n', .whole = true }

static struct fixture *fixture;
static const struct scope *scope;

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_contract_list");
	fixture_tree(fixture, 1, 12, 80, "own", 1);
	fixture_tree(fixture, 2, 2, 10, "other", 2);
	fixture_rebuild(fixture, 1);
	fixture_rebuild(fixture, 2);
	fixture_sql(fixture, "ANALYZE TABLE contract_list, contract_gram, tenant_gram");
	scope = fixture_scope(fixture, 1000000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

enum { EXPLAIN_TABLE = 2, EXPLAIN_TYPE = 3, EXPLAIN_KEY = 5, EXPLAIN_EXTRA = 9 };

/* Every table that is read is in the scope, on the key that was meant, in order. */
static void explain(const struct list_plan *plan)
{
	char *sql;
	DB_ROWS_AUTO rows = NULL;
	unsigned driven = 0;
	char **row;

	assert_false(plan->sql.overflow);
	assert_true(strstr(plan->sql.data, "SCOPE(") != NULL);
	assert_true(asprintf(&sql, "EXPLAIN %s", plan->sql.data) > 0);
	assert_int_equal(db_query_text(fixture->db, scope, "explain", sql, plan->values, plan->count, false, &rows), ERR_NONE);
	while ((row = db_next(rows)) != NULL) {
		const char *table = row[EXPLAIN_TABLE] != NULL ? row[EXPLAIN_TABLE] : "";
		const char *type = row[EXPLAIN_TYPE] != NULL ? row[EXPLAIN_TYPE] : "";
		const char *key = row[EXPLAIN_KEY] != NULL ? row[EXPLAIN_KEY] : "";
		const char *extra = row[EXPLAIN_EXTRA] != NULL ? row[EXPLAIN_EXTRA] : "";

		if (table[0] == '<' || (strcmp(table, "t") != 0 && strcmp(table, "g") != 0))
			continue;
		if (strcmp(type, "range") != 0 || strcmp(key, plan->key) != 0 || strstr(extra, "filesort") != NULL ||
			strstr(extra, "temporary") != NULL)
			fail_msg("%s: table %s, type %s, key %s (%s meant), %s", plan->sql.data, table, type, key, plan->key, extra);
		driven++;
	}
	assert_int_equal(driven, plan->arms);
	free(sql);
}

static void shapes_of(const struct contract_filter *filter)
{
	struct contract_query query = { .filter = filter, .viewer = VIEWER_RESELLER, .limit = 51,
		.span = { { tree_make(1, 3000, 0), 7 }, { tree_make(1, 9000, 5000), 0 } } };

	for (unsigned i = 0; i < 4; i++) {
		struct list_plan plan;

		query.backwards = i == 1;
		query.counting = i >= 2;
		query.limit = i == 3 ? 0 : 51;
		query.settled = i % 2 == 1 ? "2026-11-22 12:00:00.000" : NULL;
		contract_plan_make(&plan, &query);
		explain(&plan);
		list_plan_free(&plan);
	}
}

static void every_filter_is_an_interval_of_its_key(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 1u << 12; bits += 1 + bits % 3) {
		struct contract_filter filter = { .status = bits & 63, .tier = (bits >> 6 & 7) << 1, .ends = bits >> 9 & 3,
			.unbilled = bits >> 11 & 1, .like = bits % 2 ? "%own%" : NULL };
		struct contract_filter narrow = contract_filter_narrow(&filter);

		shapes_of(&narrow);
	}
}

/* The pieces are intervals in the order of the list, and from each the rows of one tenant are looked up: however many match, no more
 * is read than is asked for. */
static void a_piece_of_a_text_is_an_interval_of_each_index(void **state)
{
	struct contract_filter filter = { .like = "%own%" };
	struct contract_query query = { .filter = &filter, .viewer = VIEWER_DISTRIBUTOR, .span = contract_span_all(scope), .gram = &OWN };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct list_plan plan;
		char *sql;
		DB_ROWS_AUTO rows = NULL;
		unsigned driven = 0;

		query.backwards = i == 1;
		query.counting = i >= 2;
		query.limit = i == 3 ? 0 : 51;
		contract_plan_make(&plan, &query);
		assert_true(asprintf(&sql, "EXPLAIN %s", plan.sql.data) > 0);
		assert_int_equal(db_query_text(fixture->db, scope, "explain", sql, plan.values, plan.count, false, &rows), ERR_NONE);
		for (char **row; (row = db_next(rows)) != NULL;) {
			const char *table = row[EXPLAIN_TABLE] != NULL ? row[EXPLAIN_TABLE] : "<none>";
			const char *extra = row[EXPLAIN_EXTRA] != NULL ? row[EXPLAIN_EXTRA] : "";
			const char *meant = table[0] == 'g' ? "range" : table[0] == 'o' ? "eq_ref" : "ref";

			if (table[0] == '<')
				continue;
			if (strcmp(row[EXPLAIN_TYPE], meant) != 0 || strcmp(row[EXPLAIN_KEY], "PRIMARY") != 0 ||
				strstr(extra, "filesort") != NULL || strstr(extra, "temporary") != NULL)
				fail_msg("%s: table %s, type %s (%s meant), key %s, %s", sql, table, row[EXPLAIN_TYPE], meant, row[EXPLAIN_KEY], extra);
			driven += table[0] == 'g';
		}
		assert_int_equal(driven, 2);
		assert_int_equal(driven, plan.arms);
		free(sql);
		list_plan_free(&plan);
	}
}

/* What a query gives, as one text; of a count what is under its bound. */
static const char *answer_of(const struct contract_query *query)
{
	struct list_plan plan;
	DB_ROWS_AUTO rows = NULL;
	const char *answer = "";
	char **row;

	contract_plan_make(&plan, query);
	assert_int_equal(db_query_text(fixture->db, scope, "rows", plan.sql.data, plan.values, plan.count, false, &rows), ERR_NONE);
	list_plan_free(&plan);
	while ((row = db_next(rows)) != NULL)
		answer = query->counting
			? arena_printf(fixture->arena, "%lu", (unsigned long)(db_uint(row[0]) < query->limit ? db_uint(row[0]) : query->limit))
			: arena_printf(fixture->arena, "%s %s/%s", answer, row[ROW_TREE_POS], row[ROW_KEY]);
	return answer;
}

/* Texts that tenants have, that contracts have, and both: the same rows and counts as by comparing every row. */
static void a_piece_of_a_text_finds_what_comparing_finds(void **state)
{
	static const char *const texts[] = { "own", "own77", "k10000", "000", "100005", "own angst", "brulee" };
	unsigned found = 0;

	(void)state;
	for (unsigned i = 0; i < sizeof texts / sizeof *texts * 16; i++) {
		struct contract_filter filter = { .status = i / 7 % 2 ? 1u << CONTRACT_ACTIVE | 1u << CONTRACT_DRAFT : 0 };
		struct contract_query query = { .filter = &filter, .viewer = VIEWER_DISTRIBUTOR, .span = contract_span_all(scope),
			.backwards = i / 14 % 2, .counting = i / 28 % 2, .limit = i / 56 % 2 ? 7 : 500 };
		struct text_gram *grams;
		const char *compared;

		filter.like = text_query(fixture->arena, texts[i % 7], &grams, &filter.gram_count);
		compared = answer_of(&query);
		query.gram = &grams[filter.gram_count / 2];
		assert_string_equal(answer_of(&query), compared);
		found += strlen(compared) > 1;
	}
	assert_true(found > 40);
}

static void what_differs_is_told_and_mended(void **state)
{
	static const char *const wrong[] = {
		"UPDATE contract_list SET status = 9 WHERE contract_id > 0 LIMIT 1",
		"UPDATE contract_list SET tenant_name = 'x' WHERE tier = 2 LIMIT 1",
		"UPDATE contract_list SET ends = 3 - ends WHERE ends > 0 LIMIT 1",
		"DELETE FROM contract_list WHERE contract_id = 0 LIMIT 1",
		"DELETE FROM contract_list WHERE contract_id > 0 LIMIT 1",
		"DELETE FROM contract_gram LIMIT 1",
		"INSERT INTO contract_gram VALUES (5, 77, 0)",
		"UPDATE contract_gram SET near = near + 1 WHERE near > 0 LIMIT 1",
		"UPDATE tenant_total SET c_total = c_total + 1 WHERE tenant_id = 1000000",
		"UPDATE tenant_total SET c_ends_60 = c_ends_60 - 1 WHERE tenant_id = 1000001",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(fixture_differences(fixture), 0);
		fixture_sql(fixture, "%s", wrong[i]);
		assert_true(fixture_differences(fixture) > 0);
		fixture_rebuild(fixture, 1);
		fixture_sql(fixture, "DELETE FROM contract_gram WHERE gram = 5");
	}
}

/* By the rows; the counters say the same, of those filters that they know. */
static uint64_t count_of(const struct contract_filter *filter)
{
	struct contract_reader reader;
	uint64_t count, total;
	bool known;

	assert_int_equal(contract_reader_begin(&reader, fixture->db, scope, filter, fixture->arena), ERR_NONE);
	assert_int_equal(contract_reader_count(&reader, 0, &count), ERR_NONE);
	assert_int_equal(contract_reader_total(&reader, &known, &total), ERR_NONE);
	assert_true(!known || total == count);
	return count;
}

/* The whole, and each value of each field. */
static size_t single_filters(struct contract_filter filters[16])
{
	size_t count = 0;

	filters[count++] = (struct contract_filter){ 0 };
	for (unsigned i = 0; i < CONTRACT__MAX; i++)
		filters[count++] = (struct contract_filter){ .status = 1u << i };
	for (unsigned i = 1; i <= 3; i++) {
		filters[count++] = (struct contract_filter){ .ends = i };
		filters[count++] = (struct contract_filter){ .tier = 1u << i };
	}
	filters[count++] = (struct contract_filter){ .unbilled = true };
	return count;
}

/* What the counters say is the number of rows, for a distributor and each of its resellers; *SUM of them all. */
static void assert_counted(uint64_t *sum)
{
	struct contract_filter filters[16];
	size_t count = single_filters(filters);
	const struct scope *kept = scope;

	*sum = 0;
	for (uint64_t reseller = 0; reseller <= 12; reseller++) {
		scope = fixture_scope(fixture, reseller == 0 ? 1000000 : 1000001 + (reseller - 1) * 81);
		for (size_t i = 0; i < count; i++) {
			struct contract_reader reader;
			uint64_t total;
			bool known;

			assert_int_equal(contract_reader_begin(&reader, fixture->db, scope, &filters[i], fixture->arena), ERR_NONE);
			assert_int_equal(contract_reader_total(&reader, &known, &total), ERR_NONE);
			assert_true(known);
			assert_int_equal(total, count_of(&filters[i]));
			*sum += total;
		}
	}
	scope = kept;
}

static void the_whole_and_one_field_are_counted_beforehand(void **state)
{
	struct contract_filter two[] = { { .status = 1, .tier = 1u << TIER_CUSTOMER }, { .unbilled = true, .ends = 3 },
		{ .like = "%own%" } };
	struct contract_reader reader;
	uint64_t sum;
	bool known;

	(void)state;
	assert_counted(&sum);
	assert_true(sum > 1000);
	for (size_t i = 0; i < sizeof two / sizeof *two; i++) {
		assert_int_equal(contract_reader_begin(&reader, fixture->db, scope, &two[i], fixture->arena), ERR_NONE);
		assert_int_equal(contract_reader_total(&reader, &known, &sum), ERR_NONE);
		assert_false(known);
	}
}

/* Contracts of customers that have had another reseller, some of which the present one does not see. */
static void counters_follow_each_change(void **state)
{
	uint32_t random = 7;
	uint64_t before, after;

	(void)state;
	assert_counted(&before);
	for (unsigned i = 0; i < 60; i++) {
		uint64_t reseller = 1000001 + fixture_random(&random, 12) * 81, tenant = reseller + fixture_random(&random, 81);

		switch (fixture_random(&random, 4)) {
		case 0:
			fixture_sql(fixture, "UPDATE contract SET stored_status = ELT(1 + (id + %u) %% 4, 'draft', 'ready', 'cancelled', "
				"'superseded') WHERE tenant_id = %lu", i, (unsigned long)tenant);
			break;
		case 1:
			fixture_sql(fixture, "UPDATE contract SET made_by_tenant_id = 2000000 WHERE tenant_id = %lu", (unsigned long)tenant);
			break;
		case 2:
			fixture_sql(fixture, "DELETE FROM contract WHERE tenant_id = %lu LIMIT 1", (unsigned long)tenant);
			break;
		default:
			if (tenant != reseller)
				fixture_sql(fixture, "UPDATE tenant SET deleted_at = IF(deleted_at IS NULL, '2026-11-01', NULL) "
					"WHERE id = %lu", (unsigned long)tenant);
			break;
		}
		fixture_sql(fixture, "START TRANSACTION");
		assert_int_equal(list_table_refresh(fixture->db, tenant), ERR_NONE);
		fixture_sql(fixture, "COMMIT");
	}
	assert_int_equal(fixture_differences(fixture), 0);
	assert_counted(&after);
	assert_int_not_equal(before, after);
}

static void what_an_older_program_has_left_is_counted_by_a_migration(void **state)
{
	unsigned found = 0;

	(void)state;
	fixture_sql(fixture, "UPDATE tenant_total SET c_total = 0, c_active = 5, c_draft = 0, c_tier_3 = 0, c_unbilled = 0, c_ends_60 = 9");
	assert_true(fixture_differences(fixture) > 0);
	for (unsigned i = 0; i < migration_count; i++) {
		if (strcmp(migrations[i].title, "contract-total-rows") != 0)
			continue;
		fixture_sql(fixture, "%s", migrations[i].sql);
		found++;
	}
	assert_int_equal(found, 1);
	assert_int_equal(fixture_differences(fixture), 0);
}

/* The filters say what the day says at its stroke, before the housekeeper has stored anything and after. */
static void filters_follow_the_day_before_it_is_stored(void **state)
{
	struct contract_filter filters[16];
	uint64_t before[16], at_once[16], sum_at_once, sum;
	size_t count = single_filters(filters);
	unsigned done, changed = 0;

	(void)state;
	for (size_t i = 0; i < count; i++)
		before[i] = count_of(&filters[i]);
	clock_set_offset(clock_now() + 31 * 86400 - time(NULL));
	scope = fixture_scope(fixture, 1000000);
	for (size_t i = 0; i < count; i++)
		at_once[i] = count_of(&filters[i]);
	assert_counted(&sum_at_once);
	assert_int_equal(fixture_differences(fixture), 0);
	do {
		assert_int_equal(list_table_follow_time(fixture->db, 50, &done), ERR_NONE);
	} while (done == 50);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM contract_list WHERE next_change <= '2026-12-23'"), 0);
	for (size_t i = 0; i < count; i++) {
		/* a source that has been silent for too long has data still */
		assert_int_equal(at_once[i], count_of(&filters[i]));
		changed += at_once[i] != before[i];
	}
	assert_true(changed >= 5);
	assert_counted(&sum);
	assert_int_equal(sum, sum_at_once);
	assert_int_equal(fixture_differences(fixture), 0);
}

/* Somebody else's transaction holds the last row of the second tree, so that the one who fills has the first alone when it is killed. */
static enum error cut_off_between_trees(struct db *db, void *arg)
{
	struct fixture *watching = arg;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query_text(db, NULL, "hold", "SELECT tenant_id FROM tenant_list WHERE tree_pos = ? FOR UPDATE",
		DB_VALUES(DB_UINT(fixture_number(watching, "SELECT MAX(tree_pos) FROM tenant_list"))), false, &rows);
	pid_t filling = error == ERR_NONE ? fork() : -1;

	assert_int_equal(error, ERR_NONE);
	if (filling == 0) {
		struct db *own = db_new(&fixture->config);

		list_table_fill(own);
		_exit(0);
	}
	assert_true(filling > 0);
	while (fixture_number(watching, "SELECT COUNT(*) FROM contract_list") == 0) {
		assert_int_equal(waitpid(filling, NULL, WNOHANG), 0);
		usleep(10000);
	}
	assert_int_equal(kill(filling, SIGKILL), 0);
	assert_int_equal(waitpid(filling, NULL, 0), filling);
	return ERR_NONE;
}

static void a_filling_that_was_cut_off_is_taken_up_again(void **state)
{
	struct fixture watching = *fixture;
	uint64_t before = fixture_number(fixture, "SELECT COUNT(*) FROM contract_list"), half;

	(void)state;
	watching.db = db_new(&fixture->config);
	fixture_sql(fixture, "DELETE FROM contract_list");
	fixture_sql(fixture, "DELETE FROM contract_gram");
	assert_int_equal(db_transaction(fixture->db, cut_off_between_trees, &watching), ERR_NONE);
	half = fixture_number(fixture, "SELECT COUNT(*) FROM contract_list");
	assert_true(half > 0 && half < before);
	assert_int_equal(list_table_fill(fixture->db), ERR_NONE);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM contract_list"), before);
	assert_int_equal(fixture_differences(fixture), 0);
	/* done once */
	fixture_sql(fixture, "DELETE FROM contract_list WHERE contract_id > 0 LIMIT 1");
	assert_int_equal(list_table_fill(fixture->db), ERR_NONE);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM contract_list"), before - 1);
	db_close(watching.db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_filter_is_an_interval_of_its_key),
		cmocka_unit_test(a_piece_of_a_text_is_an_interval_of_each_index),
		cmocka_unit_test(a_piece_of_a_text_finds_what_comparing_finds),
		cmocka_unit_test(what_differs_is_told_and_mended),
		cmocka_unit_test(the_whole_and_one_field_are_counted_beforehand),
		cmocka_unit_test(counters_follow_each_change),
		cmocka_unit_test(what_an_older_program_has_left_is_counted_by_a_migration),
		cmocka_unit_test(filters_follow_the_day_before_it_is_stored),
		cmocka_unit_test(a_filling_that_was_cut_off_is_taken_up_again),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
