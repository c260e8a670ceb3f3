/* The rows of the Contracts list as the facts say they should be. Included in db/ and its tests alone. */
#ifndef TENANTRY_DB_CONTRACT_FACT_H
#define TENANTRY_DB_CONTRACT_FACT_H

#include "base/clock.h"
#include "db/list.h"

/* From whom a row is hidden. A tenant does not see drafts of its own contracts, nor those cancelled as such; a reseller not what
 * former parents of its customers have drafted, cancelled or superseded; a row without contract is for those who see none of the
 * tenant's. */
enum contract_viewer { VIEWER_OWN = 1, VIEWER_RESELLER = 2, VIEWER_DISTRIBUTOR = 4 };

/* The bit of who looks at a tenant: one of TIER that is the tenant itself (OWN) or above it. */
unsigned contract_viewer(enum tier tier, bool own);

#define CONTRACT_NONE CONTRACT__MAX /* status of a row without contract */

/* What does not hang on the day, and what the day makes of it. Texts are in an arena. */
struct contract_fact {
	uint64_t contract;                     /* 0: a row without contract */
	const char *id, *name, *stored, *start, *end, *renewal, *entitlement; /* end NULL: open */
	unsigned version;
	bool former, unseen;                   /* a former parent made it; it was cancelled as a draft */
	unsigned status, ends, hidden;
};

/* The contracts of one tenant, by key. */
struct contract_facts {
	struct contract_fact *rows;
	size_t count;
	enum tier tier;
	bool with_data, unbilled;
	char next[CLOCK_DATE_SIZE]; /* the date at which a column is another; "" for none */
};

/* Fills what hangs on the day (TODAY), of all rows, and `unbilled` and `next`. */
void contract_facts_day(struct contract_facts *facts, const char *today);

/* Adds the row without contract when the tenant is unbilled and has a viewer who sees none of its contracts; there must be room
 * for it at the front. After contract_facts_day(). */
void contract_facts_placeholder(struct contract_facts *facts);

/* What is counted of a subtree, as who is at its top sees it: the whole and each value of each filter field. In the order of the
 * columns of tenant_total. Contracts, but for COUNTER_UNBILLED: rows, with those without contract. */
enum contract_counter {
	COUNTER_ALL, COUNTER_STATUS, COUNTER_TIER_2 = COUNTER_STATUS + CONTRACT__MAX, COUNTER_TIER_3, COUNTER_ENDS,
	COUNTER_UNBILLED = COUNTER_ENDS + 3, COUNTER__MAX
};
struct contract_totals {
	int64_t counters[COUNTER__MAX];
};

/* Adds SIGN times what the rows of a tenant count for, less those that are hidden from VIEWER. */
void contract_totals_add(struct contract_totals *totals, const struct contract_facts *facts, unsigned viewer, int sign);

/* What a row is found by: name and ID of the contract, then what its tenant is found by. In the arena. */
const char *contract_search(struct arena *arena, const char *name, const char *id, const char *tenant_search);

/* The same of the contract's own part and another text of the tenant. */
const char *contract_search_of(struct arena *arena, const char *own, const char *tenant_search);

/* The part of that text that is the contract's own: for the index. */
const char *contract_search_own(struct arena *arena, const char *search);

#endif
