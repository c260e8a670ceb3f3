/* The entries of the search index in order, however many: sorted outside of memory. Included in db/ and its tests alone. */
#ifndef TENANTRY_DB_LIST_GRAM_H
#define TENANTRY_DB_LIST_GRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct arena;
struct bulk;
struct db;
struct gram_sort;

/* Whose pieces: of tenants (tenant_gram), of the contracts of tenants (contract_gram). */
enum gram_index { GRAM_TENANT, GRAM_CONTRACT, GRAM__MAX };

/* NEAR as text.h says. */
struct gram_entry {
	uint64_t gram, tree_pos, near;
};

/* An empty sorter; takes under 64 MB, and room for runs in a temporary file that nobody else sees. NULL when there is
 * no temporary file. Ended by gram_sort_free(); NULL is allowed. */
struct gram_sort *gram_sort_new(void);
void gram_sort_free(struct gram_sort *sort);

/* Adds the entries of one tenant: its pieces, each once. Labels must come in ascending order. */
enum error gram_sort_add(struct gram_sort *sort, uint64_t tree_pos, const struct text_gram *grams, size_t count);

/* Ends adding. Then gram_sort_next() gives all entries by piece and label; false after the last one, and when
 * the temporary file fails: gram_sort_error() tells. */
enum error gram_sort_done(struct gram_sort *sort);
bool gram_sort_next(struct gram_sort *sort, struct gram_entry *entry);
enum error gram_sort_error(const struct gram_sort *sort);

/* Puts one entry, in place of what the index says of that piece and label. BULK is of the index's statement. */
enum error gram_put(struct bulk *bulk, const struct text_gram *gram, uint64_t tree_pos);

/* The search texts of an interval of labels, cut into pieces. ALL: every piece of them, each once. */
struct gram_texts {
	uint64_t *labels, *all;
	struct text_gram **grams;
	size_t *counts, count, all_count;
};

/* Those of [low, high), in the arena. */
enum error gram_texts_read(struct db *db, struct arena *arena, enum gram_index index, uint64_t low, uint64_t high,
	struct gram_texts *texts);

/* What to do with an entry that is missing in the index, says something else there of what is near, or is there in excess. */
enum gram_difference { GRAM_MISSING, GRAM_OTHER, GRAM_EXCESS };
typedef enum error gram_difference_fn(void *arg, const struct gram_entry *entry, enum gram_difference difference);

/* Compares an index in the interval of labels [low, high) with what SORT (done) gives. */
enum error gram_compare(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort,
	gram_difference_fn *difference, void *arg);

/* Makes the index in that interval what SORT gives: only what differs is written. */
enum error gram_store(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort);

/* Lets the entries of an interval say what is near, by the texts that are stored: those of an older program do not. No entry comes or goes. */
enum error gram_tell_near(struct db *db, enum gram_index index, uint64_t low, uint64_t high);

/* Brings the entries of one tenant from one text and label to another; a text may be NULL: none. */
enum error gram_change(struct db *db, enum gram_index index, const char *old_search, uint64_t old_pos,
	const char *new_search, uint64_t new_pos);

#endif
