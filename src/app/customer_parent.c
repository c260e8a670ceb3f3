/* The choice of a parent (customer_parent.h). Offers what the scope has and nothing else. */
#include "app/customer_parent.h"

#include <string.h>

#include "app/customer.h"
#include "base/id.h"
#include "base/text.h"

#define FOUND_MAX 20 /* resellers offered at a time */
#define Q_MAX 200

/* Filled anew for each request, with texts of its arena: a form's fields must have an address that stays. */
struct field_choice customer_parent_choices[FOUND_MAX + 3];

static const char *sent(const struct context *c, const char *name)
{
	const char *text = c->writes ? http_form(c->http, name) : http_query(c->http, name);
	if (text == NULL || !text_is_utf8(text, strlen(text)) || text_has_forbidden(text) || text_length(text) > Q_MAX)
		return NULL;
	const char *trimmed = text_trim(c->arena, text);
	return *trimmed != '\0' ? trimmed : NULL;
}

static bool offered(size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(customer_parent_choices[i].value, id) == 0)
			return true;
	return false;
}

static void offer(const struct context *c, size_t *count, const struct list_row *row, bool own)
{
	if (offered(*count, row->id))
		return;
	const char *label = own && row->tier == TIER_DISTRIBUTOR
		? arena_printf(c->arena, context_say(c, "%s (the new customer is a reseller)"), row->name)
		: arena_printf(c->arena, "%s (%s)", row->name, row->domain);
	customer_parent_choices[(*count)++] = (struct field_choice){ row->id, label };
}

static enum error offer_found(struct context *c, struct parent_search *search, size_t *count)
{
	struct list_filter filter = { .tier = 1u << TIER_RESELLER };
	struct text_gram *grams = NULL;
	struct list_row *rows;
	size_t found;
	if (search->q != NULL) {
		filter.like = text_query(c->arena, search->q, &grams, &filter.gram_count);
		filter.grams = grams;
		if (filter.like == NULL)
			return ERR_NONE;
	}
	enum error error = list_rows(c->db, c->scope, &filter, scope_low(c->scope), scope_high(c->scope), false, FOUND_MAX + 1,
		c->arena, &rows, &found);
	if (error != ERR_NONE)
		return error;
	search->more = found > FOUND_MAX;
	search->found = search->more ? FOUND_MAX : found;
	for (size_t i = 0; i < search->found; i++)
		offer(c, count, &rows[i], false);
	return ERR_NONE;
}

/* The chosen one, of the form or the address; the acting tenant itself with OWN alone. */
static enum error offer_wanted(struct context *c, bool own, size_t *count, const char **wanted, struct list_row *row)
{
	const char *id = sent(c, "parent");
	if (id == NULL || !id_valid(id))
		return ERR_NONE;
	enum error error = customer_find(c, id, row);
	if (error != ERR_NONE)
		return error == ERR_NOT_FOUND ? ERR_NONE : error;
	bool self = row->tenant == scope_tenant(c->scope);
	if (row->tier == TIER_CUSTOMER || (self && !own))
		return ERR_NONE;
	offer(c, count, row, self);
	*wanted = id;
	return ERR_NONE;
}

enum error customer_parents(struct context *c, bool own, struct parent_search *search)
{
	bool distributor = scope_tier(c->scope) == TIER_DISTRIBUTOR;
	struct list_row row;
	size_t count = 0;
	enum error error = ERR_NONE;
	*search = (struct parent_search){ .q = distributor ? sent(c, "parent_q") : NULL, .offered = distributor };
	memset(customer_parent_choices, 0, sizeof customer_parent_choices);
	if (own) {
		error = customer_find(c, scope_public_id(c->scope), &row);
		if (error == ERR_NONE)
			offer(c, &count, &row, true);
	}
	if (error == ERR_NONE)
		error = offer_wanted(c, own, &count, &search->wanted, &row);
	return error == ERR_NONE && distributor ? offer_found(c, search, &count) : error;
}

enum error customer_parent_sent(struct context *c, bool own, struct list_row *parent)
{
	const char *wanted = NULL;
	size_t count = 0;
	memset(customer_parent_choices, 0, sizeof customer_parent_choices);
	return offer_wanted(c, own, &count, &wanted, parent);
}

bool customer_parent_asked(const struct context *c)
{
	return http_form(c->http, "find") != NULL;
}

void customer_parent_element(struct context *c, const struct parent_search *search)
{
	if (!search->offered)
		return;
	doc_open(c->doc, "search");
	doc_attr(c->doc, "q", search->q);
	if (search->q != NULL)
		doc_attr_int(c->doc, "found", (long long)search->found);
	doc_attr(c->doc, "more", search->more ? "yes" : NULL);
	doc_close(c->doc);
}
