/* Network addresses: whether one is in a list of networks, and whose a request is behind proxies. */
#ifndef TENANTRY_BASE_ADDRESS_H
#define TENANTRY_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#define ADDRESS_SIZE 46 /* the longest address and NUL */

/* Is NETWORKS a list of addresses and networks ("10.0.0.0/8 2001:db8::/32 192.0.2.7"; blanks or commas between)? */
bool address_list_valid(const char *networks);

/* Is ADDRESS in one of them? Not when it is no address. */
bool address_in(const char *address, const char *networks);

/* The address of the client: PEER, or when that is one of TRUSTED the last of FORWARDED (X-Forwarded-For) that is not, as each
 * proxy adds whom it heard from. What a proxy of ours did not write is never believed. */
void address_client(const char *peer, const char *forwarded, const char *trusted, char client[ADDRESS_SIZE]);

#endif
