/* Public IDs and secrets, from libsodium's generator. */
#ifndef TENANTRY_BASE_ID_H
#define TENANTRY_BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#define ID_MAX 26         /* the longest public ID that is taken */
#define ID_LENGTH 10      /* the length of those made here: 50 bits, unique by their key */
#define ID_SIZE (ID_MAX + 1)
#define SECRET_SIZE 44    /* 256 bits as unpadded base64url (43) and NUL */
#define SECRET_HASH_SIZE 32

/* A new random public ID of ID_LENGTH letters of Crockford's base 32 (no I, L, O, U). */
void id_make(char id[ID_SIZE]);

/* A public ID that is the same for the same SEED and NUMBER (demo data alone). */
void id_derive(const char *seed, uint64_t number, char id[ID_SIZE]);

/* One to ID_MAX characters of A-Z 0-9? */
bool id_valid(const char *text);

/* A new 256-bit secret as text, and the SHA-256 by which it is stored and looked up. */
void secret_make(char secret[SECRET_SIZE]);
void secret_hash(const char *secret, uint8_t hash[SECRET_HASH_SIZE]);

#endif
