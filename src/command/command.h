/* The operator's commands: what main.c finds by name. Each takes the configuration and its own arguments
 * (argv[0] is the command's name) and returns the exit status: 0, 1 (failed, why on stderr), 2 (usage). */
#ifndef TENANTRY_COMMAND_COMMAND_H
#define TENANTRY_COMMAND_COMMAND_H

#include "base/config.h"

typedef int command_fn(const struct config *config, const char *config_file, int argc, char **argv);

command_fn command_check, command_migrate, command_distributor, command_user, command_import, command_export, command_doctor,
	command_demo, command_token, command_report_run, command_webserver;

#endif
