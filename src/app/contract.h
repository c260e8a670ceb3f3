/* One contract: who may see what of it. Shared by the lists (contracts.c) and the page of one (contract.c). */
#ifndef TENANTRY_APP_CONTRACT_H
#define TENANTRY_APP_CONTRACT_H

#include "app/context.h"

/* Is the tenant at PLACE the acting one, and one that is not to see its drafts and notes? */
bool contract_own(const struct context *c, uint64_t place);

/* Is a contract of the tenant at PLACE, made by a FORMER parent, out of the acting tenant's sight in that status? */
bool contract_hidden(const struct context *c, uint64_t place, bool former, enum contract_status status);

#endif
