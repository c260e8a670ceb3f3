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

/* The path as a log may have it: what stands for {token} is a secret. */
static const char *path_shown(const struct context *c)
{
	static const char *const secret[] = { "/invite/", "/reset/" };
	for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
		if (strncmp(c->http->path, secret[i], strlen(secret[i])) == 0)
			return arena_printf(c->arena, "%s***", secret[i]);
	return c->http->path;
}

static void add_text(struct json_object *line, const char *name, const char *text)
{
	json_object_object_add(line, name, text != NULL ? json_object_new_string(text) : NULL);
}

/* Milliseconds with three places, without what a double would make of them. */
static void add_ms(struct context const *c, struct json_object *line, const char *name, uint64_t us)
{
	json_object_object_add(line, name, json_object_new_double_s((double)us / 1000,
		arena_printf(c->arena, "%llu.%03llu", (unsigned long long)us / 1000, (unsigned long long)us % 1000)));
}

static void line_write(const struct context *c, int status, enum error error, uint64_t time_us)
{
	struct json_object *line = json_object_new_object();
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	add_text(line, "time", arena_printf(c->arena, "%.10sT%sZ", now, now + 11));
	add_text(line, "request_id", c->http->request_id);
	add_text(line, "address", c->http->address);
	add_text(line, "method", c->http->method_text);
	add_text(line, "path", path_shown(c));
	add_text(line, "route", c->asked != NULL ? c->asked->name : NULL);
	json_object_object_add(line, "status", json_object_new_int(status));
	add_text(line, "error", error != ERR_NONE ? error_id(error) : NULL);
	add_text(line, "user", c->identity != NULL ? c->identity->user_id : NULL);
	add_text(line, "tenant", c->scope != NULL ? scope_public_id(c->scope) : NULL);
	add_ms(c, line, "ms", time_us);
	add_ms(c, line, "db_ms", db_spent_us(c->db));
	json_object_object_add(line, "db_statements", json_object_new_int64(db_statements_run(c->db)));
	json_object_object_add(line, "worker", json_object_new_int64(getpid()));
	log_access(json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(line);
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
