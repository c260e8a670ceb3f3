/* The doctor on the account, the server, the connection and the schema. Asks the server about itself; must never need a right
 * that the program does not need. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "command/doctor.h"
#include "db/shape.h"

#define PACKET_BYTES (16 * 1024 * 1024)
#define CLOCK_APART_MS 2000
#define COLLATION "utf8mb4_unicode_520_ci"

static const char *const needed[] = { "SELECT", "INSERT", "UPDATE", "DELETE" };
#define NEEDED (sizeof needed / sizeof *needed)

/* What the grants say, line by line. */
struct rights {
	char account[400]; /* 'user'@'host' */
	const char *database;
	bool may[NEEDED];
};

/* Does the database's name match one of a grant: LIKE, and "\_" is the character itself. */
static bool name_matches(const char *pattern, const char *end, const char *name)
{
	for (; pattern < end; pattern++, name++) {
		if (*pattern == '%') {
			for (const char *rest = name;; rest++) {
				if (name_matches(pattern + 1, end, rest))
					return true;
				if (*rest == '\0')
					return false;
			}
		}
		if (*name == '\0')
			return false;
		if (*pattern == '_')
			continue;
		if (*pattern == '\\' && pattern + 1 < end)
			pattern++;
		if (*pattern != *name)
			return false;
	}
	return *name == '\0';
}

/* Takes one right of a grant: is it one that is needed, and nothing more? */
static bool right_take(struct rights *rights, const char *right, size_t length, bool whole)
{
	bool all = length == 14 && strncmp(right, "ALL PRIVILEGES", length) == 0, fits = false;

	for (size_t i = 0; i < NEEDED; i++)
		if (all || (strlen(needed[i]) == length && strncmp(right, needed[i], length) == 0)) {
			rights->may[i] = rights->may[i] || whole;
			fits = !all;
		}
	return fits || (length == 5 && strncmp(right, "USAGE", length) == 0);
}

/* "GRANT SELECT, INSERT ON `tenantry`.* TO ...". What a role brings stands in lines of its own. */
static void grant_read(struct rights *rights, const char *line)
{
	const char *on = strstr(line, " ON "), *to = on != NULL ? strstr(on, " TO ") : NULL, *right = line + strlen("GRANT ");
	char more[1500] = "", mend[2500];

	if (to == NULL || strncmp(line, "GRANT ", 6) != 0)
		return;
	const char *object = on + 4;
	bool everywhere = strncmp(object, "*.*", 3) == 0;
	const char *quote = *object == '`' ? strchr(object + 1, '`') : NULL;
	bool ours = quote != NULL && name_matches(object + 1, quote, rights->database);
	bool whole = everywhere || (ours && strncmp(quote, "`.*", 3) == 0);
	while (right < on) {
		const char *end = strstr(right, ", ");
		if (end == NULL || end > on)
			end = on;
		bool taken = right_take(rights, right, (size_t)(end - right), whole);
		bool used = ours || strncmp(right, "USAGE", 5) == 0; /* on all databases is too much of any */
		if (!taken || !used) {
			size_t length = strlen(more);
			snprintf(more + length, sizeof more - length, "%s%.*s", length > 0 ? ", " : "", (int)(end - right), right);
		}
		right = end + (end < on ? 2 : 0);
	}
	if (more[0] == '\0')
		return;
	snprintf(mend, sizeof mend, "REVOKE %s ON %.*s FROM %s (and grant what conf/grants.sql says)", more, (int)(to - object), object,
		rights->account);
	doctor_note(mend, "the account %s may more than the program needs: %s ON %.*s", rights->account, more, (int)(to - object), object);
}

enum error doctor_look_at_account(struct doctor *doctor)
{
	struct rights rights = { .database = doctor->config->db_name };
	DB_ROWS_AUTO about = NULL;
	DB_ROWS_AUTO grants = NULL;
	enum error error = db_query(doctor->db, NULL, STMT_DOCTOR_ACCOUNT, DB_NO_VALUES, &about);
	if (error == ERR_NONE)
		error = db_query(doctor->db, NULL, STMT_DOCTOR_GRANTS, DB_NO_VALUES, &grants);
	if (error != ERR_NONE)
		return error;
	char **row = db_next(about);
	const char *host = row != NULL && row[0] != NULL ? strrchr(row[0], '@') : NULL;
	if (host == NULL)
		return ERR_INTERNAL;
	snprintf(rights.account, sizeof rights.account, "'%.*s'@'%s'", (int)(host - row[0]), row[0], host + 1);
	while ((row = db_next(grants)) != NULL)
		grant_read(&rights, row[0]);
	for (size_t i = 0; i < NEEDED; i++) {
		char mend[900];
		if (rights.may[i])
			continue;
		snprintf(mend, sizeof mend, "GRANT %s ON `%s`.* TO %s", needed[i], rights.database, rights.account);
		doctor_find(doctor, mend, "the account %s has no right to %s in the database %s", rights.account, needed[i], rights.database);
		doctor->blind = doctor->blind || i == 0;
	}
	return ERR_NONE;
}

static enum error look_at_server(struct doctor *doctor)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(doctor->db, NULL, STMT_DOCTOR_SERVER, DB_NO_VALUES, &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL, mend[300];

	if (row == NULL)
		return error;
	if (doctor->config->db_host[0] != '\0' && strcmp(doctor->config->db_tls, "off") == 0)
		doctor_note("tls = verify and ca_file in [database]", "the connection to %s is neither encrypted nor verified",
			doctor->config->db_host);
	if (row[0] != NULL && strcmp(row[0], "0") != 0 && strcmp(row[0], "OFF") != 0)
		doctor_find(doctor, "SET GLOBAL read_only = 0, or name the server that takes writes in [database] host",
			"the server takes no writes: read_only is on");
	if (db_uint(row[1]) < PACKET_BYTES)
		doctor_find(doctor, "max_allowed_packet = 16M in the server's configuration, and SET GLOBAL max_allowed_packet = 16777216",
			"the server takes statements of %s bytes at most, and the program sends up to 16777216", row[1]);
	if (row[2] != NULL && strstr(row[2], "STRICT_TRANS_TABLES") == NULL && strstr(row[2], "STRICT_ALL_TABLES") == NULL)
		doctor_note("sql_mode = STRICT_TRANS_TABLES in the server's configuration",
			"the server's sql_mode is not strict; the program sets its own, but other clients' values may be cut");
	if (row[4] != NULL && strcmp(row[4], COLLATION) != 0) {
		snprintf(mend, sizeof mend, "ALTER DATABASE `%s` CHARACTER SET utf8mb4 COLLATE " COLLATION, doctor->config->db_name);
		doctor_find(doctor, mend, "the database's character set is %s with collation %s, not utf8mb4 with " COLLATION, row[3], row[4]);
	}
	return ERR_NONE;
}

/* Each connection sets these itself: what differs was changed on the way, by a proxy. */
static enum error look_at_session(struct doctor *doctor)
{
	static const struct { const char *name, *wanted; bool part; } settings[] = {
		{ "sql_mode", "STRICT_TRANS_TABLES", true }, { "time_zone", "+00:00", false }, { "character_set_client", "utf8mb4", false },
		{ "collation_connection", COLLATION, false }, { "autocommit", "1", false },
	};
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(doctor->db, NULL, STMT_DOCTOR_SESSION, DB_NO_VALUES, &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	for (size_t i = 0; row != NULL && i < sizeof settings / sizeof *settings; i++) {
		const char *found = row[i] != NULL ? row[i] : "";
		if (settings[i].part ? strstr(found, settings[i].wanted) == NULL : strcmp(found, settings[i].wanted) != 0)
			doctor_find(doctor, "connect to the server itself, or have the proxy before it pass on what a session sets",
				"the connection's %s is \"%s\" and was set to \"%s\"", settings[i].name, found, settings[i].wanted);
	}
	return error;
}

static enum error look_at_clock(struct doctor *doctor)
{
	DB_ROWS_AUTO rows = NULL;
	int64_t before = clock_now_ms();
	enum error error = db_query(doctor->db, NULL, STMT_DOCTOR_CLOCK, DB_NO_VALUES, &rows);
	int64_t after = clock_now_ms();
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	if (row == NULL)
		return error;
	if (db_int(row[1]) != 0)
		doctor_find(doctor, "connect to the server itself: its session's time zone is not the one that was set",
			"NOW() of the database is %s seconds from UTC", row[1]);
	int64_t now = db_int(row[0]), apart = now > after ? now - after : now < before ? before - now : 0;
	if (apart <= CLOCK_APART_MS)
		return ERR_NONE;
	if (doctor->config->clock[0] != '\0')
		doctor_note("take clock out of [server]", "the clock was set in the configuration, and is %" PRId64 " seconds from the database's",
			apart / 1000);
	else
		doctor_find(doctor, "timedatectl set-ntp true on both machines", "this machine's clock is %" PRId64 " seconds %s the database's",
			apart / 1000, now > after ? "behind" : "ahead of");
	return ERR_NONE;
}

/* A table or column that is missing makes every statement on it fail: what comes after is not looked at. */
static void tell_shape(void *arg, const char *difference, const char *mend, bool missing)
{
	struct doctor *doctor = arg;

	doctor_find(doctor, mend, "%s", difference);
	doctor->blind = doctor->blind || missing;
}

static enum error look_at_shape(struct doctor *doctor)
{
	return shape_compare(doctor->db, tell_shape, doctor);
}

static enum error look_at_migrations(struct doctor *doctor)
{
	return shape_migrations(doctor->db, tell_shape, doctor);
}

enum error doctor_look_at_server(struct doctor *doctor)
{
	static enum error (*const checks[])(struct doctor *) = { look_at_server, look_at_session, look_at_clock, look_at_migrations,
		look_at_shape };
	enum error error = ERR_NONE;

	for (size_t i = 0; error == ERR_NONE && !doctor->blind && i < sizeof checks / sizeof *checks; i++)
		error = checks[i](doctor);
	return error;
}
