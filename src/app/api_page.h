/* The lists of the API: their parameters and the object around them. */
#ifndef TENANTRY_APP_API_PAGE_H
#define TENANTRY_APP_API_PAGE_H

#include "app/context.h"

struct json_object;

#define API_PAGE_DEFAULT 50
#define API_PAGE_MAX 1000

struct api_page {
	unsigned max;
	const char *token; /* as it came, or NULL */
};

/* maxResults and pageToken; `limit` is refused, it is the pages'. */
enum error api_page_read(struct context *c, struct api_page *page);

/* {NAME: ITEMS, "pageToken", "rowCount", "rowCountExact"}. Takes ITEMS. */
struct json_object *api_page_json(const char *name, struct json_object *items, const char *next, uint64_t count, bool exact);

#endif
