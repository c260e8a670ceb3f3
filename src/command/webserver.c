/* tenantry webserver NAME: prints the configuration of a web server for this installation. The texts are data files, webserver/ in
 * data_dir; here is how they are filled in alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/operator.h"

#define USAGE "webserver nginx|nginx-http|nginx-server|apache|lighttpd|caddy [--base /PATH] [--sso FILE]"
#define BASE_MAX 200

/* NAME on the command line, and the files that it prints. */
static const struct {
	const char *name;
	const char *files[2];
} servers[] = {
	{ "nginx", { "nginx-http", "nginx-server" } },
	{ "nginx-http", { "nginx-http", NULL } },
	{ "nginx-server", { "nginx-server", NULL } },
	{ "apache", { "apache", NULL } },
	{ "lighttpd", { "lighttpd", NULL } },
	{ "caddy", { "caddy", NULL } },
};

struct webserver {
	const struct config *config;
	char base[BASE_MAX]; /* without a "/" at its end */
	const char *sso;     /* the file that nginx is to include where users sign on; empty: nowhere */
};

/* The base path in a regular expression: of what may be in it, the dot alone means something there. */
static void base_pattern_put(const char *base)
{
	for (; *base != '\0'; base++) {
		if (*base == '.')
			putchar('\\');
		putchar(*base);
	}
}

static int file_put(const struct webserver *server, const char *name);

/* Prints what stands for the mark at TEXT ("@BASE@..."); the length of the mark, 0 when there is none. */
static size_t mark_put(const struct webserver *server, const char *text)
{
	static const char *const marks[] = { "@BASE@", "@BASE_RE@", "@SOCKET@", "@DATA@", "@EXPORT_SOCKET@", "@THEMES@", "@SSO@" };
	size_t i = 0;
	while (i < sizeof marks / sizeof *marks && strncmp(text, marks[i], strlen(marks[i])) != 0)
		i++;
	switch (i) {
	case 0:
		fputs(server->base, stdout);
		break;
	case 1:
		base_pattern_put(server->base);
		break;
	case 2:
		fputs(server->config->socket, stdout);
		break;
	case 3:
		fputs(server->config->data_dir, stdout);
		break;
	case 4:
		fputs(*server->config->export_socket != '\0' ? server->config->export_socket : server->config->socket, stdout);
		break;
	case 5:
		fputs(server->config->theme_dir, stdout);
		break;
	case 6:
		fputs(server->sso, stdout);
		break;
	default:
		return 0;
	}
	return strlen(marks[i]);
}

static int line_put(const struct webserver *server, const char *line)
{
	const struct {
		const char *mark;
		bool holds;
	} conditions[] = { { "@IF_BASE@", *server->base != '\0' }, { "@IF_THEMES@", *server->config->theme_dir != '\0' },
		{ "@IF_SSO@", *server->sso != '\0' }, { "@UNLESS_SSO@", *server->sso == '\0' } };
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
		if (strncmp(line, conditions[i].mark, strlen(conditions[i].mark)) != 0)
			continue;
		if (!conditions[i].holds)
			return EXIT_DONE;
		line += strlen(conditions[i].mark);
	}
	struct webserver plain = *server;
	plain.sso = "";
	if (strncmp(line, "@PARAMS@", 8) == 0)
		return file_put(&plain, "nginx-params");
	if (strncmp(line, "@SSO_PARAMS@", 12) == 0)
		return file_put(server, "nginx-params");
	for (; *line != '\0'; line++) {
		size_t length = *line == '@' ? mark_put(server, line) : 0;
		if (length > 0)
			line += length - 1;
		else
			putchar(*line);
	}
	return EXIT_DONE;
}

static int file_put(const struct webserver *server, const char *name)
{
	char *file, *line = NULL;
	size_t room = 0;
	int status = EXIT_DONE;
	if (asprintf(&file, "%s/webserver/%s.conf", server->config->data_dir, name) < 0)
		abort();
	FILE *in = fopen(file, "re");
	if (in == NULL)
		status = operator_fail("webserver", "%s: %m", file);
	while (in != NULL && status == EXIT_DONE && getline(&line, &room, in) > 0)
		status = line_put(server, line);
	if (in != NULL)
		fclose(in);
	free(line);
	free(file);
	return status;
}

/* From --base or public_url, without a slash at its end; false when it is no path that needs no encoding. */
static bool base_take(struct webserver *server, const char *given)
{
	const char *base = given != NULL ? given : server->config->base;
	size_t length = strlen(base);
	while (length > 0 && base[length - 1] == '/')
		length--;
	if (length >= sizeof server->base || (length > 0 && *base != '/') || strstr(base, "//") != NULL || strstr(base, "/.") != NULL ||
		strspn(base, "/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") < length)
		return false;
	memcpy(server->base, base, length);
	server->base[length] = '\0';
	return true;
}

int command_webserver(const struct config *config, const char *config_file, int argc, char **argv)
{
	struct webserver server = { .config = config };
	bool bad = false;
	const char *base = operator_option(argc, argv, "--base", &bad);
	const char *sso = operator_option(argc, argv, "--sso", &bad);
	const char *name = operator_word(argc, argv);
	(void)config_file;
	if (bad || name == NULL || operator_rest(argc, argv))
		return operator_usage(USAGE);
	if (sso != NULL && (*sso != '/' || strpbrk(sso, " \t;{}\"'\\$") != NULL))
		return operator_fail("webserver", "\"%s\" is no full path of a file", sso);
	if (sso != NULL && strncmp(name, "nginx", 5) != 0)
		return operator_fail("webserver", "--sso is for nginx: what is printed for %s has no gate", name);
	server.sso = sso != NULL ? sso : "";
	if (!base_take(&server, base))
		return operator_fail("webserver", "\"%s\" is no base path, such as /partners", base);
	if (strncmp(server.base, config->base, strlen(server.base)) != 0 || strlen(config->base) != strlen(server.base) + 1)
		fprintf(stderr, "tenantry webserver: public_url is %s: its path has to be %s/ too\n", config->public_url, server.base);
	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
		if (strcmp(name, servers[i].name) != 0)
			continue;
		int status = file_put(&server, servers[i].files[0]);
		if (status == EXIT_DONE && servers[i].files[1] != NULL) {
			putchar('\n');
			status = file_put(&server, servers[i].files[1]);
		}
		return status;
	}
	return operator_usage(USAGE);
}
