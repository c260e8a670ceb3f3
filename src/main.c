/* The program's commands, found by name. Owns the command line alone: what a command does is in
 * command/ and proc/. Must never take a secret from an argument, where every user of the machine sees it. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "command/command.h"
#include "proc/proc.h"

#define CONFIG_FILE SYSCONFDIR "/tenantry/tenantry.conf"

static command_fn serve_command, status_command, version_command;

/* BARE commands run without a configuration that was read for them. */
static const struct command {
	const char *name, *arguments, *description;
	command_fn *function;
	bool bare;
} commands[] = {
	{ "serve", "[--replace PID]", "serve requests until SIGTERM; SIGHUP reads configuration and stylesheets again",
		serve_command, true },
	{ "status", "[--watch]", "show what the processes of the running pool are doing", status_command, false },
	{ "check", "", "test the configuration and the stylesheets", command_check, true },
	{ "migrate", "[--status] [--user NAME]", "bring the database's schema up to date", command_migrate, false },
	{ "doctor", "[--mend]", "check account, server, schema, rows, and what is stored twice", command_doctor, false },
	{ "distributor", "add NAME --domain D --time-zone Z", "make a distributor", command_distributor, false },
	{ "user", "add|passwd|disable|otp-off ...", "make a user, set a password, lock a user out, forget one-time passwords", command_user, false },
	{ "token", "add|revoke ...", "make and end API tokens", command_token, false },
	{ "report-run", "--url URL --token-file F ...", "tell the API of a run of a billing source", command_report_run, true },
	{ "import", "--into ID FILE.csv [--dry-run]", "make and change tenants from a CSV file", command_import, false },
	{ "export", "[ID]", "write tenants as CSV to standard output", command_export, false },
	{ "webserver", "nginx|apache|lighttpd|caddy [--base /PATH] [--sso FILE]", "print the configuration of a web server",
		command_webserver, false },
	{ "demo", "--size small|medium|large|none", "load the demo data, or move it to today", command_demo, false },
	{ "version", "", "print the version", version_command, true },
};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static int usage(void)
{
	fputs("usage: tenantry COMMAND [-c FILE] ...\n\n", stderr);
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		char left[64];
		snprintf(left, sizeof left, "%s %s", commands[i].name, commands[i].arguments);
		fprintf(stderr, "  %-48s %s\n", left, commands[i].description);
	}
	fputs("\n-c FILE is the configuration, " CONFIG_FILE " without it.\n", stderr);
	return 2;
}

static int version_command(const struct config *config, const char *config_file, int argc, char **argv)
{
	(void)config, (void)config_file, (void)argv;
	if (argc != 1)
		return usage();
	puts("tenantry " PACKAGE_VERSION);
	return 0;
}

static int serve_command(const struct config *config, const char *config_file, int argc, char **argv)
{
	char *end = NULL;
	long former = argc == 3 && strcmp(argv[1], "--replace") == 0 ? strtol(argv[2], &end, 10) : 0;

	(void)config;
	if (argc != 1 && (end == NULL || *end != '\0' || former <= 1 || former > INT_MAX))
		return usage();
	return proc_serve(config_file, (pid_t)former);
}

static int status_command(const struct config *config, const char *config_file, int argc, char **argv)
{
	bool watching = argc == 2 && strcmp(argv[1], "--watch") == 0;

	(void)config_file;
	return argc == 1 || watching ? proc_status(config, watching) : usage();
}

/* Takes `-c FILE` out of the arguments, wherever it stands before a "--". False: FILE is missing. */
static bool config_option(int *argc, char **argv, const char **file)
{
	int kept = 1, i = 1;

	for (; i < *argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "-c") != 0) {
			argv[kept++] = argv[i];
			continue;
		}
		if (++i == *argc)
			return false;
		*file = argv[i];
	}
	while (i < *argc)
		argv[kept++] = argv[i++];
	argv[kept] = NULL;
	*argc = kept;
	return true;
}

static int command_run(const struct command *command, const char *file, int argc, char **argv)
{
	struct config config;
	enum log_level level;
	int64_t start;

	if (command->bare)
		return command->function(NULL, file, argc, argv);
	if (config_load(file, &config, stderr) > 0)
		return 1;
	if (log_level_parse(config.log_level, &level))
		log_set_level(level);
	if (clock_parse(config.clock, &start))
		clock_set_offset(start - clock_now());
	int status = command->function(&config, file, argc, argv);
	config_free(&config);
	return status;
}

int main(int argc, char **argv)
{
	const char *file = CONFIG_FILE;

	if (argc < 2)
		return usage();
	argc--, argv++;
	if (!config_option(&argc, argv, &file))
		return usage();
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i].name, argv[0]) == 0)
			return command_run(&commands[i], file, argc, argv);
	}
	return usage();
}
