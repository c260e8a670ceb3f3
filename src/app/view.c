/* Reading and writing the addresses of the Customers list (view.h). */
#include "app/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"

#define Q_MAX 200 /* code points of a search text: as long as a name */

static const char *const column_names[] = {
#define X(id, name, title) name,
	COLUMNS(X)
#undef X
};
static const char *const column_titles[] = {
#define X(id, name, title) title,
	COLUMNS(X)
#undef X
};
static const char *const density_names[DENSITY__MAX] = { "compact", "standard", "comfortable" };
static const unsigned limits[] = { 25, 50, 100, 200 };

static const char *const source_words[] = { "", "failed", "warning", "success", "not_available" };
static const char *const source_titles[] = { "", "Failed", "Warning", "Success", "Not available" };
const char *const status_words[2] = { "complete", "onboarding" };
const char *const status_titles[2] = { "Complete", "Onboarding" };

const char *column_name(enum column column)
{
	return column_names[column];
}

const char *column_title(enum column column)
{
	return column_titles[column];
}

const char *density_name(enum density density)
{
	return density_names[density];
}

const char *source_word(enum rollup state)
{
	return source_words[state];
}

const char *source_title(enum rollup state)
{
	return source_titles[state];
}

bool columns_parse(const char *text, unsigned *mask)
{
	unsigned columns = 1u << COLUMN_CUSTOMER;
	if (strcmp(text, "all") == 0) {
		*mask = COLUMNS_ALL;
		return true;
	}
	for (const char *word = text; *word != '\0';) {
		size_t length = strcspn(word, ",");
		bool known = false;
		for (enum column i = 0; i < COLUMN__MAX && !known; i++) {
			if (strlen(column_names[i]) == length && memcmp(column_names[i], word, length) == 0) {
				columns |= 1u << i;
				known = true;
			}
		}
		if (!known)
			return false;
		word += length;
		if (*word == ',')
			word++;
	}
	*mask = columns;
	return true;
}

void columns_write(struct buf *buf, unsigned mask)
{
	bool first = true;
	for (enum column i = 0; i < COLUMN__MAX; i++) {
		if ((mask & 1u << i) == 0)
			continue;
		if (!first)
			buf_putc(buf, ',');
		buf_puts(buf, column_names[i]);
		first = false;
	}
}

bool density_parse(const char *text, enum density *density)
{
	for (enum density i = 0; i < DENSITY__MAX; i++) {
		if (strcmp(text, density_names[i]) == 0) {
			*density = i;
			return true;
		}
	}
	return false;
}

bool limit_parse(const char *text, unsigned *limit)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0')
		return false;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		if (limits[i] == number) {
			*limit = limits[i];
			return true;
		}
	}
	return false;
}

/* The place of VALUE in WORDS (the first is FIRST), as a bit in *SET. */
static bool view_set(unsigned *set, const char *value, const char *const *words, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++) {
		if (strcmp(value, words[i]) == 0) {
			*set |= 1u << i;
			return true;
		}
	}
	return false;
}

static enum error view_text(struct context *c, struct view *view, const char *value)
{
	const char *text = text_trim(c->arena, value);
	if (*text == '\0')
		return ERR_NONE;
	if (text_has_forbidden(text) || text_length(text) > Q_MAX)
		return context_bad_parameter(c, "q", "a text of at most 200 characters without control characters");
	uint64_t *grams = NULL;
	size_t count = 0;
	const char *like = text_query(c->arena, text, &grams, &count);
	if (like == NULL)
		return ERR_NONE;
	view->q = text;
	view->filter.like = like;
	view->filter.grams = grams;
	view->filter.gram_count = count;
	return ERR_NONE;
}

static enum error view_parameter(struct context *c, struct view *view, const char *name, const char *value)
{
	static const char *const tiers[] = { "", "distributor", "reseller", "customer" };
	static const char *const yes_no[] = { "no", "yes" };
	struct list_filter *filter = &view->filter;

	if (strcmp(name, "q") == 0)
		return view_text(c, view, value);
	if (strcmp(name, "source") == 0 && !view_set(&filter->source, value, source_words, 1, 4))
		return context_bad_parameter(c, name, "success, warning, failed or not_available");
	if (strcmp(name, "status") == 0 && !view_set(&filter->status, value, status_words, 0, 1))
		return context_bad_parameter(c, name, "onboarding or complete");
	if (strcmp(name, "tier") == 0 && !view_set(&filter->tier, value, tiers, 1, 3))
		return context_bad_parameter(c, name, "distributor, reseller or customer");
	if (strcmp(name, "suspended") == 0 && *value != '\0' && !view_set(&filter->suspended, value, yes_no, 0, 1))
		return context_bad_parameter(c, name, "yes or no");
	if (strcmp(name, "below") == 0) {
		if (strcmp(value, "1") != 0)
			return context_bad_parameter(c, name, "1");
		view->below = true;
	}
	if (strcmp(name, "folded") == 0) {
		if (strcmp(value, "1") != 0)
			return context_bad_parameter(c, name, "1");
		view->folded = true;
	}
	if (strcmp(name, "limit") == 0) {
		if (!limit_parse(value, &view->limit))
			return context_bad_parameter(c, name, "25, 50, 100 or 200");
		view->limit_given = true;
	}
	if (strcmp(name, "columns") == 0) {
		if (!columns_parse(value, &view->columns))
			return context_bad_parameter(c, name, "names of columns separated by commas, or all");
		view->columns_given = true;
	}
	if (strcmp(name, "density") == 0) {
		if (!density_parse(value, &view->density))
			return context_bad_parameter(c, name, "compact, standard or comfortable");
		view->density_given = true;
	}
	return ERR_NONE;
}

/* What the user has set, for the page alone: .csv, .xml and .json give the same to everybody. */
static void view_defaults(const struct context *c, struct view *view)
{
	*view = (struct view){ .limit = LIMIT_DEFAULT, .columns = COLUMNS_DEFAULT, .density = DENSITY_STANDARD };
	if (c->format != FORMAT_HTML)
		return;
	const struct identity *who = c->identity;
	if (who->view_columns != NULL)
		columns_parse(who->view_columns, &view->columns);
	if (who->view_density != NULL)
		density_parse(who->view_density, &view->density);
	if (who->view_limit != 0)
		view->limit = who->view_limit;
}

/* after, before, fold, unfold: IDs; whether they exist in the scope is found out when they are looked up. */
static enum error view_place(struct context *c, struct view *view, const char *name, const char *value)
{
	bool fold = strcmp(name, "fold") == 0, unfold = strcmp(name, "unfold") == 0;
	bool after = strcmp(name, "after") == 0, before = strcmp(name, "before") == 0;
	if (!fold && !unfold && !after && !before)
		return ERR_NONE;
	if (!id_valid(value))
		return context_bad_parameter(c, name, fold || unfold ? "the ID of a reseller" : "a cursor of this list");
	if (after)
		view->after = value;
	if (before)
		view->before = value;
	/* The other kind of fold parameter has no meaning in this mode and is left out. */
	if ((fold && !view->folded) || (unfold && view->folded))
		view->folds[view->fold_count++] = value;
	return ERR_NONE;
}

enum error view_read(struct context *c, struct view *view)
{
	view_defaults(c, view);
	for (int pass = 0; pass < 2; pass++) {
		/* `folded` decides what fold and unfold mean, wherever it stands: places come second. */
		for (size_t i = 0; i < c->http->query_count; i++) {
			const struct http_parameter *p = &c->http->query_parameters[i];
			/* Broken text under other names is either unknown, and ignored, or no allowed word. */
			if (!p->utf8 && strcmp(p->name, "q") == 0)
				return context_bad_parameter(c, "q", "text in UTF-8");
			enum error error = pass == 0 ? view_parameter(c, view, p->name, p->value)
				: view_place(c, view, p->name, p->value);
			if (error != ERR_NONE)
				return error;
		}
	}
	if (view->after != NULL && view->before != NULL)
		return context_bad_parameter(c, "before", "nothing beside after");
	if (c->format == FORMAT_CSV) {
		view->after = view->before = NULL;
		view->folded = false;
		view->fold_count = 0;
	}
	return ERR_NONE;
}

bool view_filters(const struct view *view)
{
	return !list_filter_empty(&view->filter);
}

static void view_put(struct buf *buf, size_t start, const char *name, const char *value)
{
	buf_putc(buf, buf->length == start ? '?' : '&');
	buf_puts(buf, name);
	buf_putc(buf, '=');
	buf_put_url(buf, value);
}

void view_query(struct buf *buf, const struct view *view, bool place)
{
	size_t start = buf->length;
	const struct list_filter *filter = &view->filter;
	if (view->q != NULL)
		view_put(buf, start, "q", view->q);
	for (unsigned i = 1; i <= 4; i++)
		if ((filter->source & 1u << i) != 0)
			view_put(buf, start, "source", source_words[i]);
	for (unsigned i = 0; i < 2; i++)
		if ((filter->status & 1u << i) != 0)
			view_put(buf, start, "status", status_words[i]);
	for (enum tier i = TIER_DISTRIBUTOR; i <= TIER_CUSTOMER; i++)
		if ((filter->tier & 1u << i) != 0)
			view_put(buf, start, "tier", tier_name(i));
	for (unsigned i = 0; i < 2; i++)
		if ((filter->suspended & 1u << i) != 0)
			view_put(buf, start, "suspended", i == 1 ? "yes" : "no");
	if (view->below)
		view_put(buf, start, "below", "1");
	if (view->folded)
		view_put(buf, start, "folded", "1");
	for (size_t i = 0; i < view->fold_count; i++)
		view_put(buf, start, view->folded ? "unfold" : "fold", view->folds[i]);
	if (view->columns_given) {
		view_put(buf, start, "columns", "");
		columns_write(buf, view->columns);
	}
	if (view->density_given)
		view_put(buf, start, "density", density_names[view->density]);
	if (view->limit_given) {
		view_put(buf, start, "limit", "");
		buf_printf(buf, "%u", view->limit);
	}
	if (place && view->after != NULL)
		view_put(buf, start, "after", view->after);
	if (place && view->before != NULL)
		view_put(buf, start, "before", view->before);
}

const char *view_href(const struct context *c, const char *path, const struct view *view, bool place)
{
	BUF_AUTO query;
	buf_init(&query, HTTP_URI_MAX * 2);
	view_query(&query, view, place);
	return arena_printf(c->arena, "%s%s%s", c->app->config->base, path + 1, query.length > 0 ? query.data : "");
}
