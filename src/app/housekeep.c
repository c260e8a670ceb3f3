/* The housekeeper's round (app.h): time in the list table, what has expired. */
#include "app/app.h"
#include "auth/identity.h"
#include "base/log.h"
#include "db/list_table.h"

#define CHUNK 500
#define PAUSE_MS 20000 /* a day's change stands in the list table within 60 s */

int app_housekeep(struct app *app)
{
	unsigned done = CHUNK;
	enum error error = ERR_NONE;
	while (error == ERR_NONE && done == CHUNK)
		error = list_table_follow_time(app->db, CHUNK, &done);
	if (error == ERR_NONE)
		error = session_housekeep(app->db, app->config);
	if (error != ERR_NONE && error != ERR_UNAVAILABLE)
		log_error("housekeeper: %s, next round in %d s", error_id(error), PAUSE_MS / 1000);
	return PAUSE_MS;
}
