/* Makes and changes the tenants of a checked import and puts them in the order of names. All of it happens in the caller's
 * transaction: everything or nothing.
 *
 * Two ways lead there. Many lines are written set by set, the subtree is numbered and the tree's list rebuilt; a few lines into
 * a large tree are placed one by one, as the pages do it. */
#include "auth/access.h"
#include "base/clock.h"
#include "command/import.h"
#include "command/operator.h"
#include "command/tree_number.h"
#include "db/list_table.h"
#include "db/tree.h"

/* One by one up to so many lines, and while the tree has so many times more tenants: placing one costs about as much as
 * rebuilding so many. */
#define FEW_LINES 10000
#define FEW_PART 16
#define MOVED_AT_ONCE 1000

static enum error make_tier(struct import *import, enum tier tier, const char *now)
{
	return db_execute(import->db, NULL, STMT_IMPORT_MAKE, DB_VALUES(DB_UINT(TREE_PARKED),
		DB_UINT(scope_tenant(import->into)), DB_UINT(import->distributor), DB_TEXT(now), DB_UINT(import->id),
		DB_UINT(tier)), NULL);
}

/* Resellers first: customers of the file may go below them. */
static enum error apply_many(struct import *import, const char *now)
{
	struct db_value id = DB_UINT(import->id);
	enum error error = make_tier(import, TIER_RESELLER, now);
	if (error == ERR_NONE)
		error = db_execute(import->db, import->into, STMT_IMPORT_CHANGE, DB_VALUES(DB_UINT(TREE_PARKED), id), NULL);
	if (error == ERR_NONE)
		error = make_tier(import, TIER_CUSTOMER, now);
	if (error == ERR_NONE)
		error = tree_number(import->db, scope_tenant(import->into), scope_tier(import->into), scope_low(import->into));
	return error == ERR_NONE ? list_table_rebuild(import->db, import->distributor_pos, false) : error;
}

static enum error add_few(struct import *import, enum tier tier, const char *now)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(import->db, NULL, STMT_IMPORT_NEW_ROWS,
		DB_VALUES(DB_UINT(scope_tenant(import->into)), DB_UINT(import->id), DB_UINT(tier)), &rows);
	char **row;
	while (error == ERR_NONE && (row = db_next(rows)) != NULL) {
		uint64_t tenant, rewritten;
		error = tree_add(import->db, &(struct tree_new){ .parent = db_uint(row[3]), .id = row[0], .name = row[1],
			.domain = row[2], .created = now }, &tenant, &rewritten);
	}
	return error;
}

/* Each is placed before the next one changes: neighbours are found by their names and labels. */
static enum error change_few(struct import *import)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(import->db, import->into, STMT_IMPORT_CHANGED_ROWS, DB_VALUES(DB_UINT(import->id)), &rows);
	char **row;
	while (error == ERR_NONE && (row = db_next(rows)) != NULL) {
		uint64_t tenant = db_uint(row[0]), parent = db_uint(row[3]), rewritten;
		error = tree_lock(import->db, tenant, parent);
		if (error == ERR_NONE)
			error = db_execute(import->db, import->into, STMT_IMPORT_CHANGE_ONE, DB_VALUES(DB_TEXT(row[1]),
				DB_TEXT(row[2]), parent != 0 ? DB_UINT(parent) : DB_NULL, DB_UINT(tenant)), NULL);
		if (error == ERR_NONE)
			error = tree_settle(import->db, tenant, &rewritten);
	}
	return error;
}

static enum error apply_few(struct import *import, const char *now)
{
	enum error error = add_few(import, TIER_RESELLER, now);
	if (error == ERR_NONE)
		error = change_few(import);
	return error == ERR_NONE ? add_few(import, TIER_CUSTOMER, now) : error;
}

/* While they still stand below their former parents. */
static enum error end_access(struct import *import)
{
	uint64_t moved[MOVED_AT_ONCE];
	size_t count = 0;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(import->db, import->into, STMT_IMPORT_MOVED, DB_VALUES(DB_UINT(import->id)), &rows);
	char **row;
	while (error == ERR_NONE && (row = db_next(rows)) != NULL) {
		moved[count++] = db_uint(row[0]);
		if (count < MOVED_AT_ONCE)
			continue;
		error = access_end_moved(import->db, import->into, moved, count);
		count = 0;
	}
	return error == ERR_NONE && count > 0 ? access_end_moved(import->db, import->into, moved, count) : error;
}

static enum error is_few(struct import *import, bool *few)
{
	DB_ROWS_AUTO rows = NULL;
	uint64_t touched = import->made + import->changed;
	enum error error = db_query(import->db, NULL, STMT_IMPORT_TREE_SIZE, DB_VALUES(DB_UINT(import->distributor)), &rows);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(rows);
	*few = touched <= FEW_LINES && row != NULL && db_uint(row[0]) / FEW_PART >= touched;
	return ERR_NONE;
}

enum error import_apply(struct import *import)
{
	struct db_value id = DB_UINT(import->id);
	bool few = false;
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	enum error error = is_few(import, &few);
	if (error == ERR_NONE)
		error = db_execute(import->db, import->into, STMT_IMPORT_EVENTS_CHANGED,
			DB_VALUES(DB_TEXT(now), DB_TEXT(OPERATOR_NAME), id), NULL);
	if (error == ERR_NONE)
		error = end_access(import);
	if (error == ERR_NONE)
		error = db_execute(import->db, import->into, STMT_IMPORT_FREE_DOMAINS, &id, 1, NULL);
	if (error == ERR_NONE)
		error = few ? apply_few(import, now) : apply_many(import, now);
	if (error == ERR_NONE)
		error = db_execute(import->db, NULL, STMT_IMPORT_LINK, &id, 1, NULL);
	if (error == ERR_NONE)
		error = db_execute(import->db, NULL, STMT_IMPORT_EVENTS_MADE,
			DB_VALUES(DB_TEXT(now), DB_TEXT(OPERATOR_NAME), id), NULL);
	/* To the caller a refusal is one of the file. */
	return error == ERR_REFUSED ? ERR_INTERNAL : error;
}
