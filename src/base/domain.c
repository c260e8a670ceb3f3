/* The one place that knows libidn2. */
#include "base/domain.h"

#include <idn2.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define LABEL_MAX 63
#define LOCAL_PART_MAX 64

/* TEXT holds lower-case ASCII. */
static bool domain_is_valid(const char *text)
{
	size_t length = strlen(text), labels = 0;
	if (length == 0 || length >= DOMAIN_SIZE)
		return false;
	const char *label = text;
	for (;;) {
		size_t size = strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-");
		if (size == 0 || size > LABEL_MAX || label[0] == '-' || label[size - 1] == '-')
			return false;
		labels++;
		if (label[size] == '\0')
			return labels >= 2 && strspn(label, "0123456789") < size;
		if (label[size] != '.')
			return false;
		label += size + 1;
	}
}

bool domain_normalize(const char *text, char domain[DOMAIN_SIZE])
{
	char *ascii = NULL;
	if (!text_is_utf8(text, strlen(text)))
		return false;
	if (idn2_to_ascii_8z(text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return false;
	size_t length = strlen(ascii);
	if (length > 1 && ascii[length - 1] == '.')
		ascii[length - 1] = '\0';
	for (char *c = ascii; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	bool valid = domain_is_valid(ascii);
	if (valid)
		memcpy(domain, ascii, strlen(ascii) + 1);
	idn2_free(ascii);
	return valid;
}

bool email_normalize(const char *text, char email[EMAIL_SIZE])
{
	char domain[DOMAIN_SIZE];
	const char *at = strrchr(text, '@');
	if (at == NULL || at == text || at - text > LOCAL_PART_MAX)
		return false;
	size_t local = (size_t)(at - text);
	if (!text_is_utf8(text, strlen(text)) || text_has_forbidden(text))
		return false;
	if (strcspn(text, " \"(),:;<>[\\]") < local || memchr(text, '@', local) != NULL)
		return false;
	if (!domain_normalize(at + 1, domain) || local + 1 + strlen(domain) >= EMAIL_SIZE)
		return false;
	memcpy(email, text, local);
	for (size_t i = 0; i < local; i++)
		if (email[i] >= 'A' && email[i] <= 'Z')
			email[i] = (char)(email[i] - 'A' + 'a');
	email[local] = '@';
	memcpy(email + local + 1, domain, strlen(domain) + 1);
	return true;
}
