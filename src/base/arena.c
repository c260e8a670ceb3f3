/* The arena of arena.h: a chain of blocks. Owns every byte it gave out; nothing of it is freed singly. */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/log.h"

#define BLOCK_SIZE ((size_t)32 * 1024)
/* What of it nobody has written to takes no memory. */
#define SHARED_BLOCK_SIZE (((size_t)1 << 20) - sizeof(struct block))
#define KEEP_MAX ((size_t)256 * 1024)
#define ALIGNMENT ((size_t)16)

/* Under a sanitizer every piece is a block of its own (clang does not say so by itself: TENANTRY_ASAN is configure's). */
#if defined(__SANITIZE_ADDRESS__) || defined(TENANTRY_ASAN)
#define ARENA_BLOCKS 0
#else
#define ARENA_BLOCKS 1
#endif

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(16) char data[];
};

struct arena {
	struct block *blocks; /* the first one is filled now */
	struct block *spares; /* empty ones of the standard size */
	size_t used;
	bool shared;
};

static __attribute__((noreturn)) void arena_exhausted(size_t size)
{
	log_error("out of memory: %zu bytes for a request", size);
	abort();
}

static struct block *block_new(const struct arena *arena, size_t size, struct block *next)
{
	size_t whole = sizeof(struct block) + size;
	struct block *block = arena->shared ? mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) : malloc(whole);
	if (block == NULL || block == MAP_FAILED)
		arena_exhausted(size);
	block->next = next;
	block->size = size;
	block->used = 0;
	return block;
}

static void block_free(const struct arena *arena, struct block *block)
{
	if (arena->shared)
		munmap(block, sizeof *block + block->size);
	else
		free(block);
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof *arena);
	if (arena == NULL)
		arena_exhausted(sizeof *arena);
	return arena;
}

struct arena *arena_new_shared(void)
{
	struct arena *arena = arena_new();
	arena->shared = ARENA_BLOCKS;
	return arena;
}

static void blocks_free(const struct arena *arena, struct block *blocks)
{
	for (struct block *block = blocks, *next; block != NULL; block = next) {
		next = block->next;
		block_free(arena, block);
	}
}

void arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	blocks_free(arena, arena->blocks);
	blocks_free(arena, arena->spares);
	free(arena);
}

void arena_reset(struct arena *arena)
{
	size_t kept = 0;
	for (struct block *spare = arena->spares; spare != NULL; spare = spare->next)
		kept += spare->size;
	for (struct block *block = arena->blocks, *next; block != NULL; block = next) {
		next = block->next;
		/* Only standard blocks are kept: a rare large piece must not stay for the worker's life. */
		if (ARENA_BLOCKS && block->size == BLOCK_SIZE && kept + block->size <= KEEP_MAX) {
			kept += block->size;
			block->used = 0;
			block->next = arena->spares;
			arena->spares = block;
		} else {
			block_free(arena, block);
		}
	}
	arena->blocks = NULL;
	arena->used = 0;
}

/* A piece of SIZE bytes, whatever stands in them. */
static void *piece_take(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		arena_exhausted(size);
	size_t rounded = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (rounded == 0)
		rounded = ALIGNMENT;
	arena->used += rounded;

	struct block *block = arena->blocks;
	if (!ARENA_BLOCKS) {
		/* Exactly the size asked for, so that a sanitizer sees one byte too many. */
		arena->blocks = block_new(arena, size, block);
		return arena->blocks->data;
	}
	if (block == NULL || block->size - block->used < rounded) {
		if (rounded > BLOCK_SIZE / 4 && block != NULL) {
			/* A large piece gets a block behind the first one, which still has room for small ones. */
			struct block *large = block_new(arena, rounded, block->next);
			block->next = large;
			large->used = rounded;
			return large->data;
		}
		struct block *spare = arena->spares;
		if (spare != NULL && spare->size >= rounded) {
			arena->spares = spare->next;
			spare->next = block;
			arena->blocks = block = spare;
		} else {
			size_t standard = arena->shared ? SHARED_BLOCK_SIZE : BLOCK_SIZE;
			arena->blocks = block = block_new(arena, rounded > standard ? rounded : standard, block);
		}
	}
	void *piece = block->data + block->used;
	block->used += rounded;
	return piece;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(piece_take(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total))
		arena_exhausted(SIZE_MAX);
	return arena_alloc(arena, total);
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text != NULL ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = piece_take(arena, length + 1);
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	/* Most are short: written once, then copied. */
	char fixed[256], *text;
	va_list values, again;
	va_start(values, format);
	va_copy(again, values);
	int length = vsnprintf(fixed, sizeof fixed, format, values);
	va_end(values);
	if (length < 0)
		arena_exhausted(0);
	if ((size_t)length < sizeof fixed) {
		text = arena_strndup(arena, fixed, (size_t)length);
	} else {
		text = arena_alloc(arena, (size_t)length + 1);
		vsnprintf(text, (size_t)length + 1, format, again);
	}
	va_end(again);
	return text;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}
