/* Memory with the life of one request: many small pieces, freed at once.
 *
 * A failed allocation does not return: the process logs and aborts, since a worker that
 * cannot get a few kilobytes is better replaced by the master than half served.
 * Built with --enable-asan each piece is a malloc of its own, so that overruns are seen. */
#ifndef TENANTRY_BASE_ARENA_H
#define TENANTRY_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* Makes an empty arena. The caller owns it and ends it with arena_free(). */
struct arena *arena_new(void);

/* The same in memory that processes share which are forked later. They only read it, and of it a process has in its own memory what it has
 * looked at: the rest costs it nothing. */
struct arena *arena_new_shared(void);

/* Frees the arena and all it gave out. NULL is allowed. */
void arena_free(struct arena *arena);

/* Frees all that the arena gave out, and keeps up to 256 KiB for the next round. */
void arena_reset(struct arena *arena);

/* SIZE bytes, aligned for any type and zeroed; owned by the arena. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size)
	__attribute__((malloc, returns_nonnull, alloc_size(2)));

/* An array of COUNT items of SIZE bytes, zeroed; aborts when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));

/* Copies of TEXT (NULL gives NULL), of its first LENGTH bytes, and of a formatted text. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length)
	__attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/* Bytes given out since the last reset. */
size_t arena_used(const struct arena *arena);

static inline void arena_freep(struct arena **arena)
{
	arena_free(*arena);
}
#define ARENA_AUTO __attribute__((cleanup(arena_freep))) struct arena *

#endif
