/* A document of rows and cells that is filled anew for each chunk of a long list.
 *
 * Owns its texts: the nodes are the builder's and stay as they are, each cell's text alone is exchanged. Making the nodes of each
 * chunk took as long as the sheet. Must never show a row that was not filled since grid_empty(). */
#include "xml/xml_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

struct grid {
	struct doc *doc;
	struct arena *nodes;  /* the document's arena has the texts */
	xmlNodePtr first;
	xmlNodePtr row, cell; /* the row that is filled now (NULL: none yet), and its next cell (NULL: it is full) */
};

struct grid *grid_new(const char *root, const char *row, const char *cell, size_t rows, size_t cells)
{
	struct grid *grid = calloc(1, sizeof *grid);
	if (grid == NULL) {
		log_error("out of memory for a document");
		abort();
	}
	grid->doc = doc_new(root);
	for (size_t i = 0; i < rows; i++) {
		doc_open(grid->doc, row);
		for (size_t j = 0; j < cells; j++) {
			doc_open(grid->doc, cell);
			doc_text(grid->doc, "-");
			doc_close(grid->doc);
		}
		doc_close(grid->doc);
	}
	grid->first = xmlDocGetRootElement(doc_tree(grid->doc))->children;
	grid->nodes = grid->doc->arena;
	grid->doc->arena = arena_new();
	return grid;
}

void grid_free(struct grid *grid)
{
	if (grid == NULL)
		return;
	doc_free(grid->doc);
	arena_free(grid->nodes);
	free(grid);
}

void grid_cell(struct grid *grid, const char *text)
{
	if (grid->cell == NULL) {
		grid->row = grid->row == NULL ? grid->first : grid->row->next;
		grid->cell = grid->row->children;
	}
	xmlNodePtr cell = grid->cell;
	size_t length;
	text = doc_value(grid->doc, text, &length);
	cell->last->content = BAD_CAST arena_strndup(grid->doc->arena, text, length);
	cell->children = length == 0 ? NULL : cell->last;
	grid->cell = cell->next;
}

struct doc *grid_doc(struct grid *grid)
{
	grid->row->parent->last = grid->row;
	grid->row->next = NULL;
	return grid->doc;
}

void grid_empty(struct grid *grid)
{
	grid->row = grid->cell = NULL;
	arena_reset(grid->doc->arena);
}
