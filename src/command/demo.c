/* tenantry demo: loads demo data of a size into an empty database, or moves what is there to today.
 *
 * Must never touch a database that holds tenants of anybody else. A load that was broken off is known by its day
 * in demo_state and begun anew. */
#include "command/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "auth/password.h"
#include "base/config.h"
#include "command/command.h"
#include "command/demo_write.h"
#include "command/operator.h"
#include "command/tree_number.h"
#include "db/list_table.h"
#include "db/source_day.h"

#define UNFINISHED "1970-01-01"

static const struct {
	const char *name;
	unsigned resellers;
	uint64_t total; /* of the first distributor's tree */
} sizes[DEMO__MAX] = {
	[DEMO_NONE] = { "none", 0, 0 },
	[DEMO_SMALL] = { "small", 0, 0 }, /* by hand */
	[DEMO_MEDIUM] = { "medium", 20, 10000 },
	[DEMO_100K] = { "100k", 200, 1 + 200 + 200 * 500 }, /* between, for ./dev bench scale */
	[DEMO_LARGE] = { "large", 2000, 1 + 2000 + 2000 * 500 },
};

struct load {
	const struct config *config;
	struct db *db;
	enum demo_size size;
	char today[CLOCK_DATE_SIZE];
	char hash[PASSWORD_HASH_SIZE];
};

static enum error state_set(struct load *load, const char *day)
{
	return db_execute(load->db, NULL, STMT_DEMO_STATE_SET,
		DB_VALUES(DB_TEXT(sizes[load->size].name), DB_TEXT(day)), NULL);
}

static enum error wipe(struct db *db)
{
	static const enum statement statements[] = {
		STMT_DEMO_WIPE_TENANT, STMT_DEMO_WIPE_USER, STMT_DEMO_WIPE_CONTRACT, STMT_DEMO_WIPE_CONTRACT_VERSION,
		STMT_DEMO_WIPE_SOURCE, STMT_DEMO_WIPE_RUN, STMT_DEMO_WIPE_EVENT, STMT_DEMO_WIPE_LIST, STMT_DEMO_WIPE_TOTAL,
		STMT_DEMO_WIPE_GRAM, STMT_DEMO_WIPE_CONTRACT_LIST, STMT_DEMO_WIPE_CONTRACT_GRAM, STMT_DEMO_WIPE_DAY,
	};
	enum error error = ERR_NONE;
	for (size_t i = 0; error == ERR_NONE && i < sizeof statements / sizeof statements[0]; i++)
		error = db_execute(db, NULL, statements[i], DB_NO_VALUES, NULL);
	return error;
}

/* The facts of the resellers [from, to), or of a hand-written distributor, over the connection DB. */
static enum error load_facts(struct load *load, struct db *db, bool small, unsigned from, unsigned to, uint64_t first)
{
	struct demo_writer *writer = demo_writer_new(db, load->today, load->hash);
	struct demo_many many = { first, sizes[load->size].resellers, sizes[load->size].total };
	writer->whole = small || load->size < DEMO_100K;
	if (from > 0) /* the other process writes the distributor */
		snprintf(writer->distributor.name, sizeof writer->distributor.name, "Dana Whitfield");
	writer->distributor.tenant = first;
	writer->distributor.user = first * DEMO_KEYS;
	snprintf(writer->distributor.tenant_name, sizeof writer->distributor.tenant_name, "Northwind Distribution");
	enum error error = bulk_relax(db);
	if (error == ERR_NONE)
		error = small ? demo_small(from, first, demo_write, writer) : demo_many(&many, from, to, demo_write, writer);
	if (error == ERR_NONE)
		error = demo_writer_finish(writer);
	demo_writer_free(writer);
	return error;
}

/* Loads the second half of the resellers in a process of its own, so that the server works on two cores. */
static pid_t load_beside(struct load *load, unsigned from, unsigned to)
{
	fflush(NULL);
	pid_t child = fork();
	if (child != 0)
		return child;
	struct db *db = db_new(load->config);
	enum error error = load_facts(load, db, false, from, to, 1);
	db_close(db);
	_exit(error == ERR_NONE ? 0 : 1);
}

static enum error load_many(struct load *load)
{
	unsigned resellers = sizes[load->size].resellers, half = resellers / 2;
	if (load->size < DEMO_100K)
		return load_facts(load, load->db, false, 0, resellers, 1);
	pid_t child = load_beside(load, half, resellers);
	if (child < 0)
		return ERR_UNAVAILABLE;
	enum error error = load_facts(load, load->db, false, 0, half, 1);
	int status;
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		error = error != ERR_NONE ? error : ERR_INTERNAL;
	return error;
}

struct numbering {
	uint64_t keys[8], labels[8];
	size_t count;
};

static enum error distributors(struct db *db, struct numbering *found)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_DEMO_DISTRIBUTORS, DB_NO_VALUES, &rows);
	found->count = 0;
	if (error != ERR_NONE)
		return error;
	for (char **row = db_next(rows); row != NULL && found->count < 8; row = db_next(rows)) {
		found->keys[found->count] = db_uint(row[0]);
		found->labels[found->count++] = db_uint(row[1]);
	}
	return ERR_NONE;
}

static enum error number(struct db *db, void *arg)
{
	const struct numbering *found = arg;
	enum error error = ERR_NONE;
	for (size_t i = 0; error == ERR_NONE && i < found->count; i++)
		error = tree_number(db, found->keys[i], TIER_DISTRIBUTOR, found->labels[i]);
	return error;
}

enum error demo_rebuild(struct db *db)
{
	struct numbering found;
	enum error error = distributors(db, &found);
	for (size_t i = 0; error == ERR_NONE && i < found.count; i++)
		error = list_table_rebuild(db, found.labels[i], true);
	return error;
}

enum error demo_rebuild_days(struct db *db)
{
	struct numbering found;
	enum error error = distributors(db, &found);
	for (size_t i = 0; error == ERR_NONE && i < found.count; i++)
		error = source_day_rebuild(db, found.labels[i], true);
	return error;
}

static enum error analyze(struct db *db)
{
	DB_ROWS_AUTO rows = NULL;
	return db_query(db, NULL, STMT_DEMO_ANALYZE, DB_NO_VALUES, &rows);
}

/* Everything of the size, into empty tables. Names of generated trees are in order already; those by hand are numbered. */
static enum error load_all(struct load *load)
{
	struct numbering found;
	bool small = load->size == DEMO_SMALL;
	uint64_t second = 1 + (small ? demo_small_count(0) : sizes[load->size].total);
	enum error error = small ? load_facts(load, load->db, true, 0, 0, 1) : load_many(load);
	if (error == ERR_NONE)
		error = load_facts(load, load->db, true, 1, 0, second);
	if (error == ERR_NONE)
		error = distributors(load->db, &found);
	if (error == ERR_NONE && !small) {
		found.keys[0] = found.keys[1];
		found.labels[0] = found.labels[1];
		found.count = 1;
	}
	if (error == ERR_NONE)
		error = db_transaction(load->db, number, &found);
	if (error == ERR_NONE)
		error = demo_rebuild(load->db);
	return error == ERR_NONE ? analyze(load->db) : error;
}

static enum error load_run(struct load *load)
{
	if (load->size == DEMO_NONE)
		return state_set(load, load->today);
	if (!password_hash(load->config, DEMO_PASSWORD, load->hash))
		return ERR_INTERNAL;
	enum error error = state_set(load, UNFINISHED);
	if (error == ERR_NONE)
		error = wipe(load->db);
	if (error == ERR_NONE)
		error = load_all(load);
	return error == ERR_NONE ? state_set(load, load->today) : error;
}

/* What the database holds: the size in HELD (empty: no demo was ever asked for) and its day; *FOREIGN when there are
 * tenants that no demo has made. */
static enum error state_get(struct db *db, char held[16], char day[CLOCK_DATE_SIZE], bool *foreign)
{
	DB_ROWS_AUTO rows = NULL;
	DB_ROWS_AUTO any = NULL;
	enum error error = db_query(db, NULL, STMT_DEMO_STATE_GET, DB_NO_VALUES, &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	snprintf(held, 16, "%s", row != NULL ? row[0] : "");
	snprintf(day, CLOCK_DATE_SIZE, "%.10s", row != NULL ? row[1] : "");
	error = db_query(db, NULL, STMT_DEMO_ANY_TENANT, DB_NO_VALUES, &any);
	if (error == ERR_NONE)
		*foreign = held[0] == '\0' && db_next(any) != NULL;
	return error;
}

static int run(struct load *load)
{
	char held[16], day[CLOCK_DATE_SIZE];
	bool foreign = false;
	int status = operator_check_schema("demo", load->db);
	if (status != EXIT_DONE)
		return status;
	enum error error = state_get(load->db, held, day, &foreign);
	if (error != ERR_NONE)
		return operator_result("demo", error);
	if (foreign && load->size == DEMO_NONE)
		return EXIT_DONE;
	if (foreign)
		return operator_fail("demo", "this database holds tenants that are not demo data; it stays as it is");
	if (held[0] != '\0' && strcmp(held, sizes[load->size].name) != 0)
		return operator_fail("demo", "this database holds the demo of size %s, not %s; take another one for that",
			held, sizes[load->size].name);
	if (held[0] == '\0' || strcmp(day, UNFINISHED) == 0)
		return operator_result("demo", load_run(load));
	if (load->size != DEMO_NONE && strcmp(day, load->today) < 0)
		return operator_result("demo", demo_move(load->db, day, load->today));
	return EXIT_DONE;
}

int command_demo(const struct config *config, const char *config_file, int argc, char **argv)
{
	bool bad = false;
	const char *size = operator_option(argc, argv, "--size", &bad);
	struct load load = { .size = DEMO__MAX };
	(void)config_file;
	for (enum demo_size i = 0; i < DEMO__MAX; i++)
		if (size != NULL && strcmp(size, sizes[i].name) == 0)
			load.size = i;
	if (bad || load.size == DEMO__MAX || operator_rest(argc, argv))
		return operator_usage("demo --size small|medium|large|none");
	struct config patient = operator_config(config);
	load.config = &patient;
	load.db = db_new(&patient);
	clock_date(clock_now(), "UTC", load.today);
	int status = run(&load);
	db_close(load.db);
	return status;
}
