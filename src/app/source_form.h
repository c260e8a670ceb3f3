/* The forms about billing sources. */
#ifndef TENANTRY_APP_SOURCE_FORM_H
#define TENANTRY_APP_SOURCE_FORM_H

#include "app/form.h"

/* The fields of both, in order; the one that edits has the version too. */
enum { SOURCE_FIELD_ACCOUNT, SOURCE_FIELD_REPORT, SOURCE_FIELD_LOCATION, SOURCE_FIELD_VERSION };

extern const struct form_spec source_connect_spec, source_edit_spec, source_disconnect_spec;

#endif
