/* tenantry distributor add NAME --domain D --time-zone Z: makes a tree's root and prints its public ID. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/domain.h"
#include "base/id.h"
#include "command/command.h"
#include "command/operator.h"
#include "db/list_table.h"

#define USAGE "distributor add NAME --domain D --time-zone Z [--id ID]"

struct distributor {
	const char *name, *zone, *wanted_id;
	char domain[DOMAIN_SIZE], id[ID_SIZE];
	const char *refusal;
};

static enum error is_taken(struct db *db, enum statement statement, const char *value, bool *taken)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, statement, DB_VALUES(DB_TEXT(value)), &rows);
	if (error == ERR_NONE)
		*taken = db_next(rows) != NULL;
	return error;
}

static enum error next_label(struct db *db, uint64_t *label)
{
	DB_ROWS_AUTO rows = NULL;
	uint64_t limit = tree_make(TREE_DISTRIBUTOR_MAX + 1, 0, 0);
	enum error error = db_query(db, NULL, STMT_DISTRIBUTOR_LAST, DB_VALUES(DB_UINT(limit)), &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	uint64_t last = row != NULL ? db_uint(row[0]) : 0;
	*label = last == 0 ? tree_make(1, 0, 0) : tree_end(tree_distributor(last));
	return ERR_NONE;
}

static enum error add(struct db *db, void *arg)
{
	struct distributor *distributor = arg;
	bool domain_taken = false, id_taken = false;
	uint64_t label;
	char now[CLOCK_INSTANT_SIZE];
	distributor->refusal = NULL;
	enum error error = is_taken(db, STMT_DISTRIBUTOR_DOMAIN_TAKEN, distributor->domain, &domain_taken);
	if (error == ERR_NONE && distributor->wanted_id != NULL)
		error = is_taken(db, STMT_OPERATOR_ID_TAKEN, distributor->wanted_id, &id_taken);
	if (error == ERR_NONE)
		error = next_label(db, &label);
	if (error != ERR_NONE)
		return error;
	if (domain_taken)
		distributor->refusal = "there is a distributor with this domain already";
	else if (id_taken)
		distributor->refusal = "this ID cannot be used here";
	else if (label > tree_make(TREE_DISTRIBUTOR_MAX, 0, 0))
		distributor->refusal = "there is no room for another distributor";
	if (distributor->refusal != NULL)
		return ERR_REFUSED;
	if (distributor->wanted_id != NULL)
		snprintf(distributor->id, sizeof distributor->id, "%s", distributor->wanted_id);
	else
		id_make(distributor->id);
	clock_sql(clock_now_ms(), now);
	error = db_execute(db, NULL, STMT_DISTRIBUTOR_INSERT, DB_VALUES(DB_TEXT(distributor->id), DB_UINT(label),
		DB_TEXT(distributor->name), DB_TEXT(distributor->domain), DB_TEXT(distributor->zone), DB_TEXT(now)), NULL);
	if (error != ERR_NONE)
		return error;
	uint64_t key = db_insert_id(db);
	error = db_execute(db, NULL, STMT_DISTRIBUTOR_OWN, DB_VALUES(DB_UINT(key)), NULL);
	if (error == ERR_NONE)
		error = operator_audit(db, key, "tenant.create", "{}");
	return error == ERR_NONE ? list_table_rebuild(db, label, false) : error;
}

int command_distributor(const struct config *config, const char *config_file, int argc, char **argv)
{
	bool bad = false;
	struct distributor distributor = { .zone = operator_option(argc, argv, "--time-zone", &bad) };
	const char *domain = operator_option(argc, argv, "--domain", &bad), *fault;
	distributor.wanted_id = operator_option(argc, argv, "--id", &bad);
	const char *verb = operator_word(argc, argv);
	distributor.name = operator_word(argc, argv);
	(void)config_file;
	if (bad || verb == NULL || strcmp(verb, "add") != 0 || distributor.name == NULL || domain == NULL ||
		distributor.zone == NULL || operator_rest(argc, argv))
		return operator_usage(USAGE);
	fault = operator_text_fault(distributor.name, 200);
	if (fault != NULL)
		return operator_fail("distributor", "the name %s", fault);
	if (!domain_normalize(domain, distributor.domain))
		return operator_fail("distributor", "%s is not the name of a domain", domain);
	if (!clock_zone_known(distributor.zone))
		return operator_fail("distributor", "%s is not an IANA time zone", distributor.zone);
	if (distributor.wanted_id != NULL && !id_valid(distributor.wanted_id))
		return operator_fail("distributor", "%s is not an ID (1 to 26 of A-Z 0-9)", distributor.wanted_id);
	int status = operator_run(config, "distributor", &distributor, &distributor.refusal, add);
	if (status == EXIT_DONE)
		puts(distributor.id);
	return status;
}
