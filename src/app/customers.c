/* GET /customers: the list, as page, XML, JSON and CSV of the same address. */
#include <json-c/json.h>
#include <string.h>

#include "app/customer.h"
#include "app/customer_cells.h"
#include "app/handlers.h"
#include "app/table.h"
#include "app/view_page.h"
#include "app/walk.h"

#define EXPORT_CHUNK 1000

static void list_links(struct context *c, const struct view *view, const struct walk_page *page)
{
	view_page_paging(c, view, page->previous, page->next);
	view_page_export(c, view);
	if (scope_role(c->scope) == ROLE_ADMIN) {
		view_page_link(c, "add", context_href(c, "/customers/new"));
		view_page_link(c, "deleted", context_href(c, "/customers/deleted"));
	}
	view_page_clear(c, view);
	if (scope_tier(c->scope) == TIER_DISTRIBUTOR) {
		struct view fold = *view;
		fold.fold_count = 0;
		fold.folded = !view->folded;
		view_page_link(c, fold.folded ? "fold-all" : "unfold-all", view_href(c, "", &fold, false));
	}
}

/* The same list with this reseller's rows shown or hidden: its ID put on the list of folds, or taken off. */
static const char *list_fold_href(const struct context *c, const struct view *view, const char *id)
{
	struct view other = *view;
	other.fold_count = 0;
	for (size_t i = 0; i < view->fold_count; i++)
		if (strcmp(view->folds[i], id) != 0)
			other.folds[other.fold_count++] = view->folds[i];
	if (other.fold_count == view->fold_count && view->fold_count < VIEW_FOLDS_MAX)
		other.folds[other.fold_count++] = id;
	return view_href(c, "", &other, true);
}

static void list_tenant(struct context *c, const struct view *view, const struct walk *walk, const struct walk_row *item)
{
	const struct list_row *row = &item->row;
	bool self = row->tree_pos == scope_low(c->scope);
	doc_open(c->doc, "tenant");
	doc_attr(c->doc, "id", row->id);
	doc_attr(c->doc, "tier", tier_name(row->tier));
	doc_attr(c->doc, "name", row->name);
	doc_attr_int(c->doc, "level", (int)row->tier - (int)scope_tier(c->scope));
	doc_attr(c->doc, "parent", *row->parent != '\0' ? row->parent : NULL);
	doc_attr(c->doc, "matched", item->matched ? "yes" : "no");
	doc_attr(c->doc, "repeated", item->repeated ? "yes" : NULL);
	doc_attr(c->doc, "suspended", row->suspended ? "yes" : NULL);
	doc_attr(c->doc, "domain", row->domain);
	doc_attr(c->doc, "created", row->created);
	doc_attr(c->doc, "self", self ? "yes" : NULL);
	doc_attr(c->doc, "switch", !self && c->identity->child_role != ROLE_NONE ? "yes" : NULL);
	if (row->tier == TIER_RESELLER && !self) {
		doc_attr(c->doc, "fold", item->folded ? "folded" : "open");
		doc_attr(c->doc, "fold-href", list_fold_href(c, view, row->id));
		if (item->folded && walk->filter != NULL)
			doc_attr_int(c->doc, "matches", (long long)item->matches);
	}
	customer_parts(c->doc, c->arena, row);
	doc_close(c->doc);
}

static enum error list_document(struct context *c, const struct view *view, struct walk *walk,
	const struct walk_page *page, uint64_t matched, bool more, uint64_t total)
{
	doc_open(c->doc, "customers");
	doc_attr_int(c->doc, "matched", (long long)matched);
	doc_attr_int(c->doc, "total", (long long)total);
	doc_attr(c->doc, "more", more ? "yes" : NULL);
	doc_attr_int(c->doc, "shown", (long long)page->count);
	view_page_head(c, view);
	list_links(c, view, page);
	for (size_t i = 0; i < page->count; i++)
		list_tenant(c, view, walk, &page->rows[i]);
	doc_close(c->doc);
	return ERR_NONE;
}

static enum error list_json(struct context *c, const struct walk_page *page, uint64_t matched, bool more)
{
	struct json_object *answer = json_object_new_object(), *tenants = json_object_new_array();
	/* Who reads page after page counts each object once: what is repeated for people's eyes is left out. */
	for (size_t i = 0; i < page->count; i++)
		if (!page->rows[i].repeated)
			json_object_array_add(tenants, customer_json(c, &page->rows[i].row, page->rows[i].matched));
	json_object_object_add(answer, "tenants", tenants);
	json_object_object_add(answer, "pageToken", json_text(page->next));
	json_object_object_add(answer, "rowCount", json_object_new_int64((int64_t)matched));
	json_object_object_add(answer, "rowCountExact", json_object_new_boolean(!more));
	c->json = answer;
	return ERR_NONE;
}

/* Walks the whole scope in chunks and calls EACH for every row, context rows in their places. Memory is of one chunk. */
typedef enum error each_row_fn(struct context *c, struct arena *arena, const struct walk_row *row, void *arg);

static enum error export_walk(struct context *c, struct walk *walk, each_row_fn *each, void *arg)
{
	uint64_t low = scope_low(c->scope), high = scope_high(c->scope), shown = 0;
	ARENA_AUTO arena = arena_new();
	struct arena *kept = walk->arena;
	enum error error = ERR_NONE;
	walk->arena = arena;
	do {
		arena_reset(arena);
		struct walk_row *rows;
		size_t count;
		error = table_wanted(c);
		if (error == ERR_NONE)
			error = walk_run(walk, low, high, false, EXPORT_CHUNK);
		if (error == ERR_NONE && walk->count > 0)
			low = walk->items[walk->count - 1].row.tree_pos + 1; /* nothing is folded in an export */
		if (error == ERR_NONE)
			error = walk_context(walk, &shown, &rows, &count);
		if (error == ERR_NONE && walk->count == EXPORT_CHUNK)
			walk_ahead(walk, low, high, EXPORT_CHUNK);
		for (size_t i = 0; error == ERR_NONE && i < count; i++)
			error = each(c, arena, &rows[i], arg);
	} while (error == ERR_NONE && walk->count == EXPORT_CHUNK);
	walk->arena = kept;
	return error;
}

static enum error export_count_row(struct context *c, struct arena *arena, const struct walk_row *row, void *arg)
{
	(void)c, (void)arena, (void)row;
	++*(uint64_t *)arg;
	return ERR_NONE;
}

static enum error export_row(struct context *c, struct arena *arena, const struct walk_row *item, void *arg)
{
	return view_csv_row(c, arena, arg, item);
}

static enum error export_run(struct context *c, struct view *view)
{
	struct walk walk;
	enum error error = walk_begin(c, view, &walk);
	uint64_t rows = 0;
	walk.scope_rows = 0; /* to be asked in the snapshot */
	if (error == ERR_NONE && walk.filter == NULL)
		error = walk_total(&walk, &rows);
	else if (error == ERR_NONE)
		error = export_walk(c, &walk, export_count_row, &rows);
	if (error == ERR_NONE)
		error = view_csv_begin(c, view, rows);
	return error == ERR_NONE ? export_walk(c, &walk, export_row, view) : error;
}

static enum error customers_csv(struct context *c, struct view *view)
{
	enum error error = db_snapshot_begin(c->db);
	if (error == ERR_NONE)
		error = export_run(c, view);
	db_snapshot_end(c->db);
	return error;
}

enum error customers_get(struct context *c)
{
	if (scope_tier(c->scope) == TIER_CUSTOMER) {
		/* An end customer has no list: its own page in the same form. */
		if (c->format == FORMAT_CSV)
			return ERR_NOT_FOUND;
		c->redirect = arena_printf(c->arena, "/customers/%s%s", scope_public_id(c->scope),
			c->format == FORMAT_XML ? ".xml" : c->format == FORMAT_JSON ? ".json" : "");
		return ERR_NONE;
	}
	struct view view;
	enum error error = view_read(c, &customers_listing, &view);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return customers_csv(c, &view);

	struct walk walk;
	struct walk_page page;
	uint64_t matched = 0, total = 0;
	bool more = false;
	error = walk_begin(c, &view, &walk);
	if (error == ERR_NONE)
		error = walk_page(c, &view, &walk, &page);
	/* Nothing is counted that is known already. */
	if (error == ERR_NONE && walk.filter != NULL && page.whole)
		matched = walk.count;
	else if (error == ERR_NONE)
		error = walk_matched(&walk, &matched, &more);
	if (error == ERR_NONE && walk.filter == NULL)
		total = matched;
	else if (error == ERR_NONE)
		error = walk_total(&walk, &total);
	if (error != ERR_NONE)
		return error;
	return c->format == FORMAT_JSON ? list_json(c, &page, matched, more)
		: list_document(c, &view, &walk, &page, matched, more, total);
}
