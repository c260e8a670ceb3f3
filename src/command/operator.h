/* What the operator's commands share: how they fail, the patient connection, finding a tenant, checking texts. */
#ifndef TENANTRY_COMMAND_OPERATOR_H
#define TENANTRY_COMMAND_OPERATOR_H

#include <stdbool.h>

#include "base/config.h"
#include "base/error.h"
#include "db/db.h"

struct arena;

/* Exit statuses, as contract.md has them. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* "tenantry COMMAND: ..." as one line on stderr; EXIT_FAILED and EXIT_USAGE. */
int operator_fail(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
int operator_usage(const char *usage);

/* The line for an error of the database; EXIT_FAILED, or EXIT_DONE for ERR_NONE. */
int operator_result(const char *command, enum error error);

/* The configuration with a time limit that suits statements of minutes. Shares CONFIG's texts. */
struct config operator_config(const struct config *config);

/* Refuses with EXIT_FAILED, saying what to do, when the schema is not the one that this program knows. */
int operator_check_schema(const char *command, struct db *db);

/* Runs FUNCTION with JOB in a transaction, on a patient connection to a schema that fits, and says for COMMAND what went wrong. When it refuses it
 * says why in *REFUSAL, which it sets anew each time it is run: NULL first. The exit status. */
int operator_run(const struct config *config, const char *command, void *job, const char *const *refusal,
	db_transaction_fn *function);

/* The value of option NAME ("--tenant") in ARGV, as "--tenant X" or "--tenant=X"; takes both words out of ARGV by
 * setting them to NULL. NULL when it is not there; *BAD when its value is missing or it comes twice. */
const char *operator_option(int argc, char **argv, const char *name, bool *bad);
/* An option without value. */
bool operator_flag(int argc, char **argv, const char *name);
/* The next word of ARGV (from argv[1] on) that no option took, taken out; NULL when there is none. */
char *operator_word(int argc, char **argv);
/* Is anything left? Unknown options are. */
bool operator_rest(int argc, char **argv);

/* Why TEXT cannot be the value of a field of at most MAX characters ("is not UTF-8" ...); NULL when it can. */
const char *operator_text_fault(const char *text, size_t max);

/* A tenant by public ID, in the arena: NULL in *SCOPE when there is none (or it is deleted). The operator acts as an
 * admin of that tenant. */
enum error operator_scope(struct db *db, struct arena *arena, const char *public_id, const struct scope **scope);

/* Writes an audit event of the operator about a tenant; DETAIL is a JSON object. */
enum error operator_audit(struct db *db, uint64_t tenant, const char *action, const char *detail);

#define OPERATOR_NAME "Operator"

#endif
