/* tenantry token add | revoke. The token goes to standard output alone, once; what is said of it to standard error. */
#include <stdio.h>
#include <string.h>

#include "auth/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "command/command.h"
#include "command/operator.h"

#define USAGE_ADD "token add --tenant ID --scope ingest|read|write [--name NAME] [--expires DATE]"
#define USAGE_REVOKE "token revoke TOKEN-ID"
#define NAME_LENGTH_MAX 100

struct token_job {
	struct arena *arena;
	const char *tenant, *name, *expires, *revoke;
	enum token_scope scope;
	const char *refusal;
	int64_t until;
	char id[ID_SIZE], token[TOKEN_SIZE];
};

static enum error refuse(struct token_job *job, const char *refusal)
{
	job->refusal = refusal;
	return ERR_REFUSED;
}

static enum error add(struct db *db, void *arg)
{
	struct token_job *job = arg;
	const struct scope *scope;
	job->refusal = NULL;
	enum error error = operator_scope(db, job->arena, job->tenant, &scope);
	if (error != ERR_NONE)
		return error;
	if (scope == NULL)
		return refuse(job, "there is no such tenant");
	if (!token_expiry(job->expires, scope_zone(scope), &job->until))
		return refuse(job, "--expires takes a date from today on, at most 365 days away");
	const struct token_new new = { .tenant = scope_tenant(scope), .name = job->name, .scope = job->scope,
		.expires = job->until, .maker = { .name = OPERATOR_NAME, .tenant_name = "" } };
	error = token_make(db, scope, &new, job->id, job->token);
	if (error == ERR_REFUSED)
		return refuse(job, "the tenant has as many active tokens as it may have; revoke one first");
	return error == ERR_NONE ? operator_audit(db, scope_tenant(scope), "token.create", "{}") : error;
}

static enum error revoke(struct db *db, void *arg)
{
	struct token_job *job = arg;
	char now[CLOCK_INSTANT_SIZE];
	DB_ROWS_AUTO rows = NULL;
	job->refusal = NULL;
	enum error error = db_query(db, NULL, STMT_TOKEN_OPERATOR_FIND, DB_VALUES(DB_TEXT(job->revoke)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : refuse(job, "there is no such token");
	if (db_uint(row[3]) == 0)
		return ERR_NONE;
	clock_sql(clock_now_ms(), now);
	error = db_execute(db, NULL, STMT_TOKEN_OPERATOR_REVOKE, DB_VALUES(DB_TEXT(now), DB_UINT(db_uint(row[0]))), NULL);
	return error == ERR_NONE ? operator_audit(db, db_uint(row[1]), "token.revoke", "{}") : error;
}

static int command_add(const struct config *config, struct arena *arena, int argc, char **argv)
{
	bool bad = false;
	struct token_job job = { .arena = arena, .tenant = operator_option(argc, argv, "--tenant", &bad),
		.name = operator_option(argc, argv, "--name", &bad), .expires = operator_option(argc, argv, "--expires", &bad) };
	const char *scope = operator_option(argc, argv, "--scope", &bad), *fault;
	if (bad || job.tenant == NULL || scope == NULL || operator_rest(argc, argv) || !token_scope_parse(scope, &job.scope))
		return operator_usage(USAGE_ADD);
	if (job.name == NULL)
		job.name = "Made on the command line";
	if ((fault = operator_text_fault(job.name, NAME_LENGTH_MAX)) != NULL)
		return operator_fail("token", "the name %s", fault);
	if (job.expires != NULL) {
		char again[CLOCK_DATE_SIZE] = "";
		if (strlen(job.expires) == CLOCK_DATE_SIZE - 1 && strspn(job.expires, "0123456789-") == CLOCK_DATE_SIZE - 1)
			clock_date_add(job.expires, 0, again);
		if (strcmp(again, job.expires) != 0)
			return operator_fail("token", "%s is not a date such as 2026-11-22", job.expires);
	}
	int status = operator_run(config, "token", &job, &job.refusal, add);
	if (status == EXIT_DONE) {
		char until[CLOCK_INSTANT_SIZE];
		clock_rfc3339(job.until, until);
		puts(job.token);
		fprintf(stderr, "token %s (%s), good until %s; it is not shown again\n", job.id, scope, until);
	}
	return status;
}

static int command_revoke(const struct config *config, struct arena *arena, int argc, char **argv)
{
	struct token_job job = { .arena = arena, .revoke = operator_word(argc, argv) };
	if (job.revoke == NULL || operator_rest(argc, argv))
		return operator_usage(USAGE_REVOKE);
	return operator_run(config, "token", &job, &job.refusal, revoke);
}

int command_token(const struct config *config, const char *config_file, int argc, char **argv)
{
	ARENA_AUTO arena = arena_new();
	const char *verb = argc > 1 ? argv[1] : "";
	(void)config_file;
	if (argc > 1)
		argv[1] = NULL;
	if (strcmp(verb, "add") == 0)
		return command_add(config, arena, argc, argv);
	if (strcmp(verb, "revoke") == 0)
		return command_revoke(config, arena, argc, argv);
	return operator_usage("token add|revoke ...");
}
