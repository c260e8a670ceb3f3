/* tenantry export [ID]: all columns, raw, as CSV on standard output; in constant memory, from one snapshot. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/customer_cells.h"
#include "base/arena.h"
#include "base/id.h"
#include "command/command.h"
#include "command/operator.h"
#include "db/list.h"

#define CHUNK 1000
#define ROOTS_MAX 16384 /* more distributors than labels has no installation */
#define OUT_MAX (8 * 1024 * 1024)

struct export {
	struct db *db;
	struct arena *roots, *rows; /* what lives for the whole run, and for a chunk */
	struct buf out;
	bool lost; /* standard output takes no more */
};

static bool send(struct export *export)
{
	if (fwrite(export->out.data, 1, export->out.length, stdout) != export->out.length)
		export->lost = true;
	buf_reset(&export->out);
	return !export->lost;
}

/* The tree of a scope, chunk by chunk. */
static enum error export_scope(struct export *export, const struct scope *scope)
{
	uint64_t low = scope_low(scope);
	for (;;) {
		struct list_row *rows;
		size_t count;
		enum error error = list_rows(export->db, scope, NULL, low, scope_high(scope), false, CHUNK, export->rows, &rows,
			&count);
		if (error != ERR_NONE)
			return error;
		for (size_t i = 0; i < count; i++)
			customer_csv_row(&export->out, export->rows, &rows[i], COLUMNS_ALL, true, false);
		if (count > 0)
			low = rows[count - 1].tree_pos + 1;
		arena_reset(export->rows);
		if (!send(export))
			return ERR_CUT;
		if (count < CHUNK)
			return ERR_NONE;
	}
}

/* The public IDs of all distributors. */
static enum error find_roots(struct export *export, const char **ids, size_t *count)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(export->db, NULL, STMT_OPERATOR_DISTRIBUTORS, DB_NO_VALUES, &rows);
	*count = 0;
	if (error != ERR_NONE)
		return error;
	for (char **row = db_next(rows); row != NULL && *count < ROOTS_MAX; row = db_next(rows))
		ids[(*count)++] = arena_strdup(export->roots, row[0]);
	return ERR_NONE;
}

static enum error export_all(struct export *export, const char *id)
{
	const char **ids = arena_array(export->roots, ROOTS_MAX, sizeof *ids);
	size_t count = 1;
	ids[0] = id;
	enum error error = id == NULL ? find_roots(export, ids, &count) : ERR_NONE;
	customer_csv_header(&export->out, COLUMNS_ALL);
	for (size_t i = 0; error == ERR_NONE && i < count; i++) {
		const struct scope *scope;
		error = operator_scope(export->db, export->roots, ids[i], &scope);
		if (error == ERR_NONE)
			error = scope != NULL ? export_scope(export, scope) : ERR_NOT_FOUND;
	}
	if (error == ERR_NONE && !send(export))
		error = ERR_CUT;
	return error;
}

int command_export(const struct config *config, const char *config_file, int argc, char **argv)
{
	const char *id = operator_word(argc, argv);
	(void)config_file;
	if (operator_rest(argc, argv))
		return operator_usage("export [ID]");
	if (id != NULL && !id_valid(id))
		return operator_fail("export", "%s is not an ID", id);
	struct config patient = operator_config(config);
	struct export export = { .db = db_new(&patient), .roots = arena_new(), .rows = arena_new() };
	buf_init(&export.out, OUT_MAX);
	int status = operator_check_schema("export", export.db);
	if (status == EXIT_DONE) {
		enum error error = db_snapshot_begin(export.db);
		if (error == ERR_NONE)
			error = export_all(&export, id);
		db_snapshot_end(export.db);
		if (error == ERR_NONE && (fflush(stdout) != 0 || ferror(stdout)))
			error = ERR_CUT;
		status = error == ERR_CUT ? operator_fail("export", "cut: %s", strerror(errno))
			: error == ERR_NOT_FOUND ? operator_fail("export", "there is no tenant %s", id)
			: operator_result("export", error);
	}
	buf_free(&export.out);
	arena_free(export.roots);
	arena_free(export.rows);
	db_close(export.db);
	return status;
}
