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
#include "db/db.h"

#define STORED_PIECE 50000
#define DROP_MAX 1000

static const struct {
	enum statement stored, put, drop, forget;
} statements_of[GRAM__MAX] = {
	[GRAM_TENANT] = { STMT_LIST_GRAM_STORED, STMT_LIST_GRAM_PUT, STMT_LIST_GRAM_DROP, STMT_LIST_GRAM_FORGET },
	[GRAM_CONTRACT] = { STMT_CONTRACT_GRAM_STORED, STMT_CONTRACT_GRAM_PUT, STMT_CONTRACT_GRAM_DROP, STMT_CONTRACT_GRAM_FORGET },
};

/* The stored entries of an interval of labels, in order, read piece by piece: no cursor stays open while others
 * are written. */
struct stored {
	struct db *db;
	enum gram_index index;
	struct db_rows *rows;
	uint64_t low, high, gram, tree_pos; /* the entry at hand */
	bool open, last_piece;
};

static enum error stored_advance(struct stored *stored)
{
	for (;;) {
		char **row = stored->rows != NULL ? db_next(stored->rows) : NULL;
		enum error error;

		if (row != NULL) {
			stored->gram = db_uint(row[0]);
			stored->tree_pos = db_uint(row[1]);
			if (stored->tree_pos >= stored->low && stored->tree_pos < stored->high)
				return ERR_NONE;
			continue;
		}
		db_rows_free(stored->rows);
		stored->rows = NULL;
		if (stored->last_piece) {
			stored->open = false;
			return ERR_NONE;
		}
		error = db_query(stored->db, NULL, statements_of[stored->index].stored, DB_VALUES(DB_UINT(stored->gram),
			DB_UINT(stored->gram), DB_UINT(stored->tree_pos), DB_UINT(STORED_PIECE)), &stored->rows);
		if (error != ERR_NONE)
			return error;
		stored->last_piece = db_rows_count(stored->rows) < STORED_PIECE;
	}
}

enum error gram_compare(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort,
	gram_difference_fn *difference, void *arg)
{
	struct stored stored = { .db = db, .index = index, .low = low, .high = high, .open = true };
	uint64_t gram, tree_pos;
	bool more = gram_sort_next(sort, &gram, &tree_pos);
	enum error error = stored_advance(&stored);

	while (error == ERR_NONE && (more || stored.open)) {
		/* an end that is none would make everything stored look superfluous */
		if (!more && gram_sort_error(sort) != ERR_NONE) {
			error = gram_sort_error(sort);
			break;
		}

		bool missing = more && (!stored.open || gram < stored.gram ||
			(gram == stored.gram && tree_pos < stored.tree_pos));
		bool excess = stored.open && (!more || stored.gram < gram ||
			(stored.gram == gram && stored.tree_pos < tree_pos));

		if (missing)
			error = difference(arg, gram, tree_pos, true);
		else if (excess)
			error = difference(arg, stored.gram, stored.tree_pos, false);
		if (!excess)
			more = gram_sort_next(sort, &gram, &tree_pos);
		if (!missing && error == ERR_NONE)
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

static enum error write_difference(void *arg, uint64_t gram, uint64_t tree_pos, bool missing)
{
	struct writing *writing = arg;
	enum error error = ERR_NONE;

	if (missing)
		return bulk_row(writing->bulk, DB_VALUES(DB_UINT(gram), DB_UINT(tree_pos)));
	if (writing->drop_count == DROP_MAX || (writing->drop_count > 0 && writing->drop_gram != gram))
		error = drops_flush(writing);
	writing->drop_gram = gram;
	writing->drops[writing->drop_count++] = tree_pos;
	return error;
}

enum error gram_store(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort)
{
	struct writing writing = { .db = db, .index = index, .bulk = bulk_new(db, statements_of[index].put) };
	enum error error = gram_compare(db, index, low, high, sort, write_difference, &writing);

	if (error == ERR_NONE)
		error = drops_flush(&writing);
	if (error == ERR_NONE)
		error = bulk_flush(writing.bulk);
	bulk_free(writing.bulk);
	return error;
}

enum error gram_change(struct db *db, enum gram_index index, const char *old_search, uint64_t old_pos,
	const char *new_search, uint64_t new_pos)
{
	ARENA_AUTO arena = arena_new();
	struct bulk *bulk = bulk_new(db, statements_of[index].put);
	uint64_t *old = NULL, *new = NULL, *drops;
	size_t old_count = old_search != NULL ? text_grams(arena, old_search, &old) : 0, i = 0, k = 0, drop_count = 0;
	size_t new_count = new_search != NULL ? text_grams(arena, new_search, &new) : 0;
	bool moved = old_pos != new_pos;
	enum error error = ERR_NONE;

	drops = arena_array(arena, old_count + 1, sizeof *drops);
	while (error == ERR_NONE && (i < old_count || k < new_count)) {
		bool has_old = i < old_count && (k == new_count || old[i] <= new[k]);
		bool has_new = k < new_count && (i == old_count || new[k] <= old[i]);
		bool stays = has_old && has_new && !moved;

		if (has_old && !stays)
			drops[drop_count++] = old[i];
		if (has_new && !stays)
			error = bulk_row(bulk, DB_VALUES(DB_UINT(new[k]), DB_UINT(new_pos)));
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
