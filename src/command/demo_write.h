/* What demo_write.c and demo_events.c share: the writer, the people who act in the demo. */
#ifndef TENANTRY_COMMAND_DEMO_WRITE_H
#define TENANTRY_COMMAND_DEMO_WRITE_H

#include "base/buf.h"
#include "command/demo.h"
#include "db/bulk.h"
#include "db/db.h"

enum demo_table {
	DEMO_TABLE_TENANT, DEMO_TABLE_USER, DEMO_TABLE_CONTRACT, DEMO_TABLE_VERSION, DEMO_TABLE_SOURCE, DEMO_TABLE_RUN,
	DEMO_TABLE_EVENT, DEMO_TABLE__MAX
};

#define DEMO_TEXTS 32 /* instants that are in use at the same time, at most */

/* Somebody of a tenant. */
struct demo_actor {
	uint64_t user, tenant;
	char name[160], tenant_name[DEMO_NAME_SIZE];
};

struct demo_writer {
	struct bulk *bulks[DEMO_TABLE__MAX];
	const char *password_hash;
	bool whole;            /* every user has a password, every tenant a history */
	char day[CLOCK_DATE_SIZE];
	int64_t midnight;
	struct demo_actor distributor, reseller; /* the first admins of those above the tenant at hand */
	unsigned next_instant;
	char instants[DEMO_TEXTS][CLOCK_INSTANT_SIZE];
	struct buf detail;
};

/* The instant so many seconds after the beginning of the demo's day, as a value that lives for a row. */
struct db_value demo_at(struct demo_writer *writer, int64_t seconds);
int64_t demo_created_at(const struct demo_tenant *tenant);
int64_t demo_invited_at(const struct demo_tenant *tenant, size_t number);
uint64_t demo_account(uint64_t key);

/* demo_events.c: remembers who acts for TENANT; who acts on it from above (itself, for a distributor). */
void demo_actor_enter(struct demo_writer *writer, const struct demo_tenant *tenant);
const struct demo_actor *demo_actor_above(const struct demo_writer *writer, const struct demo_tenant *tenant);
enum error demo_write_events(struct demo_writer *writer, const struct demo_tenant *tenant);

#endif
