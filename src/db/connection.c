/* The connection: made when first needed (db/open.c), found lost, and what the server's errors mean.
 *
 * Owns the handle of the client library. Must never reconnect inside a transaction (half of it would
 * be missing), and never log a statement's text (it has the values in it). */
#include "db/connection.h"

#include <errmsg.h>
#include <fcntl.h>
#include <inttypes.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"
#include "db/open.h"
#include "db/rate.h"
#include "db/shared.h"

/* Numbers that only one of MariaDB's and MySQL's headers knows. */
#define ERROR_CHECKREAD 1020
#define ERROR_SHUTDOWN 1053
#define ERROR_TOO_MANY_CONNECTIONS 1040
#define ERROR_NOT_READY 1047          /* a Galera node without its cluster */
#define ERROR_DUPLICATE 1062
#define ERROR_NET_FIRST 1158
#define ERROR_NET_LAST 1161
#define ERROR_LOCK_WAIT 1205
#define ERROR_DEADLOCK 1213
#define ERROR_INTERRUPTED 1317
#define ERROR_KILLED 1927
#define ERROR_STATEMENT_TIME 1969     /* MariaDB: max_statement_time */
#define ERROR_EXECUTION_TIME 3024     /* MySQL: max_execution_time */
#define ERROR_IDLE_DISCONNECT 4031    /* MySQL: ended for being idle */
#define ERROR_CLIENT_LOST_EXTENDED 2055
#define CLIENT_ERROR_FIRST 2000
#define CLIENT_ERROR_LAST 2999

#define HOST_US 60000000 /* between two looks for a better host */

/* One line an outage, not one for each request and worker. */
static void outage_begin(const char *why)
{
	if (!shared_outage(true))
		log_error("the database is away: %s", why);
	else
		log_debug("the database is away: %s", why);
}

static void outage_end(void)
{
	if (shared_outage(false))
		log_info("the database is back");
}

uint64_t connection_clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

struct db *db_new(const struct config *config)
{
	struct db *db = calloc(1, sizeof *db);

	if (db == NULL) {
		log_error("out of memory for a database connection");
		abort();
	}
	shared_need();
	rate_need();
	db->config = config;
	db->timeout = config->db_timeout;
	buf_init(&db->sql, DB_SQL_MAX);
	buf_init(&db->ahead, DB_SQL_MAX);
	return db;
}

struct db *db_new_patient(const struct db *db, int seconds)
{
	struct db *patient = db_new(db->config);

	if (patient->timeout < seconds)
		patient->timeout = seconds;
	return patient;
}

void connection_close(struct db *db)
{
	mysql_close(db->mysql);
	prepared_forget(db);
	db->mysql = NULL;
	db->ahead_open = false;
}

void db_close(struct db *db)
{
	if (db == NULL)
		return;
	connection_close(db);
	buf_free(&db->sql);
	buf_free(&db->ahead);
	free(db);
}

void db_forget(struct db *db)
{
	int descriptor, nowhere;

	if (db == NULL || db->mysql == NULL)
		return;
#ifdef LIBMARIADB
	descriptor = (int)mysql_get_socket(db->mysql);
#else
	descriptor = (int)db->mysql->net.fd;
#endif
	/* The library says goodbye when it closes; that must not reach the server, since the parent's session
	 * is the same. So the goodbye goes elsewhere. */
	nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nowhere < 0 || dup2(nowhere, descriptor) < 0) {
		db->mysql = NULL; /* leaking it is the lesser evil */
	}
	if (nowhere >= 0)
		close(nowhere);
	connection_close(db);
	db->in_transaction = db->rows_open = false;
	db->broken = ERR_NONE;
}

static bool is_lost(unsigned number)
{
	return number == CR_SERVER_GONE_ERROR || number == CR_SERVER_LOST || number == ERROR_CLIENT_LOST_EXTENDED ||
		number == ERROR_SHUTDOWN || number == ERROR_KILLED || number == ERROR_IDLE_DISCONNECT ||
		(number >= ERROR_NET_FIRST && number <= ERROR_NET_LAST);
}

enum error connection_error(struct db *db, const char *name)
{
	unsigned number = mysql_errno(db->mysql);

	switch (number) {
	case ERROR_DEADLOCK:
	case ERROR_LOCK_WAIT:
	case ERROR_CHECKREAD:
	case ERROR_NOT_READY:
		log_debug("%s: conflict %u", name, number);
		return ERR_CONFLICT;
	case ERROR_DUPLICATE:
		/* Somebody was faster: run again, the transaction sees the other's row and says what it thinks of it. */
		log_warn("%s: a key is taken already", name);
		return ERR_CONFLICT;
	case ERROR_INTERRUPTED:
	case ERROR_STATEMENT_TIME:
	case ERROR_EXECUTION_TIME:
		log_warn("%s: ended by the server after its time limit (%u)", name, number);
		return ERR_UNAVAILABLE;
	default:
		break;
	}
	if (is_lost(number) || (number >= CLIENT_ERROR_FIRST && number <= CLIENT_ERROR_LAST)) {
		/* Not an outage yet: a server that was only restarted takes the next connection. One that does not is. */
		log_info("%s: the connection was lost: %s", name, mysql_error(db->mysql));
		shared_count(SHARED_LOST);
		connection_close(db);
		return ERR_UNAVAILABLE;
	}
	log_error("%s: database error %u: %s", name, number, mysql_error(db->mysql));
	return ERR_INTERNAL;
}

static enum error connection_open(struct db *db)
{
	char why[OPEN_WHY_SIZE];
	MYSQL *mysql = open_connection(db->config, db->timeout, &db->host, why);

	if (mysql == NULL) {
		outage_begin(why);
		return ERR_UNAVAILABLE;
	}
	db->mysql = mysql;
	db->host_us = connection_clock_us();
	shared_count(SHARED_CONNECTIONS);
	outage_end();
	return ERR_NONE;
}

/* Goes back to a host that stands before the one in use, once a minute and never inside a transaction. */
static void connection_better(struct db *db, uint64_t now)
{
	MYSQL *mysql;

	if (db->mysql == NULL || db->host == 0 || db->in_transaction || db->rows_open || now - db->host_us < HOST_US)
		return;
	db->host_us = now;
	mysql = open_better(db->config, db->timeout, &db->host);
	if (mysql == NULL)
		return;
	connection_close(db);
	db->mysql = mysql;
	shared_count(SHARED_CONNECTIONS);
}

enum error connection_need(struct db *db)
{
	uint64_t begin = connection_clock_us();
	enum error error;

	if (db->in_transaction && db->broken != ERR_NONE)
		return db->broken;
	connection_better(db, begin);
	if (db->mysql != NULL)
		return ERR_NONE;
	error = db->in_transaction ? ERR_UNAVAILABLE : connection_open(db);
	db->spent_us += connection_clock_us() - begin;
	return error;
}

void connection_settle(struct db *db)
{
	if (!db->ahead_open)
		return;
	db->ahead_open = false;
	if (mysql_read_query_result(db->mysql) == 0)
		mysql_free_result(mysql_use_result(db->mysql));
}

void connection_send(struct db *db, const char *sql, size_t length)
{
	if (db->mysql == NULL || !db->in_transaction || db->broken != ERR_NONE || db->rows_open)
		return;
	connection_settle(db);
	buf_reset(&db->ahead);
	buf_append(&db->ahead, sql, length);
	db->ahead_open = !db->ahead.overflow && mysql_send_query(db->mysql, sql, length) == 0;
}

/* Has this very statement been sent ahead? Anything else that was is out of the way then. */
static bool connection_sent(struct db *db, const char *sql, size_t length)
{
	if (db->ahead_open && db->ahead.length == length && memcmp(db->ahead.data, sql, length) == 0) {
		db->ahead_open = false;
		return true;
	}
	connection_settle(db);
	return false;
}

enum error connection_run(struct db *db, const char *name, const char *sql, size_t length, bool repeatable)
{
	bool was_connected = db->mysql != NULL;
	enum error error;
	uint64_t begin;

	if (db->rows_open) {
		log_error("%s: run while rows of another statement are open", name);
		abort();
	}
	error = connection_need(db);
	if (error != ERR_NONE)
		return error;
	begin = connection_clock_us();
	db->statements_run++;
	if (connection_sent(db, sql, length) ? mysql_read_query_result(db->mysql) != 0
		: mysql_real_query(db->mysql, sql, length) != 0) {
		/* A connection that was idle may have been ended by the server, or by its restart. A statement
		 * that used up its time is not tried again. */
		if (was_connected && repeatable && !db->in_transaction && is_lost(mysql_errno(db->mysql)) &&
			connection_clock_us() - begin < (uint64_t)db->timeout * 500000) {
			connection_close(db);
			error = connection_open(db);
			if (error == ERR_NONE && mysql_real_query(db->mysql, sql, length) != 0)
				error = connection_error(db, name);
		} else {
			error = connection_error(db, name);
		}
	}
	db->spent_us += connection_clock_us() - begin;
	if (error != ERR_NONE && db->in_transaction)
		db->broken = error;
	return error;
}
