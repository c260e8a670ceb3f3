/* Sorting the entries of the search index: thirty million for a million tenants, in constant memory.
 *
 * Entries put into the index in any other order than its own would each touch a page of their own. They come in the
 * order of labels, so a run in memory only has to be dealt out by piece (each distinct piece gets a small number, and
 * counting by it keeps the labels' order), goes to a temporary file as differences of a few bytes each beside what is near,
 * and of two runs the earlier one has the smaller labels. Knows nothing of the database. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "db/list_gram.h"

#define RUN_ENTRIES (2u << 20)
#define RUN_LABELS (1u << 18)
#define RUN_GRAMS (1u << 18)
#define HASH_SLOTS (1u << 20) /* more than twice RUN_GRAMS */
#define READ_SIZE 65536
#define NUMBER_MAX 10         /* bytes of the longest number in the file */

struct entry {
	uint64_t near;
	uint32_t gram, label; /* places in `grams` and `labels` */
};

struct named_gram {
	uint64_t gram;
	uint32_t place;
};

/* A run while the entries are given out. */
struct reader {
	off_t offset, end;
	size_t used, filled;
	uint64_t gram, label, left; /* LEFT: entries of GRAM that are still to come */
	bool open;
	uint8_t *bytes;
};

struct gram_sort {
	FILE *file;
	struct entry *entries;
	uint32_t *dealt, *slots; /* slots: place in `grams` and 1 */
	uint64_t *labels;
	struct named_gram *grams;
	size_t entry_count, label_count, gram_count;
	off_t *run_ends;
	size_t run_count;
	struct reader *readers;
	size_t reader_now;
	off_t written;
	enum error error;
};

static enum error fail(struct gram_sort *sort, const char *what)
{
	log_error("sorting the search index: %s: %s", what, strerror(errno));
	return sort->error = ERR_INTERNAL;
}

static void *need(void *memory)
{
	if (memory == NULL) {
		log_error("out of memory for sorting the search index");
		abort();
	}
	return memory;
}

struct gram_sort *gram_sort_new(void)
{
	struct gram_sort *sort = need(calloc(1, sizeof *sort));

	sort->file = tmpfile();
	if (sort->file == NULL) {
		fail(sort, "temporary file");
		free(sort);
		return NULL;
	}
	sort->entries = need(malloc(RUN_ENTRIES * sizeof *sort->entries));
	sort->dealt = need(malloc(RUN_ENTRIES * sizeof *sort->dealt));
	sort->slots = need(calloc(HASH_SLOTS, sizeof *sort->slots));
	sort->labels = need(malloc(RUN_LABELS * sizeof *sort->labels));
	sort->grams = need(malloc(RUN_GRAMS * sizeof *sort->grams));
	return sort;
}

static void run_memory_free(struct gram_sort *sort)
{
	free(sort->entries);
	free(sort->dealt);
	free(sort->slots);
	free(sort->labels);
	free(sort->grams);
	sort->entries = NULL;
	sort->dealt = sort->slots = NULL;
	sort->labels = NULL;
	sort->grams = NULL;
}

void gram_sort_free(struct gram_sort *sort)
{
	if (sort == NULL)
		return;
	run_memory_free(sort);
	for (size_t i = 0; sort->readers != NULL && i < sort->run_count; i++)
		free(sort->readers[i].bytes);
	free(sort->readers);
	free(sort->run_ends);
	fclose(sort->file);
	free(sort);
}

/* The place of a piece in `grams`, where it is put if it is new. */
static uint32_t gram_place(struct gram_sort *sort, uint64_t gram)
{
	uint64_t slot = gram * UINT64_C(0x9e3779b97f4a7c15) >> 44; /* 20 bits: HASH_SLOTS */

	while (sort->slots[slot] != 0) {
		if (sort->grams[sort->slots[slot] - 1].gram == gram)
			return sort->slots[slot] - 1;
		slot = (slot + 1) % HASH_SLOTS;
	}
	sort->grams[sort->gram_count].gram = gram;
	sort->grams[sort->gram_count].place = (uint32_t)sort->gram_count;
	sort->slots[slot] = (uint32_t)++sort->gram_count;
	return sort->slots[slot] - 1;
}

static int named_compare(const void *left, const void *right)
{
	uint64_t a = ((const struct named_gram *)left)->gram, b = ((const struct named_gram *)right)->gram;

	return a < b ? -1 : a > b;
}

/* Seven bits a byte, the last one without the high bit. */
static void put_number(struct gram_sort *sort, uint64_t number)
{
	uint8_t bytes[NUMBER_MAX];
	size_t length = 0;

	while (number >= 0x80) {
		bytes[length++] = (uint8_t)(number | 0x80);
		number >>= 7;
	}
	bytes[length++] = (uint8_t)number;
	if (fwrite(bytes, 1, length, sort->file) != length)
		fail(sort, "write");
	sort->written += (off_t)length;
}

static void put_grams(struct gram_sort *sort, const uint32_t *ends)
{
	uint64_t before = 0;

	for (size_t i = 0; i < sort->gram_count; i++) {
		uint32_t place = sort->grams[i].place, begin = place > 0 ? ends[place - 1] : 0;
		uint64_t label = 0;

		put_number(sort, sort->grams[i].gram - before);
		put_number(sort, ends[place] - begin);
		before = sort->grams[i].gram;
		for (uint32_t k = begin; k < ends[place]; k++) {
			const struct entry *entry = &sort->entries[sort->dealt[k]];

			put_number(sort, sort->labels[entry->label] - label);
			put_number(sort, entry->near);
			label = sort->labels[entry->label];
		}
	}
}

/* Deals the entries out by piece and writes them: for each piece its number of labels, then these. */
static enum error run_write(struct gram_sort *sort)
{
	uint32_t *ends;

	if (sort->entry_count == 0)
		return sort->error;
	ends = need(calloc(sort->gram_count, sizeof *ends));
	for (size_t i = 0; i < sort->entry_count; i++)
		ends[sort->entries[i].gram]++;
	for (size_t i = 1; i < sort->gram_count; i++)
		ends[i] += ends[i - 1];
	for (size_t i = sort->entry_count; i-- > 0;)
		sort->dealt[--ends[sort->entries[i].gram]] = (uint32_t)i;
	/* dealing moved each end to its begin, which is the end of the one before */
	for (size_t i = 0; i + 1 < sort->gram_count; i++)
		ends[i] = ends[i + 1];
	ends[sort->gram_count - 1] = (uint32_t)sort->entry_count;
	qsort(sort->grams, sort->gram_count, sizeof *sort->grams, named_compare);
	put_grams(sort, ends);
	free(ends);
	sort->run_ends = need(realloc(sort->run_ends, (sort->run_count + 1) * sizeof *sort->run_ends));
	sort->run_ends[sort->run_count++] = sort->written;
	sort->entry_count = sort->label_count = sort->gram_count = 0;
	memset(sort->slots, 0, HASH_SLOTS * sizeof *sort->slots);
	return sort->error;
}

enum error gram_sort_add(struct gram_sort *sort, uint64_t tree_pos, const struct text_gram *grams, size_t count)
{
	if (count > RUN_GRAMS || count > RUN_ENTRIES) {
		errno = E2BIG;
		return fail(sort, "one text");
	}
	if (sort->entry_count + count > RUN_ENTRIES || sort->label_count == RUN_LABELS ||
		sort->gram_count + count > RUN_GRAMS)
		run_write(sort);
	for (size_t i = 0; i < count; i++) {
		struct entry *entry = &sort->entries[sort->entry_count++];

		*entry = (struct entry){ grams[i].near, gram_place(sort, grams[i].gram), (uint32_t)sort->label_count };
	}
	sort->labels[sort->label_count++] = tree_pos;
	return sort->error;
}

static bool reader_byte(struct gram_sort *sort, struct reader *reader, uint8_t *byte)
{
	if (reader->used == reader->filled) {
		off_t left = reader->end - reader->offset;
		size_t wanted = left < READ_SIZE ? (size_t)left : READ_SIZE;
		ssize_t got = wanted > 0 ? pread(fileno(sort->file), reader->bytes, wanted, reader->offset) : 0;

		if (got <= 0) {
			if (wanted > 0)
				fail(sort, "read");
			return false;
		}
		reader->offset += got;
		reader->filled = (size_t)got;
		reader->used = 0;
	}
	*byte = reader->bytes[reader->used++];
	return true;
}

static bool reader_number(struct gram_sort *sort, struct reader *reader, uint64_t *number)
{
	uint8_t byte;

	*number = 0;
	for (unsigned shift = 0; reader_byte(sort, reader, &byte); shift += 7) {
		*number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}

/* Goes to the run's next piece. */
static void reader_advance(struct gram_sort *sort, struct reader *reader)
{
	uint64_t difference;

	reader->open = reader_number(sort, reader, &difference) && reader_number(sort, reader, &reader->left);
	reader->gram += difference;
	reader->label = 0;
}

enum error gram_sort_done(struct gram_sort *sort)
{
	run_write(sort);
	run_memory_free(sort);
	if (fflush(sort->file) != 0)
		fail(sort, "write");
	if (sort->error != ERR_NONE)
		return sort->error;
	sort->readers = need(calloc(sort->run_count + 1, sizeof *sort->readers));
	for (size_t i = 0; i < sort->run_count; i++) {
		sort->readers[i].offset = i > 0 ? sort->run_ends[i - 1] : 0;
		sort->readers[i].end = sort->run_ends[i];
		sort->readers[i].bytes = need(malloc(READ_SIZE));
		reader_advance(sort, &sort->readers[i]);
	}
	sort->reader_now = sort->run_count;
	return sort->error;
}

/* The run with the smallest piece; of several the earliest, whose labels are the smaller ones. */
static size_t reader_choose(const struct gram_sort *sort)
{
	size_t chosen = sort->run_count;

	for (size_t i = 0; i < sort->run_count; i++) {
		if (sort->readers[i].open && (chosen == sort->run_count || sort->readers[i].gram < sort->readers[chosen].gram))
			chosen = i;
	}
	return chosen;
}

bool gram_sort_next(struct gram_sort *sort, struct gram_entry *entry)
{
	struct reader *reader;
	uint64_t difference;

	if (sort->reader_now == sort->run_count)
		sort->reader_now = reader_choose(sort);
	if (sort->reader_now == sort->run_count || sort->error != ERR_NONE)
		return false;
	reader = &sort->readers[sort->reader_now];
	if (!reader_number(sort, reader, &difference) || !reader_number(sort, reader, &entry->near))
		return false;
	reader->label += difference;
	entry->gram = reader->gram;
	entry->tree_pos = reader->label;
	if (--reader->left == 0) {
		reader_advance(sort, reader);
		sort->reader_now = sort->run_count;
	}
	return true;
}

enum error gram_sort_error(const struct gram_sort *sort)
{
	return sort->error;
}
