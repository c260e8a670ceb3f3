/* Elements that the pages of one contract share. */
#ifndef TENANTRY_APP_CONTRACT_PAGE_H
#define TENANTRY_APP_CONTRACT_PAGE_H

#include "app/contract.h"

/* `tenant`: whose contract it is. */
void contract_tenant_element(struct context *c);

/* "M,N" of the parameter `compare`, or M with N as the parameter `with`; ERR_BAD_PARAMETER. */
enum error contract_compare_read(struct context *c, unsigned *left, unsigned *right);

/* Two versions side by side, as `comparison` or JSON. */
enum error contract_compare(struct context *c, unsigned left, unsigned right);

/* A version's number of TEXT; 0 when it is none. */
unsigned contract_version_number(const char *text);

#endif
