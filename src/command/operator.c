/* The ground that the operator's commands stand on. Prints for people on stderr; never decides what a command does. */
#include "command/operator.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "scope/scope_make.h"

#define PATIENCE_SECONDS (6 * 3600)

int operator_fail(const char *command, const char *format, ...)
{
	va_list args;
	fprintf(stderr, "tenantry %s: ", command);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_FAILED;
}

int operator_usage(const char *usage)
{
	fprintf(stderr, "usage: tenantry %s\n", usage);
	return EXIT_USAGE;
}

int operator_result(const char *command, enum error error)
{
	switch (error) {
	case ERR_NONE:
		return EXIT_DONE;
	case ERR_UNAVAILABLE:
		return operator_fail(command, "the database is not available");
	case ERR_CONFLICT:
		return operator_fail(command, "others are changing the same data; nothing was changed, please try again");
	default:
		return operator_fail(command, "failed (%s); the lines above tell why", error_id(error));
	}
}

struct config operator_config(const struct config *config)
{
	struct config patient = *config;
	if (patient.db_timeout < PATIENCE_SECONDS)
		patient.db_timeout = PATIENCE_SECONDS;
	return patient;
}

int operator_check_schema(const char *command, struct db *db)
{
	unsigned version;
	enum error error = db_schema_version(db, &version);
	if (error != ERR_NONE)
		return operator_result(command, error);
	if (version < db_schema_known())
		return operator_fail(command, "the schema is at %u and this program needs %u: run tenantry migrate", version,
			db_schema_known());
	if (version > db_schema_known())
		return operator_fail(command, "the schema is at %u and this program knows %u: use the newer program", version,
			db_schema_known());
	return EXIT_DONE;
}

int operator_run(const struct config *config, const char *command, void *job, const char *const *refusal,
	db_transaction_fn *function)
{
	struct config patient = operator_config(config);
	struct db *db = db_new(&patient);
	int status = operator_check_schema(command, db);
	if (status == EXIT_DONE) {
		enum error error = db_transaction(db, function, job);
		status = *refusal != NULL ? operator_fail(command, "%s", *refusal) : operator_result(command, error);
	}
	db_close(db);
	return status;
}

const char *operator_option(int argc, char **argv, const char *name, bool *bad)
{
	const char *value = NULL;
	size_t length = strlen(name);
	for (int i = 1; i < argc; i++) {
		const char *found = NULL;
		if (argv[i] == NULL)
			continue;
		if (strcmp(argv[i], name) == 0) {
			argv[i] = NULL;
			if (i + 1 == argc || argv[i + 1] == NULL) {
				*bad = true;
				continue;
			}
			found = argv[++i];
		} else if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') {
			found = argv[i] + length + 1;
		} else {
			continue;
		}
		argv[i] = NULL;
		if (value != NULL)
			*bad = true;
		value = found;
	}
	return value;
}

bool operator_flag(int argc, char **argv, const char *name)
{
	bool found = false;
	for (int i = 1; i < argc; i++)
		if (argv[i] != NULL && strcmp(argv[i], name) == 0) {
			argv[i] = NULL;
			found = true;
		}
	return found;
}

char *operator_word(int argc, char **argv)
{
	bool options = true; /* until "--" */
	for (int i = 1; i < argc; i++) {
		char *word = argv[i];
		if (word == NULL)
			continue;
		if (options && strcmp(word, "--") == 0) {
			options = false;
		} else if (!options || word[0] != '-') {
			argv[i] = NULL;
			return word;
		}
	}
	return NULL;
}

bool operator_rest(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (argv[i] != NULL && strcmp(argv[i], "--") != 0)
			return true;
	return false;
}

const char *operator_text_fault(const char *text, size_t max)
{
	if (!text_is_utf8(text, strlen(text)))
		return "is not UTF-8";
	if (text[strspn(text, " ")] == '\0')
		return "is empty";
	if (text_has_forbidden(text))
		return "holds a control character or one that changes the direction of writing";
	if (text_length(text) > max)
		return "is too long";
	return NULL;
}

enum error operator_scope(struct db *db, struct arena *arena, const char *public_id, const struct scope **scope)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_OPERATOR_TENANT, DB_VALUES(DB_TEXT(public_id)), &rows);
	*scope = NULL;
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	if (row != NULL)
		*scope = scope_make(arena, &(struct scope_facts){ .tenant = db_uint(row[0]), .public_id = row[1],
			.tree_pos = db_uint(row[2]), .name = row[3], .zone = row[4], .role = ROLE_ADMIN });
	return ERR_NONE;
}

enum error operator_audit(struct db *db, uint64_t tenant, const char *action, const char *detail)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	return db_execute(db, NULL, STMT_OPERATOR_EVENT,
		DB_VALUES(DB_TEXT(now), DB_UINT(tenant), DB_TEXT(action), DB_TEXT(OPERATOR_NAME), DB_TEXT(detail)), NULL);
}
