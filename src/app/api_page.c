/* Lists of the API (api_page.h). */
#include "app/api_page.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "app/customer.h"

enum error api_page_read(struct context *c, struct api_page *page)
{
	const char *max = http_query(c->http, "maxResults");
	*page = (struct api_page){ .max = API_PAGE_DEFAULT, .token = http_query(c->http, "pageToken") };
	if (http_query(c->http, "limit") != NULL)
		return context_bad_parameter(c, "limit", "nothing here; maxResults says how many");
	if (page->token != NULL && *page->token == '\0')
		page->token = NULL;
	if (max == NULL)
		return ERR_NONE;
	char *end;
	unsigned long number = strtoul(max, &end, 10);
	if (*max < '0' || *max > '9' || *end != '\0' || number < 1 || number > API_PAGE_MAX)
		return context_bad_parameter(c, "maxResults", "a number from 1 to 1000");
	page->max = (unsigned)number;
	return ERR_NONE;
}

struct json_object *api_page_json(const char *name, struct json_object *items, const char *next, uint64_t count, bool exact)
{
	struct json_object *answer = json_object_new_object();
	json_object_object_add(answer, name, items);
	json_object_object_add(answer, "pageToken", json_text(next));
	json_object_object_add(answer, "rowCount", json_object_new_int64((int64_t)count));
	json_object_object_add(answer, "rowCountExact", json_object_new_boolean(exact));
	return answer;
}
