/* Demo data: a function of its size and the day. Internal to the demo_*.c files.
 *
 * demo_small.c is written by hand and shows every state there is; demo_many.c makes any number of
 * plausible tenants; both say what a tenant is as a struct demo_tenant, demo_facts.c derives its contracts,
 * sources and runs from that, demo_write.c writes the rows, demo_move.c moves their dates. */
#ifndef TENANTRY_COMMAND_DEMO_H
#define TENANTRY_COMMAND_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/domain.h"
#include "base/error.h"
#include "base/id.h"
#include "scope/scope.h"

struct config;
struct db;

enum demo_size { DEMO_NONE, DEMO_SMALL, DEMO_MEDIUM, DEMO_100K, DEMO_LARGE, DEMO__MAX };

#define DEMO_PASSWORD "demo-demo-demo"
#define DEMO_NAME_SIZE 801 /* 200 characters of at most 4 bytes */
#define DEMO_USERS_MAX 6
#define DEMO_CONTRACTS_MAX 12
#define DEMO_SOURCES_MAX 8
#define DEMO_RUNS_MAX 40
#define DEMO_KEYS 16 /* keys set aside for a tenant's users, contracts, sources: key * DEMO_KEYS + n */

enum demo_user_state {
	DEMO_USER_ACTIVE = 'A',
	DEMO_USER_PENDING = 'P',   /* invited six hours ago */
	DEMO_USER_EXPIRED = 'E',
	DEMO_USER_CANCELLED = 'C',
	DEMO_USER_DISABLED = 'D',
	DEMO_USER_DELETED = 'X',
};

struct demo_user {
	enum demo_user_state state;
	enum role role, child_role;
	char first[64], last[64], email[EMAIL_SIZE];
};

/* One tenant. Contracts are letters in the order of time: e expired, u superseded, c cancelled, a active,
 * s scheduled, d draft; at most one is active, and nothing is in force beside it. Sources: s success,
 * w warning by its last run, t warning by age, f failed, F failed without any success, n connected without a
 * finished run, r a success with a run on its way, x disconnected. */
struct demo_tenant {
	uint64_t key, parent, distributor; /* tenant.id of it, of its parent (0: none), of its distributor */
	uint64_t tree_pos;
	enum tier tier;
	char name[DEMO_NAME_SIZE], domain[DOMAIN_SIZE];
	const char *zone;  /* of a distributor, else NULL */
	int created;       /* days before today */
	bool complete;     /* onboarded */
	bool suspended, deleted;
	bool busy;         /* has a long history: 30 runs and more a source, many events */
	size_t user_count;
	struct demo_user users[DEMO_USERS_MAX];
	char contracts[DEMO_CONTRACTS_MAX + 1];
	char sources[DEMO_SOURCES_MAX + 1];
	uint64_t seed;     /* what varies the rest */
};

#define DEMO_NO_DATE 1000000
struct demo_contract {
	char letter;
	const char *name, *stored;
	int start, end;      /* days from today; end may be DEMO_NO_DATE */
	int made;            /* days from today */
	int supersedes;      /* index of the contract, or -1 */
	unsigned versions;
};

struct demo_run {
	int64_t started, finished; /* seconds from the beginning of today; 0: not finished */
	const char *status;        /* NULL: not finished */
	const char *message;
	uint64_t rows;
};

/* demo_names.c: names from word lists; the same number gives the same name, and different numbers below
 * demo_company_count() give different names, whose order by bytes (without case) is the collation's. */
uint64_t demo_hash(uint64_t seed, uint64_t number);
uint64_t demo_company_count(void);
void demo_company(uint64_t number, char name[DEMO_NAME_SIZE], char domain[DOMAIN_SIZE]);
uint64_t demo_partner_count(void);
void demo_partner(uint64_t number, char name[DEMO_NAME_SIZE], char domain[DOMAIN_SIZE]);
void demo_person(uint64_t seed, char first[64], char last[64], char local_part[64]);

/* demo_facts.c */
size_t demo_contracts(const struct demo_tenant *tenant, struct demo_contract contracts[DEMO_CONTRACTS_MAX]);
/* Runs in the order of time. */
size_t demo_runs(const struct demo_tenant *tenant, size_t source, struct demo_run runs[DEMO_RUNS_MAX]);
/* What billing_source repeats of its runs: enum rollup, since when, when a success gets stale (0: never). */
unsigned demo_source_state(const struct demo_run *runs, size_t count, int64_t *since, int64_t *stale);
/* Are all onboarding tasks of the tenant done, by its facts? And how many. */
unsigned demo_tasks_done(const struct demo_tenant *tenant);
unsigned demo_tasks_total(const struct demo_tenant *tenant);

/* Calls VISIT for each tenant in the order of keys, those of one reseller together. */
typedef enum error demo_visit_fn(void *arg, const struct demo_tenant *tenant);
/* demo_small.c: the hand-written distributors; WHICH is 0 or 1, FIRST the key of the distributor. */
enum error demo_small(unsigned which, uint64_t first, demo_visit_fn *visit, void *arg);
size_t demo_small_count(unsigned which);
/* demo_many.c: distributor, RESELLERS and their customers, TOTAL tenants in all, those of the resellers
 * [from, to) alone; the distributor comes with reseller 0. Labels are final: names sort by bytes. */
struct demo_many {
	uint64_t first; /* key of the distributor */
	unsigned resellers;
	uint64_t total;
};
enum error demo_many(const struct demo_many *many, unsigned from, unsigned to, demo_visit_fn *visit, void *arg);

/* demo_write.c: writes the facts of tenants. */
struct demo_writer;
struct demo_writer *demo_writer_new(struct db *db, const char *day, const char *password_hash);
enum error demo_write(void *writer, const struct demo_tenant *tenant);
enum error demo_writer_finish(struct demo_writer *writer);
void demo_writer_free(struct demo_writer *writer);

/* demo_move.c: moves all dates of the database from one day to another. */
/* demo_move.c; demo.c */
enum error demo_move(struct db *db, const char *from, const char *to);
enum error demo_rebuild(struct db *db);

/* The counters of runs by day of all trees anew: moved to another day, a run in a zone with summer time may be at another hour. */
enum error demo_rebuild_days(struct db *db);

#endif
