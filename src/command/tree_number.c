/* Numbering in the order of names, by the database: it alone knows the collation. */
#include "command/tree_number.h"

/* The first label of the parked reseller that stands for TOP, when TOP is a reseller. */
#define PARKED_RESELLER (TREE_PARKED + (UINT64_C(1) << TREE_PART_BITS))

static enum error number_distributor(struct db *db, uint64_t top)
{
	enum error error = db_execute(db, NULL, STMT_TREE_PARK_RESELLERS,
		DB_VALUES(DB_UINT(top), DB_UINT(TREE_PARKED)), NULL);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_TREE_PARK_CUSTOMERS, DB_VALUES(DB_UINT(top)), NULL);
	return error;
}

enum error tree_number(struct db *db, uint64_t top, enum tier tier, uint64_t tree_pos)
{
	uint64_t from = tier == TIER_DISTRIBUTOR ? TREE_PARKED : PARKED_RESELLER;
	enum error error = tier == TIER_DISTRIBUTOR ? number_distributor(db, top)
		: db_execute(db, NULL, STMT_TREE_PARK_CUSTOMERS_OF, DB_VALUES(DB_UINT(top), DB_UINT(PARKED_RESELLER)), NULL);
	if (error != ERR_NONE)
		return error;
	return db_execute(db, NULL, STMT_TREE_UNPARK, DB_VALUES(DB_UINT(from), DB_UINT(tree_pos), DB_UINT(TREE_PARKED)),
		NULL);
}
