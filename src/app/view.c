/* Reading and writing the addresses of lists (view.h). */
#include "app/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"

#define Q_MAX 200 /* code points of a search text: as long as a name */

static const char *const density_names[DENSITY__MAX] = { "compact", "standard", "comfortable" };
static const unsigned limits[] = { 25, 50, 100, 200 };

const char *const tier_words[] = { "", "distributor", "reseller", "customer" };
const char *const tier_titles[] = { "", "Distributor", "Reseller", "Customer" };
const char *const flag_words[] = { "", "1" };

unsigned columns_all(const struct listing *list)
{
	return (1u << list->column_count) - 1;
}

unsigned columns_default(const struct listing *list)
{
	unsigned columns = 0;
	for (unsigned i = 0; i < list->column_count; i++)
		if (!list->columns[i].hidden)
			columns |= 1u << i;
	return columns;
}

const char *density_name(enum density density)
{
	return density_names[density];
}

bool columns_parse(const struct listing *list, const char *text, unsigned *mask)
{
	unsigned columns = 1;
	if (strcmp(text, "all") == 0) {
		*mask = columns_all(list);
		return true;
	}
	for (const char *word = text; *word != '\0';) {
		size_t length = strcspn(word, ",");
		bool known = false;
		for (unsigned i = 0; i < list->column_count && !known; i++) {
			const char *name = list->columns[i].name;
			if (strlen(name) == length && memcmp(name, word, length) == 0) {
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

void columns_write(const struct listing *list, struct buf *buf, unsigned mask)
{
	bool first = true;
	for (unsigned i = 0; i < list->column_count; i++) {
		if ((mask & 1u << i) == 0)
			continue;
		if (!first)
			buf_putc(buf, ',');
		buf_puts(buf, list->columns[i].name);
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

/* Takes VALUE for a field. */
static bool field_take(const struct list_field *field, unsigned *set, const char *value)
{
	bool choice = field->kind == FILTER_PAIR || field->kind == FILTER_ONE;
	if (choice && *value == '\0')
		return true; /* a form's "Any" */
	for (unsigned i = field->first; i <= field->last; i++) {
		if (strcmp(value, field->words[i]) == 0) {
			*set = (field->kind == FILTER_ONE ? 0 : *set) | 1u << i;
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
	struct text_gram *grams = NULL;
	size_t count = 0;
	const char *like = text_query(c->arena, text, &grams, &count);
	if (like == NULL)
		return ERR_NONE;
	view->q = text;
	view->like = like;
	view->grams = grams;
	view->gram_count = count;
	return ERR_NONE;
}

static enum error view_parameter(struct context *c, struct view *view, const char *name, const char *value)
{
	if (strcmp(name, "q") == 0)
		return view_text(c, view, value);
	for (unsigned i = 0; i < view->list->field_count; i++)
		if (strcmp(name, view->list->fields[i].name) == 0 && !field_take(&view->list->fields[i], &view->sets[i], value))
			return context_bad_parameter(c, name, view->list->fields[i].takes);
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
		if (!columns_parse(view->list, value, &view->columns))
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
static void view_defaults(const struct context *c, const struct listing *list, struct view *view)
{
	*view = (struct view){ .list = list, .limit = LIMIT_DEFAULT, .columns = columns_default(list),
		.density = DENSITY_STANDARD };
	if (c->format != FORMAT_HTML)
		return;
	const struct identity *who = c->identity;
	if (who->view_columns[list->remembered] != NULL)
		columns_parse(list, who->view_columns[list->remembered], &view->columns);
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

/* Does the list know of folding at all? To the others its parameters are unknown ones. */
static bool view_skips(const struct listing *list, const char *name)
{
	return !list->folds && (strcmp(name, "fold") == 0 || strcmp(name, "unfold") == 0 || strcmp(name, "folded") == 0);
}

enum error view_read(struct context *c, const struct listing *list, struct view *view)
{
	view_defaults(c, list, view);
	for (int pass = 0; pass < 2; pass++) {
		/* `folded` decides what fold and unfold mean, wherever it stands: places come second. */
		for (size_t i = 0; i < c->http->query_count; i++) {
			const struct http_parameter *p = &c->http->query_parameters[i];
			if (view_skips(list, p->name))
				continue;
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

unsigned view_set(const struct view *view, unsigned field)
{
	const struct list_field *of = &view->list->fields[field];
	unsigned all = (2u << of->last) - (1u << of->first), set = view->sets[field] & all;
	/* All values of a field of two or more hold for every row. */
	return set == all && of->first < of->last ? 0 : set;
}

bool view_filters(const struct view *view)
{
	bool filters = view->like != NULL;
	for (unsigned i = 0; i < view->list->field_count; i++)
		filters = filters || (view->list->fields[i].kind != FILTER_MODIFIER && view_set(view, i) != 0);
	return filters;
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
	if (view->q != NULL)
		view_put(buf, start, "q", view->q);
	for (unsigned f = 0; f < view->list->field_count; f++) {
		const struct list_field *field = &view->list->fields[f];
		for (unsigned i = field->first; i <= field->last; i++)
			if ((view->sets[f] & 1u << i) != 0)
				view_put(buf, start, field->name, field->words[i]);
	}
	if (view->folded)
		view_put(buf, start, "folded", "1");
	for (size_t i = 0; i < view->fold_count; i++)
		view_put(buf, start, view->folded ? "unfold" : "fold", view->folds[i]);
	if (view->columns_given) {
		view_put(buf, start, "columns", "");
		columns_write(view->list, buf, view->columns);
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

const char *view_href(const struct context *c, const char *suffix, const struct view *view, bool place)
{
	BUF_AUTO query;
	buf_init(&query, HTTP_URI_MAX * 2);
	view_query(&query, view, place);
	return arena_printf(c->arena, "%s%s%s%s", c->app->config->base, view->list->path + 1, suffix,
		query.length > 0 ? query.data : "");
}
