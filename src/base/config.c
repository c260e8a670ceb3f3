/* The configuration file: one table of keys drives reading, checking and the sample.
 *
 * Owns the names, defaults and limits of all keys, and the faults between several; what a kind of value has to be is in settings.c.
 * Must never keep a secret: of the key of [sso] it has the hash. */
#include "base/config.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings.h"

#define SSO_KEY_MIN 32

#define FIELD(name) offsetof(struct config, name)

static const struct setting keys[] = {
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
	{ "server", "theme_dir", KIND_DIRECTORY, FIELD(theme_dir), "", 0, 0,
		"Directory with a folder for each theme: the look of a distributor or reseller. The web server serves style sheets and images "
		"in it. Empty: there are none." },
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
	{ "server", "confine", KIND_SWITCH, FIELD(confine), "on", 0, 0,
		"Whether workers and the housekeeper give up what they do not need: other files, programs, hosts, system calls (seccomp, "
		"Landlock). on or off." },
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
	{ "database", "ca_file", KIND_FILE, FIELD(db_ca_file), "", 0, 0,
		"Certificates (PEM) that the host's is checked against. Empty: those of the system." },
	{ "database", "socket", KIND_SOCKET, FIELD(db_socket), "/run/mysqld/mysqld.sock", 0, 0,
		"Unix socket of the database server on this machine." },
	{ "database", "name", KIND_TEXT, FIELD(db_name), "tenantry", 0, 0,
		"The database." },
	{ "database", "user", KIND_TEXT, FIELD(db_user), "tenantry", 0, 0,
		"The account there." },
	{ "database", "password_file", KIND_SECRET, FIELD(db_password_file), "", 0, 0,
		"File whose first line is the password. A credential of the service (LoadCredential= of systemd) with the file's name is "
		"taken instead. Empty: none is sent (socket authentication)." },
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
	{ "login", "common_passwords", KIND_FILE, FIELD(common_passwords), "/usr/share/john/password.lst", 0, 0,
		"List of passwords that nobody may choose, a line each; this one is from Debian's john-data." },
	{ "sso", "key_file", KIND_SECRET, FIELD(sso_key_file), "", 0, 0,
		"File whose first line is the key, 32 characters or more, that the web server shows beside the names of users "
		"(TENANTRY_SSO_KEY). Empty: single sign-on is off." },
	{ "sso", "peer", KIND_TEXT, FIELD(sso_peer), "www-data", 0, 0,
		"User as whom the web server connects to the Unix socket; names that others hand over are refused." },
	{ "sso", "group", KIND_MAPPING, FIELD(sso_groups), "", 0, 0,
		"TENANT ROLE CHILD-ROLE NAME: whoever has no account here and is in the group NAME (TENANTRY_SSO_GROUPS) gets one of the "
		"tenant with the ID TENANT, with the role sales or admin, and the child tenant role none, sales or admin. May be there "
		"several times; the first that fits counts. Empty: users have to be there." },
	{ "sso", "logout", KIND_PATH, FIELD(sso_logout), "", 0, 0,
		"Path on this host to which logging out leads, such as /oauth2/sign_out: where the gate ends its own session. Empty: a "
		"page that offers to log in again." },
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
	{ "mail", "ca_file", KIND_FILE, FIELD(mail_ca_file), "", 0, 0,
		"Certificates (PEM) that the server's is checked against. Empty: those of the system." },
};
#define KEY_COUNT (sizeof keys / sizeof *keys)

/* The key that the web server has to show, and who it is. */
static void derive_sso(struct settings *settings)
{
	struct config *config = settings->values;
	char key[1024] = "";

	if (*config->sso_key_file == '\0')
		return;
	const struct passwd *peer = getpwnam(config->sso_peer);
	if (peer == NULL)
		settings_fault(settings, settings_line(settings, FIELD(sso_peer)), "peer: \"%s\" is no user of this system", config->sso_peer);
	else
		config->sso_uid = peer->pw_uid;
	if (!config_read_secret(config->sso_key_file, key, sizeof key) || strlen(key) < SSO_KEY_MIN)
		settings_fault(settings, settings_line(settings, FIELD(sso_key_file)), "key_file: the first line of \"%s\" has to be a key of %d "
			"characters or more", config->sso_key_file, SSO_KEY_MIN);
	secret_hash(key, config->sso_key);
	sodium_memzero(key, sizeof key);
}

/* What follows from several values, and faults between them. */
static void derive(struct settings *settings)
{
	struct config *config = settings->values;
	const char *path;

	if (config->idle_hours > config->total_hours) {
		int line = settings_line(settings, FIELD(idle_hours));
		settings_fault(settings, line != 0 ? line : settings_line(settings, FIELD(total_hours)),
			"idle_hours (%d) must not be more than total_hours (%d)", config->idle_hours, config->total_hours);
	}
	if (*config->mail_user != '\0' && strcmp(config->mail_security, "none") == 0)
		settings_fault(settings, settings_line(settings, FIELD(mail_user)), "user needs security: a password is not sent in the open");
	if (*config->mail_user != '\0' && *config->mail_password_file == '\0')
		settings_fault(settings, settings_line(settings, FIELD(mail_user)), "user needs password_file");
	derive_sso(settings);
	if (!settings_url(config->public_url, &config->https, &path))
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
	struct settings settings = { .file = file, .keys = keys, .count = KEY_COUNT, .values = config, .errors = errors };

	_Static_assert(KEY_COUNT <= SETTINGS_MAX, "a reading knows the line of each key");
	*config = (struct config){ 0 };
	settings_read(&settings);
	derive(&settings);
	if (settings.faults > 0)
		config_free(config);
	return settings.faults;
}

void config_free(struct config *config)
{
	if (config == NULL)
		return;
	settings_free(keys, KEY_COUNT, config);
	free(config->base);
	*config = (struct config){ 0 };
}

bool config_read_secret(const char *file, char *secret, size_t size)
{
	char path[SETTINGS_PATH_SIZE];
	FILE *in = fopen(settings_secret_path(file, path), "re");

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
		const struct setting *key = &keys[i];
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
