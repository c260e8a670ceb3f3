/* Writes the facts of demo tenants through bulk inserts, in the order of their keys. Writes nothing of what
 * repeats facts: tenant_list and its like are rebuilt afterwards by db/list_table.h. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "command/demo_write.h"

#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)
#define ACCOUNT_FIRST UINT64_C(100000000000)
#define ACCOUNT_COUNT UINT64_C(900000000000)
#define ACCOUNT_STEP UINT64_C(387420489037) /* has no factor in common with ACCOUNT_COUNT: no account comes twice */

static const char *const jobs[] = {
	"data", "executive", "finance", "founder", "legal", "management", "sales", "software",
};

struct demo_writer *demo_writer_new(struct db *db, const char *day, const char *password_hash)
{
	static const enum statement statement_of[DEMO_TABLE__MAX] = {
		[DEMO_TABLE_TENANT] = STMT_DEMO_TENANT,
		[DEMO_TABLE_USER] = STMT_DEMO_USER,
		[DEMO_TABLE_CONTRACT] = STMT_DEMO_CONTRACT,
		[DEMO_TABLE_VERSION] = STMT_DEMO_CONTRACT_VERSION,
		[DEMO_TABLE_SOURCE] = STMT_DEMO_SOURCE,
		[DEMO_TABLE_RUN] = STMT_DEMO_RUN,
		[DEMO_TABLE_EVENT] = STMT_DEMO_EVENT,
	};
	struct demo_writer *writer = calloc(1, sizeof *writer);
	if (writer == NULL) {
		log_error("demo: out of memory");
		abort();
	}
	for (int i = 0; i < DEMO_TABLE__MAX; i++)
		writer->bulks[i] = bulk_new(db, statement_of[i]);
	writer->password_hash = password_hash;
	snprintf(writer->day, sizeof writer->day, "%.10s", day);
	writer->midnight = clock_date_start(day, "UTC");
	buf_init(&writer->detail, 4000);
	return writer;
}

void demo_writer_free(struct demo_writer *writer)
{
	if (writer == NULL)
		return;
	for (int i = 0; i < DEMO_TABLE__MAX; i++)
		bulk_free(writer->bulks[i]);
	buf_free(&writer->detail);
	free(writer);
}

enum error demo_writer_finish(struct demo_writer *writer)
{
	enum error error = ERR_NONE;
	for (int i = 0; error == ERR_NONE && i < DEMO_TABLE__MAX; i++)
		error = bulk_flush(writer->bulks[i]);
	return error;
}

struct db_value demo_at(struct demo_writer *writer, int64_t seconds)
{
	char *text = writer->instants[writer->next_instant++ % DEMO_TEXTS];
	clock_sql((writer->midnight + seconds) * 1000, text);
	return DB_TEXT(text);
}

static struct db_value date(struct demo_writer *writer, int days)
{
	if (days == DEMO_NO_DATE)
		return DB_NULL;
	/* Noon, so that no leap second or the like can move it. */
	struct db_value value = demo_at(writer, days * DAY + 12 * HOUR);
	((char *)(uintptr_t)value.data)[10] = '\0';
	return value;
}

static void public_id(const char *kind, uint64_t key, char id[ID_SIZE])
{
	id_derive(kind, key, id);
}

/* When the tenant was made: on a working morning. */
int64_t demo_created_at(const struct demo_tenant *tenant)
{
	return -tenant->created * DAY + 8 * HOUR + (int64_t)(demo_hash(tenant->seed, 70) % (4 * 3600));
}

/* When a user was invited: the first an hour after the tenant was made, the next ones days later. */
int64_t demo_invited_at(const struct demo_tenant *tenant, size_t number)
{
	if (tenant->users[number].state == DEMO_USER_PENDING)
		return -6 * HOUR + (int64_t)number * 60;
	int64_t at = demo_created_at(tenant) + HOUR + (int64_t)number * 3 * DAY;
	return at < -3 * DAY ? at : -3 * DAY - 2 * HOUR + (int64_t)number * 60;
}

static enum error write_tenant(struct demo_writer *writer, const struct demo_tenant *tenant)
{
	char id[ID_SIZE];
	int64_t created = demo_created_at(tenant);
	public_id("tenant", tenant->key, id);
	return bulk_row(writer->bulks[DEMO_TABLE_TENANT], DB_VALUES(DB_UINT(tenant->key), DB_TEXT(id),
		DB_UINT(tenant->tree_pos), DB_UINT(tenant->tier), tenant->parent != 0 ? DB_UINT(tenant->parent) : DB_NULL,
		DB_UINT(tenant->distributor), DB_TEXT(tenant->name), DB_TEXT(tenant->domain), DB_TEXT(tenant->zone),
		demo_at(writer, created), tenant->complete ? demo_at(writer, created + 9 * DAY) : DB_NULL,
		tenant->suspended ? demo_at(writer, -2 * DAY) : DB_NULL,
		tenant->deleted ? demo_at(writer, -10 * DAY) : DB_NULL,
		DB_UINT(tenant->suspended || tenant->deleted ? 2 : 1)));
}

static enum error write_user(struct demo_writer *writer, const struct demo_tenant *tenant, size_t number)
{
	const struct demo_user *user = &tenant->users[number];
	uint64_t key = tenant->key * DEMO_KEYS + number;
	int64_t invited = demo_invited_at(tenant, number);
	bool pending = user->state == DEMO_USER_PENDING || user->state == DEMO_USER_EXPIRED;
	bool activated = strchr("ADX", user->state) != NULL;
	/* Of many tenants only some users can log in: a million hashes would be a tenth of the database. */
	bool password = activated && (writer->whole || tenant->tier != TIER_CUSTOMER || tenant->busy);
	unsigned char invitation[32];
	char id[ID_SIZE];
	public_id("user", key, id);
	crypto_generichash(invitation, sizeof invitation, (const unsigned char *)user->email, strlen(user->email), NULL, 0);
	return bulk_row(writer->bulks[DEMO_TABLE_USER], DB_VALUES(DB_UINT(key), DB_TEXT(id), DB_UINT(tenant->key),
		DB_TEXT(user->email), DB_TEXT(user->first), DB_TEXT(user->last),
		DB_TEXT(jobs[demo_hash(tenant->seed, 80 + number) % 8]), DB_TEXT(role_name(user->role)),
		DB_TEXT(role_name(user->child_role)), DB_TEXT(password ? writer->password_hash : NULL),
		demo_at(writer, invited), DB_UINT(number == 0 && tenant->parent != 0 ? tenant->parent : tenant->key),
		pending ? DB_BYTES(invitation, sizeof invitation) : DB_NULL,
		pending ? demo_at(writer, invited + 48 * HOUR) : DB_NULL,
		user->state == DEMO_USER_CANCELLED ? demo_at(writer, invited + 5 * HOUR) : DB_NULL,
		activated ? demo_at(writer, invited + 3 * HOUR) : DB_NULL,
		user->state == DEMO_USER_DISABLED ? demo_at(writer, -DAY) : DB_NULL,
		user->state == DEMO_USER_DELETED ? demo_at(writer, -DAY) : DB_NULL));
}

static enum error write_version(struct demo_writer *writer, const struct demo_tenant *tenant,
	const struct demo_contract *contract, uint64_t key, unsigned version, const struct demo_actor *actor)
{
	static const char *const renewals[] = { "auto", "manual", "fixed" };
	static const char *const entitlements[] = { "none", "spp", "ppa" };
	uint64_t hash = demo_hash(tenant->seed, 90 + key % DEMO_KEYS);
	bool newest = version == contract->versions;
	char prefix[11] = "", accounts[13] = "all", invoice[EMAIL_SIZE];
	if (tenant->tier == TIER_CUSTOMER) {
		snprintf(prefix, sizeof prefix, "INV-%u", (unsigned)(hash % 10000));
		if (hash % 5 == 0)
			snprintf(accounts, sizeof accounts, "%012llu", (unsigned long long)demo_account(tenant->key * DEMO_KEYS));
	}
	snprintf(invoice, sizeof invoice, "billing@%.240s", tenant->domain);
	/* An older version differs in what a person would change: renewal, entitlement, city, notes. */
	return bulk_row(writer->bulks[DEMO_TABLE_VERSION], DB_VALUES(DB_UINT(key), DB_UINT(version),
		demo_at(writer, contract->made * DAY + 11 * HOUR + (int64_t)(version - 1) * 26 * HOUR), DB_UINT(actor->user),
		DB_TEXT(actor->name), DB_UINT(actor->tenant), DB_TEXT(contract->name), date(writer, contract->start),
		date(writer, contract->end), DB_TEXT(renewals[newest ? hash % 3 : 1]),
		DB_TEXT(entitlements[newest ? (hash >> 4) % 3 : 0]), DB_TEXT(prefix), DB_TEXT(accounts),
		DB_TEXT(tenant->name), DB_TEXT("12 Harbour Street"), DB_TEXT(newest ? "Hamburg" : "Bremen"), DB_TEXT("20457"),
		DB_TEXT(""), DB_TEXT("DE"), DB_TEXT(invoice), DB_TEXT(""),
		DB_TEXT(version > 1 ? "Terms agreed by telephone." : "")));
}

static enum error write_contracts(struct demo_writer *writer, const struct demo_tenant *tenant)
{
	struct demo_contract contracts[DEMO_CONTRACTS_MAX];
	size_t count = demo_contracts(tenant, contracts);
	const struct demo_actor *actor = demo_actor_above(writer, tenant);
	enum error error = ERR_NONE;
	for (size_t i = 0; error == ERR_NONE && i < count; i++) {
		const struct demo_contract *contract = &contracts[i];
		uint64_t key = tenant->key * DEMO_KEYS + i;
		char id[ID_SIZE];
		public_id("contract", key, id);
		error = bulk_row(writer->bulks[DEMO_TABLE_CONTRACT], DB_VALUES(DB_UINT(key), DB_TEXT(id), DB_UINT(tenant->key),
			DB_UINT(tenant->parent != 0 ? tenant->parent : tenant->key), DB_TEXT(contract->stored),
			DB_UINT(contract->versions), DB_TEXT(contract->name), date(writer, contract->start),
			date(writer, contract->end),
			contract->supersedes >= 0 ? DB_UINT(tenant->key * DEMO_KEYS + (uint64_t)contract->supersedes) : DB_NULL,
			DB_TEXT(contract->letter == 'c' ? "The customer has moved to another programme." : NULL),
			demo_at(writer, contract->made * DAY + 11 * HOUR),
			/* The events say so: it was marked as active after its last version. */
			contract->letter != 'd' ? DB_UINT(contract->versions) : DB_NULL));
		for (unsigned version = 1; error == ERR_NONE && version <= contract->versions; version++)
			error = write_version(writer, tenant, contract, key, version, actor);
	}
	return error;
}

uint64_t demo_account(uint64_t key)
{
	return ACCOUNT_FIRST + key * ACCOUNT_STEP % ACCOUNT_COUNT;
}

static enum error write_runs(struct demo_writer *writer, uint64_t source, const struct demo_run *runs, size_t count)
{
	enum error error = ERR_NONE;
	for (size_t i = 0; error == ERR_NONE && i < count; i++) {
		struct db_value started = demo_at(writer, runs[i].started);
		char period[8];
		snprintf(period, sizeof period, "%.7s", (const char *)started.data);
		error = bulk_row(writer->bulks[DEMO_TABLE_RUN], DB_VALUES(DB_UINT(source), started,
			runs[i].finished != 0 ? demo_at(writer, runs[i].finished) : DB_NULL, DB_TEXT(runs[i].status),
			DB_UINT(runs[i].rows), DB_TEXT(period), DB_TEXT(runs[i].message)));
	}
	return error;
}

static enum error write_sources(struct demo_writer *writer, const struct demo_tenant *tenant)
{
	enum error error = ERR_NONE;
	for (size_t i = 0; error == ERR_NONE && tenant->sources[i] != '\0'; i++) {
		uint64_t key = tenant->key * DEMO_KEYS + i;
		struct demo_run runs[DEMO_RUNS_MAX];
		size_t count = demo_runs(tenant, i, runs);
		int64_t since, stale, connected = count > 0 ? runs[0].started - DAY : -2 * DAY;
		unsigned state = demo_source_state(runs, count, &since, &stale);
		const struct demo_run *last = count > 0 ? &runs[count - 1] : NULL;
		bool live = tenant->sources[i] != 'x';
		char id[ID_SIZE], account[24], location[128];
		public_id("source", key, id);
		snprintf(account, sizeof account, "%012llu", (unsigned long long)demo_account(key));
		snprintf(location, sizeof location, "s3://%.*s-billing/cur/", (int)strcspn(tenant->domain, "."), tenant->domain);
		error = bulk_row(writer->bulks[DEMO_TABLE_SOURCE], DB_VALUES(DB_UINT(key), DB_TEXT(id), DB_UINT(tenant->key),
			DB_UINT(tenant->distributor), DB_TEXT(account), DB_TEXT(i == 0 ? "cur-daily" : "cur-hourly"),
			DB_TEXT(location), demo_at(writer, connected), live ? DB_NULL : demo_at(writer, -30 * DAY),
			live ? DB_UINT(1) : DB_NULL, DB_UINT(state), demo_at(writer, since != 0 ? since : connected),
			stale != 0 && live ? demo_at(writer, stale) : DB_NULL, DB_TEXT(last != NULL ? last->message : "")));
		if (error == ERR_NONE)
			error = write_runs(writer, key, runs, count);
	}
	return error;
}

enum error demo_write(void *arg, const struct demo_tenant *tenant)
{
	struct demo_writer *writer = arg;
	enum error error = write_tenant(writer, tenant);
	demo_actor_enter(writer, tenant);
	for (size_t i = 0; error == ERR_NONE && i < tenant->user_count; i++)
		error = write_user(writer, tenant, i);
	if (error == ERR_NONE)
		error = write_contracts(writer, tenant);
	if (error == ERR_NONE)
		error = write_sources(writer, tenant);
	/* Of many tenants a tenth has a history. */
	if (error == ERR_NONE && (writer->whole || tenant->busy || tenant->tier != TIER_CUSTOMER || tenant->seed % 10 == 0))
		error = demo_write_events(writer, tenant);
	return error;
}
