/* The entries of the search index in order, however many: sorted outside of memory. Included in db/ and its tests alone. */
#ifndef TENANTRY_DB_LIST_GRAM_H
#define TENANTRY_DB_LIST_GRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct db;
struct gram_sort;

/* Whose pieces: of tenants (tenant_gram), of the contracts of tenants (contract_gram). */
enum gram_index { GRAM_TENANT, GRAM_CONTRACT, GRAM__MAX };

/* An empty sorter; takes under 64 MB, and room for runs in a temporary file that nobody else sees. NULL when there is
 * no temporary file. Ended by gram_sort_free(); NULL is allowed. */
struct gram_sort *gram_sort_new(void);
void gram_sort_free(struct gram_sort *sort);

/* Adds the entries of one tenant: its pieces, each once. Labels must come in ascending order. */
enum error gram_sort_add(struct gram_sort *sort, uint64_t tree_pos, const uint64_t *grams, size_t count);

/* Ends adding. Then gram_sort_next() gives all entries by piece and label; false after the last one, and when
 * the temporary file fails: gram_sort_error() tells. */
enum error gram_sort_done(struct gram_sort *sort);
bool gram_sort_next(struct gram_sort *sort, uint64_t *gram, uint64_t *tree_pos);
enum error gram_sort_error(const struct gram_sort *sort);

/* What to do with an entry that is missing in the index, or there in excess. */
typedef enum error gram_difference_fn(void *arg, uint64_t gram, uint64_t tree_pos, bool missing);

/* Compares an index in the interval of labels [low, high) with what SORT (done) gives. */
enum error gram_compare(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort,
	gram_difference_fn *difference, void *arg);

/* Makes the index in that interval what SORT gives: only what differs is written. */
enum error gram_store(struct db *db, enum gram_index index, uint64_t low, uint64_t high, struct gram_sort *sort);

/* Brings the entries of one tenant from one text and label to another; a text may be NULL: none. */
enum error gram_change(struct db *db, enum gram_index index, const char *old_search, uint64_t old_pos,
	const char *new_search, uint64_t new_pos);

#endif
