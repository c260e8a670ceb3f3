/* How the server runs the list's queries: every shape of filter is an interval of the key that was meant for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

#include "db/connection.h"
#include "db/list_sql.h"
#include "fixture.h"

#define SHAPES_MAX 4096

static struct fixture *fixture;
static const struct scope *scope;

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_list_sql");
	fixture_tree(fixture, 1, 12, 80, "own", 1);
	fixture_tree(fixture, 2, 2, 10, "other", 2);
	fixture_rebuild(fixture, 1);
	fixture_rebuild(fixture, 2);
	fixture_sql(fixture, "ANALYZE TABLE tenant_list, tenant_gram");
	scope = fixture_scope(fixture, 1000000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

/* Every combination of fields, texts, directions and counts; the same text of SQL only once. */
struct shapes {
	void (*each)(const struct list_query *query, struct list_plan *plan);
	char *seen[SHAPES_MAX];
	size_t count;
};

static void shapes_try(struct shapes *shapes, const struct list_query *query)
{
	struct list_plan plan;

	list_plan_make(&plan, query);
	assert_false(plan.sql.overflow);
	for (size_t i = 0; i < shapes->count; i++) {
		if (strcmp(shapes->seen[i], plan.sql.data) == 0) {
			list_plan_free(&plan);
			return;
		}
	}
	assert_true(shapes->count < SHAPES_MAX);
	shapes->seen[shapes->count++] = strdup(plan.sql.data);
	shapes->each(query, &plan);
	list_plan_free(&plan);
}

static void shapes_of_filter(struct shapes *shapes, const struct list_filter *filter, const struct text_gram *gram)
{
	struct list_query query = { .filter = filter, .low = tree_make(1, 3000, 0), .high = tree_make(1, 9000, 5000),
		.limit = 51, .gram = gram };

	shapes_try(shapes, &query);
	query.backwards = true;
	shapes_try(shapes, &query);
	query.backwards = false;
	query.counting = true;
	shapes_try(shapes, &query);
	query.limit = 0;
	shapes_try(shapes, &query);
}

static void shapes_walk(struct shapes *shapes)
{
	static const uint64_t own = (uint64_t)'o' << 42 | (uint64_t)'w' << 21 | 'n';
	/* a text that is one piece, one that is told by what is near it, and one that is more */
	static const struct text_gram grams[] = { { own, 0, true }, { own, 5, true }, { own, 5, false } };
	struct list_plan after;

	for (unsigned bits = 0; bits < 1u << 11; bits++) {
		struct list_filter filter = { .source = (bits & 15) << 1, .status = bits >> 4 & 3, .tier = (bits >> 6 & 7) << 1,
			.suspended = bits >> 9 & 3 };
		struct list_filter narrow = list_filter_narrow(&filter);

		shapes_of_filter(shapes, &narrow, NULL);
		narrow.like = "%own%";
		shapes_of_filter(shapes, &narrow, NULL);
		for (size_t i = 0; i < sizeof grams / sizeof *grams; i++)
			shapes_of_filter(shapes, &narrow, &grams[i]);
	}
	for (size_t i = 0; i < shapes->count; i++)
		free(shapes->seen[i]);
	list_plan_after(&after, "T1000004", "2026-10-24 00:00:00.000", 51);
	shapes->each(NULL, &after);
	list_plan_free(&after);
}

enum { EXPLAIN_TABLE = 2, EXPLAIN_TYPE = 3, EXPLAIN_KEY = 5, EXPLAIN_EXTRA = 9 };

static void explain(const struct list_query *query, struct list_plan *plan)
{
	char *sql;
	DB_ROWS_AUTO rows = NULL;
	unsigned driven = 0;
	char **row;

	(void)query;
	assert_true(asprintf(&sql, "EXPLAIN %s", plan->sql.data) > 0);
	assert_int_equal(db_query_text(fixture->db, scope, "explain", sql, plan->values, plan->count, false, &rows),
		ERR_NONE);
	while ((row = db_next(rows)) != NULL) {
		const char *table = row[EXPLAIN_TABLE] != NULL ? row[EXPLAIN_TABLE] : "";
		const char *type = row[EXPLAIN_TYPE] != NULL ? row[EXPLAIN_TYPE] : "";
		const char *key = row[EXPLAIN_KEY] != NULL ? row[EXPLAIN_KEY] : "";
		const char *extra = row[EXPLAIN_EXTRA] != NULL ? row[EXPLAIN_EXTRA] : "";
		bool joins = strstr(plan->sql.data, "tenant_gram g") != NULL;
		bool drives = strcmp(table, joins ? "g" : "t") == 0;
		bool looked_up = strcmp(table, joins ? "t" : "l") == 0;

		/* a result of arms, or a row found by its public ID before all else */
		if (table[0] == '<' || (strcmp(table, "p") == 0 && strcmp(type, "const") == 0))
			continue;
		if (!(drives ? strcmp(type, "range") == 0 && strcmp(key, plan->key) == 0
			: looked_up && strcmp(type, "eq_ref") == 0 && strcmp(key, "PRIMARY") == 0) ||
			strstr(extra, "filesort") != NULL || strstr(extra, "temporary") != NULL)
			fail_msg("%s: table %s, type %s, key %s (%s meant), %s", plan->sql.data, table, type, key, plan->key, extra);
		driven += drives;
	}
	assert_int_equal(driven, plan->arms);
	free(sql);
}

static void every_filter_is_an_interval_of_its_key(void **state)
{
	struct shapes shapes = { .each = explain };

	(void)state;
	shapes_walk(&shapes);
	print_message("# %zu shapes of queries\n", shapes.count);
	assert_true(shapes.count > 100);
}

/* Each alias of a table with labels stands in a SCOPE. */
static void look_for_scopes(const struct list_query *query, struct list_plan *plan)
{
	static const char *const tables[] = { "tenant_list ", "tenant_gram " };

	(void)query;
	for (size_t i = 0; i < 2; i++) {
		const char *place = plan->sql.data;

		while ((place = strstr(place, tables[i])) != NULL) {
			char wanted[16];

			place += strlen(tables[i]);
			snprintf(wanted, sizeof wanted, "SCOPE(%c)", *place);
			if (strstr(plan->sql.data, wanted) == NULL)
				fail_msg("%s: no %s", plan->sql.data, wanted);
		}
	}
}

static void every_table_of_a_list_query_is_in_the_scope(void **state)
{
	struct shapes shapes = { .each = look_for_scopes };

	(void)state;
	shapes_walk(&shapes);
}

static void pieces_are_weighed_on_their_key(void **state)
{
	static const struct text_gram grams[] = { { .gram = (uint64_t)'o' << 42 | (uint64_t)'w' << 21 | 'n' }, { .gram = 2 }, { .gram = 3 } };
	struct list_plan plan;
	DB_ROWS_AUTO rows = NULL;
	uint64_t weights[4] = { 0 };
	char **row;
	int column;

	(void)state;
	list_plan_weigh(&plan, false, grams, 3);
	assert_int_equal(db_query_text(fixture->db, scope, "weigh", plan.sql.data, plan.values, plan.count, false, &rows),
		ERR_NONE);
	column = db_rows_column(rows, "rows");
	assert_true(column > 0);
	while ((row = db_next(rows)) != NULL) {
		if (row[0] == NULL)
			continue;
		assert_string_equal(row[EXPLAIN_TYPE], "range");
		assert_string_equal(row[EXPLAIN_KEY], "PRIMARY");
		weights[db_uint(row[0]) - 1] = db_uint(row[column]);
	}
	assert_true(weights[0] > 100);
	assert_true(weights[1] > 100);
	assert_true(weights[2] <= 1 && weights[3] <= 1);
	list_plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_filter_is_an_interval_of_its_key),
		cmocka_unit_test(every_table_of_a_list_query_is_in_the_scope),
		cmocka_unit_test(pieces_are_weighed_on_their_key),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
