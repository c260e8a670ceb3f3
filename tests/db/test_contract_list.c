/* The Contracts list: its queries are intervals of their keys, its rows follow the facts and the day, and what differs is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

#include <cmocka.h>

#include "db/connection.h"
#include "db/contract_sql.h"
#include "db/list_table.h"
#include "fixture.h"

static struct fixture *fixture;
static const struct scope *scope;

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_contract_list");
	fixture_tree(fixture, 1, 12, 80, "own", 1);
	fixture_tree(fixture, 2, 2, 10, "other", 2);
	assert_int_equal(list_table_rebuild(fixture->db, tree_make(1, 0, 0), true), ERR_NONE);
	assert_int_equal(list_table_rebuild(fixture->db, tree_make(2, 0, 0), true), ERR_NONE);
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
	struct list_plan plan;
	const struct contract_span span = contract_span_all(scope);

	(void)state;
	for (unsigned bits = 0; bits < 1u << 12; bits += 1 + bits % 3) {
		struct contract_filter filter = { .status = bits & 63, .tier = (bits >> 6 & 7) << 1, .ends = bits >> 9 & 3,
			.unbilled = bits >> 11 & 1, .like = bits % 2 ? "%own%" : NULL };
		struct contract_filter narrow = contract_filter_narrow(&filter);

		shapes_of(&narrow);
	}
	for (int backwards = 0; backwards < 2; backwards++) {
		contract_plan_labels(&plan, &span, (uint64_t)'o' << 42 | (uint64_t)'w' << 21 | 'n', backwards, 100);
		explain(&plan);
		list_plan_free(&plan);
	}
}

static void count_difference(void *arg, const char *id, const char *column, const char *stored, const char *fact)
{
	(void)arg;
	print_message("# %s %s: \"%s\" is stored, the facts say \"%s\"\n", id, column, stored, fact);
}

static uint64_t differences(void)
{
	uint64_t count;

	assert_int_equal(list_table_compare(fixture->db, 3, count_difference, NULL, &count), ERR_NONE);
	return count;
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
		"INSERT INTO contract_gram VALUES (5, 77)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(differences(), 0);
		fixture_sql(fixture, "%s", wrong[i]);
		assert_true(differences() > 0);
		assert_int_equal(list_table_rebuild(fixture->db, tree_make(1, 0, 0), true), ERR_NONE);
		fixture_sql(fixture, "DELETE FROM contract_gram WHERE gram = 5");
	}
}

static uint64_t count_of(const struct contract_filter *filter)
{
	struct contract_reader reader;
	uint64_t count;

	assert_int_equal(contract_reader_begin(&reader, fixture->db, scope, filter, fixture->arena), ERR_NONE);
	assert_int_equal(contract_reader_count(&reader, 0, &count), ERR_NONE);
	return count;
}

/* The filters say what the day says at its stroke, before the housekeeper has stored anything and after. */
static void filters_follow_the_day_before_it_is_stored(void **state)
{
	struct contract_filter filters[10] = { 0 };
	uint64_t before[10], at_once[10];
	unsigned done, changed = 0;

	(void)state;
	for (unsigned i = 0; i < CONTRACT__MAX; i++)
		filters[i].status = 1u << i;
	for (unsigned i = 1; i <= 3; i++)
		filters[5 + i].ends = i;
	filters[9].unbilled = true;
	for (unsigned i = 0; i < 10; i++)
		before[i] = count_of(&filters[i]);
	clock_set_offset(clock_now() + 31 * 86400 - time(NULL));
	scope = fixture_scope(fixture, 1000000);
	for (unsigned i = 0; i < 10; i++)
		at_once[i] = count_of(&filters[i]);
	do {
		assert_int_equal(list_table_follow_time(fixture->db, 50, &done), ERR_NONE);
	} while (done == 50);
	assert_int_equal(fixture_number(fixture, "SELECT COUNT(*) FROM contract_list WHERE next_change <= '2026-12-23'"), 0);
	for (unsigned i = 0; i < 10; i++) {
		/* a source that has been silent for too long has data still */
		assert_int_equal(at_once[i], count_of(&filters[i]));
		changed += at_once[i] != before[i];
	}
	assert_true(changed >= 5);
	assert_int_equal(differences(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_filter_is_an_interval_of_its_key),
		cmocka_unit_test(what_differs_is_told_and_mended),
		cmocka_unit_test(filters_follow_the_day_before_it_is_stored),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
