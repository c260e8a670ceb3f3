/* The walk of walk.h. Cuts the tree into intervals of one kind (all rows, matching rows, a folded reseller) and asks
 * db/list.h for each; knows nothing of documents. */
#include "app/walk.h"

#include <stdlib.h>
#include <string.h>

#include "app/customer_cells.h"

static bool walk_full(const struct walk *walk)
{
	return walk->count == walk->wanted;
}

static struct walk_row *walk_add(struct walk *walk, const struct list_row *row)
{
	struct walk_row *item = &walk->items[walk->count++];
	*item = (struct walk_row){ .row = *row, .matched = true };
	return item;
}

/* Items of an interval without any folding; FILTER NULL takes all rows. */
static enum error walk_plain(struct walk *walk, const struct list_filter *filter, uint64_t low, uint64_t high)
{
	if (low >= high || walk_full(walk))
		return ERR_NONE;
	struct list_row *rows;
	size_t count;
	enum error error = list_rows(walk->db, walk->scope, filter, low, high, walk->backwards,
		(unsigned)(walk->wanted - walk->count), walk->arena, &rows, &count);
	for (size_t i = 0; error == ERR_NONE && i < count; i++)
		walk_add(walk, &rows[i]);
	return error;
}

/* Does the row at LABEL match by itself? */
static enum error walk_row_matches(struct walk *walk, const struct list_filter *filter, uint64_t label, bool *matches)
{
	uint64_t count = 1;
	enum error error = ERR_NONE;
	if (filter != NULL)
		error = list_count(walk->db, walk->scope, filter, label, label + 1, 1, &count);
	*matches = count > 0;
	return error;
}

/* A folded reseller: one item, if it matches or something inside does. */
static enum error walk_folded(struct walk *walk, const struct list_filter *filter, uint64_t reseller)
{
	bool matches;
	uint64_t inside = 0;
	enum error error = walk_row_matches(walk, filter, reseller, &matches);
	if (error == ERR_NONE && walk->filter != NULL)
		error = list_count(walk->db, walk->scope, filter, reseller + 1, tree_end(reseller), 0, &inside);
	if (error != ERR_NONE || (!matches && inside == 0))
		return error;

	struct list_row *row;
	size_t count;
	error = list_rows_at(walk->db, walk->scope, &reseller, 1, walk->arena, &row, &count);
	if (error == ERR_NONE && count == 1) {
		struct walk_row *item = walk_add(walk, row);
		item->matched = matches;
		item->folded = true;
		item->matches = inside;
	}
	return error;
}

static bool walk_listed(const struct walk *walk, uint64_t reseller)
{
	for (size_t i = 0; i < walk->fold_count; i++)
		if (walk->folds[i] == reseller)
			return true;
	return false;
}

/* Single resellers are folded: the interval is cut at each. A folded reseller belongs to the interval that holds its label. */
static enum error walk_some_folded(struct walk *walk, const struct list_filter *filter, uint64_t low, uint64_t high)
{
	enum error error = ERR_NONE;
	for (size_t i = 0; i < walk->fold_count && error == ERR_NONE && !walk_full(walk); i++) {
		uint64_t fold = walk->folds[walk->backwards ? walk->fold_count - 1 - i : i];
		uint64_t end = tree_end(fold);
		if (fold >= high || end <= low)
			continue;
		if (walk->backwards) {
			error = walk_plain(walk, filter, end > low ? end : low, high);
			if (error == ERR_NONE && fold >= low && !walk_full(walk))
				error = walk_folded(walk, filter, fold);
			high = fold;
		} else {
			error = walk_plain(walk, filter, low, fold);
			if (error == ERR_NONE && fold >= low && !walk_full(walk))
				error = walk_folded(walk, filter, fold);
			low = end;
		}
	}
	return error == ERR_NONE ? walk_plain(walk, filter, low, high) : error;
}

/* All resellers are folded but the listed ones: from match to match, each skipping the rest of its reseller, so that a
 * page costs as many steps as it has items and not as many as there are rows folded away. */
static enum error walk_all_folded(struct walk *walk, const struct list_filter *filter, uint64_t low, uint64_t high)
{
	const struct list_filter resellers = { .tier = 1u << TIER_RESELLER };
	enum error error = ERR_NONE;
	/* A page may start inside a reseller: the rest of an open one comes first, of a folded one nothing. */
	uint64_t inside = tree_reseller(low);
	if (!walk->backwards && inside != 0 && inside < low) {
		uint64_t end = tree_end(inside) < high ? tree_end(inside) : high;
		if (walk_listed(walk, inside))
			error = walk_plain(walk, filter, low, end);
		low = end;
	}
	while (error == ERR_NONE && low < high && !walk_full(walk)) {
		/* Without a filter every reseller is an item: no need to look at their customers. */
		bool at_root = filter == NULL && tree_tier(low) == TIER_DISTRIBUTOR;
		struct list_row *row;
		size_t count;
		error = list_rows(walk->db, walk->scope, filter != NULL || at_root ? filter : &resellers, low, high,
			walk->backwards, 1, walk->arena, &row, &count);
		if (error != ERR_NONE || count == 0)
			break;
		uint64_t reseller = tree_reseller(row->tree_pos);
		if (filter == NULL && walk->backwards && at_root && reseller != 0) {
			/* The range begins at the root, whose row comes last: resellers alone before it. */
			error = walk_all_folded(walk, filter, low + 1, high);
			high = low + 1;
			continue;
		}
		if (reseller == 0) {
			walk_add(walk, row);
			low = walk->backwards ? low : row->tree_pos + 1;
			high = walk->backwards ? row->tree_pos : high;
			continue;
		}
		uint64_t end = tree_end(reseller), from = reseller > low ? reseller : low, to = end < high ? end : high;
		if (walk_listed(walk, reseller))
			error = walk_plain(walk, filter, from, to);
		else if (reseller >= low)
			error = walk_folded(walk, filter, reseller);
		low = walk->backwards ? low : end;
		high = walk->backwards ? from : high;
	}
	return error;
}

static enum error walk_piece(struct walk *walk, const struct list_filter *filter, uint64_t low, uint64_t high)
{
	if (low >= high || walk_full(walk))
		return ERR_NONE;
	/* Below a reseller there is nothing that folds. */
	if (walk->folded && scope_tier(walk->scope) == TIER_DISTRIBUTOR)
		return walk_all_folded(walk, filter, low, high);
	return walk_some_folded(walk, filter, low, high);
}

/* "With everything below": the interval is cut into matching resellers, whole, and what lies between, filtered. */
static enum error walk_below(struct walk *walk, uint64_t low, uint64_t high)
{
	struct list_filter resellers = *walk->filter;
	if (resellers.tier != 0 && (resellers.tier & 1u << TIER_RESELLER) == 0)
		return walk_piece(walk, walk->filter, low, high);
	resellers.tier = 1u << TIER_RESELLER;

	enum error error = ERR_NONE;
	while (error == ERR_NONE && low < high && !walk_full(walk)) {
		/* The range may begin inside a reseller that matches. */
		uint64_t inside = tree_reseller(low);
		uint64_t from = inside > scope_low(walk->scope) ? inside : low;
		struct list_row *row;
		size_t count;
		error = list_rows(walk->db, walk->scope, &resellers, from, high, walk->backwards, 1, walk->arena,
			&row, &count);
		if (error != ERR_NONE)
			break;
		if (count == 0)
			return walk_piece(walk, walk->filter, low, high);
		uint64_t reseller = row->tree_pos, end = tree_end(reseller);
		uint64_t first = reseller > low ? reseller : low, last = end < high ? end : high;
		if (walk->backwards) {
			error = walk_piece(walk, walk->filter, last, high);
			if (error == ERR_NONE)
				error = walk_piece(walk, NULL, first, last);
			high = first;
		} else {
			error = walk_piece(walk, walk->filter, low, first);
			if (error == ERR_NONE)
				error = walk_piece(walk, NULL, first, last);
			low = last;
		}
	}
	return error;
}

static int label_compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

enum error walk_begin(struct context *c, const struct view *view, struct walk *walk)
{
	*walk = (struct walk){ .db = c->db, .scope = c->scope, .arena = c->arena, .below = view->sets[CUSTOMER_BELOW] != 0,
		.folded = view->folded, .scope_rows = c->identity->list_rows };
	walk->wanted_rows = (struct list_filter){ .source = view->sets[CUSTOMER_SOURCE], .status = view->sets[CUSTOMER_STATUS],
		.tier = view->sets[CUSTOMER_TIER], .suspended = view->sets[CUSTOMER_SUSPENDED], .like = view->like,
		.grams = view->grams, .gram_count = view->gram_count };
	walk->filter = view_filters(view) ? &walk->wanted_rows : NULL;
	for (size_t i = 0; i < view->fold_count; i++) {
		uint64_t place;
		enum error error = list_place(c->db, c->scope, view->folds[i], false, &place);
		if (error == ERR_NOT_FOUND || (error == ERR_NONE && tree_tier(place) != TIER_RESELLER))
			return context_bad_parameter(c, view->folded ? "unfold" : "fold", "the ID of a reseller of this list");
		if (error != ERR_NONE)
			return error;
		/* The acting reseller's own row does not fold: it is the list. */
		if (place != scope_low(c->scope) && !walk_listed(walk, place)) /* each once */
			walk->folds[walk->fold_count++] = place;
	}
	qsort(walk->folds, walk->fold_count, sizeof *walk->folds, label_compare);
	if (walk->below && walk->filter != NULL)
		return walk_row_matches(walk, walk->filter, scope_low(c->scope), &walk->root_matches);
	return ERR_NONE;
}

static void walk_start(struct walk *walk, bool backwards, size_t wanted)
{
	walk->items = arena_array(walk->arena, wanted, sizeof *walk->items);
	walk->count = 0;
	walk->wanted = wanted;
	walk->backwards = backwards;
}

enum error walk_run(struct walk *walk, uint64_t low, uint64_t high, bool backwards, size_t wanted)
{
	walk_start(walk, backwards, wanted);
	if (walk->filter == NULL || walk->root_matches)
		return walk_piece(walk, NULL, low, high);
	return walk->below ? walk_below(walk, low, high) : walk_piece(walk, walk->filter, low, high);
}

void walk_ahead(const struct walk *walk, uint64_t low, uint64_t high, size_t wanted)
{
	bool all = walk->filter == NULL || walk->root_matches;
	/* With everything below, the next query hangs on what the one before it has found. */
	if (all || !walk->below)
		list_rows_ahead(walk->db, walk->scope, all ? NULL : walk->filter, low, high, (unsigned)wanted);
}

/* Labels above ROW, within the scope, that are not among the last ones shown. */
static size_t walk_missing(const struct walk *walk, const struct list_row *row, uint64_t *shown, bool root_too,
	uint64_t labels[2])
{
	size_t count = 0;
	uint64_t root = scope_low(walk->scope), reseller = tree_reseller(row->tree_pos);
	if (root_too && *shown < root && row->tree_pos != root)
		labels[count++] = root;
	if (reseller > root && reseller != row->tree_pos && *shown < reseller)
		labels[count++] = reseller;
	/* Only roots and resellers are remembered: customers cannot be above anything. */
	uint64_t last = tree_tier(row->tree_pos) == TIER_CUSTOMER ? reseller : row->tree_pos;
	if (last > *shown || *shown == 0)
		*shown = last > root ? last : root;
	return count;
}

/* list_rows_at(), but for one that has been read already. */
static enum error walk_rows_at(struct walk *walk, const uint64_t *labels, size_t count, const struct list_row **rows, size_t *found)
{
	if (count == 1 && walk->above != NULL && walk->above->tree_pos == labels[0]) {
		*rows = walk->above;
		*found = 1;
		return ERR_NONE;
	}
	struct list_row *read;
	enum error error = list_rows_at(walk->db, walk->scope, labels, count, walk->arena, &read, found);
	*rows = read;
	return error;
}

enum error walk_context(struct walk *walk, uint64_t *shown, struct walk_row **rows, size_t *count)
{
	uint64_t *labels = arena_array(walk->arena, walk->count * 2 + 1, sizeof *labels);
	size_t *before = arena_array(walk->arena, walk->count + 1, sizeof *before);
	size_t missing = 0;
	for (size_t i = 0; i < walk->count; i++) {
		missing += walk_missing(walk, &walk->items[i].row, shown, true, labels + missing);
		before[i] = missing;
	}
	struct walk_row *result = arena_array(walk->arena, walk->count + missing + 1, sizeof *result);
	size_t used = 0, taken = 0;
	const struct list_row *found = NULL;
	size_t found_count = 0, found_next = 0, fetched = 0;
	for (size_t i = 0; i < walk->count; i++) {
		for (; taken < before[i]; taken++) {
			if (taken == fetched) {
				/* Fetched in batches of what list_rows_at() takes. */
				size_t batch = missing - fetched < 256 ? missing - fetched : 256;
				enum error error = walk_rows_at(walk, labels + fetched, batch, &found, &found_count);
				if (error != ERR_NONE)
					return error;
				fetched += batch;
				found_next = 0;
			}
			/* A row that is gone is left out. */
			if (found_next < found_count && found[found_next].tree_pos == labels[taken])
				result[used++] = (struct walk_row){ .row = found[found_next++] };
		}
		result[used++] = walk->items[i];
	}
	*rows = result;
	*count = used;
	return ERR_NONE;
}

static void walk_reverse(struct walk *walk)
{
	for (size_t i = 0; i + 1 < walk->count - i; i++) {
		struct walk_row other = walk->items[i];
		walk->items[i] = walk->items[walk->count - 1 - i];
		walk->items[walk->count - 1 - i] = other;
	}
}

/* The row on top of a page that starts inside a reseller: repeated when the reseller was shown on the page before, for a match of its own
 * or of an earlier customer. */
static enum error walk_mark_top(struct walk *walk, struct walk_row *top, uint64_t earlier)
{
	bool matches = walk->filter == NULL || walk->root_matches;
	enum error error = ERR_NONE;
	if (!matches)
		error = walk_row_matches(walk, walk->filter, top->row.tree_pos, &matches);
	top->matched = matches;
	top->repeated = earlier != 0 && (earlier == top->row.tree_pos || tree_reseller(earlier) == top->row.tree_pos);
	return error;
}

/* The items behind the view's cursor where nothing is filtered or folded, which is what people leaf through: in one statement. Leaves
 * *CURSOR at 0 when it finds none. */
static enum error walk_leaf(struct walk *walk, const struct view *view, uint64_t *cursor)
{
	struct list_row *rows;
	size_t count;
	walk_start(walk, false, view->limit + 1);
	enum error error = list_rows_after(walk->db, walk->scope, view->after, view->limit + 1, walk->arena, cursor, &walk->above, &rows, &count);
	if (error != ERR_NONE)
		*cursor = 0;
	for (size_t i = 0; error == ERR_NONE && i < count; i++)
		walk_add(walk, &rows[i]);
	return error == ERR_NOT_FOUND ? ERR_NONE : error;
}

/* The items of the view's page and one more, if there is one; *CURSOR is the label of the row that it begins or ends at, 0: none. */
static enum error walk_items(struct context *c, const struct view *view, struct walk *walk, uint64_t *cursor)
{
	uint64_t low = scope_low(c->scope), high = scope_high(c->scope);
	const char *id = view->before != NULL ? view->before : view->after;
	enum error error = ERR_NONE;
	if (view->before == NULL && view->after != NULL && walk->filter == NULL && !walk->folded && walk->fold_count == 0)
		error = walk_leaf(walk, view, cursor);
	if (error != ERR_NONE || *cursor != 0)
		return error;
	if (id != NULL) {
		error = list_place(c->db, c->scope, id, true, cursor);
		if (error == ERR_NOT_FOUND)
			return context_bad_parameter(c, view->before != NULL ? "before" : "after", "a cursor of this list");
		if (error != ERR_NONE)
			return error;
		if (view->before != NULL)
			high = *cursor;
		else
			low = *cursor + 1;
	}
	return walk_run(walk, low, high, view->before != NULL, view->limit + 1);
}

enum error walk_page(struct context *c, const struct view *view, struct walk *walk, struct walk_page *page)
{
	uint64_t cursor = 0;
	bool backwards = view->before != NULL;
	enum error error = walk_items(c, view, walk, &cursor);
	if (error != ERR_NONE)
		return error;

	bool over = walk->count > view->limit;
	uint64_t extra = 0; /* label of the item before the page, when one is known */
	if (over) {
		walk->count--;
		extra = walk->items[walk->count].row.tree_pos;
	}
	page->whole = cursor == 0 && !over && !walk->folded && walk->fold_count == 0;
	if (backwards)
		walk_reverse(walk);
	uint64_t earlier = backwards ? (over ? extra : 0) : (view->after != NULL ? cursor : 0);
	page->previous = page->next = NULL;
	if (walk->count > 0) {
		if (earlier != 0)
			page->previous = walk->items[0].row.id;
		if (backwards || over)
			page->next = walk->items[walk->count - 1].row.id;
	}

	/* The root is context on the first page alone; what was shown before the page is not shown again, but for
	 * the reseller that the page starts inside. */
	uint64_t shown = earlier != 0 ? scope_low(c->scope) : 0;
	error = walk_context(walk, &shown, &page->rows, &page->count);
	if (error != ERR_NONE || page->count == 0 || earlier == 0)
		return error;
	struct walk_row *top = &page->rows[0];
	bool is_context = walk->count > 0 && top->row.tree_pos != walk->items[0].row.tree_pos;
	if (is_context)
		return walk_mark_top(walk, top, earlier);
	/* The acting reseller's own page two: walk_context() leaves the root out, the page wants it on top. */
	if (tree_tier(scope_low(c->scope)) == TIER_RESELLER && tree_tier(top->row.tree_pos) == TIER_CUSTOMER) {
		uint64_t root = scope_low(c->scope);
		const struct list_row *row;
		size_t count;
		error = walk_rows_at(walk, &root, 1, &row, &count);
		if (error != ERR_NONE || count == 0)
			return error;
		struct walk_row *rows = arena_array(walk->arena, page->count + 1, sizeof *rows);
		rows[0] = (struct walk_row){ .row = *row };
		memcpy(rows + 1, page->rows, page->count * sizeof *rows);
		page->rows = rows;
		page->count++;
		return walk_mark_top(walk, &rows[0], earlier);
	}
	return ERR_NONE;
}
