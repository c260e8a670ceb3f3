/* The audit log of demo tenants, in the order of time, as the pages would have written it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/demo_write.h"

#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)
#define EVENTS_MAX 80

struct event {
	int64_t at;
	const char *action;
	const struct demo_actor *actor;
	bool as_tenant;        /* done after a switch into the tenant */
	const char *field, *from, *to;
};

struct events {
	size_t count;
	struct event list[EVENTS_MAX];
};

static void actor_set(struct demo_actor *actor, const struct demo_tenant *tenant)
{
	actor->tenant = tenant->key;
	actor->user = tenant->key * DEMO_KEYS;
	snprintf(actor->tenant_name, sizeof actor->tenant_name, "%s", tenant->name);
	actor->name[0] = '\0';
	for (size_t i = 0; i < tenant->user_count; i++) {
		const struct demo_user *user = &tenant->users[i];
		if (user->role != ROLE_ADMIN || user->state != DEMO_USER_ACTIVE)
			continue;
		actor->user = tenant->key * DEMO_KEYS + i;
		snprintf(actor->name, sizeof actor->name, "%s %s", user->first, user->last);
		return;
	}
}

void demo_actor_enter(struct demo_writer *writer, const struct demo_tenant *tenant)
{
	if (tenant->tier == TIER_DISTRIBUTOR)
		actor_set(&writer->distributor, tenant);
	if (tenant->tier == TIER_RESELLER)
		actor_set(&writer->reseller, tenant);
}

/* A reseller that nobody is active in yet has its distributor act for it. */
const struct demo_actor *demo_actor_above(const struct demo_writer *writer, const struct demo_tenant *tenant)
{
	if (tenant->tier == TIER_CUSTOMER && writer->reseller.name[0] != '\0')
		return &writer->reseller;
	return &writer->distributor;
}

static void add(struct events *events, struct event event)
{
	if (events->count < EVENTS_MAX && event.at < 0)
		events->list[events->count++] = event;
}

static int event_compare(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* TEXT as a JSON string. */
static void put_json(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

static enum error write_event(struct demo_writer *writer, const struct demo_tenant *tenant, const struct event *event)
{
	struct buf *detail = &writer->detail;
	buf_reset(detail);
	buf_putc(detail, '{');
	if (event->field != NULL) {
		put_json(detail, event->field);
		buf_puts(detail, ":{");
		if (event->from != NULL) {
			buf_puts(detail, "\"from\":");
			put_json(detail, event->from);
			buf_putc(detail, ',');
		}
		buf_puts(detail, "\"to\":");
		put_json(detail, event->to);
		buf_putc(detail, '}');
	}
	buf_putc(detail, '}');
	return bulk_row(writer->bulks[DEMO_TABLE_EVENT], DB_VALUES(demo_at(writer, event->at), DB_UINT(tenant->key),
		DB_TEXT(event->action), DB_UINT(event->actor->user), DB_TEXT(event->actor->name), DB_UINT(event->actor->tenant),
		DB_TEXT(event->actor->tenant_name), DB_TEXT(event->as_tenant ? tenant->name : NULL), DB_TEXT(detail->data)));
}

static void add_users(struct events *events, const struct demo_tenant *tenant, const struct demo_actor *above,
	const struct demo_actor *own)
{
	for (size_t i = 0; i < tenant->user_count; i++) {
		const struct demo_user *user = &tenant->users[i];
		int64_t at = demo_invited_at(tenant, i);
		add(events, (struct event){ .at = at, .action = "user.invite", .actor = i == 0 ? above : own, .field = "email",
			.to = user->email });
		if (strchr("ADX", user->state) != NULL)
			add(events, (struct event){ .at = at + 3 * HOUR, .action = "user.activate", .actor = own,
				.field = "email", .to = user->email });
		if (user->state == DEMO_USER_CANCELLED)
			add(events, (struct event){ .at = at + 5 * HOUR, .action = "user.cancel", .actor = above, .field = "email",
				.to = user->email });
		if (user->state == DEMO_USER_DISABLED || user->state == DEMO_USER_DELETED)
			add(events, (struct event){ .at = -DAY, .action = user->state == DEMO_USER_DELETED ? "user.delete"
				: "user.disable", .actor = above, .field = "email", .to = user->email });
	}
}

static void add_contracts(struct events *events, const struct demo_tenant *tenant, const struct demo_actor *above)
{
	struct demo_contract contracts[DEMO_CONTRACTS_MAX];
	size_t count = demo_contracts(tenant, contracts);
	for (size_t i = 0; i < count; i++) {
		int64_t at = contracts[i].made * DAY + 11 * HOUR;
		add(events, (struct event){ .at = at, .action = "contract.create", .actor = above, .field = "name",
			.to = contracts[i].name });
		for (unsigned version = 2; version <= contracts[i].versions; version++)
			add(events, (struct event){ .at = at + (int64_t)(version - 1) * 26 * HOUR, .action = "contract.draft",
				.actor = above, .field = "version", .from = version == 2 ? "1" : "2",
				.to = version == 2 ? "2" : "3" });
		if (contracts[i].letter != 'd')
			add(events, (struct event){ .at = at + 3 * DAY, .action = "contract.activate", .actor = above,
				.field = "name", .to = contracts[i].name });
		if (contracts[i].letter == 'c')
			add(events, (struct event){ .at = at + 9 * DAY, .action = "contract.cancel", .actor = above,
				.field = "reason", .to = "The customer has moved to another programme." });
		if (contracts[i].letter == 'u')
			add(events, (struct event){ .at = contracts[i].end * DAY, .action = "contract.supersede", .actor = above,
				.field = "name", .to = contracts[i].name });
	}
}

static void add_sources(struct events *events, const struct demo_tenant *tenant, const struct demo_actor *own,
	char accounts[DEMO_SOURCES_MAX][24])
{
	for (size_t i = 0; tenant->sources[i] != '\0'; i++) {
		struct demo_run runs[DEMO_RUNS_MAX];
		size_t count = demo_runs(tenant, i, runs);
		snprintf(accounts[i], 24, "%012llu", (unsigned long long)demo_account(tenant->key * DEMO_KEYS + i));
		add(events, (struct event){ .at = count > 0 ? runs[0].started - DAY : -2 * DAY, .action = "source.connect",
			.actor = own, .field = "account", .to = accounts[i] });
		if (tenant->sources[i] == 'x')
			add(events, (struct event){ .at = -30 * DAY, .action = "source.disconnect", .actor = own,
				.field = "account", .to = accounts[i] });
	}
}

enum error demo_write_events(struct demo_writer *writer, const struct demo_tenant *tenant)
{
	static struct demo_actor own_actor; /* too large for comfort on the stack; one process, one writer */
	char accounts[DEMO_SOURCES_MAX][24];
	const struct demo_actor *above = demo_actor_above(writer, tenant), *own = &own_actor;
	struct events events = { .count = 0 };
	int64_t created = demo_created_at(tenant);
	actor_set(&own_actor, tenant);
	if (own_actor.name[0] == '\0')
		own = above;
	add(&events, (struct event){ .at = created, .action = "tenant.create", .actor = above, .field = "name",
		.to = tenant->name });
	add_users(&events, tenant, above, own);
	add_contracts(&events, tenant, above);
	add_sources(&events, tenant, own, accounts);
	if (tenant->tier != TIER_DISTRIBUTOR && tenant->seed % 3 == 0) {
		add(&events, (struct event){ .at = -4 * DAY + 9 * HOUR, .action = "tenant.enter", .actor = above,
			.as_tenant = true });
		add(&events, (struct event){ .at = -4 * DAY + 10 * HOUR, .action = "tenant.update", .actor = above,
			.as_tenant = true, .field = "name", .from = tenant->domain, .to = tenant->name });
	}
	if (tenant->suspended)
		add(&events, (struct event){ .at = -2 * DAY, .action = "tenant.suspend", .actor = above });
	if (tenant->deleted)
		add(&events, (struct event){ .at = -10 * DAY, .action = "tenant.delete", .actor = above });
	qsort(events.list, events.count, sizeof events.list[0], event_compare);
	enum error error = ERR_NONE;
	for (size_t i = 0; error == ERR_NONE && i < events.count; i++)
		if (events.list[i].at >= created)
			error = write_event(writer, tenant, &events.list[i]);
	return error;
}
