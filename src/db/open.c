/* Opening a connection: the hosts in their order, TLS, and what a session is.
 *
 * Owns the options of the client library. Must never send a password to a host whose certificate was not checked, unless
 * the configuration says so, nor log one. */
#include "db/open.h"

#include <errmsg.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"

#define HOSTS_MAX 8
#define HOST_SIZE 256
#define AWAY_MS 30000    /* that a host which refused is left out */
#define BETTER_SECONDS 2 /* for a connection to a better host, while there is one that works */
#define SYSTEM_CERTIFICATES "/etc/ssl/certs/ca-certificates.crt"

/* Seconds that a statement waits for a row's lock before its transaction is run again. */
#define LOCK_WAIT_SECONDS "5"

struct hosts {
	size_t count;
	char names[HOSTS_MAX][HOST_SIZE];
};

/* Until when (clock_monotonic_ms()) a host is left out; each process learns it for itself. */
static int64_t away_until[HOSTS_MAX];

static void hosts_read(struct hosts *hosts, const char *list)
{
	hosts->count = 0;
	while (list != NULL && *list != '\0' && hosts->count < HOSTS_MAX) {
		list += strspn(list, ", \t");
		size_t length = strcspn(list, ", \t");
		if (length > 0)
			snprintf(hosts->names[hosts->count++], HOST_SIZE, "%.*s", (int)length, list);
		list += length;
	}
}

static void set_tls(MYSQL *mysql, const struct config *config)
{
	const char *file = config->db_ca_file[0] != '\0' ? config->db_ca_file : SYSTEM_CERTIFICATES;

	mysql_options(mysql, MYSQL_OPT_SSL_CA, file);
#ifdef LIBMARIADB
	mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &(my_bool){ 1 });
	mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &(my_bool){ 1 });
	mysql_options(mysql, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
#else
	mysql_options(mysql, MYSQL_OPT_SSL_MODE, &(unsigned){ SSL_MODE_VERIFY_IDENTITY });
	mysql_options(mysql, MYSQL_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
#endif
}

static void set_options(MYSQL *mysql, const struct config *config, bool network, unsigned connect_seconds, unsigned seconds)
{
	unsigned off = 0, protocol = network ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;

	mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_seconds);
	mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &seconds);
	mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
	mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
	mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol); /* else "localhost" is a socket */
	mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
#ifdef LIBMARIADB
	/* Elsewhere off is the default, and saying so is deprecated. */
	mysql_options(mysql, MYSQL_OPT_RECONNECT, &(char){ 0 });
#endif
	if (network && strcmp(config->db_tls, "off") != 0)
		set_tls(mysql, config);
}

/* What a session is, whatever the server's configuration says. READ COMMITTED takes no locks on gaps, so
 * writers of neighbouring rows do not wait for each other; exports ask for a snapshot of their own. */
static bool set_session(MYSQL *mysql)
{
	static const char *const statements[] = {
		"SET NAMES utf8mb4 COLLATE utf8mb4_unicode_520_ci, time_zone = '+00:00', "
			"sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', "
			"autocommit = 1, innodb_lock_wait_timeout = " LOCK_WAIT_SECONDS,
		"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
	};

	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
		if (mysql_real_query(mysql, statements[i], strlen(statements[i])) != 0)
			return false;
	}
	return true;
}

static void why_add(char why[OPEN_WHY_SIZE], const char *host, MYSQL *mysql)
{
	size_t length = strlen(why);

	snprintf(why + length, OPEN_WHY_SIZE - length, "%s%s%s%s%s", length > 0 ? "; " : "", host != NULL ? host : "",
		host != NULL ? ": " : "", mysql_error(mysql),
		mysql_errno(mysql) == CR_SSL_CONNECTION_ERROR ? " (ca_file and tls of [database] say what is accepted)" : "");
}

/* One host, or the Unix socket with HOST NULL. */
static MYSQL *open_one(const struct config *config, const char *host, unsigned connect_seconds, unsigned seconds,
	char why[OPEN_WHY_SIZE])
{
	char password[1024] = "";
	MYSQL *mysql, *connected;

	if (config->db_password_file != NULL && config->db_password_file[0] != '\0' &&
		!config_read_secret(config->db_password_file, password, sizeof password)) {
		snprintf(why, OPEN_WHY_SIZE, "the password file cannot be read");
		return NULL;
	}
	mysql = mysql_init(NULL);
	if (mysql == NULL) {
		sodium_memzero(password, sizeof password);
		return NULL;
	}
	set_options(mysql, config, host != NULL, connect_seconds, seconds);
	connected = mysql_real_connect(mysql, host != NULL ? host : "localhost", config->db_user, password, config->db_name,
		host != NULL ? (unsigned)config->db_port : 0, host != NULL ? NULL : config->db_socket, 0);
	sodium_memzero(password, sizeof password);
	if (connected != NULL && set_session(mysql))
		return mysql;
	why_add(why, host, mysql);
	mysql_close(mysql);
	return NULL;
}

MYSQL *open_connection(const struct config *config, int seconds, size_t *host, char why[OPEN_WHY_SIZE])
{
	unsigned connect_seconds = (unsigned)config->db_timeout;
	bool tried[HOSTS_MAX] = { false };
	struct hosts hosts;

	why[0] = '\0';
	*host = 0;
	hosts_read(&hosts, config->db_host);
	if (hosts.count == 0)
		return open_one(config, NULL, connect_seconds, (unsigned)seconds, why);
	/* Those that were not away first; then, with nothing to lose, the others. */
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < hosts.count; i++) {
			if (tried[i] || (round == 0 && away_until[i] > clock_monotonic_ms()))
				continue;
			tried[i] = true;
			MYSQL *mysql = open_one(config, hosts.names[i], connect_seconds, (unsigned)seconds, why);
			away_until[i] = mysql != NULL ? 0 : clock_monotonic_ms() + AWAY_MS;
			if (mysql == NULL)
				continue;
			if (why[0] != '\0')
				log_warn("the database on %s is used, another host is away: %s", hosts.names[i], why);
			*host = i;
			return mysql;
		}
	return NULL;
}

MYSQL *open_better(const struct config *config, int seconds, size_t *host)
{
	char why[OPEN_WHY_SIZE] = "";
	struct hosts hosts;

	hosts_read(&hosts, config->db_host);
	for (size_t i = 0; i < *host && i < hosts.count; i++) {
		if (away_until[i] > clock_monotonic_ms())
			continue;
		MYSQL *mysql = open_one(config, hosts.names[i], BETTER_SECONDS, (unsigned)seconds, why);
		away_until[i] = mysql != NULL ? 0 : clock_monotonic_ms() + AWAY_MS;
		if (mysql != NULL) {
			log_info("the database on %s is used again", hosts.names[i]);
			*host = i;
			return mysql;
		}
	}
	return NULL;
}
