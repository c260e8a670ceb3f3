/* Entity tags (RFC 9110, 8.8.3) of pages that a browser may keep and ask about: answered 304 without touching the list. */
#ifndef TENANTRY_APP_ETAG_H
#define TENANTRY_APP_ETAG_H

#include "app/context.h"

/* The tag of what the request would show, in the arena; NULL when it has none. */
const char *etag_make(const struct context *c);

/* Does If-None-Match name it (weak comparison; "*" never: what is not there yet cannot be told from what is)? */
bool etag_matches(const char *if_none_match, const char *etag);

#endif
