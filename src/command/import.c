/* tenantry import --into ID FILE.csv [--dry-run]: the command line, the order of things, and what is printed. */
#include "command/import.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "command/command.h"
#include "command/operator.h"

#define USAGE "import --into ID FILE.csv [--dry-run]"
#define ID_STEP 1024            /* import IDs begin with milliseconds; so many in one of them */
#define KEPT_MS (INT64_C(24) * 3600 * 1000)

/* Keeps the first faults by their place; the list is sorted. */
void import_fault(struct import_faults *faults, uint64_t line, uint64_t column, const char *format, ...)
{
	va_list args;
	size_t place = faults->count;
	faults->total++;
	while (place > 0 && (faults->list[place - 1].line > line ||
		(faults->list[place - 1].line == line && faults->list[place - 1].column > column)))
		place--;
	if (place == IMPORT_FAULTS_SHOWN)
		return;
	size_t after = faults->count < IMPORT_FAULTS_SHOWN ? faults->count : IMPORT_FAULTS_SHOWN - 1;
	memmove(&faults->list[place + 1], &faults->list[place], (after - place) * sizeof faults->list[0]);
	faults->count = after + 1;
	faults->list[place].line = line;
	faults->list[place].column = column;
	va_start(args, format);
	vsnprintf(faults->list[place].what, sizeof faults->list[place].what, format, args);
	va_end(args);
}

/* Both lists in the order of the file, the first IMPORT_FAULTS_SHOWN of them. */
static int show_faults(const struct import *import)
{
	const struct import_faults *reading = &import->read_faults, *checks = &import->check_faults;
	size_t r = 0, c = 0;
	uint64_t total = reading->total + checks->total;
	while (r + c < IMPORT_FAULTS_SHOWN && (r < reading->count || c < checks->count)) {
		const struct import_fault *fault;
		if (c == checks->count || (r < reading->count && (reading->list[r].line < checks->list[c].line ||
			(reading->list[r].line == checks->list[c].line && reading->list[r].column <= checks->list[c].column))))
			fault = &reading->list[r++];
		else
			fault = &checks->list[c++];
		fprintf(stderr, "%s:%llu:%llu: %s\n", import->file, (unsigned long long)fault->line,
			(unsigned long long)fault->column, fault->what);
	}
	if (total > r + c)
		fprintf(stderr, "%s: and %llu more\n", import->file, (unsigned long long)(total - r - c));
	return operator_fail("import", "%llu fault%s; nothing was changed", (unsigned long long)total, total == 1 ? "" : "s");
}

static enum error find_tree(struct import *import)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(import->db, NULL, STMT_IMPORT_TREE, DB_VALUES(DB_UINT(scope_tenant(import->into))), &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	if (row == NULL)
		return ERR_NOT_FOUND;
	import->distributor = db_uint(row[0]);
	import->distributor_pos = db_uint(row[1]);
	snprintf(import->parent_id, sizeof import->parent_id, "%s", row[2] != NULL ? row[2] : "");
	return ERR_NONE;
}

static enum error lock_tree(struct import *import)
{
	DB_ROWS_AUTO rows = NULL;
	return db_query(import->db, NULL, STMT_IMPORT_LOCK,
		DB_VALUES(DB_UINT(import->distributor), DB_UINT(import->distributor)), &rows);
}

/* The transaction: a refusal and a dry run roll back. */
static enum error transact(struct db *db, void *arg)
{
	struct import *import = arg;
	(void)db;
	enum error error = lock_tree(import);
	if (error == ERR_NONE)
		error = import_check(import);
	if (error != ERR_NONE)
		return error;
	if (import->read_faults.total + import->check_faults.total > 0 || import->dry_run)
		return ERR_REFUSED;
	return import->made + import->changed > 0 ? import_apply(import) : ERR_NONE;
}

static int finish(struct import *import, enum error error)
{
	if (error != ERR_NONE && error != ERR_REFUSED)
		return operator_result("import", error);
	if (import->read_faults.total + import->check_faults.total > 0)
		return show_faults(import);
	printf("%llu lines: %llu tenants %smade, %llu %schanged, %llu as they were\n", (unsigned long long)import->lines,
		(unsigned long long)import->made, import->dry_run ? "would be " : "", (unsigned long long)import->changed,
		import->dry_run ? "would be " : "",
		(unsigned long long)(import->lines - import->made - import->changed));
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

/* The table was empty a moment ago, and so it is in what the server knows of it. */
static enum error analyze(struct import *import)
{
	DB_ROWS_AUTO rows = NULL;
	return db_query(import->db, NULL, STMT_IMPORT_ANALYZE, DB_NO_VALUES, &rows);
}

static int run(struct import *import, FILE *in)
{
	uint64_t now = (uint64_t)clock_now_ms();
	import->id = now * ID_STEP + randombytes_uniform(ID_STEP);
	enum error error = find_tree(import);
	if (error == ERR_NONE)
		error = db_execute(import->db, NULL, STMT_IMPORT_FORGET_OLD, DB_VALUES(DB_UINT((now - KEPT_MS) * ID_STEP)), NULL);
	if (error == ERR_NONE)
		error = import_read(import, in);
	if (error == ERR_NONE)
		error = analyze(import);
	if (error == ERR_NONE)
		error = db_transaction(import->db, transact, import);
	int status = finish(import, error);
	/* What stays behind when this fails goes with a later import. */
	db_execute(import->db, NULL, STMT_IMPORT_FORGET, DB_VALUES(DB_UINT(import->id)), NULL);
	return status;
}

static int open_and_run(struct import *import, struct arena *arena, const char *into)
{
	FILE *in = strcmp(import->file, "-") == 0 ? stdin : fopen(import->file, "rb");
	if (in == NULL)
		return operator_fail("import", "%s: %s", import->file, strerror(errno));
	int status = operator_check_schema("import", import->db);
	enum error error = status == EXIT_DONE ? operator_scope(import->db, arena, into, &import->into) : ERR_NONE;
	if (error != ERR_NONE)
		status = operator_result("import", error);
	else if (status == EXIT_DONE && import->into == NULL)
		status = operator_fail("import", "there is no tenant %s", into);
	else if (status == EXIT_DONE && scope_tier(import->into) == TIER_CUSTOMER)
		status = operator_fail("import", "%s is an end customer and has no tenants below it", into);
	if (status == EXIT_DONE)
		status = run(import, in);
	if (in != stdin)
		fclose(in);
	return status;
}

int command_import(const struct config *config, const char *config_file, int argc, char **argv)
{
	bool bad = false, dry_run = operator_flag(argc, argv, "--dry-run");
	const char *into = operator_option(argc, argv, "--into", &bad), *file = operator_word(argc, argv);
	(void)config_file;
	if (bad || into == NULL || file == NULL || operator_rest(argc, argv))
		return operator_usage(USAGE);
	ARENA_AUTO arena = arena_new();
	struct config patient = operator_config(config);
	struct import *import = calloc(1, sizeof *import);
	if (import == NULL) {
		log_error("import: out of memory");
		abort();
	}
	import->db = db_new(&patient);
	import->file = file;
	import->dry_run = dry_run;
	int status = open_and_run(import, arena, into);
	db_close(import->db);
	free(import);
	return status;
}
