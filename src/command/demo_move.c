/* Moves demo data to another day: all instants and dates by the same number of whole days, so that the result is what
 * that day's demo would have been. What people did in between moves with it. */
#include <stdlib.h>

#include "command/demo.h"
#include "db/db.h"
#include "db/list_table.h"

#define STALE_MS (INT64_C(48) * 3600 * 1000)
#define CHUNK 2000

struct move {
	int64_t days;
	const char *from, *to;
	uint64_t fresh; /* sources that are a success again */
	uint64_t due;   /* tenants whose contracts are to be recounted */
	uint64_t zones; /* of these, for their zone */
};

static enum error move_table(struct db *db, enum statement statement, unsigned values, int64_t days)
{
	struct db_value list[8];
	for (unsigned i = 0; i < values; i++)
		list[i] = DB_INT(days);
	return db_execute(db, NULL, statement, list, values, NULL);
}

/* What the housekeeper has made of the passing days in the meantime is undone: the dates it followed move. */
static enum error undo_time(struct db *db, struct move *move)
{
	char fresh_since[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms() - STALE_MS, fresh_since);
	enum error error = db_execute(db, NULL, STMT_DEMO_MOVE_FRESH, DB_VALUES(DB_TEXT(fresh_since)), &move->fresh);
	if (error != ERR_NONE)
		return error;
	/* One day more on both sides: zones. */
	char low[CLOCK_DATE_SIZE], high[CLOCK_DATE_SIZE];
	clock_date_add(move->to, (int)-move->days - 1, low);
	clock_date_add(move->to, (int)move->days + 1, high);
	error = db_execute(db, NULL, STMT_DEMO_MOVE_DUE,
		DB_VALUES(DB_TEXT(low), DB_TEXT(high), DB_TEXT(low), DB_TEXT(high)), &move->due);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_DEMO_MOVE_ZONES, DB_NO_VALUES, &move->zones);
	/* The list of contracts is recounted beside, for the same reasons and some more. */
	uint64_t contracts = 0, contract_zones = 0;
	struct db_value from = DB_TEXT(low), to = DB_TEXT(high);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_DEMO_MOVE_CONTRACTS_DUE,
			DB_VALUES(from, to, from, to, from, to, from, to, from, to), &contracts);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_DEMO_MOVE_CONTRACT_ZONES, DB_NO_VALUES, &contract_zones);
	move->due += contracts;
	move->zones += contract_zones;
	return error;
}

static enum error move_all(struct db *db, void *arg)
{
	static const struct {
		enum statement statement;
		unsigned values;
	} tables[] = {
		{ STMT_DEMO_MOVE_TENANT, 4 }, { STMT_DEMO_MOVE_USER, 6 }, { STMT_DEMO_MOVE_CONTRACT, 3 },
		{ STMT_DEMO_MOVE_CONTRACT_VERSION, 3 }, { STMT_DEMO_MOVE_SOURCE, 4 }, { STMT_DEMO_MOVE_RUN, 3 },
		{ STMT_DEMO_MOVE_EVENT, 1 }, { STMT_DEMO_MOVE_LIST, 2 }, { STMT_DEMO_MOVE_CONTRACT_LIST, 3 },
	};
	struct move *move = arg;
	enum error error = ERR_NONE;
	for (size_t i = 0; error == ERR_NONE && i < sizeof tables / sizeof tables[0]; i++)
		error = move_table(db, tables[i].statement, tables[i].values, move->days);
	if (error == ERR_NONE)
		error = undo_time(db, move);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_DEMO_STATE_DAY, DB_VALUES(DB_TEXT(move->to)), NULL);
	return error;
}

enum error demo_move(struct db *db, const char *from, const char *to)
{
	struct move move = { .from = from, .to = to };
	unsigned done = CHUNK;
	move.days = (clock_date_start(to, "UTC") - clock_date_start(from, "UTC")) / 86400;
	enum error error = db_transaction(db, move_all, &move);
	/* Sources that went stale changed the roll-ups of all above them: those are rebuilt; a few contracts are followed. */
	if (error == ERR_NONE && move.fresh > 0)
		return demo_rebuild(db);
	if (error == ERR_NONE)
		error = demo_rebuild_days(db);
	while (error == ERR_NONE && move.due + move.zones > 0 && done == CHUNK)
		error = list_table_follow_time(db, CHUNK, &done);
	return error;
}
