/* Mail about contracts, to the address for contract changes: putting it into the outbox, and what it says when it is sent. */
#ifndef TENANTRY_APP_CONTRACT_MAIL_H
#define TENANTRY_APP_CONTRACT_MAIL_H

#include "app/contract.h"

/* Writes a mail of a KIND ("contract-active", "contract-changed", "contract-cancelled", "contract-superseded") into the outbox, in the
 * caller's transaction, about what VERSION says. Nothing for an EMAIL that is NULL or empty. */
enum error contract_mail(struct context *c, const char *kind, uint64_t contract, unsigned version, const char *email);

/* What a mail tells of a contract: a version of it and, if that has changed something, the one before. Notes are in neither. */
struct contract_notice {
	const char *id;                 /* NULL: none */
	const char *subject;
	const char *tenant, *maker;     /* names; maker: NULL when it is the tenant itself */
	const char *reason, *successor; /* why it is cancelled; the name of what has taken its place; NULL: not told */
	const char *lineage[TIER_CUSTOMER]; /* public IDs of the tenant, its parent and its distributor; NULL: none */
	unsigned version;
	bool has_before;
	const char *values[CONTRACT_FIELDS_MAX], *before[CONTRACT_FIELDS_MAX];
};

/* Is KIND one of contract_mail()? */
bool contract_notice_kind(const char *kind);

/* For a mail of that KIND, texts in the arena. ERR_NOT_FOUND when there is no such contract or version any more. */
enum error contract_notice_read(struct db *db, struct arena *arena, const char *kind, uint64_t contract, unsigned version,
	struct contract_notice *notice);

/* Writes the element `contract`, with what the version changed. */
void contract_notice_element(struct doc *doc, const struct contract_notice *notice);

#endif
