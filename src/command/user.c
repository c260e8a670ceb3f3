/* tenantry user add | passwd | disable | otp-off. Passwords come from a file or standard input, never from an argument. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/job_function.h"
#include "auth/otp.h"
#include "auth/password.h"
#include "auth/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/domain.h"
#include "base/id.h"
#include "command/command.h"
#include "command/operator.h"
#include "db/list_table.h"

#define USAGE_ADD "user add --tenant ID --email E --first F --last L --role admin|sales --child-role none|sales|admin " \
	"[--job-function KEY] [--password-file F]"
#define USAGE_PASSWD "user passwd EMAIL [--password-file F]"
#define USAGE_DISABLE "user disable EMAIL"
#define USAGE_OTP_OFF "user otp-off EMAIL"
#define NAME_MAX_LENGTH 100

struct user_job {
	struct arena *arena;
	const char *tenant, *first, *last, *job;
	char email[EMAIL_SIZE];
	enum role role, child_role;
	char hash[PASSWORD_HASH_SIZE];
	const char *refusal;
	char id[ID_SIZE];
};

/* The first line of standard input, without echo on a terminal. */
static bool read_stdin(char *password, size_t size)
{
	struct termios before, quiet;
	bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
	if (terminal) {
		fputs("Password: ", stderr);
		quiet = before;
		quiet.c_lflag &= (tcflag_t)~ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	bool read = fgets(password, (int)size, stdin) != NULL;
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	if (!read)
		return false;
	password[strcspn(password, "\r\n")] = '\0';
	return true;
}

/* Reads the password from FILE (NULL: standard input) and hashes it. */
static int take_password(const struct config *config, const char *file, char hash[PASSWORD_HASH_SIZE])
{
	char password[1024] = "";
	int status = EXIT_DONE;
	errno = 0;
	if (file != NULL ? !config_read_secret(file, password, sizeof password) : !read_stdin(password, sizeof password))
		status = file != NULL ? operator_fail("user", "%s: %s", file, strerror(errno))
			: operator_fail("user", "no password on standard input");
	const char *refusal = status == EXIT_DONE ? password_refusal(password) : NULL;
	if (refusal != NULL)
		status = operator_fail("user", "%s", refusal);
	if (status == EXIT_DONE && !password_hash(config, password, hash))
		status = EXIT_FAILED;
	sodium_memzero(password, sizeof password);
	return status;
}

static enum error refuse(struct user_job *job, const char *refusal)
{
	job->refusal = refusal;
	return ERR_REFUSED;
}

static enum error add(struct db *db, void *arg)
{
	struct user_job *job = arg;
	const struct scope *scope;
	char now[CLOCK_INSTANT_SIZE];
	job->refusal = NULL;
	enum error error = operator_scope(db, job->arena, job->tenant, &scope);
	if (error != ERR_NONE)
		return error;
	if (scope == NULL)
		return refuse(job, "there is no such tenant");
	if (scope_tier(scope) == TIER_CUSTOMER && job->child_role != ROLE_NONE)
		return refuse(job, "an end customer has no tenants below it: its users have --child-role none");
	DB_ROWS_AUTO rows = NULL;
	error = db_query(db, NULL, STMT_OPERATOR_USER, DB_VALUES(DB_TEXT(job->email)), &rows);
	if (error != ERR_NONE)
		return error;
	if (db_next(rows) != NULL)
		return refuse(job, "there is a user with this e-mail already");
	id_make(job->id);
	clock_sql(clock_now_ms(), now);
	error = db_execute(db, NULL, STMT_OPERATOR_USER_INSERT, DB_VALUES(DB_TEXT(job->id), DB_UINT(scope_tenant(scope)),
		DB_TEXT(job->email), DB_TEXT(job->first), DB_TEXT(job->last), DB_TEXT(job->job != NULL ? job->job : ""),
		DB_TEXT(role_name(job->role)), DB_TEXT(role_name(job->child_role)), DB_TEXT(job->hash), DB_TEXT(now),
		DB_TEXT(now)), NULL);
	if (error == ERR_NONE)
		error = operator_audit(db, scope_tenant(scope), "user.activate", "{}");
	return error == ERR_NONE ? list_table_refresh(db, scope_tenant(scope)) : error;
}

/* The user that the command names: key and tenant. */
static enum error find(struct db *db, struct user_job *job, uint64_t *user, uint64_t *tenant, bool *disabled)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_OPERATOR_USER, DB_VALUES(DB_TEXT(job->email)), &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	if (row == NULL || row[6] != NULL)
		return refuse(job, "there is no such user");
	*user = db_uint(row[0]);
	*tenant = db_uint(row[1]);
	*disabled = row[5] != NULL;
	return ERR_NONE;
}

/* A new password makes an invited or disabled user active, and ends all sessions. */
static enum error passwd(struct db *db, void *arg)
{
	struct user_job *job = arg;
	uint64_t user, tenant;
	bool disabled;
	char now[CLOCK_INSTANT_SIZE];
	job->refusal = NULL;
	clock_sql(clock_now_ms(), now);
	enum error error = find(db, job, &user, &tenant, &disabled);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_OPERATOR_USER_PASSWORD,
			DB_VALUES(DB_TEXT(job->hash), DB_TEXT(now), DB_UINT(user)), NULL);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_OPERATOR_SESSIONS_END, DB_VALUES(DB_UINT(user)), NULL);
	if (error == ERR_NONE)
		error = operator_audit(db, tenant, "user.update", "{}");
	return error == ERR_NONE ? list_table_refresh(db, tenant) : error;
}

static enum error disable(struct db *db, void *arg)
{
	struct user_job *job = arg;
	uint64_t user, tenant;
	bool disabled;
	char now[CLOCK_INSTANT_SIZE];
	job->refusal = NULL;
	clock_sql(clock_now_ms(), now);
	enum error error = find(db, job, &user, &tenant, &disabled);
	if (error == ERR_NONE && !disabled)
		error = db_execute(db, NULL, STMT_OPERATOR_USER_DISABLE, DB_VALUES(DB_TEXT(now), DB_UINT(user)), NULL);
	if (error == ERR_NONE)
		error = token_end_maker(db, user);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_OPERATOR_SESSIONS_END, DB_VALUES(DB_UINT(user)), NULL);
	if (error == ERR_NONE && !disabled)
		error = operator_audit(db, tenant, "user.disable", "{}");
	return error == ERR_NONE ? list_table_refresh(db, tenant) : error;
}

/* For somebody who has lost both phone and recovery codes, and whom the operator knows to be who it is. */
static enum error otp_off(struct db *db, void *arg)
{
	struct user_job *job = arg;
	uint64_t user, tenant;
	bool disabled;
	job->refusal = NULL;
	enum error error = find(db, job, &user, &tenant, &disabled);
	if (error == ERR_NONE)
		error = otp_switch_off(db, user);
	return error == ERR_NONE ? operator_audit(db, tenant, "user.otp-off", "{}") : error;
}

static int command_add(const struct config *config, struct arena *arena, int argc, char **argv)
{
	bool bad = false;
	struct user_job job = { .arena = arena, .tenant = operator_option(argc, argv, "--tenant", &bad),
		.first = operator_option(argc, argv, "--first", &bad), .last = operator_option(argc, argv, "--last", &bad),
		.job = operator_option(argc, argv, "--job-function", &bad) };
	const char *email = operator_option(argc, argv, "--email", &bad);
	const char *role = operator_option(argc, argv, "--role", &bad);
	const char *child_role = operator_option(argc, argv, "--child-role", &bad);
	const char *file = operator_option(argc, argv, "--password-file", &bad), *fault;
	if (bad || job.tenant == NULL || job.first == NULL || job.last == NULL || email == NULL || role == NULL ||
		child_role == NULL || operator_rest(argc, argv) || !role_parse(role, &job.role) || job.role == ROLE_NONE ||
		!role_parse(child_role, &job.child_role))
		return operator_usage(USAGE_ADD);
	if (job.child_role > job.role)
		return operator_fail("user", "the child tenant role cannot be above the role");
	if ((fault = operator_text_fault(job.first, NAME_MAX_LENGTH)) != NULL)
		return operator_fail("user", "the first name %s", fault);
	if ((fault = operator_text_fault(job.last, NAME_MAX_LENGTH)) != NULL)
		return operator_fail("user", "the last name %s", fault);
	if (!email_normalize(email, job.email))
		return operator_fail("user", "%s is not an e-mail address", email);
	if (job.job != NULL && job_function_title(job.job) == NULL) {
		for (const struct job_function *known = job_functions; known->key != NULL; known++)
			fprintf(stderr, "%-12s %s\n", known->key, known->title);
		return operator_fail("user", "%s is not a job function; those above are", job.job);
	}
	int status = take_password(config, file, job.hash);
	if (status == EXIT_DONE)
		status = operator_run(config, "user", &job, &job.refusal, add);
	if (status == EXIT_DONE)
		puts(job.id);
	return status;
}

static int command_change(const struct config *config, struct arena *arena, const char *verb, int argc, char **argv)
{
	bool bad = false, password = strcmp(verb, "passwd") == 0, otp = strcmp(verb, "otp-off") == 0;
	struct user_job job = { .arena = arena };
	const char *file = password ? operator_option(argc, argv, "--password-file", &bad) : NULL;
	const char *email = operator_word(argc, argv);
	if (bad || email == NULL || operator_rest(argc, argv))
		return operator_usage(password ? USAGE_PASSWD : otp ? USAGE_OTP_OFF : USAGE_DISABLE);
	if (!email_normalize(email, job.email))
		return operator_fail("user", "%s is not an e-mail address", email);
	int status = password ? take_password(config, file, job.hash) : EXIT_DONE;
	return status == EXIT_DONE ? operator_run(config, "user", &job, &job.refusal, password ? passwd : otp ? otp_off : disable) : status;
}

int command_user(const struct config *config, const char *config_file, int argc, char **argv)
{
	ARENA_AUTO arena = arena_new();
	const char *verb = argc > 1 ? argv[1] : "";
	(void)config_file;
	if (argc > 1)
		argv[1] = NULL;
	if (strcmp(verb, "add") == 0)
		return command_add(config, arena, argc, argv);
	if (strcmp(verb, "passwd") == 0 || strcmp(verb, "disable") == 0 || strcmp(verb, "otp-off") == 0)
		return command_change(config, arena, verb, argc, argv);
	return operator_usage("user add|passwd|disable|otp-off ...");
}
