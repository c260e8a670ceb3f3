/* Passwords: what is taken, and how they are stored (Argon2id, libsodium's text form).
 *
 * Characters are brought to one form (NFC) first, so that keyboards of different systems agree. */
#ifndef TENANTRY_AUTH_PASSWORD_H
#define TENANTRY_AUTH_PASSWORD_H

#include <stdbool.h>

struct config;

#define PASSWORD_LENGTH_MIN 8
#define PASSWORD_LENGTH_MAX 128
#define PASSWORD_HASH_SIZE 128

/* What is wrong with a password that somebody chooses, as a sentence for the form; NULL when it may
 * be taken. Length counts characters, not bytes. */
const char *password_refusal(const char *password);

/* Is it, or begins it with but for digits and signs at the end, one of the common ones (the configuration's list)? */
bool password_common(const struct config *config, const char *password);

/* The hash to store, with the memory and passes of the configuration. False (logged) when there is
 * not that much memory. Takes tens of milliseconds. */
bool password_hash(const struct config *config, const char *password, char hash[PASSWORD_HASH_SIZE]);

/* Is PASSWORD the one that HASH was made of? */
bool password_verify(const char *hash, const char *password);

/* Was HASH made with other costs than the configuration's? Then it is stored anew after a login. */
bool password_needs_rehash(const struct config *config, const char *hash);

#endif
