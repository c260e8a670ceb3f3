/* What is told of a request after its end: a JSON line, counters, and the steps of a slow one. Owns what may stand there: no query
 * (people search for names), no form, and of a secret link its beginning alone. */
#include "app/access_log.h"

#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

#include "app/routes.h"
#include "app/tally.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"

#define LINE_BYTES_MAX 65536 /* an escaped path of HTTP_URI_MAX bytes and all else */

/* The path as a log may have it: what stands for {token} is a secret. */
static const char *path_shown(const struct context *c)
{
	static const char *const secret[] = { "/invite/", "/reset/" };
	for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
		if (strncmp(c->http->path, secret[i], strlen(secret[i])) == 0)
			return arena_printf(c->arena, "%s***", secret[i]);
	/* One that was refused for its length is cut, at a character's end. */
	size_t length = strnlen(c->http->path, HTTP_URI_MAX);
	while (length > 0 && ((unsigned char)c->http->path[length] & 0xc0) == 0x80)
		length--;
	return c->http->path[length] == '\0' ? c->http->path : arena_strndup(c->arena, c->http->path, length);
}

/* Is TEXT the same in JSON? */
static bool is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

/* Adds ,"NAME":"TEXT", or null. Nearly all texts are plain; json-c writes those that are not: building each line with it took as
 * long as a statement of the database. */
static void add_text(struct buf *line, const char *name, const char *text)
{
	buf_printf(line, ",\"%s\":", name);
	if (text == NULL) {
		buf_puts(line, "null");
	} else if (is_plain(text)) {
		buf_printf(line, "\"%s\"", text);
	} else {
		struct json_object *string = json_object_new_string(text);
		buf_puts(line, json_object_to_json_string_ext(string, JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(string);
	}
}

/* Milliseconds with three places. */
static void add_ms(struct buf *line, const char *name, uint64_t us)
{
	buf_printf(line, ",\"%s\":%llu.%03llu", name, (unsigned long long)us / 1000, (unsigned long long)us % 1000);
}

static void line_write(const struct context *c, int status, enum error error, uint64_t time_us)
{
	char now[CLOCK_INSTANT_SIZE];
	BUF_AUTO line;
	clock_sql(clock_now_ms(), now);
	buf_init(&line, LINE_BYTES_MAX);
	buf_printf(&line, "{\"time\":\"%.10sT%sZ\"", now, now + 11);
	add_text(&line, "request_id", c->http->request_id);
	add_text(&line, "address", c->http->address);
	add_text(&line, "method", c->http->method_text);
	add_text(&line, "path", path_shown(c));
	add_text(&line, "route", c->asked != NULL ? c->asked->name : NULL);
	buf_printf(&line, ",\"status\":%d", status);
	add_text(&line, "error", error != ERR_NONE ? error_id(error) : NULL);
	add_text(&line, "user", c->identity != NULL ? c->identity->user_id : NULL);
	add_text(&line, "tenant", c->scope != NULL ? scope_public_id(c->scope) : NULL);
	add_ms(&line, "ms", time_us);
	add_ms(&line, "db_ms", db_spent_us(c->db));
	buf_printf(&line, ",\"db_statements\":%u,\"worker\":%d}", db_statements_run(c->db), (int)getpid());
	log_access(line.data);
}

/* "handle 2290 ms, transform 11 ms": the steps that took a millisecond or more, in their order. */
static void slow_write(const struct context *c, uint64_t time_us)
{
	const uint64_t *spent = c->app->host.spent(c->app->host.arg);
	const char *between = "";
	BUF_AUTO steps;
	buf_init(&steps, 1024);
	buf_puts(&steps, "");
	for (int step = 0; step < STEP__MAX; step++) {
		if (spent[step] < 1000)
			continue;
		buf_printf(&steps, "%s%s %llu ms", between, step_name((enum step)step), (unsigned long long)spent[step] / 1000);
		between = ", ";
	}
	log_warn("slow: %s %s took %llu ms (database %llu ms in %u statements): %s", c->http->method_text, path_shown(c),
		(unsigned long long)time_us / 1000, (unsigned long long)db_spent_us(c->db) / 1000, db_statements_run(c->db),
		steps.data);
}

void access_log(const struct context *c, int status, enum error error, uint64_t time_us)
{
	struct tally *tally = c->app->host.tally;
	int slow_ms = c->app->config->slow_ms;
	tally_request(tally, c->asked != NULL ? (size_t)(c->asked - routes) + 1 : 0, status, time_us, db_spent_us(c->db),
		db_statements_run(c->db));
	if (log_access_wanted())
		line_write(c, status, error, time_us);
	/* A download takes as long as its client reads. */
	if (slow_ms > 0 && time_us >= (uint64_t)slow_ms * 1000 && c->format != FORMAT_CSV) {
		tally->slow++;
		slow_write(c, time_us);
	}
}
