/* A folder of the test's own, for the files that it makes. Comes after cmocka.h. */
#ifndef TENANTRY_TESTS_UNIT_FILES_H
#define TENANTRY_TESTS_UNIT_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char top[64];

static inline int make_top(void)
{
	strcpy(top, "/tmp/tenantry-unit-XXXXXX");
	return mkdtemp(top) == NULL;
}

static inline int remove_top(void **state)
{
	(void)state;
	char command[160];
	snprintf(command, sizeof command, "rm -rf '%s'", top);
	return system(command);
}

/* Writes the file NAME below `top`, and the folders on the way to it. */
static inline void put(const char *name, const char *content)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", top, name);
	for (char *slash = path + strlen(top) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

#endif
