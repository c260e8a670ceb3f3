/* GET /customers: the list, as page, XML, JSON and CSV of the same address. */
#include <json-c/json.h>
#include <string.h>

#include "app/customer.h"
#include "app/customer_cells.h"
#include "app/handlers.h"
#include "app/table.h"
#include "app/walk.h"

#define PATH "/customers"
#define EXPORT_CHUNK 400

/* An address of the list with a part of the view changed. */
static const char *list_href(const struct context *c, const struct view *changed)
{
	return view_href(c, PATH, changed, false);
}

static void list_chip(struct context *c, const char *group, const char *label, const struct view *without)
{
	doc_open(c->doc, "chip");
	doc_attr(c->doc, "group", group);
	doc_attr(c->doc, "label", label);
	doc_attr(c->doc, "href", list_href(c, without));
	doc_close(c->doc);
}

static void list_chips(struct context *c, const struct view *view)
{
	struct view without = *view;
	if (view->q != NULL) {
		without.q = NULL;
		list_chip(c, "Customer", arena_printf(c->arena, "“%s”", view->q), &without);
		without = *view;
	}
	for (enum rollup i = ROLLUP_FAILED; i <= ROLLUP_NOT_AVAILABLE; i++) {
		if ((view->filter.source & 1u << i) == 0)
			continue;
		without.filter.source &= ~(1u << i);
		list_chip(c, "Source data", source_title(i), &without);
		without = *view;
	}
	for (unsigned i = 0; i < 2; i++) {
		if ((view->filter.status & 1u << i) == 0)
			continue;
		without.filter.status &= ~(1u << i);
		list_chip(c, "Status", status_titles[i], &without);
		without = *view;
	}
	for (enum tier i = TIER_DISTRIBUTOR; i <= TIER_CUSTOMER; i++) {
		if ((view->filter.tier & 1u << i) == 0)
			continue;
		without.filter.tier &= ~(1u << i);
		list_chip(c, "Tier", tier_title(i), &without);
		without = *view;
	}
	for (unsigned i = 0; i < 2; i++) {
		if ((view->filter.suspended & 1u << i) == 0)
			continue;
		without.filter.suspended &= ~(1u << i);
		list_chip(c, "Suspended", i == 1 ? "Suspended" : "Not suspended", &without);
		without = *view;
	}
	if (view->below && view_filters(view)) {
		without.below = false;
		list_chip(c, "", "With everything below", &without);
	}
}

static void list_value(struct context *c, const char *element, const char *value)
{
	doc_open(c->doc, element);
	doc_attr(c->doc, "value", value);
	doc_close(c->doc);
}

static void list_filter(struct context *c, const struct view *view)
{
	const struct list_filter *filter = &view->filter;
	doc_open(c->doc, "filter");
	doc_attr(c->doc, "q", view->q);
	doc_attr(c->doc, "below", view->below ? "yes" : NULL);
	if (filter->suspended == 1u << 1 || filter->suspended == 1u << 0)
		doc_attr(c->doc, "suspended", filter->suspended == 1u << 1 ? "yes" : "no");
	doc_attr(c->doc, "active", view_filters(view) ? "yes" : NULL);
	for (enum rollup i = ROLLUP_FAILED; i <= ROLLUP_NOT_AVAILABLE; i++)
		if ((filter->source & 1u << i) != 0)
			list_value(c, "source", source_word(i));
	for (unsigned i = 0; i < 2; i++)
		if ((filter->status & 1u << i) != 0)
			list_value(c, "status", status_words[i]);
	for (enum tier i = TIER_DISTRIBUTOR; i <= TIER_CUSTOMER; i++)
		if ((filter->tier & 1u << i) != 0)
			list_value(c, "tier", tier_name(i));
	doc_close(c->doc);
}

static void list_keep_one(struct context *c, const char *name, const char *value)
{
	doc_open(c->doc, "keep");
	doc_attr(c->doc, "name", name);
	doc_attr(c->doc, "value", value);
	doc_close(c->doc);
}

/* What the filter form must carry on that is not a filter. */
static void list_keep(struct context *c, const struct view *view)
{
	if (view->columns_given) {
		BUF_AUTO columns;
		buf_init(&columns, 256);
		columns_write(&columns, view->columns);
		list_keep_one(c, "columns", columns.data);
	}
	if (view->density_given)
		list_keep_one(c, "density", density_name(view->density));
	if (view->limit_given)
		list_keep_one(c, "limit", arena_printf(c->arena, "%u", view->limit));
	if (view->folded)
		list_keep_one(c, "folded", "1");
	for (size_t i = 0; i < view->fold_count; i++)
		list_keep_one(c, view->folded ? "unfold" : "fold", view->folds[i]);
}

static void list_link(struct context *c, const char *rel, const char *href)
{
	doc_open(c->doc, "link");
	doc_attr(c->doc, "rel", rel);
	doc_attr(c->doc, "href", href);
	doc_close(c->doc);
}

static void list_links(struct context *c, const struct view *view, const struct walk_page *page)
{
	struct view other = *view;
	other.after = NULL;
	other.before = page->previous;
	if (page->previous != NULL)
		list_link(c, "previous", view_href(c, PATH, &other, true));
	other.before = NULL;
	other.after = page->next;
	if (page->next != NULL)
		list_link(c, "next", view_href(c, PATH, &other, true));
	if (view->after != NULL || view->before != NULL)
		list_link(c, "first", list_href(c, view));

	/* The file shows what the page shows: the user's own columns too, which another admin's link must say. */
	struct view export = *view;
	export.columns_given = true;
	export.density_given = export.limit_given = export.folded = false;
	export.fold_count = 0;
	list_link(c, "export", view_href(c, PATH ".csv", &export, false));

	if (scope_role(c->scope) == ROLE_ADMIN) {
		list_link(c, "add", context_href(c, PATH "/new"));
		list_link(c, "deleted", context_href(c, PATH "/deleted"));
	}

	struct view clear = { .columns = view->columns, .density = view->density, .limit = view->limit,
		.columns_given = view->columns_given, .density_given = view->density_given,
		.limit_given = view->limit_given };
	list_link(c, "clear", list_href(c, &clear));
	if (scope_tier(c->scope) == TIER_DISTRIBUTOR) {
		struct view fold = *view;
		fold.fold_count = 0;
		fold.folded = !view->folded;
		list_link(c, fold.folded ? "fold-all" : "unfold-all", list_href(c, &fold));
	}
}

static void list_columns(struct context *c, const struct view *view)
{
	doc_open(c->doc, "columns");
	for (enum column i = 0; i < COLUMN__MAX; i++) {
		doc_open(c->doc, "column");
		doc_attr(c->doc, "name", column_name(i));
		doc_attr(c->doc, "title", column_title(i));
		doc_attr(c->doc, "shown", (view->columns & 1u << i) != 0 ? "yes" : NULL);
		doc_attr(c->doc, "fixed", i == COLUMN_CUSTOMER ? "yes" : NULL);
		doc_close(c->doc);
	}
	doc_close(c->doc);
	doc_open(c->doc, "view");
	doc_attr(c->doc, "density", density_name(view->density));
	doc_attr_int(c->doc, "limit", view->limit);
	doc_attr(c->doc, "folded", view->folded ? "yes" : NULL);
	doc_close(c->doc);
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
	return view_href(c, PATH, &other, true);
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
	list_filter(c, view);
	list_chips(c, view);
	list_columns(c, view);
	list_keep(c, view);
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
	unsigned columns = *(const unsigned *)arg;
	const char *cells[COLUMN__MAX + 2];
	size_t count = 0;
	for (enum column i = 0; i < COLUMN__MAX; i++)
		if ((columns & 1u << i) != 0)
			cells[count++] = customer_cell(arena, &item->row, i);
	/* Beside the name, as on the page; a raw file is for programs, which read names back. */
	const char *raw = http_query(c->http, "raw");
	if (item->row.suspended && (raw == NULL || strcmp(raw, "1") != 0))
		cells[0] = arena_printf(arena, "%s (Suspended)", item->row.name);
	cells[count++] = item->row.parent;
	cells[count++] = item->matched ? "yes" : "no";
	return table_row(c, cells);
}

static enum error export_run(struct context *c, const struct view *view)
{
	struct walk walk;
	enum error error = walk_begin(c, view, &walk);
	uint64_t rows = 0;
	const struct list_filter everything = { 0 };
	bool known = false;
	if (error == ERR_NONE && walk.filter == NULL)
		error = list_total(c->db, c->scope, &everything, &known, &rows);
	else if (error == ERR_NONE)
		error = export_walk(c, &walk, export_count_row, &rows);
	if (error != ERR_NONE)
		return error;

	const char *header[COLUMN__MAX + 2];
	size_t count = 0;
	unsigned columns = view->columns;
	for (enum column i = 0; i < COLUMN__MAX; i++)
		if ((columns & 1u << i) != 0)
			header[count++] = column_title(i);
	header[count++] = "Parent ID";
	header[count++] = "Matched";
	error = table_begin(c, "customers", rows, header, count);
	return error == ERR_NONE ? export_walk(c, &walk, export_row, &columns) : error;
}

static enum error customers_csv(struct context *c, const struct view *view)
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
		c->redirect = arena_printf(c->arena, PATH "/%s%s", scope_public_id(c->scope),
			c->format == FORMAT_XML ? ".xml" : c->format == FORMAT_JSON ? ".json" : "");
		return ERR_NONE;
	}
	struct view view;
	enum error error = view_read(c, &view);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return customers_csv(c, &view);

	struct walk walk;
	struct walk_page page;
	uint64_t matched = 0, total = 0;
	bool more = false, known;
	const struct list_filter everything = { 0 };
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
		error = list_total(c->db, c->scope, &everything, &known, &total);
	if (error != ERR_NONE)
		return error;
	return c->format == FORMAT_JSON ? list_json(c, &page, matched, more)
		: list_document(c, &view, &walk, &page, matched, more, total);
}
