/* tenantry doctor [--mend]: account and server (doctor_server.c), rules between rows that no key keeps (doctor_rows.c), and
 * what is stored twice against the facts. Looks; changes something with --mend alone, and then only what can be
 * derived from facts. */
#include "command/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/operator.h"
#include "command/tree_number.h"
#include "db/list_table.h"
#include "db/source_run.h"

static void tell(const char *mend, const char *prefix, const char *format, va_list values)
{
	fputs(prefix, stdout);
	vprintf(format, values);
	printf("; mend: %s\n", mend);
}

void doctor_find(struct doctor *doctor, const char *mend, const char *format, ...)
{
	va_list values;

	doctor->findings++;
	va_start(values, format);
	tell(mend, "", format, values);
	va_end(values);
}

void doctor_note(const char *mend, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	tell(mend, "note: ", format, values);
	va_end(values);
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
	fputs("; mend: " DOCTOR_MEND "\n", stdout);
}

static enum error compare(struct doctor *doctor)
{
	uint64_t differences = 0;
	enum error error = list_table_compare(doctor->db, DOCTOR_SHOWN, show_difference, NULL, &differences);
	if (error == ERR_NONE && differences > DOCTOR_SHOWN)
		printf("... and %llu more of these\n", (unsigned long long)(differences - DOCTOR_SHOWN));
	doctor->findings += differences;
	return error;
}

static enum error find_trees(struct doctor *doctor)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(doctor->db, NULL, STMT_DEMO_DISTRIBUTORS, DB_NO_VALUES, &rows);
	if (error != ERR_NONE)
		return error;
	for (char **row = db_next(rows); row != NULL && doctor->trees < DOCTOR_TREES_MAX; row = db_next(rows)) {
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
	doctor->findings = 0;
	doctor->blind = doctor->behind = doctor->order = doctor->states = false;
	enum error error = doctor_look_at_account(doctor);
	if (error == ERR_NONE && !doctor->blind)
		doctor->blind = doctor->behind = operator_check_schema("doctor", doctor->db) != EXIT_DONE;
	if (error == ERR_NONE && !doctor->blind)
		error = doctor_look_at_server(doctor);
	if (error == ERR_NONE && !doctor->blind)
		error = doctor_look_at_rows(doctor);
	if (error == ERR_NONE && !doctor->blind)
		error = compare(doctor);
	if (error == ERR_NONE && doctor->blind)
		puts("the rest can be looked at when this is mended");
	if (error == ERR_NONE && doctor->findings == 0 && !doctor->blind)
		puts("configuration, connection, account, server, schema, tree and list are in order");
	else if (error == ERR_NONE && doctor->findings > 0)
		printf("%llu finding%s\n", (unsigned long long)doctor->findings, doctor->findings == 1 ? "" : "s");
	return error;
}

static int run(struct doctor *doctor, bool mending)
{
	enum error error = look_at_all(doctor);
	if (error == ERR_NONE && mending && doctor->findings > 0 && !doctor->blind) {
		error = mend(doctor);
		if (error == ERR_NONE)
			error = look_at_all(doctor);
	}
	if (error != ERR_NONE)
		return operator_result("doctor", error);
	return doctor->findings > 0 || doctor->behind ? EXIT_FAILED : EXIT_DONE;
}

int command_doctor(const struct config *config, const char *config_file, int argc, char **argv)
{
	static struct doctor doctor; /* large; a command runs once */
	bool mending = operator_flag(argc, argv, "--mend");
	(void)config_file;
	if (operator_rest(argc, argv))
		return operator_usage("doctor [--mend]");
	struct config patient = operator_config(config);
	doctor.config = &patient;
	doctor.db = db_new(&patient);
	int status = run(&doctor, mending);
	db_close(doctor.db);
	return status;
}
