/* /metrics: the pool's counters and a few numbers of the database as Prometheus text (exposition format 0.0.4). Answered in private
 * locations alone. A database that is away takes its own numbers from the answer, not the others. */
#include <inttypes.h>
#include <string.h>

#include "app/handlers.h"
#include "app/monitor.h"
#include "app/routes.h"
#include "app/tally.h"
#include "base/clock.h"

#define METRICS_MAX ((size_t)2 * 1024 * 1024)

static void family(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(struct buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
	family(out, name, type, help);
	buf_printf(out, "%s %" PRIu64 "\n", name, value);
}

static void put_seconds(struct buf *out, uint64_t us)
{
	buf_printf(out, "%" PRIu64 ".%06" PRIu64 "\n", us / 1000000, us % 1000000);
}

static const char *route_label(size_t index)
{
	return index == 0 ? "none" : routes[index - 1].name;
}

static uint64_t route_count_of(const struct tally *tally, size_t index)
{
	uint64_t count = 0;
	for (size_t i = 0; i <= TALLY_BUCKETS; i++)
		count += tally->routes[index].buckets[i];
	return count;
}

static void put_requests(struct buf *out, const struct tally *tally)
{
	family(out, "tenantry_requests_total", "counter", "Requests answered, by route and status.");
	for (size_t route = 0; route <= route_count; route++) {
		for (size_t i = 0; i < TALLY_STATUSES; i++) {
			uint64_t count = tally->routes[route].statuses[i];
			if (count == 0)
				continue;
			buf_printf(out, "tenantry_requests_total{route=\"%s\",status=\"", route_label(route));
			if (tally_status(i) != 0)
				buf_printf(out, "%d", tally_status(i));
			else
				buf_puts(out, "other");
			buf_printf(out, "\"} %" PRIu64 "\n", count);
		}
	}
}

/* The count is the sum of the buckets read just now, so that the two agree while others count on. */
static void put_durations(struct buf *out, const struct tally *tally)
{
	family(out, "tenantry_request_duration_seconds", "histogram", "Time from a request's acceptance to its end, by route.");
	for (size_t route = 0; route <= route_count; route++) {
		uint64_t count = 0;
		if (route_count_of(tally, route) == 0)
			continue;
		for (size_t i = 0; i <= TALLY_BUCKETS; i++) {
			count += tally->routes[route].buckets[i];
			buf_printf(out, "tenantry_request_duration_seconds_bucket{route=\"%s\",le=\"", route_label(route));
			if (i == TALLY_BUCKETS)
				buf_puts(out, "+Inf");
			else
				buf_printf(out, "%g", (double)tally_bounds_us[i] / 1000000);
			buf_printf(out, "\"} %" PRIu64 "\n", count);
		}
		buf_printf(out, "tenantry_request_duration_seconds_sum{route=\"%s\"} ", route_label(route));
		put_seconds(out, tally->routes[route].time_us);
		buf_printf(out, "tenantry_request_duration_seconds_count{route=\"%s\"} %" PRIu64 "\n", route_label(route), count);
	}
}

static void put_database_time(struct buf *out, const struct tally *tally)
{
	family(out, "tenantry_request_database_seconds_total", "counter", "Time that requests have waited for the database.");
	for (size_t route = 0; route <= route_count; route++) {
		if (route_count_of(tally, route) == 0)
			continue;
		buf_printf(out, "tenantry_request_database_seconds_total{route=\"%s\"} ", route_label(route));
		put_seconds(out, tally->routes[route].database_us);
	}
	family(out, "tenantry_request_database_statements_total", "counter", "Statements that requests have run.");
	for (size_t route = 0; route <= route_count; route++) {
		if (route_count_of(tally, route) > 0)
			buf_printf(out, "tenantry_request_database_statements_total{route=\"%s\"} %" PRIu64 "\n",
				route_label(route), (uint64_t)tally->routes[route].database_statements);
	}
}

static void put_pool(struct buf *out, const struct app *app)
{
	static const char *const losses[LOSS__MAX] = { "crash", "deadline", "stop" };
	const struct tally *tally = app->host.tally;
	family(out, "tenantry_workers", "gauge", "Workers by the step of the request at hand.");
	for (int step = 0; step < STEP__MAX; step++)
		buf_printf(out, "tenantry_workers{step=\"%s\"} %u\n", step_name((enum step)step),
			/* The one that answers this is not counted by itself. */
			app->host.count(app->host.arg, (enum step)step, 0) + (step == STEP_HANDLE));
	single(out, "tenantry_workers_configured", "gauge", "Workers that there should be.", app->host.workers);
	single(out, "tenantry_workers_started_total", "counter", "Workers started, recycled ones too.", tally->workers_started);
	single(out, "tenantry_worker_crashes_total", "counter", "Workers that ended as they should not.", tally->worker_crashes);
	family(out, "tenantry_requests_lost_total", "counter", "Requests that ended without an answer, by reason.");
	for (int i = 0; i < LOSS__MAX; i++)
		buf_printf(out, "tenantry_requests_lost_total{reason=\"%s\"} %" PRIu64 "\n", losses[i], (uint64_t)tally->lost[i]);
	single(out, "tenantry_slow_requests_total", "counter", "Requests that took longer than slow_ms.", tally->slow);
	single(out, "tenantry_housekeeper_rounds_total", "counter", "Rounds of the housekeeper.", tally->rounds);
	single(out, "tenantry_housekeeper_last_round_seconds", "gauge", "End of its last one, in seconds since 1970.",
		(uint64_t)tally->last_round);
}

static void put_connections(struct buf *out)
{
	struct db_counts counts;
	db_counts(&counts);
	single(out, "tenantry_database_connections_total", "counter", "Connections to the database that were made.", counts.connections);
	single(out, "tenantry_database_connections_lost_total", "counter", "Those that were lost in use.", counts.lost);
	single(out, "tenantry_transaction_retries_total", "counter", "Transactions run again after a conflict.", counts.retries);
	single(out, "tenantry_transactions_given_up_total", "counter", "Transactions that met conflicts to the last attempt.",
		counts.given_up);
}

static enum error put_outbox(struct context *c, struct buf *out)
{
	char now[CLOCK_INSTANT_SIZE];
	int64_t oldest = 0;
	clock_sql(clock_now_ms(), now);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_MONITOR_OUTBOX, DB_VALUES(DB_TEXT(now)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error;
	family(out, "tenantry_outbox_messages", "gauge", "Messages not sent yet; those due are among the waiting ones.");
	buf_printf(out, "tenantry_outbox_messages{state=\"waiting\"} %" PRIu64 "\n", db_uint(row[0]));
	buf_printf(out, "tenantry_outbox_messages{state=\"due\"} %" PRIu64 "\n", db_uint(row[1]));
	buf_printf(out, "tenantry_outbox_messages{state=\"unanswered\"} %" PRIu64 "\n", db_uint(row[2]));
	if (row[3] != NULL && clock_parse(arena_printf(c->arena, "%.10sT%.8sZ", row[3], row[3] + 11), &oldest))
		oldest = clock_now() > oldest ? clock_now() - oldest : 0;
	single(out, "tenantry_outbox_oldest_seconds", "gauge", "Age of the oldest waiting message.", (uint64_t)oldest);
	return ERR_NONE;
}

static enum error put_sources(struct context *c, struct buf *out)
{
	static const char *const states[] = { "failed", "warning", "success", "not_available" };
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_MONITOR_SOURCES, DB_NO_VALUES, &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error;
	family(out, "tenantry_sources", "gauge", "Sources of billing data by state.");
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		buf_printf(out, "tenantry_sources{state=\"%s\"} %" PRIu64 "\n", states[i], db_uint(row[i]));
	return ERR_NONE;
}

enum error metrics_get(struct context *c)
{
	const struct tally *tally = c->app->host.tally;
	BUF_AUTO out;
	buf_init(&out, METRICS_MAX);
	family(&out, "tenantry_build_info", "gauge", "1; the version of the program and the schema that it needs.");
	buf_printf(&out, "tenantry_build_info{version=\"" PACKAGE_VERSION "\",schema=\"%u\"} 1\n", db_schema_known());
	single(&out, "tenantry_start_time_seconds", "gauge", "Start of the pool, in seconds since 1970.", (uint64_t)tally->since);
	put_requests(&out, tally);
	put_durations(&out, tally);
	put_database_time(&out, tally);
	put_pool(&out, c->app);
	put_connections(&out);
	const char *fault = monitor_fault(c);
	single(&out, "tenantry_database_up", "gauge", "1 when the database can be used.", fault == NULL);
	if (fault == NULL && put_outbox(c, &out) == ERR_NONE)
		put_sources(c, &out);
	if (out.overflow)
		return ERR_INTERNAL;
	c->text = arena_strdup(c->arena, out.data);
	c->text_type = "text/plain; version=0.0.4; charset=utf-8";
	return ERR_NONE;
}
