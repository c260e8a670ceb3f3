/* The housekeeper's round (app.h): time in the list table, what has expired. */
#include "app/api.h"
#include "app/clash.h"
#include "app/kept.h"
#include "app/login.h"
#include "app/outbox.h"
#include "app/customer_change.h"
#include "auth/identity.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/list_table.h"

#define CHUNK 500
#define MAIL_PAUSE_MS 2000
#define PAUSE_MS 20000 /* a day's change stands in the list table within 60 s */

/* What follows time rather than people. */
static enum error housekeep_time(struct app *app)
{
	unsigned done = CHUNK;
	enum error error = ERR_NONE;
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
		error = kept_housekeep(app->db);
	if (error == ERR_NONE)
		error = login_code_housekeep(app->db);
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
