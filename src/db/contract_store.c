/* Contracts as they are written (contract_store.h). Knows no roles and no forms; checks dates against other contracts alone. */
#include "db/contract_store.h"

#include <string.h>

#include "base/arena.h"
#include "db/contract_day.h"

/* The columns of contract_standing. */
enum { S_STORED, S_VERSION, S_START, S_END, S_NAME, S_EMAIL, S_ID };

enum error contract_lock(struct db *db, const struct scope *scope, uint64_t tenant)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_CONTRACT_LOCK, DB_VALUES(DB_UINT(tenant)), &rows);

	return error == ERR_NONE && db_next(rows) == NULL ? ERR_NOT_FOUND : error;
}

enum error contract_in_the_way(struct db *db, const struct scope *scope, uint64_t tenant, uint64_t contract, const char *start,
	const char *end, struct arena *arena, struct contract_clash *clash)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_CONTRACT_IN_THE_WAY, DB_VALUES(DB_UINT(tenant), DB_UINT(contract),
		DB_TEXT(end), DB_TEXT(start)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	*clash = (struct contract_clash){ 0 };
	if (row != NULL)
		*clash = (struct contract_clash){ .id = arena_strdup(arena, row[0]), .name = arena_strdup(arena, row[1]),
			.start = arena_strdup(arena, row[2]), .end = row[3] != NULL ? arena_strdup(arena, row[3]) : NULL,
			.stored = arena_strdup(arena, row[4]), .former = db_uint(row[5]) != 0 };
	return error;
}

/* Empty texts are stored as such; an end that is open, as NULL. */
static enum error version_write(struct db *db, const struct scope *scope, const struct contract_author *author,
	uint64_t contract, const char *const values[CONTRACT_FIELDS_MAX])
{
	struct db_value list[4 + CONTRACT_FIELDS_MAX + 1] = { DB_TEXT(author->now), DB_UINT(author->user), DB_TEXT(author->name),
		DB_UINT(author->acting) };
	uint64_t changed;

	for (int i = 0; i < CONTRACT_FIELDS_MAX; i++)
		list[4 + i] = DB_TEXT(values[i] == NULL && i != CONTRACT_END ? "" : values[i]);
	list[4 + CONTRACT_FIELDS_MAX] = DB_UINT(contract);
	enum error error = db_execute(db, scope, STMT_CONTRACT_VERSION_INSERT, list, sizeof list / sizeof *list, &changed);
	return error == ERR_NONE && changed != 1 ? ERR_NOT_FOUND : error;
}

enum error contract_add(struct db *db, const struct scope *scope, const struct contract_author *author, uint64_t tenant,
	const char *id, uint64_t supersedes, const char *const values[CONTRACT_FIELDS_MAX])
{
	uint64_t changed;
	enum error error = db_execute(db, scope, STMT_CONTRACT_INSERT, DB_VALUES(DB_TEXT(id), DB_UINT(author->acting),
		DB_TEXT(values[CONTRACT_NAME]), DB_TEXT(values[CONTRACT_START]), DB_TEXT(values[CONTRACT_END]),
		supersedes != 0 ? DB_UINT(supersedes) : DB_NULL, DB_TEXT(author->now), DB_UINT(tenant)), &changed);

	if (error != ERR_NONE || changed != 1)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	return version_write(db, scope, author, db_insert_id(db), values);
}

enum error contract_save(struct db *db, const struct scope *scope, const struct contract_author *author, uint64_t contract,
	const char *const values[CONTRACT_FIELDS_MAX])
{
	uint64_t changed;
	enum error error = db_execute(db, scope, STMT_CONTRACT_UPDATE, DB_VALUES(DB_TEXT(values[CONTRACT_NAME]),
		DB_TEXT(values[CONTRACT_START]), DB_TEXT(values[CONTRACT_END]), DB_UINT(author->acting), DB_UINT(contract)), &changed);

	if (error != ERR_NONE || changed != 1)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	return version_write(db, scope, author, contract, values);
}

/* What is superseded ends on the day before START, or when it ends if that is earlier. One that has ended, or was
 * cancelled or superseded by another in between, stays as it is. */
static enum error shorten(struct db *db, const struct scope *scope, const struct contract_author *author, uint64_t key,
	const char *start, struct arena *arena, struct contract_old *old)
{
	char end[CLOCK_DATE_SIZE];
	uint64_t changed;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_CONTRACT_STANDING, DB_VALUES(DB_UINT(key)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	if (row == NULL || strcmp(row[S_STORED], "ready") != 0 ||
		contract_day_status(row[S_STORED], row[S_START], row[S_END], scope_today(scope)) == CONTRACT_EXPIRED)
		return error;
	clock_date_add(start, -1, end);
	if (row[S_END] != NULL && strcmp(row[S_END], end) < 0)
		memcpy(end, row[S_END], sizeof end);
	error = db_execute(db, scope, STMT_CONTRACT_SUPERSEDE, DB_VALUES(DB_TEXT(end), DB_UINT(author->acting), DB_UINT(key)),
		&changed);
	if (error == ERR_NONE && changed == 1)
		error = db_execute(db, scope, STMT_CONTRACT_SHORTEN, DB_VALUES(DB_TEXT(author->now), DB_UINT(author->user),
			DB_TEXT(author->name), DB_UINT(author->acting), DB_UINT(key)), &changed);
	*old = (struct contract_old){ .key = key, .id = arena_strdup(arena, row[S_ID]), .name = arena_strdup(arena, row[S_NAME]),
		.end = arena_strdup(arena, end), .email = arena_strdup(arena, row[S_EMAIL]),
		.version = (unsigned)db_uint(row[S_VERSION]) + 1 };
	return error;
}

enum error contract_make_ready(struct db *db, const struct scope *scope, const struct contract_author *author, uint64_t tenant,
	uint64_t contract, uint64_t supersedes, struct arena *arena, struct contract_clash *clash, struct contract_old *old)
{
	uint64_t changed;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, scope, STMT_CONTRACT_STANDING, DB_VALUES(DB_UINT(contract)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	*clash = (struct contract_clash){ 0 };
	*old = (struct contract_old){ 0 };
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	if (strcmp(row[S_STORED], "draft") != 0)
		return ERR_REFUSED;
	if (supersedes != 0)
		error = shorten(db, scope, author, supersedes, row[S_START], arena, old);
	if (error == ERR_NONE)
		error = contract_in_the_way(db, scope, tenant, contract, row[S_START], row[S_END], arena, clash);
	if (error != ERR_NONE || clash->id != NULL)
		return error != ERR_NONE ? error : ERR_REFUSED;
	error = db_execute(db, scope, STMT_CONTRACT_ACTIVATE, DB_VALUES(DB_UINT(author->acting), DB_UINT(contract)), &changed);
	return error == ERR_NONE && changed != 1 ? ERR_REFUSED : error;
}
