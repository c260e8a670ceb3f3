/* The configuration file: what is taken, what is a fault and where it is said to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/config.h"
#include "base/settings.h"

static char path[] = "/tmp/test-config-XXXXXX";

/* Loads TEXT as a file; the faults, without the file's name, are in *SAID (to be freed). */
static int load(const char *text, struct config *config, char **said)
{
	size_t length;
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	FILE *errors = open_memstream(said, &length);
	int faults = config_load(path, config, errors);
	fclose(errors);
	char *to = *said;
	for (char *from = *said; *from != '\0';) {
		if (strncmp(from, path, strlen(path)) == 0)
			from += strlen(path);
		else
			*to++ = *from++;
	}
	*to = '\0';
	return faults;
}

static void says(const char *text, int faults, const char *expected)
{
	struct config config;
	char *said = NULL;
	int count = load(text, &config, &said);

	assert_string_equal(said, expected);
	assert_int_equal(count, faults);
	if (count == 0)
		config_free(&config);
	else
		assert_null(config.socket);
	free(said);
}

static void an_empty_file_gives_the_defaults(void **state)
{
	(void)state;
	struct config config;
	char *said = NULL;

	assert_int_equal(load("", &config, &said), 0);
	assert_int_equal(config.workers, 4);
	assert_int_equal(config.total_hours, 168);
	assert_string_equal(config.db_name, "tenantry");
	assert_string_equal(config.db_password_file, "");
	assert_string_equal(config.base, "/");
	assert_string_equal(config.public_url, "http://localhost");
	assert_false(config.https);
	config_free(&config);
	config_free(&config);
	free(said);
}

static void values_are_read_from_their_sections(void **state)
{
	(void)state;
	struct config config;
	char *said = NULL;

	assert_int_equal(load("\xef\xbb\xbf# comment\r\n[server]\r\n  workers = 7 ; seven\r\nsocket_group=root\n"
		"public_url = https://console.example:8443/partners/\n[database]\n\tsocket: /tmp/my.sock\n"
		"password_file = /dev/null\nname = x\n", &config, &said), 0);
	assert_string_equal(said, "");
	assert_int_equal(config.workers, 7);
	assert_string_equal(config.base, "/partners/");
	assert_string_equal(config.public_url, "https://console.example:8443/partners");
	assert_true(config.https);
	assert_string_equal(config.db_socket, "/tmp/my.sock");
	assert_string_equal(config.db_name, "x");
	config_free(&config);
	free(said);
}

static void every_fault_is_said_with_its_line(void **state)
{
	(void)state;
	says("workers = 3\n[server]\nworkers = 0\n\ncolour = red\nnonsense\nworkers = 5\n[sever]\nsocket = x\n"
		"[database]\nport = 33o6\npassword_file = /nonexistent\n", 8,
		":1: \"workers\" stands before the first section\n"
		":3: workers: \"0\" is no number from 1 to 256\n"
		":5: [server] has no key \"colour\"\n"
		":6: this is neither a [section] nor name = value\n"
		":7: workers was set before, on line 3\n"
		":9: \"socket\" is in [sever], and there is no such section\n"
		":11: port: \"33o6\" is no number from 1 to 65535\n"
		":12: password_file: \"/nonexistent\" No such file or directory\n");
	says("[server\nworkers = 3\n", 2, ":1: this section name has no \"]\"\n"
		":2: \"workers\" stands before the first section\n");
	says("[server]\nworkers =\nsocket =\n", 2, ":2: workers: \"\" is no number from 1 to 256\n"
		":3: socket: \"\" must not be empty\n");
	says("[session]\nidle_hours = 24\ntotal_hours = 12\n", 1,
		":2: idle_hours (24) must not be more than total_hours (12)\n");
}

static void words_are_checked(void **state)
{
	(void)state;
	says("[server]\nlog_level = loud\nclock = tomorrow\ndata_dir = /dev/null\nsocket_group = no-such-group\n", 4,
		":2: log_level: \"loud\" must be error, warn, info or debug\n"
		":3: clock: \"tomorrow\" must be an instant such as 2026-12-31T23:59:50Z\n"
		":4: data_dir: \"/dev/null\" is no directory\n"
		":5: socket_group: \"no-such-group\" is no group of this system\n");
	says("[server]\nlog_level = debug\nclock = 2026-12-31T23:59:50Z\n", 0, "");
}

static void single_sign_on_needs_a_key_and_a_peer(void **state)
{
	(void)state;
	says("[sso]\nkey_file = /dev/null\npeer = no-such-user\n", 2,
		":3: peer: \"no-such-user\" is no user of this system\n"
		":2: key_file: the first line of \"/dev/null\" has to be a key of 32 characters or more\n");
	says("[sso]\npeer = no-such-user\n", 0, "");
	says("[sso]\nlogout = https://x.example/\nlogout = //x.example/\n", 2,
		":2: logout: \"https://x.example/\" must be a path such as /oauth2/sign_out\n"
		":3: logout was set before, on line 2\n");
}

static void groups_are_gathered_and_checked(void **state)
{
	(void)state;
	static const char *const bad[] = { "A1", "A1 admin", "A1 admin none", "a1 admin none x", "A1 root none x", "A1 sales admin x",
		"A1 none none x", "A1 admin all x", "A1 admin none x,y", "A1234567890123456789012345678 sales none x" };
	struct config config;
	char *said = NULL, tenant[ID_SIZE], role[SETTINGS_ROLE_SIZE], child_role[SETTINGS_ROLE_SIZE];

	assert_int_equal(load("[sso]\ngroup = A1 sales none all of them\ngroup =\ngroup = B2 admin sales x\n", &config, &said), 0);
	assert_string_equal(config.sso_groups, "A1 sales none all of them\nB2 admin sales x\n");
	assert_string_equal(settings_mapping("A1 sales none all of them", tenant, role, child_role), "all of them");
	assert_string_equal(tenant, "A1");
	assert_string_equal(role, "sales");
	assert_string_equal(child_role, "none");
	config_free(&config);
	free(said);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[200], expected[400];
		snprintf(text, sizeof text, "[sso]\ngroup = A1 sales none x\ngroup = %s\n", bad[i]);
		snprintf(expected, sizeof expected, ":3: group: \"%s\" must be the ID of a tenant, sales or admin, a child tenant role that is "
			"not above it or none, and the name of a group\n", bad[i]);
		says(text, 1, expected);
	}
}

static void an_address_that_cannot_be_a_base_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "console.example", "ftp://x/", "http://", "http:///x", "http://x/a//b",
		"http://x/../b", "http://x/./", "http://x/a b", "http://x/%41", "http://x/?q=1", "http://x:/",
		"http://u@x/" };
	static const char *const good[] = { "http://127.0.0.1:8080", "http://[::1]:80/a", "https://x/a/b/", "https://x" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[200], expected[300];
		snprintf(text, sizeof text, "[server]\npublic_url = %s\n", bad[i]);
		snprintf(expected, sizeof expected, ":2: public_url: \"%s\" must be http:// or https://, a host and a "
			"path, without query or encoding\n", bad[i]);
		says(text, 1, expected);
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char text[200];
		snprintf(text, sizeof text, "[server]\npublic_url = %s\n", good[i]);
		says(text, 0, "");
	}
}

static void a_line_too_long_or_with_nul_is_a_fault(void **state)
{
	(void)state;
	char text[2000] = "[server]\nmail_dir = /";
	memset(text + strlen(text), 'x', 1000);
	says(text, 1, ":2: this line is too long\n");
	/* but a comment may be as long as it likes */
	text[9] = '#';
	says(text, 0, "");
}

static void a_missing_file_is_one_fault(void **state)
{
	(void)state;
	struct config config;
	char *said = NULL;
	size_t length;
	FILE *errors = open_memstream(&said, &length);

	assert_int_equal(config_load("/nonexistent/tenantry.conf", &config, errors), 1);
	fclose(errors);
	assert_string_equal(said, "/nonexistent/tenantry.conf: No such file or directory\n");
	free(said);
	assert_int_equal(config_load("/nonexistent/tenantry.conf", &config, NULL), 1);
}

/* Replaces every FROM in TEXT by the shorter or equally long TO. */
static void replace(char *text, const char *from, const char *to)
{
	for (char *p = text; (p = strstr(p, from)) != NULL; p += strlen(to)) {
		memmove(p + strlen(to), p + strlen(from), strlen(p + strlen(from)) + 1);
		memcpy(p, to, strlen(to));
	}
}

static void the_sample_that_is_shipped_has_every_key(void **state)
{
	(void)state;
	char *made = NULL, *shipped = NULL;
	size_t length, room = 0;
	FILE *out = open_memstream(&made, &length);

	config_sample(out);
	fclose(out);
	/* The shipped one has the paths of a package, whatever this build was configured with. */
	replace(made, PKGDATADIR, "\001");
	replace(made, RUNSTATEDIR "/tenantry", "\002");
	replace(made, LOCALSTATEDIR "/lib", "\003");
	FILE *in = fopen(TEST_SRCDIR "/conf/tenantry.conf", "r");
	assert_non_null(in);
	assert_true(getdelim(&shipped, &room, '\0', in) > 0);
	fclose(in);
	replace(shipped, "/usr/share/tenantry", "\001");
	replace(shipped, "/run/tenantry", "\002");
	replace(shipped, "/var/lib", "\003");
	assert_string_equal(made, shipped);
	free(made);
	free(shipped);
}

static void the_manual_has_every_key_of_the_sample(void **state)
{
	(void)state;
	char *manual = NULL, *line = NULL;
	size_t room = 0, line_room = 0;
	FILE *in = fopen(TEST_SRCDIR "/doc/tenantry.conf.5", "r"), *sample = fopen(TEST_SRCDIR "/conf/tenantry.conf", "r");
	assert_non_null(in);
	assert_non_null(sample);
	assert_true(getdelim(&manual, &room, '\0', in) > 0);
	while (getline(&line, &line_room, sample) > 0) {
		char wanted[80];
		if (*line != ';')
			continue;
		line[strcspn(line, " ")] = '\0';
		snprintf(wanted, sizeof wanted, "\n.B %s\n", line + 1);
		if (strstr(manual, wanted) == NULL)
			fail_msg("%s is not in doc/tenantry.conf.5: run doc/make-conf-man > doc/tenantry.conf.5", line + 1);
	}
	free(line);
	free(manual);
	fclose(in);
	fclose(sample);
}

static void the_sample_is_valid_when_nothing_is_commented_out(void **state)
{
	(void)state;
	struct config config;
	char *made = NULL, *said = NULL;
	size_t length;
	FILE *out = open_memstream(&made, &length);

	config_sample(out);
	fclose(out);
	/* The data directory need not be installed here. */
	replace(made, PKGDATADIR, "/");
	for (char *p = made; (p = strstr(p, "\n;")) != NULL; p++)
		p[1] = ' ';
	assert_int_equal(load(made, &config, &said), 0);
	assert_string_equal(said, "");
	config_free(&config);
	free(made);
	free(said);
}

static void a_secret_is_the_first_line_of_its_file(void **state)
{
	(void)state;
	char secret[1024] = "untouched";
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs("correct horse\r\nsecond\n", out);
	fclose(out);
	assert_true(config_read_secret(path, secret, sizeof secret));
	assert_string_equal(secret, "correct horse");
	assert_false(config_read_secret("/dev/null", secret, sizeof secret));
	assert_false(config_read_secret("/nonexistent", secret, sizeof secret));
}

static int file_make(void **state)
{
	(void)state;
	int fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int file_remove(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_gives_the_defaults),
		cmocka_unit_test(values_are_read_from_their_sections),
		cmocka_unit_test(every_fault_is_said_with_its_line),
		cmocka_unit_test(words_are_checked),
		cmocka_unit_test(single_sign_on_needs_a_key_and_a_peer),
		cmocka_unit_test(groups_are_gathered_and_checked),
		cmocka_unit_test(an_address_that_cannot_be_a_base_is_refused),
		cmocka_unit_test(a_line_too_long_or_with_nul_is_a_fault),
		cmocka_unit_test(a_missing_file_is_one_fault),
		cmocka_unit_test(the_sample_that_is_shipped_has_every_key),
		cmocka_unit_test(the_manual_has_every_key_of_the_sample),
		cmocka_unit_test(the_sample_is_valid_when_nothing_is_commented_out),
		cmocka_unit_test(a_secret_is_the_first_line_of_its_file),
	};
	return cmocka_run_group_tests(tests, file_make, file_remove);
}
