/* From the facts of a tenant's contracts to their rows in the Contracts list. Owns every rule by which a column follows;
 * reads no database: rebuilding, comparing, following time and the readers of rows that are due all ask here. */
#include "db/contract_fact.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "db/contract_day.h"

#define SEPARATOR "\x02" /* as in the tenant's own text (list_fact.c) */
#define SEARCH_POINTS 2800

static const int ends_days[] = { 30, 60, 90 };

/* Those in force or to come that end within 30, 60, 90 days: 1, 2, 3. */
static unsigned fact_ends(const struct contract_fact *fact, const char *today)
{
	if (fact->end == NULL || (fact->status != CONTRACT_ACTIVE && fact->status != CONTRACT_SCHEDULED))
		return 0;
	for (unsigned i = 0; i < 3; i++) {
		char date[CLOCK_DATE_SIZE];

		clock_date_add(today, ends_days[i], date);
		if (strcmp(fact->end, date) <= 0)
			return i + 1;
	}
	return 0;
}

static unsigned fact_hidden(const struct contract_fact *fact, enum tier tier)
{
	unsigned hidden = 0;

	if ((fact->status == CONTRACT_DRAFT || fact->unseen) && tier != TIER_DISTRIBUTOR)
		hidden |= VIEWER_OWN;
	if (fact->former && contract_day_former_hidden((enum contract_status)fact->status))
		hidden |= VIEWER_RESELLER;
	return hidden;
}

static void next_take(struct contract_facts *facts, const char *date)
{
	if (date[0] != '\0' && (facts->next[0] == '\0' || strcmp(date, facts->next) < 0))
		memcpy(facts->next, date, CLOCK_DATE_SIZE);
}

/* The next change of one row: of its status, or when it comes nearer to its end. */
static void fact_next(struct contract_facts *facts, const struct contract_fact *fact, const char *today)
{
	char date[CLOCK_DATE_SIZE];

	contract_day_next(fact->stored, fact->start, fact->end, today, date);
	next_take(facts, date);
	if (fact->end == NULL || (fact->status != CONTRACT_ACTIVE && fact->status != CONTRACT_SCHEDULED) || fact->ends == 1)
		return;
	clock_date_add(fact->end, -ends_days[fact->ends == 0 ? 2 : fact->ends - 2], date);
	next_take(facts, date);
}

void contract_facts_day(struct contract_facts *facts, const char *today)
{
	bool in_force = false;

	facts->next[0] = '\0';
	for (size_t i = 0; i < facts->count; i++) {
		struct contract_fact *fact = &facts->rows[i];

		if (fact->contract == 0)
			continue;
		fact->status = contract_day_status(fact->stored, fact->start, fact->end, today);
		fact->ends = fact_ends(fact, today);
		fact->hidden = fact_hidden(fact, facts->tier);
		fact_next(facts, fact, today);
		in_force |= fact->status == CONTRACT_ACTIVE;
	}
	facts->unbilled = facts->with_data && !in_force;
}

void contract_facts_placeholder(struct contract_facts *facts)
{
	static const unsigned viewers[] = {
		[TIER_DISTRIBUTOR] = VIEWER_DISTRIBUTOR, [TIER_RESELLER] = VIEWER_DISTRIBUTOR | VIEWER_OWN,
		[TIER_CUSTOMER] = VIEWER_DISTRIBUTOR | VIEWER_RESELLER | VIEWER_OWN,
	};
	unsigned seen = 0;

	for (size_t i = 0; i < facts->count; i++)
		seen |= ~facts->rows[i].hidden & viewers[facts->tier];
	if (!facts->unbilled || seen == viewers[facts->tier])
		return;
	memmove(facts->rows + 1, facts->rows, facts->count * sizeof *facts->rows);
	facts->rows[0] = (struct contract_fact){ .id = "", .name = "", .stored = "none", .renewal = "auto",
		.entitlement = "none", .status = CONTRACT_NONE, .hidden = seen };
	facts->count++;
}

unsigned contract_viewer(enum tier tier, bool own)
{
	if (tier == TIER_DISTRIBUTOR)
		return VIEWER_DISTRIBUTOR;
	return own ? VIEWER_OWN : VIEWER_RESELLER;
}

void contract_totals_add(struct contract_totals *totals, const struct contract_facts *facts, unsigned viewer, int sign)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct contract_fact *fact = &facts->rows[i];

		if ((fact->hidden & viewer) != 0)
			continue;
		totals->counters[COUNTER_UNBILLED] += facts->unbilled ? sign : 0;
		if (fact->contract == 0)
			continue;
		totals->counters[COUNTER_ALL] += sign;
		totals->counters[COUNTER_STATUS + fact->status] += sign;
		if (facts->tier != TIER_DISTRIBUTOR)
			totals->counters[facts->tier == TIER_RESELLER ? COUNTER_TIER_2 : COUNTER_TIER_3] += sign;
		if (fact->ends != 0)
			totals->counters[COUNTER_ENDS + fact->ends - 1] += sign;
	}
}

const char *contract_search_of(struct arena *arena, const char *own, const char *tenant_search)
{
	size_t points = 0, cut = 0;
	BUF_AUTO text;

	buf_init(&text, 65536);
	buf_puts(&text, own);
	buf_puts(&text, SEPARATOR);
	buf_puts(&text, tenant_search);
	while (cut < text.length) {
		points += ((unsigned char)text.data[cut] & 0xc0) != 0x80;
		if (points > SEARCH_POINTS)
			break;
		cut++;
	}
	return arena_strndup(arena, text.data, cut);
}

const char *contract_search(struct arena *arena, const char *name, const char *id, const char *tenant_search)
{
	const char *folded_name = text_fold(arena, name, true), *folded_id = text_fold(arena, id, true);
	const char *own = arena_printf(arena, "%s" SEPARATOR "%s", folded_name != NULL ? folded_name : "",
		folded_id != NULL ? folded_id : "");

	return contract_search_of(arena, own, tenant_search);
}

const char *contract_search_own(struct arena *arena, const char *search)
{
	const char *end = strstr(search, SEPARATOR);

	end = end != NULL ? strstr(end + 1, SEPARATOR) : NULL;
	return end != NULL ? arena_strndup(arena, search, (size_t)(end - search)) : search;
}
