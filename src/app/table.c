/* CSV answers of table.h: cells to documents, documents through the sheet, bytes out. */
#include "app/table.h"

#include <string.h>
#include <time.h>

#include "app/answer.h"
#include "app/pipeline.h"
#include "app/routes.h"
#include "base/clock.h"
#include "base/text.h"

#define TABLE_CHUNK_ROWS 100
#define TABLE_CHUNK_BYTES ((size_t)4 * 1024 * 1024)
#define TABLE_FLUSH_BYTES ((size_t)48 * 1024)
#define TABLE_CHECK_MS 1000
#define TABLE_YIELD_MS 5
#define TABLE_TURN_MS 50

/* Session and scope again, on the second connection: the first has the snapshot of the export. */
static enum error table_check(struct context *c)
{
	struct table *table = c->table;
	int64_t now = clock_monotonic_ms();
	if (now - table->checked_at < TABLE_CHECK_MS)
		return ERR_NONE;
	table->checked_at = now;
	arena_reset(table->arena);
	enum error error = identity_check(c->app->watch_db, c->app->config, table->arena, c->identity);
	if (error != ERR_NONE || c->route->relation == RELATION_NONE)
		return error;
	/* The tenant that the file is about may have gone to somebody else. */
	DB_ROWS_AUTO rows = NULL;
	error = db_query(c->app->watch_db, c->scope, STMT_CUSTOMER_BY_ID, DB_VALUES(DB_TEXT(c->ids[0])), &rows);
	return error == ERR_NONE && db_next(rows) == NULL ? ERR_CUT : error;
}

enum error table_flush(struct context *c, bool last)
{
	struct table *table = c->table;
	if (table->rows > 0) {
		enum error error = sheets_apply(c->app->sheets, "csv/list", grid_doc(table->grid), &table->out);
		if (error != ERR_NONE)
			return error;
		grid_empty(table->grid);
		table->rows = 0;
	}
	if (table->out.length < TABLE_FLUSH_BYTES && !last)
		return ERR_NONE;
	if (!http_stream_write(table->transport, table->out.data, table->out.length))
		return ERR_CUT;
	buf_reset(&table->out);
	return table_check(c);
}

/* Pages come first, and the processors' own priorities know nothing of the database's threads: as long as pages are being served, all files
 * together go on by one chunk in TABLE_TURN_MS, which costs pages about a twentieth. A million rows then take a minute, or some when there are
 * more files: far below what nginx takes for an end, and what an open snapshot costs the database. */
static void table_yield(const struct context *c)
{
	const struct app_host *host = &c->app->host;
	if (!host->busy(host->arg))
		return;
	int turns = 1 + (int)host->count(host->arg, STEP_EXPORT, 0);
	for (int waited = 0; waited < turns * TABLE_TURN_MS && host->busy(host->arg); waited += TABLE_YIELD_MS)
		nanosleep(&(struct timespec){ .tv_nsec = TABLE_YIELD_MS * 1000000L }, NULL);
}

enum error table_wanted(const struct context *c)
{
	table_yield(c);
	return http_gone(c->table->transport) ? ERR_CUT : ERR_NONE;
}

bool table_raw(const struct context *c)
{
	return !c->table->guard;
}

enum error table_row(struct context *c, const char *const *cells)
{
	struct table *table = c->table;
	for (size_t i = 0; i < table->columns; i++) {
		const char *text = cells[i] != NULL ? cells[i] : "";
		if (!csv_plain(text, table->guard)) {
			buf_reset(&table->cell);
			csv_cell(&table->cell, text, table->guard);
			text = table->cell.data;
		}
		grid_cell(table->grid, text);
	}
	return ++table->rows < TABLE_CHUNK_ROWS ? ERR_NONE : table_flush(c, false);
}

enum error table_begin(struct context *c, const char *name, uint64_t rows, const char *const *header, size_t columns)
{
	struct table *table = c->table;
	const char *raw = http_query(c->http, "raw"), *bom = http_query(c->http, "bom");
	/* In the snapshot that the rows will be read in. */
	enum error error = identity_place(c->db, c->identity);
	if (error != ERR_NONE)
		return error;
	table->columns = columns;
	table->guard = raw == NULL || strcmp(raw, "1") != 0;
	table->checked_at = clock_monotonic_ms();
	table->arena = arena_new();
	buf_init(&table->out, TABLE_CHUNK_BYTES);
	buf_init(&table->cell, TABLE_CHUNK_BYTES);
	table->grid = grid_new("csv", "row", "c", TABLE_CHUNK_ROWS, columns);

	struct http_response response = { .status = 200, .content_type = "text/csv; charset=utf-8; header=present" };
	http_header(&response, "Content-Disposition", arena_printf(c->arena, "attachment; filename=\"%s-%s.csv\"", name,
		scope_today(c->scope)));
	http_header(&response, "X-Row-Count", arena_printf(c->arena, "%llu", (unsigned long long)rows));
	answer_headers(c, &response);
	c->app->host.step(c->app->host.arg, STEP_EXPORT, context_actor(c));
	table->begun = true;
	/* A HEAD request has all that it gets with the headers. */
	if (!http_stream_begin(table->transport, c->http, &response) || c->http->method == HTTP_HEAD)
		return ERR_CUT;
	if (bom != NULL && strcmp(bom, "1") == 0)
		buf_puts(&table->out, "\xEF\xBB\xBF");
	return table_row(c, header);
}

/* What a reader of the file sees when the answer could not be finished: a cell that never ends, which no CSV reader takes. The
 * connection is closed without the end of the FastCGI answer besides, which nginx tells apart with fastcgi_keep_conn on. */
static const char table_invalid_end[] = "\"EXPORT NOT COMPLETE\r\n";

enum error table_end(struct context *c, enum error error)
{
	struct table *table = c->table;
	if (!table->begun)
		return error;
	if (c->http->method == HTTP_HEAD)
		error = ERR_NONE;
	if (error == ERR_NONE)
		error = table_flush(c, true);
	if (error == ERR_NONE && !http_stream_end(table->transport))
		error = ERR_CUT;
	if (error != ERR_NONE) {
		http_stream_write(table->transport, table_invalid_end, sizeof table_invalid_end - 1);
		http_stream_cut(table->transport);
	}
	grid_free(table->grid);
	arena_free(table->arena);
	buf_free(&table->out);
	buf_free(&table->cell);
	return error;
}
