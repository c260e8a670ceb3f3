/* tenantry migrate [--status]: brings the schema up to what this program knows. */
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
	(void)config_file;
	if (operator_rest(argc, argv))
		return operator_usage("migrate [--status]");
	struct config patient = operator_config(config);
	struct db *db = db_new(&patient);
	enum error error = status ? db_migrate_status(db, show) : db_migrate(db);
	if (error == ERR_NONE && !status)
		error = list_table_fill(db);
	db_close(db);
	return operator_result("migrate", error);
}
