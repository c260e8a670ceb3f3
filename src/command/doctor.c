/* tenantry doctor [--mend]: what is stored twice against the facts, and the rules between rows that no key keeps.
 * Looks; changes something with --mend alone, and then only what can be derived from facts. */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/operator.h"
#include "command/tree_number.h"
#include "db/list_table.h"
#include "db/source_run.h"

#define SHOWN 100
#define TREES_MAX 16384

#define BY_COMMAND "tenantry doctor --mend"
#define BY_HAND "look at it with the mysql client; it needs a decision"

static const struct check {
	enum statement statement;
	const char *kind, *what, *mend;
	enum { MEND_HAND, MEND_ORDER, MEND_STATE } way; /* by numbering; from the source's runs */
} checks[] = {
	{ STMT_DOCTOR_ORPHANS, "tenant", "has no parent of the tier above", BY_HAND, MEND_HAND },
	{ STMT_DOCTOR_TREE_OF, "tenant", "belongs to another distributor than its label says", BY_COMMAND, MEND_ORDER },
	{ STMT_DOCTOR_INTERVAL, "tenant", "has a label outside of its parent's interval", BY_COMMAND, MEND_ORDER },
	{ STMT_DOCTOR_ORDER, "tenant", "does not stand in the order of names", BY_COMMAND, MEND_ORDER },
	{ STMT_DOCTOR_USERS, "user", "belongs to no tenant", BY_HAND, MEND_HAND },
	{ STMT_DOCTOR_CONTRACTS, "contract", "has no tenant or no newest version", BY_HAND, MEND_HAND },
	{ STMT_DOCTOR_SOURCE_STATES, "source", "is in another state than its runs say", BY_COMMAND, MEND_STATE },
	{ STMT_DOCTOR_SOURCES, "source", "has no tenant or another distributor", BY_HAND, MEND_HAND },
};

struct doctor {
	struct db *db;
	uint64_t findings;
	bool order, states;
	size_t trees;
	uint64_t keys[TREES_MAX], labels[TREES_MAX];
};

static enum error look(struct doctor *doctor, const struct check *check)
{
	DB_ROWS_AUTO rows = NULL;
	uint64_t count = 0;
	enum error error = db_query_stream(doctor->db, NULL, check->statement, DB_NO_VALUES, &rows);
	if (error != ERR_NONE)
		return error;
	for (char **row = db_next(rows); row != NULL; row = db_next(rows))
		if (count++ < SHOWN)
			printf("%s %s (%s) %s; mend: %s\n", check->kind, row[0], row[1], check->what, check->mend);
	if (count > SHOWN)
		printf("... and %llu more of these\n", (unsigned long long)(count - SHOWN));
	doctor->findings += count;
	doctor->order = doctor->order || (count > 0 && check->way == MEND_ORDER);
	doctor->states = doctor->states || (count > 0 && check->way == MEND_STATE);
	return db_rows_error(rows);
}

/* A value in quotes, without the marks that the search text has for words. */
static void put_value(const char *value)
{
	if (value == NULL || value[0] == '\0') {
		fputs("empty", stdout);
		return;
	}
	putchar('"');
	for (; *value != '\0'; value++)
		putchar((unsigned char)*value < 0x20 ? '|' : *value);
	putchar('"');
}

static void show_difference(void *arg, const char *tenant, const char *column, const char *stored, const char *fact)
{
	(void)arg;
	printf("list of %s: %s is ", tenant, column);
	put_value(stored);
	fputs(", by the facts ", stdout);
	put_value(fact);
	fputs("; mend: " BY_COMMAND "\n", stdout);
}

static enum error compare(struct doctor *doctor)
{
	uint64_t differences = 0;
	enum error error = list_table_compare(doctor->db, SHOWN, show_difference, NULL, &differences);
	if (error == ERR_NONE && differences > SHOWN)
		printf("... and %llu more of these\n", (unsigned long long)(differences - SHOWN));
	doctor->findings += differences;
	return error;
}

static enum error find_trees(struct doctor *doctor)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(doctor->db, NULL, STMT_DEMO_DISTRIBUTORS, DB_NO_VALUES, &rows);
	if (error != ERR_NONE)
		return error;
	for (char **row = db_next(rows); row != NULL && doctor->trees < TREES_MAX; row = db_next(rows)) {
		doctor->keys[doctor->trees] = db_uint(row[0]);
		doctor->labels[doctor->trees++] = db_uint(row[1]);
	}
	return ERR_NONE;
}

static enum error number(struct db *db, void *arg)
{
	const struct doctor *doctor = arg;
	enum error error = ERR_NONE;
	for (size_t i = 0; error == ERR_NONE && i < doctor->trees; i++)
		error = tree_number(db, doctor->keys[i], TIER_DISTRIBUTOR, doctor->labels[i]);
	return error;
}

static enum error judge_sources(struct doctor *doctor)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(doctor->db, NULL, STMT_DOCTOR_SOURCE_STATES, DB_NO_VALUES, &rows);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		error = source_run_mend(doctor->db, db_uint(row[2]));
	return error;
}

static enum error mend(struct doctor *doctor)
{
	enum error error = find_trees(doctor);
	if (error == ERR_NONE && doctor->states)
		error = judge_sources(doctor);
	if (error == ERR_NONE && doctor->order)
		error = db_transaction(doctor->db, number, doctor);
	for (size_t i = 0; error == ERR_NONE && i < doctor->trees; i++)
		error = list_table_rebuild(doctor->db, doctor->labels[i], true);
	if (error == ERR_NONE)
		printf("%s%zu tree%s rebuilt from the facts\n", doctor->order ? "numbered anew; " : "", doctor->trees,
			doctor->trees == 1 ? "" : "s");
	return error;
}

static enum error look_at_all(struct doctor *doctor)
{
	enum error error = ERR_NONE;
	doctor->findings = 0;
	doctor->order = doctor->states = false;
	for (size_t i = 0; error == ERR_NONE && i < sizeof checks / sizeof checks[0]; i++)
		error = look(doctor, &checks[i]);
	if (error == ERR_NONE)
		error = compare(doctor);
	if (error == ERR_NONE && doctor->findings == 0)
		puts("configuration, connection, schema, tree and list are in order");
	else if (error == ERR_NONE)
		printf("%llu finding%s\n", (unsigned long long)doctor->findings, doctor->findings == 1 ? "" : "s");
	return error;
}

static int run(struct doctor *doctor, bool mending)
{
	int status = operator_check_schema("doctor", doctor->db);
	if (status != EXIT_DONE)
		return status;
	enum error error = look_at_all(doctor);
	if (error == ERR_NONE && mending && doctor->findings > 0) {
		error = mend(doctor);
		if (error == ERR_NONE)
			error = look_at_all(doctor);
	}
	if (error != ERR_NONE)
		return operator_result("doctor", error);
	return doctor->findings > 0 ? EXIT_FAILED : EXIT_DONE;
}

int command_doctor(const struct config *config, const char *config_file, int argc, char **argv)
{
	static struct doctor doctor; /* large; a command runs once */
	bool mending = operator_flag(argc, argv, "--mend");
	(void)config_file;
	if (operator_rest(argc, argv))
		return operator_usage("doctor [--mend]");
	struct config patient = operator_config(config);
	doctor.db = db_new(&patient);
	int status = run(&doctor, mending);
	db_close(doctor.db);
	return status;
}
