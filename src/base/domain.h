/* Domain names and e-mail addresses in the one form in which they are stored and compared. */
#ifndef TENANTRY_BASE_DOMAIN_H
#define TENANTRY_BASE_DOMAIN_H

#include <stdbool.h>

#define DOMAIN_SIZE 254 /* 253 characters and NUL */
#define EMAIL_SIZE 255  /* RFC 5321: 254 and NUL */

/* TEXT as A-labels in lower case (IDNA 2008 with UTS 46 mapping, by libidn2), without a dot at the
 * end. False, and DOMAIN untouched, when it is not the name of a domain: at least two labels of 1 to 63
 * letters, digits and hyphens, the last one not of digits alone. */
bool domain_normalize(const char *text, char domain[DOMAIN_SIZE]);

/* TEXT in lower case with its domain as A-labels. False, and EMAIL untouched, when it is not an
 * address: local part (1 to 64 bytes, no blank, no control, no second @), @, domain. */
bool email_normalize(const char *text, char email[EMAIL_SIZE]);

#endif
