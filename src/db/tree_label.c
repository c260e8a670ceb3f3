/* Gives tenants new labels: a block of siblings spread evenly when a gap is used up, a subtree moved as it is.
 *
 * Order maintenance: of the aligned blocks around the full place, each twice the last, the smallest is spread whose density
 * is under DENSITY^-bits, so that the next adds find gaps again (architecture.md; in ascending order 23 rows an add). Must
 * never let two tenants have one label in between: each write finds its label free. */
#include "db/tree_label.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/bulk.h"
#include "db/list_gram.h"

#define DENSITY 1.3
#define PIECE 500       /* tenants a statement */
#define GRAM_PIECE 1000 /* pieces of search texts a statement */

struct tree_level tree_level_below(uint64_t parent_pos)
{
	bool resellers = tree_tier(parent_pos) == TIER_DISTRIBUTOR;

	return (struct tree_level){ .parent = parent_pos, .step = resellers ? UINT64_C(1) << TREE_PART_BITS : 1 };
}

/* A block of siblings that gets new labels. */
struct block {
	struct db *db;
	struct arena *arena;
	struct tree_level level;
	uint64_t low, high;         /* [low, high): labels that siblings may have */
	uint64_t start, parts;      /* the block's first label and how many it has */
	uint64_t *tenants, *olds, *news;
	size_t count;
};

static void block_bounds(struct block *block, uint64_t before, unsigned bits)
{
	uint64_t part = (before - block->level.parent) / block->level.step, first = part >> bits << bits;

	block->parts = UINT64_C(1) << bits;
	block->start = block->level.parent + first * block->level.step;
	/* part 0 is the parent itself */
	block->low = block->start + (first == 0 ? block->level.step : 0);
	block->high = block->start + block->parts * block->level.step;
}

static enum error block_choose(struct block *block, uint64_t before)
{
	double capacity = 1;

	for (unsigned bits = 1; bits <= TREE_PART_BITS; bits++) {
		DB_ROWS_AUTO rows = NULL;
		enum error error;
		char **row;

		capacity *= 2 / DENSITY;
		block_bounds(block, before, bits);
		error = db_query(block->db, NULL, STMT_TREE_BLOCK_COUNT, DB_VALUES(DB_UINT(block->low), DB_UINT(block->high),
			DB_UINT(block->level.step - 1)), &rows);
		if (error != ERR_NONE)
			return error;
		row = db_next(rows);
		if ((double)db_uint(row[0]) + 1 < capacity)
			return ERR_NONE;
		/* The whole is taken however dense it is, as long as it has gaps at all. */
		if (bits == TREE_PART_BITS && db_uint(row[0]) + 2 <= block->parts / 2)
			return ERR_NONE;
	}
	log_error("there is no room for more tenants below the label %llu", (unsigned long long)block->level.parent);
	return ERR_REFUSED;
}

static enum error block_read(struct block *block)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(block->db, NULL, STMT_TREE_BLOCK, DB_VALUES(DB_UINT(block->low), DB_UINT(block->high),
		DB_UINT(block->level.step - 1)), &rows);
	size_t count;
	char **row;

	if (error != ERR_NONE)
		return error;
	count = db_rows_count(rows);
	block->tenants = arena_array(block->arena, count + 1, sizeof *block->tenants);
	block->olds = arena_array(block->arena, count + 1, sizeof *block->olds);
	block->news = arena_array(block->arena, count + 1, sizeof *block->news);
	while ((row = db_next(rows)) != NULL) {
		block->tenants[block->count] = db_uint(row[0]);
		block->olds[block->count++] = db_uint(row[1]);
	}
	return ERR_NONE;
}

/* Even gaps, with one place more than there are siblings: the free one is behind BEFORE. */
static uint64_t block_spread(struct block *block, uint64_t before)
{
	uint64_t place = 0, label = 0;
	size_t taken = 0;

	for (size_t i = 0; i <= block->count; i++) {
		place = block->start + (i + 1) * block->parts / (block->count + 2) * block->level.step;
		if (label == 0 && (taken == block->count || block->olds[taken] > before))
			label = place;
		else
			block->news[taken++] = place;
	}
	return label;
}

/* Those that go down (or up), in pieces that begin at the end to which they go. */
static enum error block_write(struct block *block, bool up)
{
	uint64_t tenants[PIECE], news[PIECE];
	enum error error = ERR_NONE;
	size_t count = 0;

	for (size_t i = 0; i < block->count && error == ERR_NONE; i++) {
		size_t at = up ? block->count - 1 - i : i;
		bool goes = up ? block->news[at] > block->olds[at] : block->news[at] < block->olds[at];

		if (goes) {
			tenants[count] = block->tenants[at];
			news[count++] = block->news[at];
		}
		if (count == 0 || (count < PIECE && i + 1 < block->count))
			continue;
		struct db_value keys = DB_UINTS(tenants, count), labels = DB_UINTS(news, count);

		error = db_execute(block->db, NULL, up ? STMT_TREE_RELABEL_UP : STMT_TREE_RELABEL_DOWN,
			DB_VALUES(keys, labels, keys), NULL);
		if (error == ERR_NONE)
			error = db_execute(block->db, NULL, up ? STMT_TREE_RELABEL_LIST_UP : STMT_TREE_RELABEL_LIST_DOWN,
				DB_VALUES(keys, labels, keys), NULL);
		if (error == ERR_NONE)
			error = db_execute(block->db, NULL, up ? STMT_TREE_RELABEL_CONTRACTS_UP : STMT_TREE_RELABEL_CONTRACTS_DOWN,
				DB_VALUES(keys, labels, keys), NULL);
		count = 0;
	}
	return error;
}

static const struct {
	enum statement put, drop, shift;
} index_statements[GRAM__MAX] = {
	[GRAM_TENANT] = { STMT_LIST_GRAM_PUT, STMT_TREE_DROP_GRAMS, STMT_TREE_SHIFT_GRAMS },
	[GRAM_CONTRACT] = { STMT_CONTRACT_GRAM_PUT, STMT_TREE_DROP_CONTRACT_GRAMS, STMT_TREE_SHIFT_CONTRACT_GRAMS },
};

static int number_compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* The index has no key by label, but all entries of the block are among the pieces of its texts: taken out together and
 * put in again with the new labels. */
static enum error block_grams(struct block *block, enum gram_index index, const struct gram_texts *texts)
{
	struct bulk *bulk = bulk_new(block->db, index_statements[index].put);
	enum error error = ERR_NONE;

	for (size_t i = 0; i < texts->all_count && error == ERR_NONE; i += GRAM_PIECE) {
		size_t piece = texts->all_count - i < GRAM_PIECE ? texts->all_count - i : GRAM_PIECE;

		error = db_execute(block->db, NULL, index_statements[index].drop, DB_VALUES(DB_UINTS(texts->all + i, piece),
			DB_UINT(block->low), DB_UINT(block->high)), NULL);
	}
	for (size_t i = 0; i < texts->count && error == ERR_NONE; i++) {
		const uint64_t *at = bsearch(&texts->labels[i], block->olds, block->count, sizeof *at, number_compare);
		uint64_t label = at != NULL ? block->news[at - block->olds] : texts->labels[i];

		for (size_t k = 0; k < texts->counts[i] && error == ERR_NONE; k++)
			error = gram_put(bulk, &texts->grams[i][k], label);
	}
	if (error == ERR_NONE)
		error = bulk_flush(bulk);
	bulk_free(bulk);
	return error;
}

static enum error block_customers(struct block *block, uint64_t *rewritten)
{
	struct gram_texts texts[GRAM__MAX] = { 0 };
	enum error error = ERR_NONE;

	for (enum gram_index i = 0; i < GRAM__MAX && error == ERR_NONE; i++)
		error = gram_texts_read(block->db, block->arena, i, block->low, block->high, &texts[i]);
	if (error == ERR_NONE)
		error = block_write(block, false);
	if (error == ERR_NONE)
		error = block_write(block, true);
	for (enum gram_index i = 0; i < GRAM__MAX && error == ERR_NONE; i++)
		error = block_grams(block, i, &texts[i]);
	for (size_t i = 0; i < block->count; i++)
		*rewritten += block->olds[i] != block->news[i];
	return error;
}

/* Each with its customers, in an order in which the place of each is free: down from the left, then up from the right. */
static enum error block_resellers(struct block *block, uint64_t *rewritten)
{
	enum error error = ERR_NONE;

	for (size_t i = 0; i < block->count && error == ERR_NONE; i++) {
		if (block->news[i] < block->olds[i])
			error = tree_shift(block->db, block->olds[i], block->news[i], rewritten);
	}
	for (size_t i = block->count; i-- > 0 && error == ERR_NONE;) {
		if (block->news[i] > block->olds[i])
			error = tree_shift(block->db, block->olds[i], block->news[i], rewritten);
	}
	return error;
}

enum error tree_make_room(struct db *db, struct tree_level level, uint64_t before, uint64_t *label, uint64_t *rewritten)
{
	ARENA_AUTO arena = arena_new();
	struct block block = { .db = db, .arena = arena, .level = level };
	enum error error = block_choose(&block, before);

	if (error == ERR_NONE)
		error = block_read(&block);
	if (error != ERR_NONE)
		return error;
	*label = block_spread(&block, before);
	return level.step == 1 ? block_customers(&block, rewritten) : block_resellers(&block, rewritten);
}

static enum error shift_grams(struct db *db, enum gram_index index, const struct gram_texts *texts, uint64_t old, uint64_t new)
{
	struct db_value from = DB_UINT(old), to = DB_UINT(new), end = DB_UINT(tree_end(old));
	enum error error = ERR_NONE;

	for (size_t i = 0; i < texts->all_count && error == ERR_NONE; i += GRAM_PIECE) {
		size_t piece = texts->all_count - i < GRAM_PIECE ? texts->all_count - i : GRAM_PIECE;

		error = db_execute(db, NULL, index_statements[index].shift, DB_VALUES(from, to, DB_UINTS(texts->all + i, piece),
			from, end), NULL);
	}
	return error;
}

enum error tree_shift(struct db *db, uint64_t old, uint64_t new, uint64_t *rewritten)
{
	ARENA_AUTO arena = arena_new();
	struct gram_texts texts[GRAM__MAX] = { 0 };
	struct db_value from = DB_UINT(old), to = DB_UINT(new), end = DB_UINT(tree_end(old));
	uint64_t changed = 0;
	enum error error = ERR_NONE;

	if (old == new)
		return ERR_NONE;
	for (enum gram_index i = 0; i < GRAM__MAX && error == ERR_NONE; i++)
		error = gram_texts_read(db, arena, i, old, tree_end(old), &texts[i]);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_TREE_SHIFT, DB_VALUES(from, to, from, end), &changed);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_TREE_SHIFT_LIST, DB_VALUES(from, to, from, end), NULL);
	if (error == ERR_NONE)
		error = db_execute(db, NULL, STMT_TREE_SHIFT_CONTRACTS, DB_VALUES(from, to, from, end), NULL);
	for (enum gram_index i = 0; i < GRAM__MAX && error == ERR_NONE; i++)
		error = shift_grams(db, i, &texts[i], old, new);
	*rewritten += changed;
	return error;
}
