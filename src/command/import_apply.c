/* Makes and changes the tenants of a checked import, and puts the subtree in the order of names. All of it happens in the
 * caller's transaction: everything or nothing. */
#include "base/clock.h"
#include "command/import.h"
#include "command/operator.h"
#include "command/tree_number.h"
#include "db/list_table.h"

static enum error make_tier(struct import *import, enum tier tier, const char *now)
{
	return db_execute(import->db, NULL, STMT_IMPORT_MAKE, DB_VALUES(DB_UINT(TREE_PARKED),
		DB_UINT(scope_tenant(import->into)), DB_UINT(import->distributor), DB_TEXT(now), DB_UINT(import->id),
		DB_UINT(tier)), NULL);
}

static enum error change(struct import *import, const char *now)
{
	struct db_value id = DB_UINT(import->id);
	enum error error = db_execute(import->db, import->into, STMT_IMPORT_EVENTS_CHANGED,
		DB_VALUES(DB_TEXT(now), DB_TEXT(OPERATOR_NAME), id), NULL);
	if (error == ERR_NONE)
		error = db_execute(import->db, import->into, STMT_IMPORT_FREE_DOMAINS, &id, 1, NULL);
	if (error == ERR_NONE)
		error = make_tier(import, TIER_RESELLER, now);
	if (error == ERR_NONE)
		error = db_execute(import->db, import->into, STMT_IMPORT_END_INVITATIONS, DB_VALUES(DB_TEXT(now), id), NULL);
	if (error == ERR_NONE)
		error = db_execute(import->db, import->into, STMT_IMPORT_CHANGE, &id, 1, NULL);
	return error;
}

enum error import_apply(struct import *import)
{
	struct db_value id = DB_UINT(import->id);
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	/* Resellers first: customers of the file may go below them. */
	enum error error = change(import, now);
	if (error == ERR_NONE)
		error = make_tier(import, TIER_CUSTOMER, now);
	if (error == ERR_NONE)
		error = db_execute(import->db, NULL, STMT_IMPORT_LINK, &id, 1, NULL);
	if (error == ERR_NONE)
		error = db_execute(import->db, NULL, STMT_IMPORT_EVENTS_MADE,
			DB_VALUES(DB_TEXT(now), DB_TEXT(OPERATOR_NAME), id), NULL);
	if (error == ERR_NONE)
		error = tree_number(import->db, scope_tenant(import->into), scope_tier(import->into), scope_low(import->into));
	return error == ERR_NONE ? list_table_rebuild(import->db, import->distributor_pos, false) : error;
}
