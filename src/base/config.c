/* The configuration file: one table of keys drives reading, checking and the sample.
 *
 * Owns the names, defaults and limits of all keys. Must never stop at the first fault (an operator
 * wants them all at once), and never read a secret: it only sees whether its file is readable. */
#include "base/config.h"

#include <errno.h>
#include <grp.h>
#include <ini.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"

/* What a value has to be. An empty text is allowed where the default is empty. */
enum kind { KIND_TEXT, KIND_NUMBER, KIND_SOCKET, KIND_GROUP, KIND_URL, KIND_DIRECTORY, KIND_SECRET, KIND_LEVEL, KIND_INSTANT,
	KIND_SECURITY, KIND_TLS, KIND_ADDRESS, KIND_LOG, KIND_NETWORKS };

struct key {
	const char *section, *name;
	enum kind kind;
	size_t offset; /* of its field in struct config: char * or int */
	const char *standard;
	int minimum, maximum; /* KIND_NUMBER alone */
	const char *description;
};

#define FIELD(name) offsetof(struct config, name)

static const struct key keys[] = {
	{ "server", "socket", KIND_SOCKET, FIELD(socket), RUNSTATEDIR "/tenantry/tenantry.sock", 0, 0,
		"Unix socket that the web server connects to. Not used when the socket is inherited." },
	{ "server", "socket_group", KIND_GROUP, FIELD(socket_group), "", 0, 0,
		"Group that may connect (the socket has mode 0660). Empty: the group of the process." },
	{ "server", "pid_file", KIND_TEXT, FIELD(pid_file), "", 0, 0,
		"File for the master's process ID. Empty: none." },
	{ "server", "public_url", KIND_URL, FIELD(public_url), "http://localhost/", 0, 0,
		"What users have in the address line: scheme, host and the path that everything is below." },
	{ "server", "data_dir", KIND_DIRECTORY, FIELD(data_dir), PKGDATADIR, 0, 0,
		"Directory with xslt/ and assets/." },
	{ "server", "workers", KIND_NUMBER, FIELD(workers), "4", 1, 256,
		"Processes that serve requests, one at a time each." },
	{ "server", "export_socket", KIND_SOCKET, FIELD(export_socket), RUNSTATEDIR "/tenantry/export.sock", 0, 0,
		"Unix socket of the workers that serve downloads (.csv) alone, so that these do not hold up pages. Empty: there are none." },
	{ "server", "export_workers", KIND_NUMBER, FIELD(export_workers), "4", 1, 64,
		"Processes that serve downloads." },
	{ "server", "max_requests", KIND_NUMBER, FIELD(max_requests), "10000", 1, INT_MAX,
		"A worker is replaced after so many requests." },
	{ "server", "deadline", KIND_NUMBER, FIELD(deadline), "30", 1, 3600,
		"Seconds that a request may take before it is ended. Exports are exempt." },
	{ "server", "drain", KIND_NUMBER, FIELD(drain), "30", 0, 3600,
		"Seconds that a stop or reload waits for the requests at hand." },
	{ "server", "log_level", KIND_LEVEL, FIELD(log_level), "info", 0, 0,
		"error, warn, info or debug." },
	{ "server", "access_log", KIND_LOG, FIELD(access_log), "", 0, 0,
		"File for the access log, a JSON object a line; opened again by a reload, for logrotate. Empty: standard error (the "
		"journal), from log_level info on. off: none." },
	{ "server", "slow_ms", KIND_NUMBER, FIELD(slow_ms), "1000", 0, 3600000,
		"A request that takes longer is logged with the step that it is in, and at its end with the time of each step. 0: none." },
	{ "server", "trusted_proxies", KIND_NETWORKS, FIELD(trusted_proxies), "", 0, 0,
		"Addresses and networks (10.0.0.0/8, 2001:db8::/32) of proxies before the web server, whose X-Forwarded-For names the "
		"client. Empty: the address is the one that the web server gives." },
	{ "server", "scoreboard", KIND_LOG, FIELD(scoreboard), RUNSTATEDIR "/tenantry/scoreboard", 0, 0,
		"File that tenantry status reads; it has no tenants' data in it. off: none." },
	{ "server", "clock", KIND_INSTANT, FIELD(clock), "", 0, 0,
		"Instant at which the program's clock starts, such as 2026-12-31T23:59:50Z. For trying alone; "
		"empty: the clock of the system." },
	{ "server", "mail_dir", KIND_TEXT, FIELD(mail_dir), LOCALSTATEDIR "/lib/tenantry/mail", 0, 0,
		"Directory where messages are put as .eml files while no mail server is set." },
	{ "database", "host", KIND_TEXT, FIELD(db_host), "", 0, 0,
		"Host of the database server. Several with commas between, of one cluster, are tried in this order; "
		"the first is gone back to when it is there again. Empty: the Unix socket below." },
	{ "database", "port", KIND_NUMBER, FIELD(db_port), "3306", 1, 65535,
		"Its port, on each host." },
	{ "database", "tls", KIND_TLS, FIELD(db_tls), "verify", 0, 0,
		"verify: a host has to speak TLS and to show a certificate for the name that stands above. off: neither is asked "
		"for, and password and data go over the network as they are. The Unix socket needs none." },
	{ "database", "ca_file", KIND_SECRET, FIELD(db_ca_file), "", 0, 0,
		"Certificates (PEM) that the host's is checked against. Empty: those of the system." },
	{ "database", "socket", KIND_SOCKET, FIELD(db_socket), "/run/mysqld/mysqld.sock", 0, 0,
		"Unix socket of the database server on this machine." },
	{ "database", "name", KIND_TEXT, FIELD(db_name), "tenantry", 0, 0,
		"The database." },
	{ "database", "user", KIND_TEXT, FIELD(db_user), "tenantry", 0, 0,
		"The account there." },
	{ "database", "password_file", KIND_SECRET, FIELD(db_password_file), "", 0, 0,
		"File whose first line is the password. Empty: none is sent (socket authentication)." },
	{ "database", "timeout", KIND_NUMBER, FIELD(db_timeout), "10", 1, 600,
		"Seconds to wait for a connection, and for each answer." },
	{ "session", "idle_hours", KIND_NUMBER, FIELD(idle_hours), "12", 1, 168,
		"A session ends when it was not used for so long." },
	{ "session", "total_hours", KIND_NUMBER, FIELD(total_hours), "168", 1, 8760,
		"It ends after so long in any case." },
	{ "login", "hash_memory", KIND_NUMBER, FIELD(hash_memory), "64", 8, 4096,
		"Memory in MiB for the hash of a password (Argon2id); a quarter of the workers use it at a time." },
	{ "login", "hash_passes", KIND_NUMBER, FIELD(hash_passes), "2", 1, 100,
		"Passes of that hash." },
	{ "login", "common_passwords", KIND_SECRET, FIELD(common_passwords), "/usr/share/john/password.lst", 0, 0,
		"List of passwords that nobody may choose, a line each; this one is from Debian's john-data." },
	{ "api", "requests", KIND_NUMBER, FIELD(api_requests), "6000", 1, 10000000,
		"Requests a minute that an API token may send, to all hosts together." },
	{ "mail", "server", KIND_TEXT, FIELD(mail_server), "", 0, 0,
		"Host of the mail server (SMTP). Empty: messages are put into mail_dir." },
	{ "mail", "port", KIND_NUMBER, FIELD(mail_port), "587", 1, 65535,
		"Its port." },
	{ "mail", "security", KIND_SECURITY, FIELD(mail_security), "starttls", 0, 0,
		"starttls, tls (from the first byte on) or none. The server's certificate is checked." },
	{ "mail", "user", KIND_TEXT, FIELD(mail_user), "", 0, 0,
		"The account there. Empty: no login." },
	{ "mail", "password_file", KIND_SECRET, FIELD(mail_password_file), "", 0, 0,
		"File whose first line is its password." },
	{ "mail", "from", KIND_ADDRESS, FIELD(mail_from), "tenantry@localhost", 0, 0,
		"Address that messages come from." },
	{ "mail", "ca_file", KIND_SECRET, FIELD(mail_ca_file), "", 0, 0,
		"Certificates (PEM) that the server's is checked against. Empty: those of the system." },
};
#define KEY_COUNT (sizeof keys / sizeof *keys)

/* One reading of a file. */
struct reading {
	const char *file;
	FILE *in, *errors;
	struct config *config;
	int line;  /* the one read last */
	int lines[KEY_COUNT]; /* where each key was set; 0: nowhere */
	int faults;
};

static void fault(struct reading *reading, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fault(struct reading *reading, int line, const char *format, ...)
{
	reading->faults++;
	if (reading->errors == NULL)
		return;
	if (line > 0)
		fprintf(reading->errors, "%s:%d: ", reading->file, line);
	else
		fprintf(reading->errors, "%s: ", reading->file);
	va_list values;
	va_start(values, format);
	vfprintf(reading->errors, format, values);
	va_end(values);
	fputc('\n', reading->errors);
}

static void text_set(struct config *config, const struct key *key, const char *value)
{
	char **field = (char **)((char *)config + key->offset);
	char *copy = strdup(value);

	if (copy == NULL)
		abort();
	free(*field);
	*field = copy;
}

static const char *text_get(const struct config *config, const struct key *key)
{
	return *(char *const *)((const char *)config + key->offset);
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

/* Checks scheme://host[:port][/path]; on success *PATH points at the path or the end of URL. */
static bool url_check(const char *url, bool *https, const char **path)
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

/* Checks a text by its kind; NULL when it is good, else what is wrong with it. */
static const char *text_fault(const struct key *key, const char *value)
{
	enum log_level level;
	int64_t instant;
	bool https;
	const char *path;
	struct stat about;

	if (*value == '\0')
		return *key->standard == '\0' ? NULL : "must not be empty";
	switch (key->kind) {
	case KIND_SOCKET:
		return strlen(value) < sizeof((struct sockaddr_un *)NULL)->sun_path ? NULL :
			"is too long for a Unix socket (107 bytes)";
	case KIND_GROUP:
		return getgrnam(value) != NULL ? NULL : "is no group of this system";
	case KIND_URL:
		return url_check(value, &https, &path) ? NULL :
			"must be http:// or https://, a host and a path, without query or encoding";
	case KIND_DIRECTORY:
		if (stat(value, &about) != 0)
			return strerror(errno);
		return S_ISDIR(about.st_mode) ? NULL : "is no directory";
	case KIND_SECRET:
		return access(value, R_OK) == 0 ? NULL : strerror(errno);
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
	case KIND_NETWORKS:
		return address_list_valid(value) ? NULL : "must be addresses and networks such as 10.0.0.0/8";
	case KIND_LOG:
		return *value == '/' || strcmp(value, "off") == 0 ? NULL : "must be the full path of a file, or off";
	default:
		return NULL;
	}
}

static void key_set(struct reading *reading, size_t index, const char *value)
{
	const struct key *key = &keys[index];
	const char *wrong;

	if (reading->lines[index] != 0) {
		fault(reading, reading->line, "%s was set before, on line %d", key->name, reading->lines[index]);
		return;
	}
	reading->lines[index] = reading->line;
	if (key->kind == KIND_NUMBER) {
		if (!number_parse(value, key->minimum, key->maximum, (int *)((char *)reading->config + key->offset)))
			fault(reading, reading->line, "%s: \"%s\" is no number from %d to %d", key->name, value,
				key->minimum, key->maximum);
		return;
	}
	if ((wrong = text_fault(key, value)) != NULL)
		fault(reading, reading->line, "%s: \"%s\" %s", key->name, value, wrong);
	else
		text_set(reading->config, key, value);
}

static int line_handle(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *reading = arg;
	bool known = false;

	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (strcmp(keys[i].section, section) != 0)
			continue;
		known = true;
		if (strcmp(keys[i].name, name) == 0) {
			key_set(reading, i, value);
			return 1;
		}
	}
	if (known)
		fault(reading, reading->line, "[%s] has no key \"%s\"", section, name);
	else if (*section == '\0')
		fault(reading, reading->line, "\"%s\" stands before the first section", name);
	else
		fault(reading, reading->line, "\"%s\" is in [%s], and there is no such section", name, section);
	return 1;
}

/* inih's source of lines. It counts them, and takes out what inih would pass over silently: it
 * cuts a long line in two, and reports the first line without a "=" alone. */
static char *line_read(char *buffer, int size, void *arg)
{
	struct reading *reading = arg;
	char *line = NULL;
	size_t room = 0;
	ssize_t length = getline(&line, &room, reading->in);

	if (length < 0) {
		free(line);
		return NULL;
	}
	reading->line++;
	/* Without its indentation, or inih takes the line for one more of the value before. */
	char *start = line + strspn(line, " \t");
	if (reading->line == 1 && strncmp(start, "\xef\xbb\xbf", 3) == 0)
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
		fault(reading, reading->line, "%s", wrong);
	snprintf(buffer, (size_t)size, "%s\n", wrong != NULL || strchr(";#", *start) != NULL ? "" : start);
	free(line);
	return buffer;
}

/* The line that set a field of struct config; 0 for none. */
static int line_of(const struct reading *reading, size_t offset)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (keys[i].offset == offset)
			return reading->lines[i];
	}
	return 0;
}

/* What follows from several values, and faults between them. */
static void derive(struct reading *reading)
{
	struct config *config = reading->config;
	const char *path;

	if (config->idle_hours > config->total_hours) {
		int line = line_of(reading, FIELD(idle_hours));
		fault(reading, line != 0 ? line : line_of(reading, FIELD(total_hours)),
			"idle_hours (%d) must not be more than total_hours (%d)", config->idle_hours, config->total_hours);
	}
	if (*config->mail_user != '\0' && strcmp(config->mail_security, "none") == 0)
		fault(reading, line_of(reading, FIELD(mail_user)), "user needs security: a password is not sent in the open");
	if (*config->mail_user != '\0' && *config->mail_password_file == '\0')
		fault(reading, line_of(reading, FIELD(mail_user)), "user needs password_file");
	if (!url_check(config->public_url, &config->https, &path))
		abort(); /* checked when it was set */
	size_t length = strlen(path);
	while (length > 0 && path[length - 1] == '/')
		length--;
	if (asprintf(&config->base, "%.*s/", (int)length, path) < 0)
		abort();
	config->public_url[(size_t)(path - config->public_url) + length] = '\0';
}

int config_load(const char *file, struct config *config, FILE *errors)
{
	struct reading reading = { .file = file, .errors = errors, .config = config };

	*config = (struct config){ 0 };
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (keys[i].kind != KIND_NUMBER)
			text_set(config, &keys[i], keys[i].standard);
		else if (!number_parse(keys[i].standard, keys[i].minimum, keys[i].maximum,
				(int *)((char *)config + keys[i].offset)))
			abort();
	}
	reading.in = fopen(file, "re");
	if (reading.in == NULL) {
		fault(&reading, 0, "%s", strerror(errno));
	} else {
		ini_parse_stream(line_read, &reading, line_handle, &reading);
		if (ferror(reading.in) != 0)
			fault(&reading, 0, "%s", strerror(errno));
		fclose(reading.in);
		derive(&reading);
	}
	if (reading.faults > 0)
		config_free(config);
	return reading.faults;
}

void config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (keys[i].kind != KIND_NUMBER)
			free((void *)(uintptr_t)text_get(config, &keys[i]));
	}
	free(config->base);
	*config = (struct config){ 0 };
}

bool config_read_secret(const char *file, char *secret, size_t size)
{
	FILE *in = fopen(file, "re");

	if (in == NULL)
		return false;
	/* Unbuffered: stdio's buffer would keep a copy that nobody wipes. */
	setvbuf(in, NULL, _IONBF, 0);
	bool done = fgets(secret, (int)(size < 1024 ? size : 1024), in) != NULL;
	int error = ferror(in) != 0 ? errno : ENODATA;
	fclose(in);
	if (!done) {
		errno = error;
		return false;
	}
	secret[strcspn(secret, "\r\n")] = '\0';
	return true;
}

/* A comment of at most 100 columns a line. */
static void description_write(FILE *out, const char *text)
{
	while (*text != '\0') {
		size_t length = strlen(text);
		if (length > 98) {
			length = 98;
			while (text[length] != ' ')
				length--;
		}
		fprintf(out, "# %.*s\n", (int)length, text);
		text += length;
		text += strspn(text, " ");
	}
}

void config_sample(FILE *out)
{
	const char *section = "";

	fputs("# Configuration of Tenantry. What is commented out has the value that is shown.\n"
		"# `tenantry check -c FILE` tests a file.\n", out);
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct key *key = &keys[i];
		if (strcmp(section, key->section) != 0)
			fprintf(out, "\n[%s]\n", key->section);
		else
			fputc('\n', out);
		section = key->section;
		description_write(out, key->description);
		if (key->kind == KIND_NUMBER && key->maximum < INT_MAX)
			fprintf(out, "# %d to %d.\n", key->minimum, key->maximum);
		fprintf(out, ";%s =%s%s\n", key->name, *key->standard != '\0' ? " " : "", key->standard);
	}
}
