/* Argon2id through libsodium, for password.h. Never logs a password or a hash, and wipes its copies. */
#include "auth/password.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/config.h"
#include "base/log.h"
#include "base/text.h"

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash fits");

const char *password_refusal(const char *password)
{
	size_t bytes = strlen(password);
	if (!text_is_utf8(password, bytes))
		return "This password cannot be read; please type it again.";
	size_t length = text_length(password);
	if (length < PASSWORD_LENGTH_MIN)
		return "A password has at least 8 characters.";
	if (length > PASSWORD_LENGTH_MAX)
		return "A password has at most 128 characters.";
	return NULL;
}

/* The composed form of PASSWORD, to be wiped and freed; the text itself, copied, when it has none. */
static char *password_compose(const char *password)
{
	char *text = (char *)utf8proc_NFC((const utf8proc_uint8_t *)password);
	if (text == NULL)
		text = strdup(password);
	if (text == NULL) {
		log_error("password: out of memory");
		abort();
	}
	return text;
}

static void password_discard(char *text)
{
	sodium_memzero(text, strlen(text));
	free(text);
}

static size_t password_memory(const struct config *config)
{
	return (size_t)config->hash_memory << 20;
}

bool password_hash(const struct config *config, const char *password, char hash[PASSWORD_HASH_SIZE])
{
	char *text = password_compose(password);
	int failed = crypto_pwhash_str_alg(hash, text, strlen(text), (unsigned long long)config->hash_passes,
		password_memory(config), crypto_pwhash_ALG_ARGON2ID13);
	password_discard(text);
	if (failed != 0)
		log_error("password: not enough memory for a hash (%d MiB)", config->hash_memory);
	return failed == 0;
}

bool password_verify(const char *hash, const char *password)
{
	char *text = password_compose(password);
	bool same = crypto_pwhash_str_verify(hash, text, strlen(text)) == 0;
	password_discard(text);
	return same;
}

bool password_needs_rehash(const struct config *config, const char *hash)
{
	return crypto_pwhash_str_needs_rehash(hash, (unsigned long long)config->hash_passes,
		password_memory(config)) != 0;
}
