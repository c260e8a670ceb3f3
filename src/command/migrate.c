/* tenantry migrate [--status] [--user NAME]: brings the schema up to what this program knows. With --user it connects as an account
 * without a password (socket authentication: root as root), so that the program's own needs no right to change tables. */
#include <stdio.h>

#include "command/command.h"
#include "command/operator.h"
#include "db/list_table.h"

static void show(unsigned number, const char *title, bool applied)
{
	printf("%04u %-8s %s\n", number, applied ? "applied" : "missing", title);
}

int command_migrate(const struct config *config, const char *config_file, int argc, char **argv)
{
	bool status = operator_flag(argc, argv, "--status");
	bool bad = false;
	char *user = (char *)(uintptr_t)operator_option(argc, argv, "--user", &bad);
	(void)config_file;
	if (bad || operator_rest(argc, argv))
		return operator_usage("migrate [--status] [--user NAME]");
	struct config patient = operator_config(config);
	if (user != NULL) {
		patient.db_user = user;
		patient.db_password_file = (char *)(uintptr_t)"";
	}
	struct db *db = db_new(&patient);
	enum error error = status ? db_migrate_status(db, show) : db_migrate(db);
	if (error == ERR_NONE && !status)
		error = list_table_fill(db);
	db_close(db);
	return operator_result("migrate", error);
}
