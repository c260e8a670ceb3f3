/* Form tokens of form_token.h. */
#include "auth/form_token.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"

#define NUMBER_TEXT 22 /* 16 bytes as unpadded base64url */
#define MAC_BYTES 32
#define MAC_TEXT 43

/* The keyed hash (BLAKE2b) of "form", number and tenant; the cookie's secret is the key. */
static void form_token_mac(const char *secret, const char *number_and_tenant, char mac[MAC_TEXT + 1])
{
	uint8_t bytes[MAC_BYTES];
	crypto_generichash_state state;
	crypto_generichash_init(&state, (const uint8_t *)secret, strlen(secret), sizeof bytes);
	crypto_generichash_update(&state, (const uint8_t *)"form", sizeof "form");
	crypto_generichash_update(&state, (const uint8_t *)number_and_tenant, strlen(number_and_tenant));
	crypto_generichash_final(&state, bytes, sizeof bytes);
	sodium_bin2base64(mac, MAC_TEXT + 1, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *form_token_make(struct arena *arena, const char *secret, const char *tenant_id)
{
	uint8_t number[FORM_NUMBER_SIZE];
	char number_text[NUMBER_TEXT + 1], mac[MAC_TEXT + 1];
	randombytes_buf(number, sizeof number);
	sodium_bin2base64(number_text, sizeof number_text, number, sizeof number,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	const char *front = arena_printf(arena, "%s.%s", number_text, tenant_id);
	form_token_mac(secret, front, mac);
	return arena_printf(arena, "%s.%s", front, mac);
}

enum error form_token_check(struct arena *arena, const char *secret, const char *token, const char **tenant_id,
	uint8_t number[FORM_NUMBER_SIZE])
{
	const char *dot = token != NULL ? strrchr(token, '.') : NULL;
	if (dot == NULL || strlen(dot + 1) != MAC_TEXT || dot - token < NUMBER_TEXT + 2 ||
		dot - token > NUMBER_TEXT + 1 + ID_MAX || token[NUMBER_TEXT] != '.')
		return ERR_FORM_TOKEN;

	char mac[MAC_TEXT + 1];
	const char *front = arena_strndup(arena, token, (size_t)(dot - token));
	form_token_mac(secret, front, mac);
	if (sodium_memcmp(mac, dot + 1, MAC_TEXT) != 0)
		return ERR_FORM_TOKEN;
	if (sodium_base642bin(number, FORM_NUMBER_SIZE, front, NUMBER_TEXT, NULL, NULL, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return ERR_FORM_TOKEN;
	*tenant_id = front + NUMBER_TEXT + 1;
	return ERR_NONE;
}
