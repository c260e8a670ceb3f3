/* What the documents and files of all lists have in common, made of a list's description: filter, chips, columns, links, CSV. */
#ifndef TENANTRY_APP_VIEW_PAGE_H
#define TENANTRY_APP_VIEW_PAGE_H

#include "app/view.h"

/* The elements `filter`, `chip`, `columns`, `view` and `keep`, in this order. */
void view_page_head(struct context *c, const struct view *view);

/* Links to the pages beside this one (cursors, NULL: there is none), to the first, the file, and the list without a filter. */
void view_page_paging(struct context *c, const struct view *view, const char *previous, const char *next);
void view_page_export(struct context *c, const struct view *view);
void view_page_clear(struct context *c, const struct view *view);

void view_page_link(struct context *c, const char *rel, const char *href);

/* The columns of a list as elements, those of the mask marked as shown. */
void view_page_columns(struct context *c, const struct listing *list, unsigned shown);

/* The file: its begin with the visible columns' titles, and a row of the kind that the list's CELL takes. As table.h. */
enum error view_csv_begin(struct context *c, const struct view *view, uint64_t rows);
enum error view_csv_row(struct context *c, struct arena *arena, const struct view *view, const void *row);

#endif
