/* The doctor on rows: rules between them that no key keeps, and orphans. A check is a statement that gives an ID and a
 * name (or a number) of each row that is wrong. Must never change any. */
#include <stdio.h>

#include "base/clock.h"
#include "command/doctor.h"

#define BY_HAND "look at it with the mysql client; it needs a decision"
#define DELETE_WITHOUT(child, key, parent) \
	"DELETE x FROM " child " x LEFT JOIN " parent " p ON p.id = x." key " WHERE p.id IS NULL"

static const struct check {
	enum statement statement;
	const char *kind, *what, *mend;
	enum { MEND_HAND, MEND_ORDER, MEND_STATE } way; /* by numbering; from the source's runs */
} checks[] = {
	{ STMT_DOCTOR_ORPHANS, "tenant", "has no parent of the tier above", BY_HAND, MEND_HAND },
	{ STMT_DOCTOR_TREE_OF, "tenant", "belongs to another distributor than its label says", DOCTOR_MEND, MEND_ORDER },
	{ STMT_DOCTOR_INTERVAL, "tenant", "has a label outside of its parent's interval", DOCTOR_MEND, MEND_ORDER },
	{ STMT_DOCTOR_ORDER, "tenant", "does not stand in the order of names", DOCTOR_MEND, MEND_ORDER },
	{ STMT_DOCTOR_USERS, "user", "belongs to no tenant", BY_HAND, MEND_HAND },
	{ STMT_DOCTOR_CONTRACTS, "contract", "has no tenant or no newest version", BY_HAND, MEND_HAND },
	{ STMT_DOCTOR_MAKERS, "contract", "was made by a tenant that is gone", BY_HAND, MEND_HAND },
	{ STMT_DOCTOR_VERSIONS, "versions of contract", "belong to no contract",
		DELETE_WITHOUT("contract_version", "contract_id", "contract"), MEND_HAND },
	{ STMT_DOCTOR_SOURCE_STATES, "source", "is in another state than its runs say", DOCTOR_MEND, MEND_STATE },
	{ STMT_DOCTOR_SOURCES, "source", "has no tenant or another distributor", BY_HAND, MEND_HAND },
	{ STMT_DOCTOR_RUNS, "runs of source", "belong to no source",
		DELETE_WITHOUT("source_run", "source_id", "billing_source"), MEND_HAND },
	{ STMT_DOCTOR_TOKENS, "API token", "belongs to no tenant",
		DELETE_WITHOUT("api_token", "tenant_id", "tenant"), MEND_HAND },
	{ STMT_DOCTOR_SESSIONS, "sessions of user", "belong to no user",
		DELETE_WITHOUT("session", "user_id", "user_account"), MEND_HAND },
	{ STMT_DOCTOR_MAILS, "waiting mail", "is about a user or contract that is gone",
		"DELETE FROM outbox WHERE id = that number", MEND_HAND },
};

static enum error look(struct doctor *doctor, const struct check *check)
{
	DB_ROWS_AUTO rows = NULL;
	uint64_t count = 0;
	enum error error = db_query_stream(doctor->db, NULL, check->statement, DB_NO_VALUES, &rows);
	if (error != ERR_NONE)
		return error;
	for (char **row = db_next(rows); row != NULL; row = db_next(rows)) {
		if (count++ < DOCTOR_SHOWN)
			doctor_find(doctor, check->mend, "%s %s (%s) %s", check->kind, row[0], row[1], check->what);
		else
			doctor->findings++;
	}
	if (count > DOCTOR_SHOWN)
		printf("... and %llu more of these\n", (unsigned long long)(count - DOCTOR_SHOWN));
	doctor->order = doctor->order || (count > 0 && check->way == MEND_ORDER);
	doctor->states = doctor->states || (count > 0 && check->way == MEND_STATE);
	return db_rows_error(rows);
}

/* Days of contracts and runs follow the distributor's zone, by this machine's time zone database. */
static enum error look_at_zones(struct doctor *doctor)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(doctor->db, NULL, STMT_DOCTOR_ZONES, DB_NO_VALUES, &rows);

	for (char **row = error == ERR_NONE ? db_next(rows) : NULL; row != NULL; row = db_next(rows))
		if (!clock_zone_known(row[2]))
			doctor_find(doctor, "install or upgrade tzdata on this machine; if the name is wrong: UPDATE tenant SET time_zone = ... "
				"WHERE public_id = that ID, then " DOCTOR_MEND,
				"distributor %s (%s) has the time zone \"%s\", which this machine does not know, so it is taken for UTC",
				row[0], row[1], row[2]);
	return error;
}

enum error doctor_look_at_rows(struct doctor *doctor)
{
	enum error error = look_at_zones(doctor);

	for (size_t i = 0; error == ERR_NONE && i < sizeof checks / sizeof checks[0]; i++)
		error = look(doctor, &checks[i]);
	return error;
}
