/* The shape of the tables, read from the text of the migrations and compared with information_schema.
 *
 * Owns a small reader of our own DDL: one column or key a line, as the migrations are written. Must never change a
 * table: it says the statement that would. A migration in a form that is not read here makes the doctor
 * find fault with a fresh database, which a test sees. */
#include "db/shape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "db/migration.h"

enum part_kind { PART_TABLE, PART_COLUMN, PART_KEY };

/* Something that there should be. */
struct part {
	struct part *next;
	enum part_kind kind;
	const char *table, *name;
	const char *definition; /* as the migration says it */
	const char *collation;  /* of a column with text, or a table's default; "utf8mb4_" alone: any of it; NULL: none */
	bool own;               /* the column says its collation itself */
	bool gone, seen;
};

struct shape {
	struct arena *arena;
	struct part *first, **last;
	struct part *table; /* the one that is being read */
	shape_fn *tell;
	void *arg;
};

static const char *word_of(struct shape *shape, const char *text)
{
	return arena_strndup(shape->arena, text, strcspn(text, " (,;"));
}

/* The word behind MARK in TEXT; NULL when there is none. */
static const char *word_behind(struct shape *shape, const char *text, const char *mark)
{
	const char *found = strstr(text, mark);

	return found != NULL ? word_of(shape, found + strlen(mark)) : NULL;
}

static struct part *find(const struct shape *shape, enum part_kind kind, const char *table, const char *name)
{
	for (struct part *part = shape->first; part != NULL; part = part->next)
		if (part->kind == kind && !part->gone && strcmp(part->table, table) == 0 && strcmp(part->name, name) == 0)
			return part;
	return NULL;
}

static struct part *add(struct shape *shape, enum part_kind kind, const char *name, const char *definition)
{
	const char *table = kind == PART_TABLE ? name : shape->table->name;
	struct part *part = find(shape, kind, table, name);

	if (part == NULL) {
		part = arena_alloc(shape->arena, sizeof *part);
		*part = (struct part){ .kind = kind, .table = table, .name = name };
		*shape->last = part;
		shape->last = &part->next;
	}
	part->definition = definition;
	part->gone = false;
	return part;
}

static const char *collation_of(const char *charset, const char *collation)
{
	if (collation != NULL || charset == NULL)
		return collation;
	return strcmp(charset, "ascii") == 0 ? "ascii_general_ci" : "utf8mb4_";
}

static void read_column(struct shape *shape, const char *text)
{
	static const char *const texts[] = { "VARCHAR", "CHAR", "ENUM", "TEXT", "MEDIUMTEXT", "LONGTEXT" };
	struct part *part = add(shape, PART_COLUMN, word_of(shape, text), text);
	const char *type = word_of(shape, text + strlen(part->name) + 1);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(type, texts[i]) == 0) {
			part->collation = collation_of(word_behind(shape, text, "CHARACTER SET "), word_behind(shape, text, "COLLATE "));
			part->own = part->collation != NULL;
			if (part->collation == NULL)
				part->collation = shape->table->collation != NULL ? shape->table->collation : "";
		}
}

/* The last line of CREATE TABLE: its collation is that of the columns before that say none. */
static void read_end(struct shape *shape, const char *text)
{
	shape->table->collation = collation_of(word_behind(shape, text, "CHARSET="), word_behind(shape, text, "COLLATE="));
	for (struct part *part = shape->first; part != NULL; part = part->next)
		if (part->kind == PART_COLUMN && strcmp(part->table, shape->table->name) == 0 && part->collation != NULL &&
			part->collation[0] == '\0')
			part->collation = shape->table->collation;
}

static void drop(struct shape *shape, enum part_kind kind, const char *name)
{
	struct part *part = find(shape, kind, shape->table->name, name);

	if (part != NULL)
		part->gone = true;
}

static const char *skip(const char *text, const char *word)
{
	size_t length = strlen(word);

	return strncmp(text, word, length) == 0 ? text + length : text;
}

/* One line of DDL without its indentation and its comma. UPDATE, INSERT and the like make no shape. */
static void read_line(struct shape *shape, const char *line)
{
	const char *text = skip(line, "CREATE TABLE "), *rest;

	if (text != line) {
		shape->table = add(shape, PART_TABLE, word_of(shape, text), line);
		return;
	}
	text = skip(line, "ALTER TABLE ");
	if (text != line) {
		const char *name = word_of(shape, text);
		shape->table = add(shape, PART_TABLE, name, line);
		text += strlen(name);
		text += strspn(text, " ");
	}
	if (*text == '\0' || shape->table == NULL)
		return;
	if (*text == ')') {
		read_end(shape, text);
		return;
	}
	if ((rest = skip(text, "DROP COLUMN ")) != text) {
		drop(shape, PART_COLUMN, word_of(shape, rest));
		return;
	}
	if ((rest = skip(text, "DROP KEY ")) != text) {
		drop(shape, PART_KEY, word_of(shape, rest));
		return;
	}
	text = skip(skip(skip(text, "ADD "), "MODIFY "), "COLUMN ");
	if (strncmp(text, "PRIMARY KEY", 11) == 0)
		add(shape, PART_KEY, "PRIMARY", text);
	else if ((rest = skip(skip(text, "UNIQUE "), "KEY ")) != text)
		add(shape, PART_KEY, word_of(shape, rest), text);
	else
		read_column(shape, text);
}

static void read_migration(struct shape *shape, const char *sql)
{
	shape->table = NULL;
	while (*sql != '\0') {
		size_t length = strcspn(sql, "\n"), indent = strspn(sql, " \t"), end = length;

		while (end > indent && strchr(" ,;\r", sql[end - 1]) != NULL)
			end--;
		if (end > indent && strncmp(sql + indent, "--", 2) != 0)
			read_line(shape, arena_strndup(shape->arena, sql + indent, end - indent));
		sql += length + (sql[length] == '\n');
	}
}

static void tell(struct shape *shape, bool missing, const char *mend, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void tell(struct shape *shape, bool missing, const char *mend, const char *format, ...)
{
	char text[512];
	va_list values;

	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	shape->tell(shape->arg, text, mend, missing);
}

static bool collation_good(const char *wanted, const char *found)
{
	if (wanted == NULL || found == NULL)
		return wanted == NULL && found == NULL;
	return strcmp(wanted, "utf8mb4_") == 0 ? strncmp(found, wanted, strlen(wanted)) == 0 : strcmp(wanted, found) == 0;
}

/* "ALTER TABLE t MODIFY name TYPE CHARACTER SET x COLLATE y REST": with the collation also where the migration left it
 * to the table, whose own may be wrong, too. */
static void tell_collation(struct shape *shape, const struct part *part, const char *found)
{
	const char *type = part->definition + strlen(part->name) + 1;
	size_t length = strcspn(type, "( ");
	char mend[1024];

	if (type[length] == '(')
		length += strcspn(type + length, ")") + 1;
	if (part->own)
		snprintf(mend, sizeof mend, "ALTER TABLE %s MODIFY %s", part->table, part->definition);
	else
		snprintf(mend, sizeof mend, "ALTER TABLE %s MODIFY %s %.*s CHARACTER SET %.*s COLLATE %s%s", part->table, part->name,
			(int)length, type, (int)strcspn(part->collation, "_"), part->collation, part->collation, type + length);
	tell(shape, false, mend, "column %s.%s has the collation %s, not %s", part->table, part->name, found != NULL ? found : "none",
		part->collation != NULL ? part->collation : "none");
}

static enum error compare_tables(struct shape *shape, struct db *db)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SCHEMA_SHAPE_TABLES, DB_NO_VALUES, &rows);
	char mend[300];

	for (char **row = error == ERR_NONE ? db_next(rows) : NULL; row != NULL; row = db_next(rows)) {
		struct part *part = find(shape, PART_TABLE, row[0], row[0]);
		if (part == NULL)
			continue;
		part->seen = true;
		if (row[1] == NULL || strcmp(row[1], "InnoDB") != 0) {
			snprintf(mend, sizeof mend, "ALTER TABLE %s ENGINE=InnoDB", part->name);
			tell(shape, false, mend, "table %s has the engine %s, which has no transactions", part->name, row[1] != NULL ? row[1] : "NULL");
		}
		if (part->collation != NULL && !collation_good(part->collation, row[2])) {
			snprintf(mend, sizeof mend, "ALTER TABLE %s DEFAULT CHARACTER SET %.*s COLLATE %s", part->name,
				(int)strcspn(part->collation, "_"), part->collation, part->collation);
			tell(shape, false, mend, "table %s has the collation %s, not %s", part->name, row[2] != NULL ? row[2] : "none", part->collation);
		}
	}
	return error;
}

static enum error compare_columns(struct shape *shape, struct db *db)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SCHEMA_SHAPE_COLUMNS, DB_NO_VALUES, &rows);

	for (char **row = error == ERR_NONE ? db_next(rows) : NULL; row != NULL; row = db_next(rows)) {
		struct part *part = find(shape, PART_COLUMN, row[0], row[1]);
		if (part == NULL)
			continue;
		part->seen = true;
		if (!collation_good(part->collation, row[2]))
			tell_collation(shape, part, row[2]);
	}
	return error;
}

static enum error compare_keys(struct shape *shape, struct db *db)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_SCHEMA_SHAPE_KEYS, DB_NO_VALUES, &rows);

	for (char **row = error == ERR_NONE ? db_next(rows) : NULL; row != NULL; row = db_next(rows)) {
		struct part *part = find(shape, PART_KEY, row[0], row[1]);
		bool unique = part != NULL && (strncmp(part->definition, "UNIQUE", 6) == 0 || strcmp(part->name, "PRIMARY") == 0);
		if (part != NULL && (!unique || db_uint(row[2]) == 0))
			part->seen = true;
	}
	return error;
}

static void tell_missing(struct shape *shape)
{
	char mend[1024];

	for (const struct part *part = shape->first; part != NULL; part = part->next) {
		const struct part *table = find(shape, PART_TABLE, part->table, part->table);
		if (part->gone || part->seen || (part->kind != PART_TABLE && !table->seen))
			continue;
		if (part->kind == PART_TABLE) {
			tell(shape, true, "stop the service and restore the backup; no command brings its rows back", "table %s is missing", part->name);
			continue;
		}
		snprintf(mend, sizeof mend, "ALTER TABLE %s ADD %s%s", part->table, part->kind == PART_COLUMN ? "COLUMN " : "", part->definition);
		tell(shape, part->kind == PART_COLUMN, mend, "table %s has no %s %s", part->table, part->kind == PART_COLUMN ? "column" : "key", part->name);
	}
}

enum error shape_compare(struct db *db, shape_fn *tell_one, void *arg)
{
	struct shape shape = { .arena = arena_new(), .tell = tell_one, .arg = arg };
	enum error error;

	shape.last = &shape.first;
	for (unsigned i = 0; i < migration_count; i++)
		read_migration(&shape, migrations[i].sql);
	error = compare_tables(&shape, db);
	if (error == ERR_NONE)
		error = compare_columns(&shape, db);
	if (error == ERR_NONE)
		error = compare_keys(&shape, db);
	if (error == ERR_NONE)
		tell_missing(&shape);
	arena_free(shape.arena);
	return error;
}
