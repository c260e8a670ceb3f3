/* Mail about contracts, to the address for contract changes. */
#ifndef TENANTRY_APP_CONTRACT_MAIL_H
#define TENANTRY_APP_CONTRACT_MAIL_H

#include "app/contract.h"

/* Writes a mail of a KIND ("contract-active", "contract-changed", "contract-cancelled", "contract-superseded") into the outbox, in the
 * caller's transaction, about what VERSION says. Nothing for an EMAIL that is NULL or empty. */
enum error contract_mail(struct context *c, const char *kind, uint64_t contract, unsigned version, const char *email);

#endif
