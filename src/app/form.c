/* Reading, checking and showing forms (form.h). Knows no field of any page. */
#include "app/form.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/routes.h"
#include "base/clock.h"
#include "base/domain.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"

#define LINE_DEFAULT 200
#define PASSWORD_BYTES 1024

static size_t field_max(const struct field *field)
{
	return field->max != 0 ? field->max : LINE_DEFAULT;
}

static size_t form_index(const struct form_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->count; i++)
		if (strcmp(spec->fields[i].name, name) == 0)
			return i;
	log_error("form %s has no field %s", spec->name, name);
	abort();
}

/* Several lines: ends of lines as LF, no other control character, no blanks at the end. NULL when something else is in it. */
static const char *field_text(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text), *to = copy;
	for (const char *from = copy; *from != '\0'; from++)
		if (*from != '\r')
			*to++ = *from;
	while (to > copy && (to[-1] == '\n' || to[-1] == ' '))
		to--;
	*to = '\0';
	char *line = arena_strdup(arena, copy);
	for (char *p = line; *p != '\0'; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	return text_has_forbidden(line) ? NULL : copy;
}

static bool choice_known(const struct field *field, const char *value)
{
	for (const struct field_choice *choice = field->choices; choice->value != NULL; choice++)
		if (strcmp(choice->value, value) == 0)
			return true;
	return false;
}

/* Is VALUE one of LIST, which has blanks between its words? */
static bool set_holds(const char *list, const char *value)
{
	size_t length = strlen(value);
	for (const char *p = list; p != NULL && (p = strstr(p, value)) != NULL; p += length)
		if ((p == list || p[-1] == ' ') && (p[length] == ' ' || p[length] == '\0'))
			return true;
	return false;
}

/* All values sent under a name, as one text; those that are not texts are left to field_check(). */
static const char *set_sent(struct context *c, const char *name)
{
	const char *list = NULL;
	for (size_t i = 0; i < c->http->form_count; i++) {
		const struct http_parameter *parameter = &c->http->form[i];
		if (strcmp(parameter->name, name) == 0 && *parameter->value != '\0')
			list = list == NULL ? parameter->value : arena_printf(c->arena, "%s %s", list, parameter->value);
	}
	return list;
}

/* Those of LIST in the order of the choices; NULL when it holds something else. */
static const char *set_check(struct arena *arena, const struct field *field, const char *list)
{
	const char *kept = NULL;
	size_t words = 0, known = 0;
	for (const char *p = list + strspn(list, " "); *p != '\0'; p += strcspn(p, " "), p += strspn(p, " ")) {
		const char *word = arena_strndup(arena, p, strcspn(p, " "));
		/* A box sent twice is one. */
		if (set_holds(arena_strndup(arena, list, (size_t)(p - list)), word))
			continue;
		words++;
		known += choice_known(field, word);
	}
	if (words != known)
		return NULL;
	for (const struct field_choice *choice = field->choices; choice->value != NULL; choice++)
		if (set_holds(list, choice->value))
			kept = kept == NULL ? choice->value : arena_printf(arena, "%s %s", kept, choice->value);
	return kept;
}

static bool number_valid(const char *text, size_t max)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && number <= max;
}

/* A date that exists, from 1970 on. */
static bool date_valid(const char *text)
{
	char instant[CLOCK_DATE_SIZE + 10];
	int64_t begins;
	if (strlen(text) != CLOCK_DATE_SIZE - 1 || strspn(text, "0123456789-") != CLOCK_DATE_SIZE - 1 ||
		text[4] != '-' || text[7] != '-')
		return false;
	snprintf(instant, sizeof instant, "%sT00:00:00Z", text);
	return clock_parse(instant, &begins) && begins >= 0;
}

/* The checked value of a field that is not empty, or NULL with *WRONG set. */
static const char *field_check(struct context *c, const struct field *field, const char *text, const char **wrong)
{
	struct arena *arena = c->arena;
	char domain[DOMAIN_SIZE], email[EMAIL_SIZE];
	switch (field->kind) {
	case FIELD_TEXT: {
		const char *value = field_text(arena, text);
		if (value == NULL)
			*wrong = "This has characters that cannot be used.";
		else if (text_length(value) > field_max(field))
			*wrong = arena_printf(arena, context_say(c, "At most %zu characters."), field_max(field));
		return value;
	}
	case FIELD_EMAIL:
		if (!email_normalize(text, email))
			*wrong = "This is not an e-mail address.";
		return *wrong == NULL ? arena_strdup(arena, email) : NULL;
	case FIELD_DOMAIN:
		if (!domain_normalize(text, domain))
			*wrong = "This is not a domain name. Example: example.com";
		return *wrong == NULL ? arena_strdup(arena, domain) : NULL;
	case FIELD_CHOICE:
		if (!choice_known(field, text))
			*wrong = "Please choose one of the list.";
		return text;
	case FIELD_SET: {
		const char *value = set_check(arena, field, text);
		if (value == NULL)
			*wrong = "Please choose of the list.";
		return value;
	}
	case FIELD_ID:
		if (!id_valid(text))
			*wrong = "Please choose one of the list.";
		return text;
	case FIELD_NUMBER:
		if (!number_valid(text, field_max(field)))
			*wrong = arena_printf(arena, context_say(c, "A whole number of at most %zu."), field_max(field));
		return text;
	case FIELD_DATE:
		if (!date_valid(text))
			*wrong = "A date such as 2026-11-22.";
		return text;
	default:
		if (text_has_forbidden(text))
			*wrong = "This has characters that cannot be used.";
		else if (text_length(text) > field_max(field))
			*wrong = arena_printf(arena, context_say(c, "At most %zu characters."), field_max(field));
		return text;
	}
}

/* What was sent for a field, of a form or as JSON, where null is as good as nothing. */
static const char *field_sent(struct context *c, const struct field *field, const char **wrong)
{
	struct json_object *value;
	if (c->body == NULL)
		return http_form(c->http, field->name);
	if (!json_object_object_get_ex(c->body, field->name, &value) || value == NULL)
		return NULL;
	bool number = field->kind == FIELD_NUMBER;
	if (!json_object_is_type(value, number ? json_type_int : json_type_string))
		*wrong = number ? "This must be a whole number." : "This must be a text.";
	return json_object_get_string(value);
}

static void field_read(struct context *c, struct form *form, size_t i)
{
	const struct field *field = &form->spec->fields[i];
	const char *text = field->kind == FIELD_SET ? set_sent(c, field->name) : field_sent(c, field, &form->errors[i]);
	if (form->errors[i] != NULL)
		return;
	if (text != NULL && !text_is_utf8(text, strlen(text))) {
		form->errors[i] = "This is not valid text (UTF-8).";
		form->typed[i] = text_clean(c->arena, text);
		return;
	}
	if (field->kind == FIELD_PASSWORD) {
		if (text != NULL && strlen(text) > PASSWORD_BYTES)
			form->errors[i] = "This is too long.";
		else if (text != NULL && *text != '\0')
			form->values[i] = text;
		else if (field->required)
			form->errors[i] = "Please fill this in.";
		return;
	}
	form->typed[i] = text != NULL ? text_clean(c->arena, text) : NULL;
	const char *trimmed = text == NULL ? "" : text_trim(c->arena, text);
	if (*trimmed == '\0') {
		if (field->required)
			form->errors[i] = field->kind == FIELD_CHOICE || field->kind == FIELD_ID || field->kind == FIELD_SET
				? "Please choose one." : "Please fill this in.";
		return;
	}
	/* Several lines keep the blanks that the first begins with. */
	const char *value = field_check(c, field, field->kind == FIELD_TEXT ? text : trimmed, &form->errors[i]);
	form->values[i] = form->errors[i] == NULL ? value : NULL;
}

/* A member that is no field is more likely a slip than something to pass over. */
static bool form_knows(struct form *form, struct json_object *body, struct arena *arena)
{
	json_object_object_foreach(body, name, value) {
		bool known = false;
		(void)value;
		for (size_t i = 0; i < form->spec->count && !known; i++)
			known = strcmp(form->spec->fields[i].name, name) == 0;
		if (!known) {
			form->message = arena_printf(arena, "There is no member “%s” here.", text_clean(arena, name));
			return false;
		}
	}
	return true;
}

enum error form_read(struct context *c, const struct form_spec *spec)
{
	struct form *form = arena_alloc(c->arena, sizeof *form);
	enum error error = ERR_NONE;
	form->spec = spec;
	c->form = form;
	for (size_t i = 0; i < spec->count; i++) {
		field_read(c, form, i);
		if (form->errors[i] != NULL)
			error = ERR_INVALID_FIELDS;
	}
	if (c->body != NULL && !form_knows(form, c->body, c->arena))
		error = ERR_INVALID_FIELDS;
	return error;
}

const char *form_value(const struct context *c, const char *name)
{
	return c->form->values[form_index(c->form->spec, name)];
}

long form_number(const struct context *c, const char *name)
{
	const char *value = form_value(c, name);
	return value != NULL ? strtol(value, NULL, 10) : 0;
}

enum error form_wrong(struct context *c, const char *name, const char *message)
{
	c->form->errors[form_index(c->form->spec, name)] = message;
	return ERR_INVALID_FIELDS;
}

enum error form_refuse(struct context *c, const char *message)
{
	c->form->message = message;
	return ERR_REFUSED;
}

enum error form_asks(struct context *c)
{
	for (size_t i = 0; i < FORM_FIELDS_MAX; i++)
		c->form->errors[i] = NULL;
	c->form->asks = true;
	return ERR_INVALID_FIELDS;
}

enum error form_conflict(struct context *c, const char *const *stored)
{
	struct form *form = c->form;
	form->message = "Somebody else has saved in between. Nothing was changed: what is stored now stands beside what you typed.";
	for (size_t i = 0; i < form->spec->count; i++)
		form->others[i] = stored[i];
	return ERR_VERSION_CONFLICT;
}

static const char *field_kind_word(enum field_kind kind)
{
	static const char *const words[] = { "line", "text", "email", "line", "choice", "set", "hidden", "number", "date", "password",
		"hidden" };
	return words[kind];
}

static void field_element(struct context *c, const struct form *sent, const struct field *field, size_t i,
	const char *initial)
{
	const char *value = sent != NULL ? sent->typed[i] : initial;
	doc_open(c->doc, "field");
	doc_attr(c->doc, "name", field->name);
	doc_say_of(c->doc, "label", field->label, field->name);
	doc_attr(c->doc, "kind", field_kind_word(field->kind));
	doc_attr(c->doc, "required", field->required ? "yes" : NULL);
	if (field->kind == FIELD_LINE || field->kind == FIELD_TEXT)
		doc_attr_int(c->doc, "max", (long long)field_max(field));
	doc_say(c->doc, "hint", field->hint);
	doc_attr(c->doc, "autocomplete", field->autocomplete);
	if (field->kind != FIELD_PASSWORD)
		doc_attr(c->doc, "value", value);
	if (sent != NULL) {
		doc_say(c->doc, "error", sent->errors[i]);
		if (sent->others[i] != NULL && (value == NULL || strcmp(sent->others[i], value) != 0))
			doc_attr(c->doc, "stored", sent->others[i]);
	}
	for (const struct field_choice *choice = field->choices; choice != NULL && choice->value != NULL; choice++) {
		doc_open(c->doc, "choice");
		doc_attr(c->doc, "value", choice->value);
		doc_say(c->doc, "label", choice->label);
		bool selected = value != NULL && (field->kind == FIELD_SET ? set_holds(value, choice->value) : strcmp(value, choice->value) == 0);
		doc_attr(c->doc, "selected", selected ? "yes" : NULL);
		doc_close(c->doc);
	}
	doc_close(c->doc);
}

void form_element(struct context *c, const struct form_spec *spec, const char *action, const char *const *initial)
{
	const struct form *sent = c->form != NULL && c->form->spec == spec ? c->form : NULL;
	doc_open(c->doc, "form");
	doc_attr(c->doc, "name", spec->name);
	doc_attr(c->doc, "action", context_href(c, action));
	doc_say(c->doc, "submit", spec->submit);
	if (sent != NULL)
		doc_say(c->doc, "message", sent->message);
	doc_open(c->doc, "token");
	doc_text(c->doc, c->route->get == ACCESS_PUBLIC ? context_login_token(c) : context_token(c));
	doc_close(c->doc);
	for (size_t i = 0; i < spec->count; i++)
		field_element(c, sent, &spec->fields[i], i, initial != NULL ? initial[i] : NULL);
}
