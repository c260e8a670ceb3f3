/* tenantry report-run: tells the API of a run, for pipelines that prefer a program to HTTP. Reads the token from a file, never from an
 * argument. Needs neither configuration nor database. */
#include <curl/curl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/id.h"
#include "base/text.h"
#include "command/command.h"
#include "command/operator.h"

#define USAGE "report-run --url URL --token-file F --started INSTANT [--finished INSTANT --status success|warning|failed] " \
	"[--account A --period YYYY-MM | --manifest FILE] [--rows N] [--message TEXT] [--key KEY]"
#define ATTEMPTS 5
#define TIMEOUT_SECONDS 30L
#define WAIT_SECONDS_MAX 60 /* of what a server asks for: a limit is one of a minute */
#define KEY_MAX 255

static size_t answer_take(char *data, size_t size, size_t count, void *arg)
{
	struct buf *answer = arg;
	buf_append(answer, data, size * count);
	return size * count;
}

static const char *text_member(struct json_object *object, const char *name)
{
	struct json_object *value;
	bool text = json_object_object_get_ex(object, name, &value) && json_object_is_type(value, json_type_string);
	return text ? json_object_get_string(value) : NULL;
}

/* Account and period of an AWS CUR manifest: "account", and "billingPeriod": {"start": "20261101T000000.000Z"}. */
static bool manifest_read(struct arena *arena, const char *file, const char **account, const char **period)
{
	struct json_object *manifest = json_object_from_file(file), *billing = NULL;
	json_object_object_get_ex(manifest, "billingPeriod", &billing);
	const char *id = text_member(manifest, "account"), *start = text_member(billing, "start");
	bool good = id != NULL && start != NULL && strspn(start, "0123456789") >= 6;
	if (good) {
		*account = arena_strdup(arena, id);
		*period = arena_printf(arena, "%.4s-%.2s", start, start + 4);
	}
	json_object_put(manifest);
	return good;
}

/* One try: the status, 0 when there was no answer; how many seconds the server asks to wait. */
static long report_send(const char *url, struct curl_slist *headers, const char *body, struct buf *answer, curl_off_t *wait)
{
	CURL *curl = curl_easy_init();
	long status = 0;
	*wait = 0;
	if (curl == NULL)
		return 0;
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, answer_take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, TIMEOUT_SECONDS);
	buf_reset(answer);
	CURLcode code = curl_easy_perform(curl);
	if (code == CURLE_OK) {
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, wait);
	} else {
		fprintf(stderr, "tenantry report-run: %s\n", curl_easy_strerror(code));
	}
	curl_easy_cleanup(curl);
	return status;
}

/* Again and again while the server is away or busy; the key makes that one report. */
static int report(const char *url, const char *token, const char *key, const char *body, struct arena *arena)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	BUF_AUTO answer;
	curl_off_t wait = 0;
	long status = 0;
	buf_init(&answer, 1 << 20);
	headers = curl_slist_append(headers, arena_printf(arena, "Authorization: Bearer %s", token));
	headers = curl_slist_append(headers, arena_printf(arena, "Idempotency-Key: %s", key));
	for (unsigned i = 0; i < ATTEMPTS; i++) {
		unsigned seconds = wait > 1 << i ? (unsigned)(wait < WAIT_SECONDS_MAX ? wait : WAIT_SECONDS_MAX) : 1u << i;
		if (i > 0)
			clock_pause_ms(seconds * 1000);
		status = report_send(url, headers, body, &answer, &wait);
		if (status != 0 && status != 409 && status != 429 && status < 500)
			break;
	}
	curl_slist_free_all(headers);
	if (status == 200 || status == 201)
		return EXIT_DONE;
	return operator_fail("report-run", "the server says %ld: %s", status, answer.length > 0 ? answer.data : "nothing");
}

/* What the API would refuse, or what would make a header of its own. */
static bool key_valid(const char *key)
{
	size_t length = strlen(key);
	for (size_t i = 0; i < length; i++)
		if (key[i] < '!' || key[i] > '~')
			return false;
	return length > 0 && length <= KEY_MAX;
}

static void member(struct json_object *body, const char *name, const char *value)
{
	if (value != NULL)
		json_object_object_add(body, name, json_object_new_string(value));
}

int command_report_run(const struct config *config, const char *config_file, int argc, char **argv)
{
	ARENA_AUTO arena = arena_new();
	bool bad = false;
	char token[1024], *end = NULL;
	(void)config, (void)config_file;
	const char *url = operator_option(argc, argv, "--url", &bad), *file = operator_option(argc, argv, "--token-file", &bad);
	const char *account = operator_option(argc, argv, "--account", &bad), *period = operator_option(argc, argv, "--period", &bad);
	const char *manifest = operator_option(argc, argv, "--manifest", &bad), *key = operator_option(argc, argv, "--key", &bad);
	const char *started = operator_option(argc, argv, "--started", &bad), *finished = operator_option(argc, argv, "--finished", &bad);
	const char *status = operator_option(argc, argv, "--status", &bad), *rows = operator_option(argc, argv, "--rows", &bad);
	const char *message = operator_option(argc, argv, "--message", &bad);
	if (bad || url == NULL || file == NULL || started == NULL || operator_rest(argc, argv) ||
		(strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0))
		return operator_usage(USAGE);
	if (manifest != NULL && !manifest_read(arena, manifest, &account, &period))
		return operator_fail("report-run", "%s: no manifest with account and billingPeriod", manifest);
	if (account == NULL || period == NULL || *account == '\0' || strspn(account, "0123456789") != strlen(account))
		return operator_usage(USAGE);
	long long count = rows != NULL ? strtoll(rows, &end, 10) : 0;
	if (rows != NULL && (end == rows || *end != '\0'))
		return operator_usage(USAGE);
	const char *const texts[] = { started, finished, status, period, message };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i] != NULL && !text_is_utf8(texts[i], strlen(texts[i])))
			return operator_fail("report-run", "%s is not UTF-8", texts[i] == message ? "the message" : "an argument");
	if (key != NULL && !key_valid(key))
		return operator_fail("report-run", "a key has 1 to %d visible characters of ASCII", KEY_MAX);
	if (!config_read_secret(file, token, sizeof token))
		return operator_fail("report-run", "%s cannot be read", file);
	struct json_object *body = json_object_new_object();
	member(body, "started", started);
	member(body, "finished", finished);
	member(body, "status", status);
	member(body, "period", period);
	member(body, "message", message);
	if (rows != NULL)
		json_object_object_add(body, "rows", json_object_new_int64(count));
	char made[ID_SIZE];
	id_make(made);
	int result = report(arena_printf(arena, "%s/api/v1/sources/%s/runs", url, account), token, key != NULL ? key : made,
		json_object_to_json_string(body), arena);
	json_object_put(body);
	return result;
}
