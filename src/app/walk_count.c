/* How many rows a walk would give: from the counters that are kept, or counted up to a bound. Reads no row of a page. */
#include "app/walk.h"

/* Matches with everything below them, counted interval by interval until the bound is passed. */
static enum error walk_matched_below(struct walk *walk, uint64_t *matched)
{
	struct list_filter resellers = *walk->filter;
	bool none = resellers.tier != 0 && (resellers.tier & 1u << TIER_RESELLER) == 0;
	resellers.tier = 1u << TIER_RESELLER;
	uint64_t total = 0, low = scope_low(walk->scope), high = scope_high(walk->scope);
	enum error error = ERR_NONE;
	while (error == ERR_NONE && low < high && total <= WALK_COUNT_BOUND) {
		struct list_row *row;
		size_t count = 0;
		if (!none)
			error = list_rows(walk->db, walk->scope, &resellers, low, high, false, 1, walk->arena, &row, &count);
		uint64_t reseller = error == ERR_NONE && count == 1 ? row->tree_pos : high;
		uint64_t between = 0, whole = 0, end = reseller < high ? tree_end(reseller) : high;
		if (error == ERR_NONE && reseller > low)
			error = list_count(walk->db, walk->scope, walk->filter, low, reseller, WALK_COUNT_BOUND + 1, &between);
		if (error == ERR_NONE && end > reseller)
			error = list_count(walk->db, walk->scope, NULL, reseller, end, WALK_COUNT_BOUND + 1, &whole);
		total += between + whole;
		low = end;
	}
	*matched = total;
	return error;
}

enum error walk_total(struct walk *walk, uint64_t *total)
{
	const struct list_filter everything = { 0 };
	bool known;
	enum error error = ERR_NONE;
	if (walk->scope_rows == 0)
		error = list_total(walk->db, walk->scope, &everything, &known, &walk->scope_rows);
	*total = walk->scope_rows;
	return error;
}

enum error walk_matched(struct walk *walk, uint64_t *matched, bool *more)
{
	bool known = false;
	*more = false;
	if (walk->filter == NULL || walk->root_matches)
		return walk_total(walk, matched);
	enum error error = ERR_NONE;
	if (!walk->below)
		error = list_total(walk->db, walk->scope, walk->filter, &known, matched);
	if (error != ERR_NONE || known)
		return error;
	error = walk->below ? walk_matched_below(walk, matched)
		: list_count(walk->db, walk->scope, walk->filter, scope_low(walk->scope), scope_high(walk->scope),
			WALK_COUNT_BOUND + 1, matched);
	if (*matched > WALK_COUNT_BOUND) {
		*matched = WALK_COUNT_BOUND;
		*more = true;
	}
	return error;
}
