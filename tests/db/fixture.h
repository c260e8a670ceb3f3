/* A database of a test's own on the server that tests/db/run has started, and trees to put into it. */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include "base/arena.h"
#include "base/config.h"
#include "db/db.h"

struct fixture {
	struct config config;
	struct db *db;
	struct arena *arena;
};

/* An empty database NAME with the schema; the program's clock stands near 2026-11-22 12:00 UTC. */
struct fixture *fixture_new(const char *name);
void fixture_free(struct fixture *fixture);

/* Runs SQL text (any `?` in it gets no value); fails the test on an error. The number form gives the first
 * value of the first row. */
void fixture_sql(struct fixture *fixture, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t fixture_number(struct fixture *fixture, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The scope of an admin acting as the tenant with the internal key. */
const struct scope *fixture_scope(struct fixture *fixture, uint64_t tenant);
const struct scope *fixture_scope_zone(struct fixture *fixture, uint64_t tenant, const char *zone);

/* The same numbers every time. */
uint32_t fixture_random(uint32_t *state, uint32_t below);

/* A tree of random facts: distributor NUMBER (1...) with resellers and customers, keys from NUMBER * 1,000,000 on.
 * Every text of it contains MARK. The list table is not made. */
void fixture_tree(struct fixture *fixture, unsigned number, unsigned resellers, unsigned customers, const char *mark,
	uint32_t seed);

/* Empties all tables that trees and their lists are in. */
void fixture_empty(struct fixture *fixture);

/* Makes the list table of distributor NUMBER anew; how many differences from the facts it has, the first of which are printed. */
void fixture_rebuild(struct fixture *fixture, unsigned number);
uint64_t fixture_differences(struct fixture *fixture);

#endif
