/* Countries: ISO 3166-1 alpha-2 codes and their English short names. */
#ifndef TENANTRY_APP_COUNTRY_H
#define TENANTRY_APP_COUNTRY_H

#include "app/form.h"

/* All of them in the order of their names; ended by a NULL value. */
extern const struct field_choice countries[];

/* The name of a code; NULL for no code and for one that is none. */
const char *country_name(const char *code);

#endif
