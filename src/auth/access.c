/* What a move ends (access.h). What stays and is hidden from the new parent is decided where it is read. */
#include "auth/access.h"

#include "base/clock.h"

enum error access_end_moved(struct db *db, const struct scope *scope, const uint64_t *tenants, size_t count)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	enum error error = db_execute(db, scope, STMT_ACCESS_END_INVITATIONS, DB_VALUES(DB_TEXT(now), DB_UINTS(tenants, count)), NULL);
	return error == ERR_NONE
		? db_execute(db, scope, STMT_ACCESS_END_TOKENS, DB_VALUES(DB_TEXT(now), DB_UINTS(tenants, count)), NULL) : error;
}
