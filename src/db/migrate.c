/* The schema: which migrations the database has, and applying those that it has not.
 *
 * A migration is one statement. MySQL commits DDL by itself, so each is noted before it runs and after: one
 * that is found begun is run again, and what it has done already is no error then. Must never apply a migration
 * whose text differs from the one that was applied under its number. */
#include <mysqld_error.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/connection.h"
#include "db/migration.h"
#include "db/shape.h"

#define PATIENCE_SECONDS 3600 /* an ALTER of a large table takes its time */

/* What schema_migration says about one number. */
struct applied {
	bool begun, done;
	char checksum[2 * crypto_hash_sha256_BYTES + 1]; /* upper-case hexadecimal */
};

static void checksum_of(const struct migration *migration, uint8_t hash[crypto_hash_sha256_BYTES],
	char text[2 * crypto_hash_sha256_BYTES + 1])
{
	crypto_hash_sha256(hash, (const unsigned char *)migration->sql, strlen(migration->sql));
	sodium_bin2hex(text, 2 * crypto_hash_sha256_BYTES + 1, hash, crypto_hash_sha256_BYTES);
	for (char *c = text; *c != '\0'; c++) {
		if (*c >= 'a' && *c <= 'f')
			*c = (char)(*c - 'a' + 'A');
	}
}

static enum error table_exists(struct db *db, bool *exists)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SCHEMA_TABLE_EXISTS, DB_NO_VALUES, &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	*exists = row != NULL && db_uint(row[0]) > 0;
	return ERR_NONE;
}

/* Fills APPLIED (for each known number) and *NEWEST, which may be one that this program does not know. */
static enum error applied_read(struct db *db, struct applied *applied, unsigned *newest)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SCHEMA_LIST, DB_NO_VALUES, &rows);
	char **row;

	*newest = 0;
	if (error != ERR_NONE)
		return error;
	while ((row = db_next(rows)) != NULL) {
		uint64_t number = db_uint(row[0]);
		bool done = strcmp(row[2], "applied") == 0;

		if (done && number > *newest)
			*newest = (unsigned)number;
		if (number > migration_count || applied == NULL)
			continue;
		applied[number - 1].begun = true;
		applied[number - 1].done = done;
		memcpy(applied[number - 1].checksum, row[1], sizeof applied->checksum - 1);
	}
	return ERR_NONE;
}

unsigned db_schema_known(void)
{
	return migration_count;
}

enum error db_schema_version(struct db *db, unsigned *version)
{
	bool exists = false;
	enum error error = table_exists(db, &exists);

	*version = 0;
	if (error != ERR_NONE || !exists)
		return error;
	return applied_read(db, NULL, version);
}

/* What a step that was begun before may say when it had been done: the table, column or key is there,
 * or gone. */
static bool is_done_already(unsigned number)
{
	return number == ER_TABLE_EXISTS_ERROR || number == ER_DUP_FIELDNAME || number == ER_DUP_KEYNAME ||
		number == ER_CANT_DROP_FIELD_OR_KEY || number == ER_BAD_TABLE_ERROR;
}

static enum error migration_apply(struct db *db, const struct migration *migration, const struct applied *before)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char checksum[2 * crypto_hash_sha256_BYTES + 1], now[CLOCK_INSTANT_SIZE];
	enum error error;

	checksum_of(migration, hash, checksum);
	if (before->begun && strcmp(checksum, before->checksum) != 0) {
		log_error("migration %04u %s is not the one that was applied: its checksum differs", migration->number,
			migration->title);
		return ERR_INTERNAL;
	}
	if (before->done)
		return ERR_NONE;
	error = before->begun ? ERR_NONE : db_execute(db, NULL, STMT_SCHEMA_BEGIN, DB_VALUES(
		DB_UINT(migration->number), DB_TEXT(migration->title), DB_BYTES(hash, sizeof hash)), NULL);
	if (error == ERR_NONE)
		error = connection_need(db);
	if (error != ERR_NONE)
		return error;
	if (mysql_real_query(db->mysql, migration->sql, strlen(migration->sql)) != 0 &&
		!(before->begun && is_done_already(mysql_errno(db->mysql))))
		return connection_error(db, migration->title);
	clock_sql(clock_now_ms(), now);
	error = db_execute(db, NULL, STMT_SCHEMA_DONE, DB_VALUES(DB_TEXT(now), DB_UINT(migration->number)), NULL);
	if (error == ERR_NONE)
		log_info("migration %04u %s applied", migration->number, migration->title);
	return error;
}

static enum error migrations_apply(struct db *db)
{
	struct applied *applied = calloc(migration_count + 1, sizeof *applied);
	unsigned newest;
	enum error error;

	if (applied == NULL)
		return ERR_INTERNAL;
	error = applied_read(db, applied, &newest);
	if (error == ERR_NONE && newest > migration_count) {
		log_error("the database has migration %u, this program knows %u: it is too old", newest, migration_count);
		error = ERR_INTERNAL;
	}
	for (unsigned i = 0; i < migration_count && error == ERR_NONE; i++)
		error = migration_apply(db, &migrations[i], &applied[i]);
	free(applied);
	return error;
}

/* Runs in a transaction of its own connection, whose lock on a row keeps a second migrator waiting: on
 * the working connection DDL would end the transaction and free the lock. */
static enum error migrate_locked(struct db *lock, void *arg)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(lock, NULL, STMT_SCHEMA_LOCK, DB_NO_VALUES, &rows);

	if (error != ERR_NONE)
		return error;
	return migrations_apply(arg);
}

enum error db_migrate(struct db *db)
{
	struct db *worker = db_new_patient(db, PATIENCE_SECONDS), *lock = db_new_patient(db, PATIENCE_SECONDS);
	enum error error = db_execute(worker, NULL, STMT_SCHEMA_TABLE, DB_NO_VALUES, NULL);

	if (error == ERR_NONE)
		error = db_execute(worker, NULL, STMT_SCHEMA_LOCK_ROW, DB_NO_VALUES, NULL);
	if (error == ERR_NONE)
		error = db_transaction(lock, migrate_locked, worker);
	db_close(worker);
	db_close(lock);
	return error;
}

enum error db_migrate_status(struct db *db, void (*show)(unsigned number, const char *title, bool applied))
{
	struct applied *applied = calloc(migration_count + 1, sizeof *applied);
	bool exists = false;
	unsigned newest;
	enum error error = applied != NULL ? table_exists(db, &exists) : ERR_INTERNAL;

	if (error == ERR_NONE && exists)
		error = applied_read(db, applied, &newest);
	for (unsigned i = 0; i < migration_count && error == ERR_NONE; i++)
		show(migrations[i].number, migrations[i].title, applied[i].done);
	free(applied);
	return error;
}

enum error shape_migrations(struct db *db, shape_fn *tell, void *arg)
{
	struct applied *applied = calloc(migration_count + 1, sizeof *applied);
	uint8_t hash[crypto_hash_sha256_BYTES];
	char checksum[2 * crypto_hash_sha256_BYTES + 1], text[200];
	unsigned newest;
	enum error error = applied != NULL ? applied_read(db, applied, &newest) : ERR_INTERNAL;

	for (unsigned i = 0; i < migration_count && error == ERR_NONE; i++) {
		const char *title = migrations[i].title;
		checksum_of(&migrations[i], hash, checksum);
		if (!applied[i].done) {
			snprintf(text, sizeof text, "migration %04u %s %s", i + 1, title,
				applied[i].begun ? "was begun and not finished" : "was not applied");
			tell(arg, text, "tenantry migrate", false);
		}
		if (applied[i].begun && strcmp(checksum, applied[i].checksum) != 0) {
			snprintf(text, sizeof text, "migration %04u %s has another checksum than this program's", i + 1, title);
			tell(arg, text, "another program made this schema: install that one, or restore the backup from before its migrate", false);
		}
	}
	free(applied);
	return error;
}
