/* Settings files (settings.h): reading by a table of keys, and the check of each kind of value.
 *
 * Must never stop at the first fault (an operator wants them all at once), and never read a secret: it only sees whether its file is
 * readable. */
#include "base/settings.h"

#include <errno.h>
#include <grp.h>
#include <ini.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"

void settings_fault(struct settings *settings, int line, const char *format, ...)
{
	settings->faults++;
	if (settings->errors == NULL)
		return;
	if (line > 0)
		fprintf(settings->errors, "%s:%d: ", settings->file, line);
	else
		fprintf(settings->errors, "%s: ", settings->file);
	va_list values;
	va_start(values, format);
	vfprintf(settings->errors, format, values);
	va_end(values);
	fputc('\n', settings->errors);
}

static void text_set(void *values, const struct setting *key, const char *value)
{
	char **field = (char **)((char *)values + key->offset);
	char *copy = strdup(value);

	if (copy == NULL)
		abort();
	free(*field);
	*field = copy;
}

/* One more line of a text that has several. */
static void text_add(void *values, const struct setting *key, const char *value)
{
	char **field = (char **)((char *)values + key->offset), *longer;

	if (asprintf(&longer, "%s%s\n", *field, value) < 0)
		abort();
	free(*field);
	*field = longer;
}

static char *text_get(const void *values, const struct setting *key)
{
	return *(char *const *)((const char *)values + key->offset);
}

static bool number_parse(const char *text, int minimum, int maximum, int *number)
{
	char *end;

	errno = 0;
	long value = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < minimum || value > maximum)
		return false;
	*number = (int)value;
	return true;
}

static bool url_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
		c == '_' || c == '~';
}

bool settings_url(const char *url, bool *https, const char **path)
{
	*https = strncmp(url, "https://", 8) == 0;
	if (!*https && strncmp(url, "http://", 7) != 0)
		return false;
	const char *host = url + (*https ? 8 : 7), *p = host;
	if (*p == '[')
		p += strspn(p, "[0123456789abcdefABCDEF:."), p += *p == ']';
	else
		while (url_char(*p))
			p++;
	if (p == host)
		return false;
	if (*p == ':') {
		size_t digits = strspn(p + 1, "0123456789");
		if (digits == 0 || digits > 5)
			return false;
		p += 1 + digits;
	}
	*path = p;
	/* Only characters that need no encoding, so that the path compares as it stands; no empty or dot segment. */
	while (*p == '/') {
		const char *segment = ++p;
		while (url_char(*p))
			p++;
		size_t length = (size_t)(p - segment);
		if ((length == 0 && *p != '\0') || (length <= 2 && length > 0 && strncmp(segment, "..", length) == 0))
			return false;
	}
	return *p == '\0';
}

/* Words of these characters alone, with commas and blanks between? */
static bool list_of(const char *text, const char *characters)
{
	const char *between = ", \t";
	for (text += strspn(text, between); *text != '\0'; text += strspn(text, between)) {
		size_t length = strspn(text, characters);
		if (length == 0 || length > 253)
			return false;
		text += length;
		if (*text != '\0' && strchr(between, *text) == NULL)
			return false;
	}
	return true;
}

static bool image_name(const char *text)
{
	size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
	return length > 0 && (strcmp(text + length, ".svg") == 0 || strcmp(text + length, ".png") == 0);
}

const char *settings_secret_path(const char *file, char path[SETTINGS_PATH_SIZE])
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY"), *slash = strrchr(file, '/');

	if (dir == NULL || *file == '\0')
		return file;
	int length = snprintf(path, SETTINGS_PATH_SIZE, "%s/%s", dir, slash != NULL ? slash + 1 : file);
	return length < SETTINGS_PATH_SIZE && access(path, R_OK) == 0 ? path : file;
}

const char *settings_mapping(const char *value, char tenant[ID_SIZE], char role[SETTINGS_ROLE_SIZE],
	char child_role[SETTINGS_ROLE_SIZE])
{
	int name = 0;

	if (sscanf(value, "%26[A-Z0-9] %5[a-z] %5[a-z] %n", tenant, role, child_role, &name) != 3 || value[name] == '\0')
		return NULL;
	bool admin = strcmp(role, "admin") == 0, child_admin = strcmp(child_role, "admin") == 0;
	if ((!admin && strcmp(role, "sales") != 0) || (child_admin && !admin) ||
		(!child_admin && strcmp(child_role, "sales") != 0 && strcmp(child_role, "none") != 0))
		return NULL;
	/* The names come with commas between them. */
	return strchr(value + name, ',') == NULL ? value + name : NULL;
}

/* Checks a text by its kind; NULL when it is good, else what is wrong with it. */
static const char *text_fault(const struct setting *key, const char *value)
{
	enum log_level level;
	int64_t instant;
	bool https;
	const char *path;
	char secret[SETTINGS_PATH_SIZE], tenant[ID_SIZE], role[SETTINGS_ROLE_SIZE], child_role[SETTINGS_ROLE_SIZE];
	struct stat about;

	if (*value == '\0')
		return *key->standard == '\0' ? NULL : "must not be empty";
	switch (key->kind) {
	case KIND_SOCKET:
		return strlen(value) <= SETTINGS_SOCKET_MAX ? NULL : "is too long for a Unix socket (103 bytes)";
	case KIND_GROUP:
		return getgrnam(value) != NULL ? NULL : "is no group of this system";
	case KIND_URL:
		return settings_url(value, &https, &path) ? NULL :
			"must be http:// or https://, a host and a path, without query or encoding";
	case KIND_DIRECTORY:
		if (stat(value, &about) != 0)
			return strerror(errno);
		return S_ISDIR(about.st_mode) ? NULL : "is no directory";
	case KIND_FILE:
		return access(value, R_OK) == 0 ? NULL : strerror(errno);
	case KIND_SECRET:
		return access(settings_secret_path(value, secret), R_OK) == 0 ? NULL : strerror(errno);
	case KIND_SWITCH:
		return strcmp(value, "on") == 0 || strcmp(value, "off") == 0 ? NULL : "must be on or off";
	case KIND_LEVEL:
		return log_level_parse(value, &level) ? NULL : "must be error, warn, info or debug";
	case KIND_SECURITY:
		return strcmp(value, "starttls") == 0 || strcmp(value, "tls") == 0 || strcmp(value, "none") == 0 ? NULL :
			"must be starttls, tls or none";
	case KIND_TLS:
		return strcmp(value, "verify") == 0 || strcmp(value, "off") == 0 ? NULL : "must be verify or off";
	case KIND_ADDRESS:
		return strchr(value, '@') != NULL && strpbrk(value, " \t<>,\"") == NULL && strlen(value) < 255 ? NULL :
			"must be an address such as console@example.com";
	case KIND_INSTANT:
		return clock_parse(value, &instant) ? NULL : "must be an instant such as 2026-12-31T23:59:50Z";
	case KIND_MAPPING:
		return settings_mapping(value, tenant, role, child_role) != NULL ? NULL :
			"must be the ID of a tenant, sales or admin, a child tenant role that is not above it or none, and the name of a group";
	case KIND_PATH:
		return *value == '/' && value[1] != '/' && strpbrk(value, " \t\\\"<>") == NULL ? NULL :
			"must be a path such as /oauth2/sign_out";
	case KIND_NETWORKS:
		return address_list_valid(value) ? NULL : "must be addresses and networks such as 10.0.0.0/8";
	case KIND_IDS:
		return list_of(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") ? NULL : "must be IDs of tenants, with commas between";
	case KIND_HOSTS:
		return list_of(value, "abcdefghijklmnopqrstuvwxyz0123456789.-") ? NULL :
			"must be names of hosts in small letters, with commas between";
	case KIND_IMAGE:
		return image_name(value) ? NULL : "must be the name of a file of the theme that ends in .svg or .png";
	case KIND_LOG:
		return *value == '/' || strcmp(value, "off") == 0 ? NULL : "must be the full path of a file, or off";
	default:
		return NULL;
	}
}

static void key_set(struct settings *settings, size_t index, const char *value)
{
	const struct setting *key = &settings->keys[index];
	const char *wrong;

	if (settings->lines[index] != 0 && key->kind != KIND_MAPPING) {
		settings_fault(settings, settings->line, "%s was set before, on line %d", key->name, settings->lines[index]);
		return;
	}
	settings->lines[index] = settings->line;
	if (key->kind == KIND_NUMBER) {
		if (!number_parse(value, key->minimum, key->maximum, (int *)((char *)settings->values + key->offset)))
			settings_fault(settings, settings->line, "%s: \"%s\" is no number from %d to %d", key->name, value,
				key->minimum, key->maximum);
		return;
	}
	if ((wrong = text_fault(key, value)) != NULL)
		settings_fault(settings, settings->line, "%s: \"%s\" %s", key->name, value, wrong);
	else if (key->kind != KIND_MAPPING)
		text_set(settings->values, key, value);
	else if (*value != '\0')
		text_add(settings->values, key, value);
}

static int line_handle(void *arg, const char *section, const char *name, const char *value)
{
	struct settings *settings = arg;
	bool known = false;

	for (size_t i = 0; i < settings->count; i++) {
		if (strcmp(settings->keys[i].section, section) != 0)
			continue;
		known = true;
		if (strcmp(settings->keys[i].name, name) == 0) {
			key_set(settings, i, value);
			return 1;
		}
	}
	if (known)
		settings_fault(settings, settings->line, "[%s] has no key \"%s\"", section, name);
	else if (*section == '\0')
		settings_fault(settings, settings->line, "\"%s\" stands before the first section", name);
	else
		settings_fault(settings, settings->line, "\"%s\" is in [%s], and there is no such section", name, section);
	return 1;
}

/* inih's source of lines. It counts them, and takes out what inih would pass over silently: it
 * cuts a long line in two, and reports the first line without a "=" alone. */
static char *line_read(char *buffer, int size, void *arg)
{
	struct settings *settings = arg;
	char *line = NULL;
	size_t room = 0;
	ssize_t length = getline(&line, &room, settings->in);

	if (length < 0) {
		free(line);
		return NULL;
	}
	settings->line++;
	/* Without its indentation, or inih takes the line for one more of the value before. */
	char *start = line + strspn(line, " \t");
	if (settings->line == 1 && strncmp(start, "\xef\xbb\xbf", 3) == 0)
		start += 3;
	start[strcspn(start, "\r\n")] = '\0';
	const char *wrong = NULL;
	if (strlen(line) + 2 < (size_t)length)
		wrong = "this line has a NUL or a carriage return in it";
	else if (*start == '[' && strchr(start, ']') == NULL)
		wrong = "this section name has no \"]\"";
	else if (strchr(";#[", *start) == NULL && strpbrk(start, "=:") == NULL)
		wrong = "this is neither a [section] nor name = value";
	else if (strchr(";#", *start) == NULL && strlen(start) + 2 > (size_t)size)
		wrong = "this line is too long";
	if (wrong != NULL)
		settings_fault(settings, settings->line, "%s", wrong);
	snprintf(buffer, (size_t)size, "%s\n", wrong != NULL || strchr(";#", *start) != NULL ? "" : start);
	free(line);
	return buffer;
}

int settings_line(const struct settings *settings, size_t offset)
{
	for (size_t i = 0; i < settings->count; i++) {
		if (settings->keys[i].offset == offset)
			return settings->lines[i];
	}
	return 0;
}

static void defaults_set(struct settings *settings)
{
	for (size_t i = 0; i < settings->count; i++) {
		const struct setting *key = &settings->keys[i];
		if (key->kind != KIND_NUMBER)
			text_set(settings->values, key, key->standard);
		else if (!number_parse(key->standard, key->minimum, key->maximum, (int *)((char *)settings->values + key->offset)))
			abort();
	}
}

void settings_read(struct settings *settings)
{
	defaults_set(settings);
	settings->in = fopen(settings->file, "re");
	if (settings->in == NULL) {
		settings_fault(settings, 0, "%s", strerror(errno));
		return;
	}
	ini_parse_stream(line_read, settings, line_handle, settings);
	if (ferror(settings->in) != 0)
		settings_fault(settings, 0, "%s", strerror(errno));
	fclose(settings->in);
}

void settings_free(const struct setting *keys, size_t count, void *values)
{
	for (size_t i = 0; i < count; i++) {
		if (keys[i].kind != KIND_NUMBER)
			free(text_get(values, &keys[i]));
	}
}
