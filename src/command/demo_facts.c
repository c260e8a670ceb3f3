/* What follows from a struct demo_tenant: its contracts with their dates, the runs of its sources, how many
 * onboarding tasks are done. Pure, and so that no two contracts of a tenant are in force on the same day. */
#include <string.h>

#include "command/demo.h"
#include "db/list.h"

#define TERM_DAYS 182
#define YEAR_DAYS 365
#define BEGUN_DAYS 20 /* ago, at least */
#define EDGE_DAYS 2   /* left of a year, at least, so that a time zone makes no difference */
#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)
#define STALE (48 * HOUR)

static const char *const contract_names[] = {
	"Master services agreement", "Cloud resale agreement", "Framework agreement", "Managed services contract",
	"Reserved capacity plan", "Support and operations", "Enterprise discount programme", "Billing services contract",
};

static void contract_name(const struct demo_tenant *tenant, size_t index, struct demo_contract *contract)
{
	size_t count = sizeof contract_names / sizeof contract_names[0];
	contract->name = tenant->tier == TIER_DISTRIBUTOR && index == 0 ? "Base contract"
		: contract_names[(demo_hash(tenant->seed, 20) + index) % count];
}

/* One in force began in the last year, hardly before its tenant was there, and has days left. */
static int active_start(const struct demo_tenant *tenant)
{
	int known = tenant->created < YEAR_DAYS - EDGE_DAYS ? tenant->created : YEAR_DAYS - EDGE_DAYS;
	return -BEGUN_DAYS - (int)(demo_hash(tenant->seed, 21) % (uint64_t)(known > 2 * BEGUN_DAYS ? known - BEGUN_DAYS : BEGUN_DAYS));
}

/* Goes through the letters from the newest to the oldest: what was in force ends the day before the next began. */
size_t demo_contracts(const struct demo_tenant *tenant, struct demo_contract contracts[DEMO_CONTRACTS_MAX])
{
	size_t count = strlen(tenant->contracts);
	int began = active_start(tenant), past = strchr(tenant->contracts, 'a') != NULL ? began : -25;
	int next = 30 + (int)(demo_hash(tenant->seed, 22) % 30), future = next;
	int successor = -1;
	for (size_t i = count; i-- > 0;) {
		struct demo_contract *contract = &contracts[i];
		*contract = (struct demo_contract){ .letter = tenant->contracts[i], .stored = "ready", .supersedes = -1,
			.versions = 1 + (tenant->busy || demo_hash(tenant->seed, 30 + i) % 8 == 0 ? 2 : 0) };
		contract_name(tenant, i, contract);
		switch (contract->letter) {
		case 'a':
			contract->start = began;
			/* Its end lies before what is scheduled begins; without that, some have none. */
			contract->end = strchr(tenant->contracts, 's') != NULL ? next - 1
				: demo_hash(tenant->seed, 23) % 3 == 0 ? DEMO_NO_DATE : began + YEAR_DAYS - 1;
			successor = (int)i;
			break;
		case 's':
			contract->start = future;
			contract->end = future + YEAR_DAYS - 1;
			future += YEAR_DAYS;
			break;
		case 'd':
			contract->stored = "draft";
			contract->start = 14;
			contract->end = DEMO_NO_DATE;
			break;
		case 'c':
			contract->stored = "cancelled";
			contract->start = past - 60;
			contract->end = past + 300;
			break;
		default: /* e, u */
			contract->end = past - 1;
			contract->start = past - TERM_DAYS;
			past = contract->start;
			if (contract->letter == 'u') {
				contract->stored = "superseded";
				if (successor >= 0)
					contracts[successor].supersedes = (int)i;
			}
			successor = (int)i;
			break;
		}
		contract->made = (contract->start < 0 ? contract->start : 0) - 12;
	}
	return count;
}

static const char *run_message(char letter, const char *status)
{
	if (status == NULL || strcmp(status, "success") == 0)
		return "";
	if (strcmp(status, "warning") == 0)
		return "3 line items without a cost centre";
	return letter == 'F' ? "Access denied: the bucket policy does not let us read the report"
		: "The manifest names a file that is not there";
}

/* How many finished runs a source has. */
static size_t run_total(const struct demo_tenant *tenant, size_t source, char letter)
{
	if (letter == 'n')
		return 0;
	if (tenant->busy)
		return 30 + demo_hash(tenant->seed, 40 + source) % 6;
	uint64_t hash = demo_hash(tenant->seed, 50 + source);
	if (hash % 128 == 0)
		return 30;
	return 1 + (hash >> 8) % 2 + (letter == 'w' || letter == 'f' || letter == 'r' ? 1 : 0);
}

/* One run a day, the last one yesterday in the evening; letter t and x have had none for some days. */
size_t demo_runs(const struct demo_tenant *tenant, size_t source, struct demo_run runs[DEMO_RUNS_MAX])
{
	char letter = tenant->sources[source];
	size_t total = run_total(tenant, source, letter), count = 0;
	int64_t last = -5 * HOUR + (int64_t)(demo_hash(tenant->seed, 60 + source) % 4) * HOUR;
	if (letter == 't')
		last -= 3 * DAY;
	if (letter == 'x')
		last -= 40 * DAY;
	for (size_t i = 0; i < total; i++) {
		size_t age = total - 1 - i;
		uint64_t hash = demo_hash(tenant->seed, 100 + source * 64 + age);
		struct demo_run *run = &runs[count++];
		run->finished = last - (int64_t)age * DAY;
		run->started = run->finished - 240 - (int64_t)(hash % 1800);
		run->status = "success";
		if (letter == 'F' || (letter == 'f' && (age == 0 || (tenant->busy && age % 9 == 0))))
			run->status = "failed";
		else if ((letter == 'w' && age == 0) || (tenant->busy && age % 11 == 10))
			run->status = "warning";
		run->message = run_message(letter, run->status);
		run->rows = strcmp(run->status, "failed") == 0 ? 0 : 400 + (hash >> 16) % 90000;
	}
	if (letter == 'r' || (letter == 'n' && tenant->busy))
		runs[count++] = (struct demo_run){ .started = -20 * 60, .message = "" };
	return count;
}

unsigned demo_source_state(const struct demo_run *runs, size_t count, int64_t *since, int64_t *stale)
{
	const struct demo_run *last = NULL;
	int64_t taken = 0;
	*since = *stale = 0;
	for (size_t i = 0; i < count; i++) {
		if (runs[i].status == NULL)
			continue;
		if (last == NULL || strcmp(last->status, runs[i].status) != 0)
			*since = runs[i].finished;
		last = &runs[i];
		if (strcmp(runs[i].status, "failed") != 0)
			taken = runs[i].finished;
	}
	if (last == NULL)
		return ROLLUP_NOT_AVAILABLE;
	if (strcmp(last->status, "failed") == 0)
		return ROLLUP_FAILED;
	if (strcmp(last->status, "warning") == 0)
		return ROLLUP_WARNING;
	if (taken + STALE <= 0) {
		*since = taken + STALE;
		return ROLLUP_WARNING;
	}
	*stale = taken + STALE;
	return ROLLUP_SUCCESS;
}

unsigned demo_tasks_total(const struct demo_tenant *tenant)
{
	return tenant->tier == TIER_CUSTOMER ? 5 : 3;
}

unsigned demo_tasks_done(const struct demo_tenant *tenant)
{
	bool invited = false, active = false, contract, connected = false, received = false;
	for (size_t i = 0; i < tenant->user_count; i++) {
		const struct demo_user *user = &tenant->users[i];
		if (user->role != ROLE_ADMIN || user->state == DEMO_USER_DELETED || user->state == DEMO_USER_CANCELLED)
			continue;
		invited = true;
		active = active || user->state == DEMO_USER_ACTIVE;
	}
	contract = strpbrk(tenant->contracts, "aescu") != NULL;
	if (tenant->tier != TIER_CUSTOMER)
		return (unsigned)invited + active + contract;
	for (const char *letter = tenant->sources; *letter != '\0'; letter++) {
		connected = connected || *letter != 'x';
		received = received || strchr("swtfrx", *letter) != NULL;
	}
	return (unsigned)invited + active + contract + connected + received;
}
