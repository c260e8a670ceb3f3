/* Following changes (list_change.h). Must never give a place to what is not committed, nor twice the same mark. */
#include "db/list_change.h"

#include "base/arena.h"
#include "base/clock.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define FRESH_MS 1000 /* a mark so young is given out again when nothing waits */
#define CHUNK 1000
#define EXPIRE_CHUNK 1000

enum error list_change_tenants(struct db *db, const uint64_t *tenants, size_t count)
{
	if (count == 0)
		return ERR_NONE;
	return db_execute(db, NULL, STMT_CHANGE_PUT, DB_VALUES(DB_UINTS(tenants, count)), NULL);
}

enum error list_change_one(struct db *db, uint64_t tenant, uint64_t reseller, uint64_t distributor, const char *id)
{
	return db_execute(db, NULL, STMT_CHANGE_PUT_ONE,
		DB_VALUES(DB_UINT(tenant), DB_UINT(reseller), DB_UINT(distributor), DB_TEXT(id)), NULL);
}

enum error list_change_labels(struct db *db, const uint64_t *labels, size_t count)
{
	if (count == 0)
		return ERR_NONE;
	return db_execute(db, NULL, STMT_CHANGE_PUT_AT, DB_VALUES(DB_UINTS(labels, count)), NULL);
}

enum error list_change_left(struct db *db, uint64_t tenant, uint64_t reseller)
{
	return db_execute(db, NULL, STMT_CHANGE_LEFT, DB_VALUES(DB_UINT(reseller), DB_UINT(tenant)), NULL);
}

static enum error tree_key(struct db *db, uint64_t label, uint64_t *distributor)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_CHANGE_DISTRIBUTOR, DB_VALUES(DB_UINT(tree_distributor(label))), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	*distributor = row != NULL ? db_uint(row[0]) : 0;
	return error == ERR_NONE && row == NULL ? ERR_NOT_FOUND : error;
}

/* Marks being given. */
struct marking {
	uint64_t distributor, mark, oldest;
	bool begin_again; /* nothing before this mark can be followed */
};

/* Takes the tree's row, and the next mark. */
static enum error mark_take(struct db *db, struct marking *marking)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_execute(db, NULL, STMT_CHANGE_MARK_NEW, DB_VALUES(DB_UINT(marking->distributor)), NULL);
	uint64_t now = (uint64_t)clock_now_ms(), last;
	char **row;

	if (error == ERR_NONE)
		error = db_query(db, NULL, STMT_CHANGE_MARK_LOCK, DB_VALUES(DB_UINT(marking->distributor)), &rows);
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	if (row == NULL)
		return ERR_CONFLICT;
	last = db_uint(row[0]);
	marking->mark = now > last ? now : last + 1;
	marking->oldest = marking->begin_again ? marking->mark : db_uint(row[1]);
	return db_execute(db, NULL, STMT_CHANGE_MARK_STORE,
		DB_VALUES(DB_UINT(marking->mark), DB_UINT(marking->oldest), DB_UINT(marking->distributor)), NULL);
}

/* Gives the mark to what waits; *COUNT of them. */
static enum error mark_give(struct db *db, const struct marking *marking, size_t *count)
{
	uint64_t ids[CHUNK];
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_CHANGE_WAITING, DB_VALUES(DB_UINT(marking->distributor), DB_UINT(CHUNK)), &rows);
	char **row;

	*count = 0;
	if (error != ERR_NONE)
		return error;
	while ((row = db_next(rows)) != NULL)
		ids[(*count)++] = db_uint(row[0]);
	if (*count == 0)
		return ERR_NONE;
	return db_execute(db, NULL, STMT_CHANGE_NUMBER, DB_VALUES(DB_UINT(marking->mark), DB_UINTS(ids, *count)), NULL);
}

static enum error mark_all(struct db *db, void *arg)
{
	struct marking *marking = arg;
	size_t count = CHUNK;
	enum error error = mark_take(db, marking);

	while (error == ERR_NONE && count == CHUNK)
		error = mark_give(db, marking, &count);
	return error;
}

enum error list_change_all(struct db *db, uint64_t distributor_label)
{
	struct marking marking = { .begin_again = true };
	enum error error = tree_key(db, distributor_label, &marking.distributor);

	return error == ERR_NONE ? mark_take(db, &marking) : error;
}

enum error list_change_mark(struct db *db, const struct scope *scope, uint64_t *mark, uint64_t *oldest)
{
	struct marking marking = { 0 };
	uint64_t now = (uint64_t)clock_now_ms(), kept = now - LIST_CHANGE_DAYS * DAY_MS;
	DB_ROWS_AUTO rows = NULL;
	enum error error = tree_key(db, scope_low(scope), &marking.distributor);
	bool fresh = false;
	char **row;

	if (error == ERR_NONE)
		error = db_query(db, NULL, STMT_CHANGE_MARK_READ, DB_VALUES(DB_UINT(marking.distributor)), &rows);
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	if (row != NULL && db_uint(row[2]) == 0) {
		marking.mark = db_uint(row[0]);
		marking.oldest = db_uint(row[1]);
		fresh = marking.mark + FRESH_MS > now;
	}
	if (!fresh)
		error = db_transaction(db, mark_all, &marking);
	*mark = marking.mark;
	*oldest = marking.oldest > kept ? marking.oldest : kept;
	return error;
}

enum error list_change_read(struct db *db, const struct scope *scope, uint64_t since, uint64_t until, uint64_t after, const char *id,
	unsigned limit, struct arena *arena, struct list_change **changes, size_t *count)
{
	static const enum statement lists[] = { [TIER_DISTRIBUTOR] = STMT_CHANGE_LIST_DISTRIBUTOR,
		[TIER_RESELLER] = STMT_CHANGE_LIST_RESELLER, [TIER_CUSTOMER] = STMT_CHANGE_LIST_CUSTOMER };
	uint64_t from = id != NULL ? after : since + 1;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, lists[scope_tier(scope)], DB_VALUES(DB_UINT(scope_tenant(scope)), DB_UINT(from),
		DB_UINT(until), DB_UINT(from), DB_TEXT(id != NULL ? id : ""), DB_UINT(limit)), &rows);
	char **row;

	*count = 0;
	if (error != ERR_NONE)
		return error;
	*changes = arena_array(arena, db_rows_count(rows) + 1, sizeof **changes);
	while ((row = db_next(rows)) != NULL)
		(*changes)[(*count)++] = (struct list_change){ .mark = db_uint(row[0]), .tree_pos = db_uint(row[2]),
			.id = arena_strdup(arena, row[1]) };
	return ERR_NONE;
}

enum error list_change_housekeep(struct db *db)
{
	/* An hour more than is told: who has just asked may still be reading. */
	uint64_t before = (uint64_t)(clock_now_ms() - LIST_CHANGE_DAYS * DAY_MS - DAY_MS / 24);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_CHANGE_TREES, DB_NO_VALUES, &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	while (error == ERR_NONE && (row = db_next(rows)) != NULL) {
		uint64_t distributor = db_uint(row[0]), changed = EXPIRE_CHUNK;

		while (error == ERR_NONE && changed == EXPIRE_CHUNK)
			error = db_execute(db, NULL, STMT_CHANGE_EXPIRE, DB_VALUES(DB_UINT(distributor), DB_UINT(before)), &changed);
	}
	return error;
}
