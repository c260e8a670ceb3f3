/* Addresses and networks of address.h. Takes numbers alone, never asks for a name. */
#include "base/address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char separators[] = ", \t";

struct address {
	int family;
	uint8_t bytes[16];
	unsigned bits; /* of the network; all of them for an address */
};

/* Parses the LENGTH bytes at TEXT; IPv4 in IPv6 becomes IPv4. */
static bool address_parse(const char *text, size_t length, struct address *address)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char copy[ADDRESS_SIZE + 4], *slash, *end;

	if (length >= sizeof copy)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	slash = strchr(copy, '/');
	if (slash != NULL)
		*slash++ = '\0';
	address->family = strchr(copy, ':') != NULL ? AF_INET6 : AF_INET;
	if (inet_pton(address->family, copy, address->bytes) != 1)
		return false;
	address->bits = address->family == AF_INET6 ? 128 : 32;
	if (slash != NULL) {
		unsigned long bits = strtoul(slash, &end, 10);
		if (*slash < '0' || *slash > '9' || *end != '\0' || bits > address->bits)
			return false;
		address->bits = (unsigned)bits;
	}
	if (address->family == AF_INET6 && address->bits >= 96 && memcmp(address->bytes, mapped, sizeof mapped) == 0) {
		memmove(address->bytes, address->bytes + 12, 4);
		address->family = AF_INET;
		address->bits -= 96;
	}
	return true;
}

static bool address_matches(const struct address *address, const struct address *network)
{
	unsigned whole = network->bits / 8, rest = network->bits % 8;

	if (address->family != network->family || memcmp(address->bytes, network->bytes, whole) != 0)
		return false;
	return rest == 0 || ((address->bytes[whole] ^ network->bytes[whole]) >> (8 - rest)) == 0;
}

bool address_list_valid(const char *networks)
{
	struct address network;

	for (networks += strspn(networks, separators); *networks != '\0'; networks += strspn(networks, separators)) {
		size_t length = strcspn(networks, separators);
		if (!address_parse(networks, length, &network))
			return false;
		networks += length;
	}
	return true;
}

bool address_in(const char *address, const char *networks)
{
	struct address one, network;

	if (strchr(address, '/') != NULL || !address_parse(address, strlen(address), &one))
		return false;
	for (networks += strspn(networks, separators); *networks != '\0'; networks += strspn(networks, separators)) {
		size_t length = strcspn(networks, separators);
		if (address_parse(networks, length, &network) && address_matches(&one, &network))
			return true;
		networks += length;
	}
	return false;
}

void address_client(const char *peer, const char *forwarded, const char *trusted, char client[ADDRESS_SIZE])
{
	size_t end = strlen(forwarded);
	struct address known;

	snprintf(client, ADDRESS_SIZE, "%s", peer);
	while (end > 0 && address_in(client, trusted)) {
		size_t last = end;
		while (last > 0 && strchr(separators, forwarded[last - 1]) != NULL)
			last--;
		size_t first = last;
		while (first > 0 && strchr(separators, forwarded[first - 1]) == NULL)
			first--;
		/* Not an address: whoever wrote it, the proxy before is the last that is known. */
		if (last - first >= ADDRESS_SIZE || memchr(forwarded + first, '/', last - first) != NULL ||
			!address_parse(forwarded + first, last - first, &known))
			return;
		snprintf(client, ADDRESS_SIZE, "%.*s", (int)(last - first), forwarded + first);
		end = first;
	}
}
