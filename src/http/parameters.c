/* Names and values: percent-decoding, query strings, forms, cookies.
 *
 * Each value is decoded once and never again. A name that is not well-formed becomes "", which
 * nobody looks up, so that no route of bytes leads to a name that was not written. */
#include <string.h>

#include "base/text.h"
#include "http/request.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char *percent_decode(struct arena *arena, const char *text, size_t length, bool plus, size_t *decoded,
	bool *broken)
{
	char *out = arena_alloc(arena, length + 1);
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		int high = -1, low = -1;

		if (text[i] == '%' && length - i > 2) {
			high = hex_value(text[i + 1]);
			low = hex_value(text[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			out[used++] = (char)(high << 4 | low);
			i += 2;
			continue;
		}
		if (text[i] == '%' && broken != NULL)
			*broken = true;
		out[used++] = plus && text[i] == '+' ? ' ' : text[i];
	}
	*decoded = used;
	return out;
}

/* One "name=value", of LENGTH bytes. */
static void parameter_parse(struct arena *arena, const char *text, size_t length, struct http_parameter *parameter)
{
	const char *equals = memchr(text, '=', length);
	size_t name_length = equals != NULL ? (size_t)(equals - text) : length, decoded;
	const char *name = percent_decode(arena, text, name_length, true, &decoded, NULL);

	parameter->name = text_is_utf8(name, decoded) ? name : "";
	parameter->value = "";
	parameter->utf8 = true;
	if (equals == NULL)
		return;
	parameter->value = percent_decode(arena, equals + 1, length - name_length - 1, true, &decoded, NULL);
	parameter->utf8 = text_is_utf8(parameter->value, decoded);
}

struct http_parameter *parameters_parse(struct arena *arena, const char *text, size_t length, size_t maximum,
	size_t *count)
{
	const char *end = text + length;
	struct http_parameter *parameters;
	size_t room = 1;

	for (const char *c = text; c < end && room < maximum; c++)
		room += *c == '&';
	parameters = arena_array(arena, room, sizeof *parameters);
	*count = 0;
	while (text < end) {
		const char *stop = memchr(text, '&', (size_t)(end - text));

		if (stop == NULL)
			stop = end;
		/* "a=1&&b=2" has two, as browsers' own parser says */
		if (stop > text) {
			if (*count < room && *count < maximum)
				parameter_parse(arena, text, (size_t)(stop - text), &parameters[*count]);
			++*count;
		}
		text = stop < end ? stop + 1 : end;
	}
	return parameters;
}

static const char *parameter_find(const struct http_parameter *parameters, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(parameters[i].name, name) == 0)
			return parameters[i].value;
	}
	return NULL;
}

const char *http_query(const struct http_request *request, const char *name)
{
	return parameter_find(request->query_parameters, request->query_count, name);
}

const char *http_form(const struct http_request *request, const char *name)
{
	return parameter_find(request->form, request->form_count, name);
}

const char *http_cookie(const struct http_request *request, const char *name)
{
	const char *text = request->cookies;
	size_t name_length = strlen(name);

	while (text != NULL && *text != '\0') {
		size_t length;

		text += strspn(text, " \t;");
		length = strcspn(text, ";");
		if (length > name_length && text[name_length] == '=' && strncmp(text, name, name_length) == 0) {
			text += name_length + 1;
			length -= name_length + 1;
			while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
				length--;
			return arena_strndup(request->arena, text, length);
		}
		text += length;
	}
	return NULL;
}
