/* The fixture of fixture.h. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

#include "base/clock.h"
#include "db/connection.h"
#include "db/list_table.h"
#include "scope/scope_make.h"

#define NOW "2026-11-22T12:00:00Z"

struct fixture *fixture_new(const char *name)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	int64_t now;

	assert_non_null(fixture);
	assert_non_null(getenv("DB_TEST_SOCKET"));
	assert_true(clock_parse(NOW, &now));
	clock_set_offset(now - clock_now());
	fixture->config.db_socket = getenv("DB_TEST_SOCKET");
	fixture->config.db_timeout = 20;
	fixture->config.db_user = strdup("root");
	fixture->arena = arena_new();
	fixture->db = db_new(&fixture->config);
	fixture_sql(fixture, "DROP DATABASE IF EXISTS %s", name);
	fixture_sql(fixture, "CREATE DATABASE %s", name);
	db_close(fixture->db);
	fixture->config.db_name = strdup(name);
	fixture->db = db_new(&fixture->config);
	assert_int_equal(db_migrate(fixture->db), ERR_NONE);
	return fixture;
}

void fixture_free(struct fixture *fixture)
{
	db_close(fixture->db);
	arena_free(fixture->arena);
	free(fixture->config.db_user);
	free(fixture->config.db_name);
	free(fixture);
}

void fixture_sql(struct fixture *fixture, const char *format, ...)
{
	char *sql;
	va_list values;

	va_start(values, format);
	assert_true(vasprintf(&sql, format, values) > 0);
	va_end(values);
	assert_int_equal(db_execute_text(fixture->db, NULL, "test", sql, DB_NO_VALUES, NULL), ERR_NONE);
	free(sql);
}

uint64_t fixture_number(struct fixture *fixture, const char *format, ...)
{
	char *sql, **row;
	va_list values;
	DB_ROWS_AUTO rows = NULL;

	va_start(values, format);
	assert_true(vasprintf(&sql, format, values) > 0);
	va_end(values);
	assert_int_equal(db_query_text(fixture->db, NULL, "test", sql, DB_NO_VALUES, false, &rows), ERR_NONE);
	free(sql);
	row = db_next(rows);
	return row != NULL ? db_uint(row[0]) : 0;
}

const struct scope *fixture_scope(struct fixture *fixture, uint64_t tenant)
{
	return fixture_scope_zone(fixture, tenant, "UTC");
}

const struct scope *fixture_scope_zone(struct fixture *fixture, uint64_t tenant, const char *zone)
{
	struct scope_facts facts = { .tenant = tenant, .user = 1, .public_id = "X", .name = "x", .zone = zone,
		.role = ROLE_ADMIN };

	facts.tree_pos = fixture_number(fixture, "SELECT tree_pos FROM tenant WHERE id = %lu", (unsigned long)tenant);
	return scope_make(fixture->arena, &facts);
}

uint32_t fixture_random(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(*state >> 8) * below >> 24);
}

static const char *const words[] = { "Alpine", "Brûlée", "Cobalt", "Delta", "東京商事", "Falcon", "Ångström", "O''Hara" };

static void add_people(struct fixture *fixture, uint64_t id, const char *mark, uint32_t *random)
{
	unsigned people = fixture_random(random, 4);

	for (unsigned i = 0; i < people; i++) {
		fixture_sql(fixture, "INSERT INTO user_account (id, public_id, tenant_id, email, first_name, last_name, role, "
			"invited_at, activated_at, disabled_at, deleted_at, invitation_cancelled_at) VALUES (%lu, 'U%lu', %lu, "
			"'%s%lu@x.example', '%s', 'Person %u', '%s', '2025-01-0%u', %s, %s, %s, %s)",
			(unsigned long)id * 10 + i, (unsigned long)id * 10 + i, (unsigned long)id, mark,
			(unsigned long)id * 10 + i, mark, i, fixture_random(random, 3) ? "admin" : "sales",
			1 + fixture_random(random, 3), fixture_random(random, 2) ? "'2025-01-05'" : "NULL",
			fixture_random(random, 8) ? "NULL" : "'2025-02-01'", fixture_random(random, 8) ? "NULL" : "'2025-02-01'",
			fixture_random(random, 6) ? "NULL" : "'2025-01-06'");
	}
}

static void add_contracts(struct fixture *fixture, uint64_t id, const char *mark, uint32_t *random)
{
	static const char *const stored[] = { "draft", "ready", "ready", "ready", "cancelled", "superseded" };
	unsigned contracts = fixture_random(random, 4);

	for (unsigned i = 0; i < contracts; i++) {
		char end[32] = "NULL";

		if (fixture_random(random, 3) > 0)
			snprintf(end, sizeof end, "'2026-%02u-22'", 9 + fixture_random(random, 4));
		fixture_sql(fixture, "INSERT INTO contract (id, public_id, tenant_id, made_by_tenant_id, stored_status, name, "
			"start_date, end_date, created_at) VALUES (%lu, 'K%lu', %lu, %lu, '%s', '%s', '2026-%02u-22', %s, "
			"'2026-01-01')", (unsigned long)id * 10 + i, (unsigned long)id * 10 + i, (unsigned long)id,
			(unsigned long)id, stored[fixture_random(random, 6)], mark, 9 + fixture_random(random, 4), end);
	}
}

static void add_sources(struct fixture *fixture, uint64_t distributor, uint64_t id, const char *mark, uint32_t *random)
{
	unsigned sources = fixture_random(random, 3);

	for (unsigned i = 0; i < sources; i++) {
		unsigned state = 1 + fixture_random(random, 4);
		bool live = fixture_random(random, 6) > 0;

		fixture_sql(fixture, "INSERT INTO billing_source (id, public_id, tenant_id, distributor_id, account, report, "
			"location, connected_at, live, state, state_since, stale_at, last_message) VALUES (%lu, 'S%lu', %lu, %lu, "
			"'%012lu', '%s', '%s', '2026-01-01', %s, %u, '2026-01-01', %s, '%s')", (unsigned long)id * 10 + i,
			(unsigned long)id * 10 + i, (unsigned long)id, (unsigned long)distributor, (unsigned long)id * 10 + i,
			mark, mark, live ? "1" : "NULL", state,
			state != 3 ? "NULL" : fixture_random(random, 2) ? "'2026-11-23'" : "'2026-11-21'", mark);
		if (state != 4)
			fixture_sql(fixture, "INSERT INTO source_run (source_id, started_at, finished_at, status, period, message) "
				"VALUES (%lu, '2026-11-20', '2026-11-20', '%s', '2026-11', '%s')", (unsigned long)id * 10 + i,
				state == 1 ? "failed" : state == 2 ? "warning" : "success", mark);
	}
}

static void add_tenant(struct fixture *fixture, uint64_t distributor, uint64_t id, uint64_t parent, uint64_t label,
	const char *mark, uint32_t *random)
{
	char parents[80] = "NULL, NULL";
	bool customer = tree_tier(label) == TIER_CUSTOMER;

	if (parent != 0)
		snprintf(parents, sizeof parents, "%lu, %lu", (unsigned long)parent, (unsigned long)distributor);
	fixture_sql(fixture, "INSERT INTO tenant (id, public_id, tree_pos, tier, parent_id, distributor_id, name, domain, "
		"created_at, onboarded_at, suspended_at, deleted_at) VALUES (%lu, 'T%lu', %lu, %u, %s, "
		"'%s %s %s %lu', '%s%lu.example', '2025-05-05', %s, %s, %s)", (unsigned long)id, (unsigned long)id,
		(unsigned long)label, (unsigned)tree_tier(label), parents, words[fixture_random(random, 8)], mark,
		words[fixture_random(random, 8)], (unsigned long)id % 100, mark, (unsigned long)id,
		fixture_random(random, 3) ? "NULL" : "'2025-06-01'", fixture_random(random, 20) ? "NULL" : "'2026-06-01'",
		!customer || fixture_random(random, 30) ? "NULL" : "'2026-11-01'");
	add_people(fixture, id, mark, random);
	add_contracts(fixture, id, mark, random);
	add_sources(fixture, distributor, id, mark, random);
}

void fixture_tree(struct fixture *fixture, unsigned number, unsigned resellers, unsigned customers, const char *mark,
	uint32_t seed)
{
	uint64_t distributor = number * UINT64_C(1000000), id = distributor;
	uint32_t random = seed;

	fixture_sql(fixture, "START TRANSACTION");
	add_tenant(fixture, distributor, id++, 0, tree_make(number, 0, 0), mark, &random);
	for (unsigned r = 1; r <= resellers; r++) {
		uint64_t reseller = id++;

		add_tenant(fixture, distributor, reseller, distributor, tree_make(number, r * 1000, 0), mark, &random);
		for (unsigned c = 1; c <= customers; c++)
			add_tenant(fixture, distributor, id++, reseller, tree_make(number, r * 1000, c * 1000), mark, &random);
	}
	fixture_sql(fixture, "COMMIT");
}

void fixture_empty(struct fixture *fixture)
{
	static const char *const tables[] = { "tenant", "tenant_list", "tenant_total", "tenant_gram", "contract_list", "contract_gram",
		"user_account", "contract", "contract_version", "billing_source", "source_run", "source_day" };

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		fixture_sql(fixture, "DELETE FROM %s", tables[i]);
}

void fixture_rebuild(struct fixture *fixture, unsigned number)
{
	assert_int_equal(list_table_rebuild(fixture->db, tree_make(number, 0, 0), true), ERR_NONE);
}

static void show_difference(void *arg, const char *id, const char *column, const char *stored, const char *fact)
{
	(void)arg;
	print_message("# %s %s: \"%s\" is stored, the facts say \"%s\"\n", id, column, stored, fact);
}

uint64_t fixture_differences(struct fixture *fixture)
{
	uint64_t count;

	assert_int_equal(list_table_compare(fixture->db, 10, show_difference, NULL, &count), ERR_NONE);
	return count;
}
