/* The list of common passwords (password.h): read once a process, kept sorted in lower case. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/password.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/text.h"

#define LINES_MAX 1000000
#define BASE_MIN 4 /* "Password1!" is "password"; "a1234567" is not "a" */

static struct arena *list_arena;
static const char **list;
static size_t list_count, list_capacity;

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_add(const char *text)
{
	if (list_count == list_capacity) {
		list_capacity = list_capacity > 0 ? list_capacity * 2 : 4096;
		list = realloc(list, list_capacity * sizeof *list);
		if (list == NULL)
			abort();
	}
	list[list_count++] = text;
}

/* Without a file there is no list: said once, logins must go on. */
static void list_read(const char *path)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	list_arena = arena_new();
	FILE *file = *path != '\0' ? fopen(path, "re") : NULL;
	if (file == NULL) {
		if (*path != '\0')
			log_warn("password: no list of common ones: %s: %s", path, strerror(errno));
		return;
	}
	while (list_count < LINES_MAX && (length = getline(&line, &room, file)) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		const char *folded = *line != '\0' && strncmp(line, "#!", 2) != 0 && text_is_utf8(line, strlen(line))
			? text_fold(list_arena, line, false) : NULL;
		if (folded != NULL && *folded != '\0')
			list_add(folded);
	}
	free(line);
	fclose(file);
	qsort(list, list_count, sizeof *list, compare);
}

static bool list_has(const char *text)
{
	return list_count > 0 && bsearch(&text, list, list_count, sizeof *list, compare) != NULL;
}

bool password_common(const struct config *config, const char *password)
{
	static bool ready;
	if (!ready)
		list_read(config->common_passwords);
	ready = true;
	ARENA_AUTO arena = arena_new();
	char *text = text_fold(arena, password, false);
	if (text == NULL || list_has(text))
		return text != NULL;
	/* A common word with digits and signs behind it is no better. */
	size_t length = strlen(text);
	while (length > 0 && strchr("0123456789!?.,;:-_*#$%&+=@ ", text[length - 1]) != NULL)
		text[--length] = '\0';
	return length >= BASE_MIN && list_has(text);
}
