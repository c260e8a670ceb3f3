/* The languages of the pages. */
#ifndef TENANTRY_BASE_LANGUAGE_H
#define TENANTRY_BASE_LANGUAGE_H

#include <stdbool.h>

/* English is what the sheets and the program are written in; each other one has its catalogue, xslt/i18n/TAG.xml. */
enum language { LANGUAGE_EN, LANGUAGE_DE, LANGUAGE__MAX };

/* Its tag (RFC 5646), as in the attribute lang. */
const char *language_tag(enum language language);

/* The language of a tag; false when there is none. */
bool language_parse(const char *tag, enum language *language);

/* The one that an Accept-Language header (RFC 9110, 12.5.4) wants most; English when it wants none of ours. Of two that are wanted
 * alike the first named. */
enum language language_accepted(const char *header);

#endif
