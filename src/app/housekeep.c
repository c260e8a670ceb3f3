/* The housekeeper's round (app.h): time in the list table, what has expired. */
#include <stdio.h>
#include <unistd.h>

#include "app/api.h"
#include "app/app.h"
#include "app/clash.h"
#include "app/kept.h"
#include "app/login.h"
#include "app/outbox.h"
#include "app/customer_change.h"
#include "auth/identity.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/lease.h"
#include "db/list_change.h"
#include "db/list_table.h"
#include "db/source_day.h"

#define CHUNK 500
#define MAIL_PAUSE_MS 2000
#define PAUSE_MS 20000 /* a day's change stands in the list table within 60 s */
#define LEASE_MS 30000 /* and so when the host that did it is gone */
#define HOST_SIZE 65
#define HOLDER_SIZE 250

/* One host of several follows time: this one, or another that would still be at it. */
static enum error housekeep_turn(struct app *app, bool *own)
{
	char host[HOST_SIZE], holder[HOLDER_SIZE];
	if (gethostname(host, sizeof host) != 0)
		host[0] = '\0';
	host[sizeof host - 1] = '\0';
	/* Two pools of a host have two sockets. */
	snprintf(holder, sizeof holder, "%s:%s", host, app->config->socket);
	return lease_take(app->db, "time", holder, LEASE_MS, own);
}

/* What follows time rather than people. */
static enum error housekeep_time(struct app *app)
{
	unsigned done = CHUNK;
	bool own = false;
	enum error error = housekeep_turn(app, &own);
	if (error != ERR_NONE || !own)
		return error;
	while (error == ERR_NONE && done == CHUNK)
		error = list_table_follow_time(app->db, CHUNK, &done);
	done = 1;
	while (error == ERR_NONE && done > 0)
		error = customer_purge(app->db, &done);
	if (error == ERR_NONE)
		error = session_housekeep(app->db, app->config);
	if (error == ERR_NONE)
		error = clash_housekeep(app->db);
	if (error == ERR_NONE)
		error = api_housekeep(app->db);
	if (error == ERR_NONE)
		error = list_change_housekeep(app->db);
	if (error == ERR_NONE)
		error = kept_housekeep(app->db);
	if (error == ERR_NONE)
		error = login_code_housekeep(app->db);
	if (error == ERR_NONE)
		error = source_day_expire(app->db);
	return error;
}

int app_housekeep(struct app *app)
{
	static int64_t next;
	enum error error = ERR_NONE;
	if (clock_monotonic_ms() >= next) {
		error = housekeep_time(app);
		next = clock_monotonic_ms() + PAUSE_MS;
	}
	/* Somebody waits for a mail: it is looked for more often. Trouble of one kind does not hold up the other. */
	enum error mail = outbox_housekeep(app);
	if (error == ERR_NONE)
		error = mail;
	if (error != ERR_NONE && error != ERR_UNAVAILABLE)
		log_error("housekeeper: %s, next round in %d s", error_id(error), PAUSE_MS / 1000);
	return MAIL_PAUSE_MS;
}
