/* Settings files (INI, read with inih): a table of keys says what may stand in one, a struct takes the values. The configuration is
 * one (config.h), the description of a theme another (theme.h). */
#ifndef TENANTRY_BASE_SETTINGS_H
#define TENANTRY_BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/id.h"

/* What a value has to be. An empty text is allowed where the default is empty. */
enum setting_kind { KIND_TEXT, KIND_NUMBER, KIND_SOCKET, KIND_GROUP, KIND_URL, KIND_DIRECTORY, KIND_FILE, KIND_SECRET, KIND_SWITCH,
	KIND_LEVEL, KIND_INSTANT, KIND_SECURITY, KIND_TLS, KIND_ADDRESS, KIND_LOG, KIND_NETWORKS, KIND_IDS, KIND_HOSTS, KIND_IMAGE, KIND_PATH,
	KIND_MAPPING /* may stand there several times: a line each */ };

struct setting {
	const char *section, *name;
	enum setting_kind kind;
	size_t offset; /* of its field in the struct: char * or int */
	const char *standard;
	int minimum, maximum; /* KIND_NUMBER alone */
	const char *description;
};

#define SETTINGS_MAX 80
#define SETTINGS_PATH_SIZE 4096
#define SETTINGS_SOCKET_MAX 103 /* bytes: of the system's 107 four are for the name that a socket has until it is ready */

/* One reading of a file. The first five are the caller's. */
struct settings {
	const char *file;
	const struct setting *keys;
	size_t count; /* SETTINGS_MAX at most */
	void *values; /* the struct, all zero */
	FILE *errors; /* takes a line a fault, "FILE:LINE: what is wrong"; NULL: nobody asks */
	FILE *in;
	int line;     /* the one read last */
	int lines[SETTINGS_MAX]; /* where each key was set; 0: nowhere */
	int faults;   /* how many so far */
};

/* Reads the file: defaults for what it does not say. A file that cannot be read is one fault. Texts in the struct are to be freed
 * by settings_free(), whatever was found. */
void settings_read(struct settings *settings);
void settings_free(const struct setting *keys, size_t count, void *values);

/* One more fault, of a line; 0: of the file. */
void settings_fault(struct settings *settings, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The line that set the field at OFFSET; 0 for none. */
int settings_line(const struct settings *settings, size_t offset);

/* Checks scheme://host[:port][/path]; on success *PATH points at the path or the end of URL. */
bool settings_url(const char *url, bool *https, const char **path);

/* A value of KIND_MAPPING, "TENANT ROLE CHILD-ROLE NAME": its name, within VALUE, and the words before; NULL when it is none. */
#define SETTINGS_ROLE_SIZE 6
const char *settings_mapping(const char *value, char tenant[ID_SIZE], char role[SETTINGS_ROLE_SIZE],
	char child_role[SETTINGS_ROLE_SIZE]);

/* Where the secret of FILE is read: systemd's credential of the same name when there is one (in PATH), else FILE itself. */
const char *settings_secret_path(const char *file, char path[SETTINGS_PATH_SIZE]);

#endif
