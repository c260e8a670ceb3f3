/* GET /contracts: the contracts of the scope, as page, XML, JSON and CSV of the same address. */
#include <json-c/json.h>

#include "app/api_page.h"
#include "app/contract.h"
#include "app/contract_cells.h"
#include "app/customer.h"
#include "app/handlers.h"
#include "app/table.h"
#include "app/view_page.h"
#include "base/id.h"

#define COUNT_BOUND 10000
#define EXPORT_CHUNK 1000

/* One page of the list, in reading order. */
struct page {
	struct contract_row *rows;
	size_t count;
	const char *previous, *next; /* cursors, NULL: there is none */
	bool whole;                  /* all that matches is on it */
	uint64_t matched, total;
	bool more;                   /* `matched` is a lower bound */
};

static struct contract_filter list_filter(const struct view *view)
{
	unsigned ends = 0;
	while (view->sets[CONTRACT_FIELD_ENDS] >> (ends + 1) != 0)
		ends++;
	return (struct contract_filter){ .status = view->sets[CONTRACT_FIELD_STATUS], .tier = view->sets[CONTRACT_FIELD_TIER],
		.ends = ends,
		.unbilled = view->sets[CONTRACT_FIELD_UNBILLED] != 0, .like = view->like, .grams = view->grams,
		.gram_count = view->gram_count };
}

/* The cursor of a row: its contract's ID, or that of a tenant without. */
static const char *row_cursor(const struct contract_row *row)
{
	return row->id != NULL ? row->id : row->tenant;
}

static enum error page_span(struct context *c, const struct view *view, struct contract_span *span)
{
	const char *name = view->before != NULL ? "before" : "after", *id = view->before != NULL ? view->before : view->after;
	struct contract_place place;
	*span = contract_span_all(c->scope);
	if (id == NULL)
		return ERR_NONE;
	enum error error = contract_list_place(c->db, c->scope, id, &place);
	if (error == ERR_NOT_FOUND)
		return context_bad_parameter(c, name, "a cursor of this list");
	if (view->before != NULL)
		span->before = place;
	else
		span->after = place;
	return error;
}

static enum error page_rows(struct context *c, const struct view *view, const struct contract_reader *reader, struct page *page)
{
	bool backwards = view->before != NULL;
	struct contract_span span;
	enum error error = page_span(c, view, &span);
	if (error == ERR_NONE)
		error = contract_reader_rows(reader, &span, backwards, view->limit + 1, c->arena, &page->rows, &page->count);
	if (error != ERR_NONE)
		return error;
	bool over = page->count > view->limit;
	page->count -= over;
	page->whole = !over && view->after == NULL && !backwards;
	for (size_t i = 0; backwards && i < page->count / 2; i++) {
		struct contract_row row = page->rows[i];
		page->rows[i] = page->rows[page->count - 1 - i];
		page->rows[page->count - 1 - i] = row;
	}
	if (page->count > 0 && (backwards ? over : view->after != NULL))
		page->previous = row_cursor(&page->rows[0]);
	if (page->count > 0 && (backwards || over))
		page->next = row_cursor(&page->rows[page->count - 1]);
	return ERR_NONE;
}

static enum error count_all(const struct contract_reader *reader, uint64_t *count)
{
	bool known;
	enum error error = contract_reader_total(reader, &known, count);
	return error == ERR_NONE && !known ? contract_reader_count(reader, 0, count) : error;
}

/* The whole and one field exactly, others to the bound. */
static enum error count_bounded(const struct contract_reader *reader, uint64_t *count, bool *more)
{
	bool known;
	enum error error = contract_reader_total(reader, &known, count);
	if (error != ERR_NONE || known)
		return error;
	error = contract_reader_count(reader, COUNT_BOUND + 1, count);
	*more = *count > COUNT_BOUND;
	if (*more)
		*count = COUNT_BOUND;
	return error;
}

/* Nothing is counted that is known already. */
static enum error page_counts(struct context *c, const struct view *view, const struct contract_reader *reader,
	struct page *page)
{
	struct contract_reader all;
	const struct contract_filter everything = { 0 };
	enum error error = ERR_NONE;
	if (page->whole)
		page->matched = page->count;
	else
		error = count_bounded(reader, &page->matched, &page->more);
	page->total = page->matched;
	if (error != ERR_NONE || !view_filters(view))
		return error;
	error = contract_reader_begin(&all, c->db, c->scope, &everything, c->arena);
	return error == ERR_NONE ? count_all(&all, &page->total) : error;
}

static enum error page_read(struct context *c, const struct view *view, struct page *page)
{
	struct contract_reader reader;
	const struct contract_filter filter = list_filter(view);
	*page = (struct page){ 0 };
	enum error error = contract_reader_begin(&reader, c->db, c->scope, &filter, c->arena);
	if (error == ERR_NONE)
		error = page_rows(c, view, &reader, page);
	return error == ERR_NONE ? page_counts(c, view, &reader, page) : error;
}

static void list_row(struct context *c, const struct contract_row *row)
{
	contract_element(c->doc, row);
	doc_attr(c->doc, "tenant", row->tenant);
	doc_attr(c->doc, "tenant-name", row->tenant_name);
	doc_attr(c->doc, "tier", tier_name(row->tier));
	doc_attr(c->doc, "may-cancel", contract_row_may_cancel(c, row) ? "yes" : NULL);
	doc_close(c->doc);
}

static enum error list_document(struct context *c, const struct view *view, const struct page *page)
{
	doc_open(c->doc, "contracts");
	doc_attr_int(c->doc, "matched", (long long)page->matched);
	doc_attr_int(c->doc, "total", (long long)page->total);
	doc_attr(c->doc, "more", page->more ? "yes" : NULL);
	doc_attr_int(c->doc, "shown", (long long)page->count);
	view_page_head(c, view);
	view_page_paging(c, view, page->previous, page->next);
	view_page_export(c, view);
	view_page_clear(c, view);
	for (size_t i = 0; i < page->count; i++)
		list_row(c, &page->rows[i]);
	doc_close(c->doc);
	return ERR_NONE;
}

static enum error list_json(struct context *c, const struct page *page)
{
	struct json_object *contracts;
	enum error error = contract_rows_json(c, page->rows, page->count, &contracts);
	c->json = json_object_new_object();
	json_object_object_add(c->json, "contracts", contracts);
	json_object_object_add(c->json, "pageToken", json_text(page->next));
	json_object_object_add(c->json, "rowCount", json_object_new_int64((int64_t)page->matched));
	json_object_object_add(c->json, "rowCountExact", json_object_new_boolean(!page->more));
	return error;
}

/* All rows in chunks; memory is of one. */
static enum error export_rows(struct context *c, const struct view *view, const struct contract_reader *reader)
{
	ARENA_AUTO arena = arena_new();
	struct contract_span span = contract_span_all(c->scope);
	enum error error = ERR_NONE;
	for (size_t count = EXPORT_CHUNK; error == ERR_NONE && count == EXPORT_CHUNK;) {
		struct contract_row *rows;
		arena_reset(arena);
		error = table_wanted(c);
		if (error == ERR_NONE)
			error = contract_reader_rows(reader, &span, false, EXPORT_CHUNK, arena, &rows, &count);
		if (error != ERR_NONE)
			break;
		if (count == EXPORT_CHUNK) {
			span.after = rows[count - 1].place;
			contract_reader_ahead(reader, &span, EXPORT_CHUNK);
		}
		for (size_t i = 0; error == ERR_NONE && i < count; i++)
			error = view_csv_row(c, arena, view, &rows[i]);
	}
	return error;
}

static enum error contracts_csv(struct context *c, const struct view *view)
{
	struct contract_reader reader;
	const struct contract_filter filter = list_filter(view);
	uint64_t count = 0;
	enum error error = db_snapshot_begin(c->db);
	if (error == ERR_NONE)
		error = contract_reader_begin(&reader, c->db, c->scope, &filter, c->arena);
	if (error == ERR_NONE)
		error = count_all(&reader, &count);
	if (error == ERR_NONE)
		error = view_csv_begin(c, view, count);
	if (error == ERR_NONE)
		error = export_rows(c, view, &reader);
	db_snapshot_end(c->db);
	return error;
}

enum error contracts_get(struct context *c)
{
	struct view view;
	struct page page;
	c->title = context_say(c, "Contracts");
	enum error error = view_read(c, &contracts_listing, &view);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return contracts_csv(c, &view);
	error = page_read(c, &view, &page);
	if (error != ERR_NONE)
		return error;
	return c->format == FORMAT_JSON ? list_json(c, &page) : list_document(c, &view, &page);
}

/* GET /api/v1/contracts: the same list, each contract whole. */
enum error api_contracts_get(struct context *c)
{
	struct view view;
	struct api_page asked;
	struct page page;
	enum error error = api_page_read(c, &asked);
	if (error == ERR_NONE)
		error = view_read(c, &contracts_listing, &view);
	if (error != ERR_NONE)
		return error;
	view.limit = asked.max;
	if (asked.token != NULL && (view.after != NULL || view.before != NULL || !id_valid(asked.token)))
		return context_bad_parameter(c, "pageToken", "the pageToken of an answer, without after and before");
	if (asked.token != NULL)
		view.after = asked.token;
	error = page_read(c, &view, &page);
	if (error != ERR_NONE)
		return error;
	size_t count = 0;
	for (size_t i = 0; i < page.count; i++)
		/* With unbilled=1 there are tenants without any. */
		if (page.rows[i].status != CONTRACT_NONE)
			page.rows[count++] = page.rows[i];
	struct json_object *contracts;
	error = contract_rows_json(c, page.rows, count, &contracts);
	c->json = api_page_json("contracts", contracts, page.next, page.matched, !page.more);
	return error;
}
