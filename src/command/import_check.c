/* The checks of an import that need more than one line: each is one statement over import_row and the tenants of the tree. */
#include "command/import.h"

/* FORMAT takes up to two texts, the third and the fourth column of the statement. */
enum check_values { VALUES_ID, VALUES_ID_ID, VALUES_TREE_ID, VALUES_INTO_TIER, VALUES_PARENT, VALUES_TIER,
	VALUES_INTO_INTO_TIER };

static const struct check {
	enum statement statement;
	enum check_values values;
	bool scoped;
	const char *before, *between, *after; /* "Domain: " value " stands on line " value " already" */
} checks[] = {
	{ STMT_IMPORT_CHECK_FOREIGN, VALUES_ID, false, "Customer ID: ", " cannot be used here", NULL },
	{ STMT_IMPORT_CHECK_ID_TWICE, VALUES_ID_ID, false, "Customer ID: ", " stands on line ", " already" },
	{ STMT_IMPORT_CHECK_DOMAIN_TWICE, VALUES_ID_ID, false, "Domain: ", " stands on line ", " already" },
	{ STMT_IMPORT_CHECK_DOMAIN, VALUES_TREE_ID, false, "Domain: ", " cannot be used here", NULL },
	{ STMT_IMPORT_CHECK_TIER, VALUES_ID, false, "Tier: the tier of ", " cannot change; it is ", "" },
	{ STMT_IMPORT_CHECK_DISTRIBUTOR, VALUES_ID, false, "Tier: a distributor is made by tenantry distributor add", NULL,
		NULL },
	{ STMT_IMPORT_CHECK_INTO, VALUES_PARENT, false, "Parent ID: the tenant of --into stays where it is", NULL, NULL },
	{ STMT_IMPORT_CHECK_BELOW, VALUES_INTO_TIER, false, "Tier: below a reseller there are customers alone", NULL, NULL },
	{ STMT_IMPORT_CHECK_NO_PARENT, VALUES_TIER, false, "Parent ID: a customer needs the ID of its reseller", NULL,
		NULL },
	{ STMT_IMPORT_CHECK_RESELLER_PARENT, VALUES_INTO_INTO_TIER, false, "Parent ID: ",
		" is not the distributor of this reseller", NULL },
	{ STMT_IMPORT_CHECK_PARENT, VALUES_ID, true, "Parent ID: there is no ", " here", NULL },
	{ STMT_IMPORT_CHECK_PARENT_TIER, VALUES_ID, true, "Parent ID: ", " is not a reseller", NULL },
};

static size_t check_values(const struct import *import, enum check_values kind, struct db_value values[4])
{
	struct db_value id = DB_UINT(import->id), into = DB_TEXT(scope_public_id(import->into));
	struct db_value tier = DB_UINT(scope_tier(import->into));
	switch (kind) {
	case VALUES_ID:
		values[0] = id;
		return 1;
	case VALUES_ID_ID:
		values[0] = values[1] = id;
		return 2;
	case VALUES_TREE_ID:
		values[0] = DB_UINT(import->distributor);
		values[1] = id;
		return 2;
	case VALUES_TIER:
		values[0] = id;
		values[1] = tier;
		return 2;
	case VALUES_PARENT:
		values[0] = id;
		values[1] = into;
		values[2] = DB_TEXT(import->parent_id);
		return 3;
	case VALUES_INTO_TIER:
		values[0] = id;
		values[1] = into;
		values[2] = tier;
		return 3;
	case VALUES_INTO_INTO_TIER:
		values[0] = id;
		values[1] = values[2] = into;
		values[3] = tier;
		return 4;
	}
	return 0;
}

static enum error check_run(struct import *import, const struct check *check)
{
	struct db_value values[4];
	size_t count = check_values(import, check->values, values);
	DB_ROWS_AUTO rows = NULL;
	/* Row by row: a wrong file of a million lines has a million faults. */
	enum error error = db_query_stream(import->db, check->scoped ? import->into : NULL, check->statement, values, count,
		&rows);
	if (error != ERR_NONE)
		return error;
	for (char **row = db_next(rows); row != NULL; row = db_next(rows)) {
		bool one = check->between != NULL, two = check->after != NULL;
		import_fault(&import->check_faults, db_uint(row[0]), db_uint(row[1]), "%s%s%s%s%s", check->before,
			one ? row[2] : "", one ? check->between : "", two ? row[3] : "", two ? check->after : "");
	}
	return db_rows_error(rows);
}

enum error import_check(struct import *import)
{
	struct db_value id = DB_UINT(import->id);
	enum error error = db_execute(import->db, import->into, STMT_IMPORT_KNOWN, &id, 1, NULL);
	if (error == ERR_NONE)
		error = db_execute(import->db, NULL, STMT_IMPORT_LEVEL, DB_VALUES(DB_TEXT(scope_public_id(import->into)),
			DB_UINT(scope_tier(import->into) + 1), id), NULL);
	import->check_faults = (struct import_faults){ .total = 0 };
	for (size_t i = 0; error == ERR_NONE && i < sizeof checks / sizeof checks[0]; i++)
		error = check_run(import, &checks[i]);
	if (error == ERR_NONE)
		error = db_execute(import->db, import->into, STMT_IMPORT_FIND_CHANGED, &id, 1, NULL);
	DB_ROWS_AUTO rows = NULL;
	if (error == ERR_NONE)
		error = db_query(import->db, NULL, STMT_IMPORT_COUNTS, &id, 1, &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	import->made = row != NULL ? db_uint(row[0]) : 0;
	import->changed = row != NULL ? db_uint(row[1]) : 0;
	return ERR_NONE;
}
