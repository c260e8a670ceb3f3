/* Documents and files of lists (view_page.h). Knows of no list in particular. */
#include "app/view_page.h"

#include <string.h>

#include "app/table.h"

static void value_element(struct context *c, const char *element, const char *value)
{
	doc_open(c->doc, element);
	doc_attr(c->doc, "value", value);
	doc_close(c->doc);
}

/* A field of one value is an attribute of the filter, one of several is made of elements. */
static void filter_attribute(struct context *c, const struct view *view, unsigned f)
{
	const struct list_field *field = &view->list->fields[f];
	unsigned set = view->sets[f];
	if (field->kind == FILTER_SET)
		return;
	if (field->kind == FILTER_FLAG || field->kind == FILTER_MODIFIER) {
		doc_attr(c->doc, field->name, set != 0 ? "yes" : NULL);
		return;
	}
	for (unsigned i = field->first; i <= field->last; i++)
		if (set == 1u << i)
			doc_attr(c->doc, field->name, field->words[i]);
}

static void page_filter(struct context *c, const struct view *view)
{
	const struct listing *list = view->list;
	doc_open(c->doc, "filter");
	doc_attr(c->doc, "q", view->q);
	for (unsigned f = 0; f < list->field_count; f++)
		filter_attribute(c, view, f);
	doc_attr(c->doc, "active", view_filters(view) ? "yes" : NULL);
	for (unsigned f = 0; f < list->field_count; f++)
		for (unsigned i = list->fields[f].first; list->fields[f].kind == FILTER_SET && i <= list->fields[f].last; i++)
			if ((view->sets[f] & 1u << i) != 0)
				value_element(c, list->fields[f].name, list->fields[f].words[i]);
	doc_close(c->doc);
}

static void page_chip(struct context *c, const char *group, const char *label, const struct view *without)
{
	doc_open(c->doc, "chip");
	doc_attr(c->doc, "group", group);
	doc_say(c->doc, "label", label);
	doc_attr(c->doc, "href", view_href(c, "", without, false));
	doc_close(c->doc);
}

static void page_chips(struct context *c, const struct view *view)
{
	struct view without = *view;
	if (view->q != NULL) {
		without.q = NULL;
		page_chip(c, view->list->text_group, arena_printf(c->arena, "“%s”", view->q), &without);
		without = *view;
	}
	for (unsigned f = 0; f < view->list->field_count; f++) {
		const struct list_field *field = &view->list->fields[f];
		if (field->kind == FILTER_MODIFIER && !view_filters(view))
			continue;
		for (unsigned i = field->first; i <= field->last; i++) {
			if ((view->sets[f] & 1u << i) == 0)
				continue;
			without.sets[f] &= ~(1u << i);
			page_chip(c, field->group, field->titles[i], &without);
			without = *view;
		}
	}
}

static void page_keep_one(struct context *c, const char *name, const char *value)
{
	doc_open(c->doc, "keep");
	doc_attr(c->doc, "name", name);
	doc_attr(c->doc, "value", value);
	doc_close(c->doc);
}

/* What the filter form must carry on that is not a filter. */
static void page_keep(struct context *c, const struct view *view)
{
	if (view->columns_given) {
		BUF_AUTO columns;
		buf_init(&columns, 256);
		columns_write(view->list, &columns, view->columns);
		page_keep_one(c, "columns", columns.data);
	}
	if (view->density_given)
		page_keep_one(c, "density", density_name(view->density));
	if (view->limit_given)
		page_keep_one(c, "limit", arena_printf(c->arena, "%u", view->limit));
	if (view->folded)
		page_keep_one(c, "folded", "1");
	for (size_t i = 0; i < view->fold_count; i++)
		page_keep_one(c, view->folded ? "unfold" : "fold", view->folds[i]);
}

void view_page_columns(struct context *c, const struct listing *list, unsigned shown)
{
	for (unsigned i = 0; i < list->column_count; i++) {
		doc_open(c->doc, "column");
		doc_attr(c->doc, "name", list->columns[i].name);
		doc_say(c->doc, "title", list->columns[i].title);
		doc_attr(c->doc, "shown", (shown & 1u << i) != 0 ? "yes" : NULL);
		doc_attr(c->doc, "fixed", i == 0 ? "yes" : NULL);
		doc_close(c->doc);
	}
}

void view_page_head(struct context *c, const struct view *view)
{
	page_filter(c, view);
	page_chips(c, view);
	doc_open(c->doc, "columns");
	view_page_columns(c, view->list, view->columns);
	doc_close(c->doc);
	doc_open(c->doc, "view");
	doc_attr(c->doc, "density", density_name(view->density));
	doc_attr_int(c->doc, "limit", view->limit);
	doc_attr(c->doc, "folded", view->folded ? "yes" : NULL);
	doc_close(c->doc);
	page_keep(c, view);
}

void view_page_link(struct context *c, const char *rel, const char *href)
{
	doc_open(c->doc, "link");
	doc_attr(c->doc, "rel", rel);
	doc_attr(c->doc, "href", href);
	doc_close(c->doc);
}

void view_page_paging(struct context *c, const struct view *view, const char *previous, const char *next)
{
	struct view other = *view;
	other.after = NULL;
	other.before = previous;
	if (previous != NULL)
		view_page_link(c, "previous", view_href(c, "", &other, true));
	other.before = NULL;
	other.after = next;
	if (next != NULL)
		view_page_link(c, "next", view_href(c, "", &other, true));
	if (view->after != NULL || view->before != NULL)
		view_page_link(c, "first", view_href(c, "", view, false));
}

void view_page_export(struct context *c, const struct view *view)
{
	/* The file shows what the page shows: the user's own columns too, which another admin's link must say. */
	struct view export = *view;
	export.columns_given = true;
	export.density_given = export.limit_given = export.folded = false;
	export.fold_count = 0;
	view_page_link(c, "export", view_href(c, ".csv", &export, false));
}

void view_page_clear(struct context *c, const struct view *view)
{
	struct view clear = { .list = view->list, .columns = view->columns, .density = view->density, .limit = view->limit,
		.columns_given = view->columns_given, .density_given = view->density_given, .limit_given = view->limit_given };
	view_page_link(c, "clear", view_href(c, "", &clear, false));
}

enum error view_csv_begin(struct context *c, const struct view *view, uint64_t rows)
{
	const struct listing *list = view->list;
	const char *header[VIEW_COLUMNS_MAX];
	size_t count = 0;
	for (unsigned i = 0; i < list->column_count; i++)
		if ((view->columns & 1u << i) != 0)
			header[count++] = list->columns[i].title;
	for (size_t i = 0; i < list->last_count; i++)
		header[count++] = list->last_titles[i];
	return table_begin(c, list->file, rows, header, count);
}

enum error view_csv_row(struct context *c, struct arena *arena, const struct view *view, const void *row)
{
	const struct listing *list = view->list;
	const char *cells[VIEW_COLUMNS_MAX];
	bool raw = table_raw(c);
	size_t count = 0;
	for (unsigned i = 0; i < list->column_count + list->last_count; i++)
		if (i >= list->column_count || (view->columns & 1u << i) != 0)
			cells[count++] = list->cell(arena, row, i, raw);
	return table_row(c, cells);
}
