/* Public IDs and secrets of id.h. */
#include "base/id.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Crockford's base 32: nothing in it looks like something else. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void id_encode(const uint8_t *bytes, char id[ID_SIZE])
{
	for (int i = 0; i < ID_LENGTH; i++)
		id[i] = alphabet[bytes[i] & 31];
	id[ID_LENGTH] = '\0';
}

void id_make(char id[ID_SIZE])
{
	uint8_t bytes[ID_LENGTH];
	randombytes_buf(bytes, sizeof bytes);
	id_encode(bytes, id);
}

void id_derive(const char *seed, uint64_t number, char id[ID_SIZE])
{
	uint8_t hash[crypto_generichash_BYTES];
	char text[128];
	int length = snprintf(text, sizeof text, "%s/%llu", seed, (unsigned long long)number);
	crypto_generichash(hash, sizeof hash, (const uint8_t *)text, (unsigned long long)length, NULL, 0);
	id_encode(hash, id);
}

bool id_valid(const char *text)
{
	size_t length = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return length > 0 && length <= ID_MAX && text[length] == '\0';
}

void secret_make(char secret[SECRET_SIZE])
{
	uint8_t bytes[32];
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2base64(secret, SECRET_SIZE, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof bytes);
}

void secret_hash(const char *secret, uint8_t hash[SECRET_HASH_SIZE])
{
	crypto_hash_sha256(hash, (const uint8_t *)secret, strlen(secret));
}
