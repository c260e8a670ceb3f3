/* The list's rows, counts and totals against a model that looks at every row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

#include "base/text.h"
#include "db/connection.h"
#include "db/list.h"
#include "fixture.h"

#define ROWS_MAX 4096

static struct fixture *fixture;

/* What the model knows of a row, as it is stored. */
struct model_row {
	uint64_t label;
	unsigned tier, suspended, onboarding, rollup;
	char *search;
};
static struct model_row model[ROWS_MAX];
static size_t model_count;

static void model_read(void)
{
	static const char sql[] = "SELECT tree_pos, tier, suspended, onboarding, rollup, search FROM tenant_list ORDER BY tree_pos";
	DB_ROWS_AUTO rows = NULL;
	char **row;

	assert_int_equal(db_query_text(fixture->db, NULL, "model", sql, DB_NO_VALUES, false, &rows), ERR_NONE);
	assert_true(db_rows_count(rows) <= ROWS_MAX);
	while ((row = db_next(rows)) != NULL) {
		struct model_row *made = &model[model_count++];

		*made = (struct model_row){ db_uint(row[0]), (unsigned)db_uint(row[1]), (unsigned)db_uint(row[2]),
			(unsigned)db_uint(row[3]), (unsigned)db_uint(row[4]), strdup(row[5]) };
	}
}

static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_list");
	fixture_tree(fixture, 1, 7, 23, "own", 3);
	fixture_tree(fixture, 2, 3, 9, "other", 4);
	fixture_rebuild(fixture, 1);
	fixture_rebuild(fixture, 2);
	/* the acting resellers of the tests: one that is being onboarded, one that is complete */
	fixture_sql(fixture, "UPDATE tenant_list SET onboarding = 1, tasks_done = 1, c_draft = 2 WHERE tenant_id = 1000001");
	fixture_sql(fixture, "UPDATE tenant_list SET onboarding = 0, tasks_done = 3 WHERE tenant_id = 1000025");
	model_read();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < model_count; i++)
		free(model[i].search);
	fixture_free(fixture);
	return 0;
}

/* The pattern of a query without its escapes and the two %: what must stand somewhere in the text. */
static bool text_matches(const char *search, const char *like)
{
	char wanted[256];
	size_t used = 0, length = strlen(like);

	for (size_t i = 1; i < length - 1; i++) {
		if (like[i] == '!')
			i++;
		wanted[used++] = like[i];
	}
	wanted[used] = '\0';
	return strstr(search, wanted) != NULL;
}

static bool set_holds(unsigned set, unsigned value, unsigned all)
{
	return (set & all) == 0 || (set & 1u << value) != 0;
}

static bool model_matches(const struct scope *scope, const struct model_row *row, const struct list_filter *filter,
	uint64_t low, uint64_t high)
{
	bool own = row->label == scope_low(scope) && scope_tier(scope) == TIER_RESELLER;

	if (!scope_holds(scope, row->label) || row->label < low || row->label >= high)
		return false;
	return set_holds(filter->source, row->rollup, 30) && set_holds(filter->status, own ? 0 : row->onboarding, 3) &&
		set_holds(filter->tier, row->tier, 14) && set_holds(filter->suspended, row->suspended, 3) &&
		(filter->like == NULL || text_matches(row->search, filter->like));
}

static void check_rows(const struct scope *scope, const struct list_filter *filter, uint64_t low, uint64_t high,
	bool backwards, unsigned limit)
{
	ARENA_AUTO arena = arena_new();
	struct list_row *rows;
	size_t count, seen = 0;

	assert_int_equal(list_rows(fixture->db, scope, filter, low, high, backwards, limit, arena, &rows, &count), ERR_NONE);
	for (size_t i = 0; i < model_count && seen < limit; i++) {
		const struct model_row *wanted = &model[backwards ? model_count - 1 - i : i];

		if (!model_matches(scope, wanted, filter, low, high))
			continue;
		if (seen >= count || rows[seen].tree_pos != wanted->label)
			fail_msg("source %u status %u tier %u suspended %u like %s, %s, limit %u: row %zu of %zu is not %lx",
				filter->source, filter->status, filter->tier, filter->suspended, filter->like ? filter->like : "-",
				backwards ? "backwards" : "forwards", limit, seen, count, (unsigned long)wanted->label);
		seen++;
	}
	assert_int_equal(seen, count);
}

static void check_count(const struct scope *scope, const struct list_filter *filter, uint64_t low, uint64_t high,
	uint64_t bound)
{
	uint64_t counted, wanted = 0;

	for (size_t i = 0; i < model_count; i++)
		wanted += model_matches(scope, &model[i], filter, low, high);
	if (bound > 0 && wanted > bound)
		wanted = bound;
	assert_int_equal(list_count(fixture->db, scope, filter, low, high, bound, &counted), ERR_NONE);
	assert_int_equal(counted, wanted);
}

static void check_total(const struct scope *scope, const struct list_filter *filter)
{
	uint64_t counted = 0, wanted = 0;
	bool known;

	for (size_t i = 0; i < model_count; i++)
		wanted += model_matches(scope, &model[i], filter, 0, UINT64_MAX);
	assert_int_equal(list_total(fixture->db, scope, filter, &known, &counted), ERR_NONE);
	if (known)
		assert_int_equal(counted, wanted);
	if (list_filter_empty(filter))
		assert_true(known);
}

/* The filter of eleven bits, one for each value of a field. */
static struct list_filter filter_of(unsigned bits)
{
	return (struct list_filter){ .source = (bits & 15) << 1, .status = bits >> 4 & 3, .tier = (bits >> 6 & 7) << 1,
		.suspended = bits >> 9 & 3 };
}

/* Every STEPth combination of values. */
static void check_filters(const struct scope *scope, unsigned step)
{
	uint32_t random = 7;

	for (unsigned bits = 0; bits < 1u << 11; bits += step) {
		struct list_filter filter = filter_of(bits);
		uint64_t low = model[fixture_random(&random, (uint32_t)model_count)].label;
		uint64_t high = low + (UINT64_C(1) << fixture_random(&random, 51));

		check_rows(scope, &filter, 0, UINT64_MAX, false, 1 + fixture_random(&random, 60));
		check_rows(scope, &filter, 0, UINT64_MAX, true, 1 + fixture_random(&random, 60));
		check_rows(scope, &filter, low, high, bits & 1, 25);
		check_count(scope, &filter, low, high, fixture_random(&random, 20));
		check_count(scope, &filter, 0, UINT64_MAX, 0);
		check_total(scope, &filter);
	}
}

static void a_distributor_finds_what_matches(void **state)
{
	(void)state;
	check_filters(fixture_scope(fixture, 1000000), 1);
}

static void a_reseller_in_onboarding_finds_itself_complete(void **state)
{
	(void)state;
	check_filters(fixture_scope(fixture, 1000001), 5);
}

static void a_complete_reseller_finds_what_matches(void **state)
{
	(void)state;
	check_filters(fixture_scope(fixture, 1000025), 7);
}

static void a_part_of_a_name_finds_it(void **state)
{
	static const char *const queries[] = { "o", "ow", "own", "alpine", "BRULEE", "brûlée own", "東", "東京", "京商", "o'h",
		"cobalt own delta", "own1000", "t10000", "ow1", "brul", "ulee", "delt", "elta", "alpi", "pineo", "obalt", "example", "xampl", "irst", "1000007", "100%", "_", "zzz", "other", "l", "own.", "99", "ångström",
		"a!b", "al", "x" };
	const struct scope *scopes[] = { fixture_scope(fixture, 1000000), fixture_scope(fixture, 1000001) };
	ARENA_AUTO arena = arena_new();

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < sizeof queries / sizeof *queries; k++) {
			struct text_gram *grams;
			size_t count;
			const char *like = text_query(arena, queries[k], &grams, &count);

			assert_non_null(like);
			for (unsigned bits = 0; bits < 1u << 11; bits += k + 60) {
				struct list_filter filter = filter_of(bits);

				filter.like = like;
				filter.grams = grams;
				filter.gram_count = count;
				check_rows(scopes[i], &filter, 0, UINT64_MAX, bits & 1, 50);
				check_rows(scopes[i], &filter, tree_make(1, 2000, 3000), tree_make(1, 5000, 7000), bits & 2, 7);
				check_count(scopes[i], &filter, 0, UINT64_MAX, 0);
				check_count(scopes[i], &filter, 0, UINT64_MAX, 9);
				check_total(scopes[i], &filter);
			}
		}
	}
}

static void one_row(const struct scope *scope, uint64_t tenant, struct list_row *row)
{
	uint64_t label = fixture_number(fixture, "SELECT tree_pos FROM tenant WHERE id = %lu", (unsigned long)tenant);
	struct list_row *rows;
	size_t count;

	assert_int_equal(list_rows_at(fixture->db, scope, &label, 1, fixture->arena, &rows, &count), ERR_NONE);
	assert_int_equal(count, 1);
	*row = rows[0];
}

static void a_reseller_sees_no_onboarding_and_no_drafts_of_its_own(void **state)
{
	struct list_row own, seen;

	(void)state;
	one_row(fixture_scope(fixture, 1000001), 1000001, &own);
	one_row(fixture_scope(fixture, 1000000), 1000001, &seen);
	assert_false(own.onboarding);
	assert_int_equal(own.tasks_done, own.tasks_total);
	assert_int_equal(own.contracts[CONTRACT_DRAFT], 0);
	assert_true(seen.onboarding);
	assert_int_equal(seen.tasks_done, 1);
	assert_int_equal(seen.contracts[CONTRACT_DRAFT], 2);
}

static void a_customer_sees_its_tasks_but_no_drafts(void **state)
{
	struct list_row row;

	(void)state;
	fixture_sql(fixture, "UPDATE tenant_list SET onboarding = 1, tasks_done = 2, c_draft = 1 WHERE tenant_id = 1000005");
	one_row(fixture_scope(fixture, 1000005), 1000005, &row);
	assert_true(row.onboarding);
	assert_int_equal(row.tasks_done, 2);
	assert_int_equal(row.contracts[CONTRACT_DRAFT], 0);
}

static void rows_by_label_stay_in_the_scope(void **state)
{
	uint64_t labels[] = { tree_make(2, 0, 0), tree_make(1, 2000, 0), tree_make(1, 1000, 4000), tree_make(1, 1000, 1) };
	const struct scope *scope = fixture_scope(fixture, 1000001);
	struct list_row *rows;
	size_t count;
	uint64_t place;

	(void)state;
	assert_int_equal(list_rows_at(fixture->db, scope, labels, 4, fixture->arena, &rows, &count), ERR_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].tree_pos, labels[2]);
	assert_int_equal(list_place(fixture->db, scope, "T1000001", false, &place), ERR_NONE);
	assert_int_equal(place, scope_low(scope));
	assert_int_equal(list_place(fixture->db, scope, "T1000000", false, &place), ERR_NOT_FOUND);
	assert_int_equal(list_place(fixture->db, scope, "T2000001", true, &place), ERR_NOT_FOUND);
}

/* The page behind the row CURSOR, if there is one, in one statement and in three. */
static void check_after(const struct scope *scope, const char *cursor)
{
	const struct list_row *reseller;
	struct list_row *rows, *other;
	uint64_t place = 0, same = 0, label;
	size_t count, other_count = 0;
	enum error found = list_rows_after(fixture->db, scope, cursor, 7, fixture->arena, &same, &reseller, &rows, &count);

	if (list_place(fixture->db, scope, cursor, true, &place) == ERR_NONE)
		assert_int_equal(list_rows(fixture->db, scope, NULL, place + 1, UINT64_MAX, false, 7, fixture->arena, &other, &other_count), ERR_NONE);
	assert_int_equal(found, other_count > 0 ? ERR_NONE : ERR_NOT_FOUND);
	if (found != ERR_NONE)
		return;
	assert_int_equal(same, place);
	assert_int_equal(count, other_count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(rows[i].tree_pos, other[i].tree_pos);
	label = tree_reseller(place);
	assert_int_equal(list_rows_at(fixture->db, scope, &label, 1, fixture->arena, &other, &other_count), ERR_NONE);
	if (other_count == 0)
		return; /* behind a distributor's own row that row comes, which no page shows */
	assert_non_null(reseller);
	assert_int_equal(reseller->tree_pos, label);
	assert_string_equal(reseller->name, other->name);
	assert_int_equal(reseller->onboarding, other->onboarding);
}

static void a_page_behind_any_row_is_the_same_in_one_statement(void **state)
{
	static const uint64_t tenants[] = { 1000000, 1000001 };
	char cursor[32];

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (unsigned number = 999999; number < 1001100; number++) {
			snprintf(cursor, sizeof cursor, "T%u", number);
			check_after(fixture_scope(fixture, tenants[i]), cursor);
		}
	check_after(fixture_scope(fixture, 1000000), "T2000001");
}

static void a_deleted_row_keeps_its_place_for_thirty_days(void **state)
{
	const struct scope *scope = fixture_scope(fixture, 1000000);
	uint64_t place;

	(void)state;
	fixture_sql(fixture, "UPDATE tenant SET deleted_at = '2026-10-24' WHERE id = 1000004");
	assert_int_equal(list_place(fixture->db, scope, "T1000004", false, &place), ERR_NOT_FOUND);
	assert_int_equal(list_place(fixture->db, scope, "T1000004", true, &place), ERR_NONE);
	fixture_sql(fixture, "UPDATE tenant SET deleted_at = '2026-10-22' WHERE id = 1000004");
	assert_int_equal(list_place(fixture->db, scope, "T1000004", true, &place), ERR_NOT_FOUND);
}

static void a_row_whose_day_has_passed_is_counted_anew(void **state)
{
	struct list_row row;

	(void)state;
	fixture_sql(fixture, "DELETE FROM contract WHERE tenant_id = 1000005");
	fixture_sql(fixture, "INSERT INTO contract (public_id, tenant_id, made_by_tenant_id, stored_status, name, start_date, "
		"end_date, created_at) VALUES ('KA', 1000005, 1, 'ready', 'a', '2026-11-22', NULL, '2026-01-01'), "
		"('KB', 1000005, 1, 'ready', 'b', '2026-01-01', '2026-11-21', '2026-01-01')");
	fixture_sql(fixture, "UPDATE tenant_list SET c_active = 1, c_scheduled = 1, c_expired = 0, c_draft = 0, "
		"c_cancelled = 0, c_superseded = 0, next_change = '2026-11-22' WHERE tenant_id = 1000005");
	one_row(fixture_scope(fixture, 1000000), 1000005, &row);
	assert_false(row.due);
	assert_int_equal(row.contracts[CONTRACT_ACTIVE], 1);
	assert_int_equal(row.contracts[CONTRACT_SCHEDULED], 0);
	assert_int_equal(row.contracts[CONTRACT_EXPIRED], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_distributor_finds_what_matches),
		cmocka_unit_test(a_reseller_in_onboarding_finds_itself_complete),
		cmocka_unit_test(a_complete_reseller_finds_what_matches),
		cmocka_unit_test(a_part_of_a_name_finds_it),
		cmocka_unit_test(a_reseller_sees_no_onboarding_and_no_drafts_of_its_own),
		cmocka_unit_test(a_customer_sees_its_tasks_but_no_drafts),
		cmocka_unit_test(rows_by_label_stay_in_the_scope),
		cmocka_unit_test(a_page_behind_any_row_is_the_same_in_one_statement),
		cmocka_unit_test(a_deleted_row_keeps_its_place_for_thirty_days),
		cmocka_unit_test(a_row_whose_day_has_passed_is_counted_anew),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
