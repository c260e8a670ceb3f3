/* The search index in the database: compared with, and made, what the sorted entries say.
 *
 * Must write in the index's own order, and only what differs: whoever rebuilds an index that is right
 * writes nothing. */
#include "db/list_gram.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "db/bulk.h"
#include "db/contract_fact.h"
#include "db/db.h"

#define STORED_PIECE 50000
#define DROP_MAX 1000

static const struct {
	enum statement texts, stored, put, drop, forget;
} statements_of[GRAM__MAX] = {
	[GRAM_TENANT] = { STMT_TREE_TEXTS, STMT_LIST_GRAM_STORED, STMT_LIST_GRAM_PUT, STMT_LIST_GRAM_DROP, STMT_LIST_GRAM_FORGET },
	[GRAM_CONTRACT] = { STMT_TREE_CONTRACT_TEXTS, STMT_CONTRACT_GRAM_STORED, STMT_CONTRACT_GRAM_PUT, STMT_CONTRACT_GRAM_DROP,
		STMT_CONTRACT_GRAM_FORGET },
};

static int number_compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* The text that the index has of a row. A tenant's contracts count as one text. */
static const char *text_of(struct arena *arena, enum gram_index index, const char *search)
{
	return index == GRAM_CONTRACT ? contract_search_own(arena, search) : search;
}

enum error gram_texts_read(struct db *db, struct arena *arena, enum gram_index index, uint64_t low, uint64_t high,
	struct gram_texts *texts)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, statements_of[index].texts, DB_VALUES(DB_UINT(low), DB_UINT(high)), &rows);
	size_t count, total = 0, kept = 0;
	const char *text = NULL;
	char **row;

	if (error != ERR_NONE)
		return error;
	count = db_rows_count(rows);
	texts->labels = arena_array(arena, count + 1, sizeof *texts->labels);
	texts->grams = arena_array(arena, count + 1, sizeof *texts->grams);
	texts->counts = arena_array(arena, count + 1, sizeof *texts->counts);
	while ((row = db_next(rows)) != NULL) {
		uint64_t label = db_uint(row[0]);
		bool same = texts->count > 0 && texts->labels[texts->count - 1] == label;

		if (same)
			total -= texts->counts[--texts->count];
		text = same ? arena_printf(arena, "%s %s", text, text_of(arena, index, row[1])) : text_of(arena, index, row[1]);
		texts->labels[texts->count] = label;
		texts->counts[texts->count] = text_grams(arena, text, &texts->grams[texts->count]);
		total += texts->counts[texts->count++];
	}
	texts->all = arena_array(arena, total + 1, sizeof *texts->all);
	total = 0;
	for (size_t i = 0; i < texts->count; i++) {
		for (size_t k = 0; k < texts->counts[i]; k++)
			texts->all[total++] = texts->grams[i][k].gram;
	}
	qsort(texts->all, total, sizeof *texts->all, number_compare);
	for (size_t i = 0; i < total; i++) {
		if (kept == 0 || texts->all[i] != texts->all[kept - 1])
			texts->all[kept++] = texts->all[i];
	}
	texts->all_count = kept;
	return ERR_NONE;
}

/* The stored entries of an interval of labels, in order, read piece by piece: no cursor stays open while others
 * are written. */
struct stored {
	struct db *db;
	enum gram_index index;
	struct db_rows *rows;
	uint64_t low, high;
	struct gram_entry entry; /* at hand */
	bool open, last_piece;
};

static enum error stored_advance(struct stored *stored)
{
	for (;;) {
		char **row = stored->rows != NULL ? db_next(stored->rows) : NULL;
		enum error error;

		if (row != NULL) {
			stored->entry = (struct gram_entry){ db_uint(row[0]), db_uint(row[1]), db_uint(row[2]) };
			if (stored->entry.tree_pos >= stored->low && stored->entry.tree_pos < stored->high)
				return ERR_NONE;
			continue;
		}
		db_rows_free(stored->rows);
		stored->rows = NULL;
		if (stored->last_piece) {
			stored->open = false;
			return ERR_NONE;
		}
		error = db_query(stored->db, NULL, statements_of[stored->index].stored, DB_VALUES(DB_UINT(stored->entry.gram),
			DB_UINT(stored->entry.gram), DB_UINT(stored->entry.tree_pos), DB_UINT(STORED_PIECE)), &stored->rows);
		if (error != ERR_NONE)
			return error;
		stored->last_piece = db_rows_count(stored->rows) < STORED_PIECE;
	}
}

static int entry_compare(const struct gram_entry *a, const struct gram_entry *b)
{
	if (a->gram != b->gram)
		return a->gram < b->gram ? -1 : 1;
	return a->tree_pos < b->tree_pos ? -1 : a->tree_pos > b->tree_pos;
}

enum error gram_compare(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort,
	gram_difference_fn *difference, void *arg)
{
	struct stored stored = { .db = db, .index = index, .low = low, .high = high, .open = true };
	struct gram_entry entry;
	bool more = gram_sort_next(sort, &entry);
	enum error error = stored_advance(&stored);

	while (error == ERR_NONE && (more || stored.open)) {
		/* an end that is none would make everything stored look superfluous */
		if (!more && gram_sort_error(sort) != ERR_NONE) {
			error = gram_sort_error(sort);
			break;
		}

		int order = !more ? 1 : !stored.open ? -1 : entry_compare(&entry, &stored.entry);

		if (order < 0)
			error = difference(arg, &entry, GRAM_MISSING);
		else if (order > 0)
			error = difference(arg, &stored.entry, GRAM_EXCESS);
		else if (entry.near != stored.entry.near)
			error = difference(arg, &entry, GRAM_OTHER);
		if (order <= 0)
			more = gram_sort_next(sort, &entry);
		if (order >= 0 && error == ERR_NONE)
			error = stored_advance(&stored);
	}
	db_rows_free(stored.rows);
	return error;
}

/* What is to be written: new entries in bulk, entries in excess by piece. */
struct writing {
	struct db *db;
	enum gram_index index;
	struct bulk *bulk;
	uint64_t drop_gram, drops[DROP_MAX];
	size_t drop_count;
};

static enum error drops_flush(struct writing *writing)
{
	size_t count = writing->drop_count;

	writing->drop_count = 0;
	if (count == 0)
		return ERR_NONE;
	return db_execute(writing->db, NULL, statements_of[writing->index].drop, DB_VALUES(DB_UINT(writing->drop_gram),
		DB_UINTS(writing->drops, count)), NULL);
}

enum error gram_put(struct bulk *bulk, const struct text_gram *gram, uint64_t tree_pos)
{
	return bulk_row(bulk, DB_VALUES(DB_UINT(gram->gram), DB_UINT(tree_pos), DB_UINT(gram->near)));
}

static enum error write_difference(void *arg, const struct gram_entry *entry, enum gram_difference difference)
{
	struct writing *writing = arg;
	enum error error = ERR_NONE;

	if (difference != GRAM_EXCESS)
		return gram_put(writing->bulk, &(struct text_gram){ .gram = entry->gram, .near = entry->near }, entry->tree_pos);
	if (writing->drop_count == DROP_MAX || (writing->drop_count > 0 && writing->drop_gram != entry->gram))
		error = drops_flush(writing);
	writing->drop_gram = entry->gram;
	writing->drops[writing->drop_count++] = entry->tree_pos;
	return error;
}

static enum error write_compared(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort,
	gram_difference_fn *write)
{
	struct writing writing = { .db = db, .index = index, .bulk = bulk_new(db, statements_of[index].put) };
	enum error error = gram_compare(db, index, low, high, sort, write, &writing);

	if (error == ERR_NONE)
		error = drops_flush(&writing);
	if (error == ERR_NONE)
		error = bulk_flush(writing.bulk);
	bulk_free(writing.bulk);
	return error;
}

enum error gram_store(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort)
{
	return write_compared(db, index, low, high, sort, write_difference);
}

static enum error write_near(void *arg, const struct gram_entry *entry, enum gram_difference difference)
{
	return difference == GRAM_OTHER ? write_difference(arg, entry, difference) : ERR_NONE;
}

/* The pieces of the stored texts of an interval, reseller by reseller, each with its customers. */
static enum error sort_texts(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort)
{
	ARENA_AUTO arena = arena_new();
	enum error error = ERR_NONE;

	while (error == ERR_NONE && low < high) {
		uint64_t end = tree_reseller(low) != 0 ? tree_end(tree_reseller(low)) : low + 1;
		struct gram_texts texts = { 0 };
		DB_ROWS_AUTO rows = NULL;
		char **row;

		arena_reset(arena);
		error = gram_texts_read(db, arena, index, low, end, &texts);
		for (size_t i = 0; i < texts.count && error == ERR_NONE; i++)
			error = gram_sort_add(sort, texts.labels[i], texts.grams[i], texts.counts[i]);
		if (error == ERR_NONE)
			error = db_query(db, NULL, STMT_TREE_NEXT, DB_VALUES(DB_UINT(end), DB_UINT(high)), &rows);
		row = error == ERR_NONE ? db_next(rows) : NULL;
		low = row != NULL && row[0] != NULL ? db_uint(row[0]) : high;
	}
	return error;
}

enum error gram_tell_near(struct db *db, enum gram_index index, uint64_t low, uint64_t high)
{
	struct gram_sort *sort = gram_sort_new();
	enum error error = sort != NULL ? sort_texts(db, index, low, high, sort) : ERR_INTERNAL;

	if (error == ERR_NONE)
		error = gram_sort_done(sort);
	if (error == ERR_NONE)
		error = write_compared(db, index, low, high, sort, write_near);
	gram_sort_free(sort);
	return error;
}

enum error gram_change(struct db *db, enum gram_index index, const char *old_search, uint64_t old_pos,
	const char *new_search, uint64_t new_pos)
{
	ARENA_AUTO arena = arena_new();
	struct bulk *bulk = bulk_new(db, statements_of[index].put);
	struct text_gram *old = NULL, *new = NULL;
	uint64_t *drops;
	size_t old_count = old_search != NULL ? text_grams(arena, old_search, &old) : 0, i = 0, k = 0, drop_count = 0;
	size_t new_count = new_search != NULL ? text_grams(arena, new_search, &new) : 0;
	bool moved = old_pos != new_pos;
	enum error error = ERR_NONE;

	drops = arena_array(arena, old_count + 1, sizeof *drops);
	while (error == ERR_NONE && (i < old_count || k < new_count)) {
		bool has_old = i < old_count && (k == new_count || old[i].gram <= new[k].gram);
		bool has_new = k < new_count && (i == old_count || new[k].gram <= old[i].gram);
		bool stays = has_old && has_new && !moved;

		if (has_old && !stays)
			drops[drop_count++] = old[i].gram;
		if (has_new && (!stays || old[i].near != new[k].near))
			error = gram_put(bulk, &new[k], new_pos);
		i += has_old;
		k += has_new;
	}
	if (drop_count > 0 && error == ERR_NONE)
		error = db_execute(db, NULL, statements_of[index].forget, DB_VALUES(DB_UINTS(drops, drop_count), DB_UINT(old_pos)), NULL);
	if (error == ERR_NONE)
		error = bulk_flush(bulk);
	bulk_free(bulk);
	return error;
}
