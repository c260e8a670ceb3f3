/* JSON bodies (json_read.h). json-c makes the tree; what it takes too easily (a name twice, a NUL that cuts a text short) is looked for
 * in the text itself. Must never give a value that is not wholly what the text says. */
#include "app/json_read.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* Names in all objects of the text, by their colons; false when a NUL is written anywhere. TEXT is JSON. */
static bool text_names(const char *text, size_t length, size_t *names)
{
	bool inside = false;
	*names = 0;
	for (size_t i = 0; i < length; i++) {
		if (!inside) {
			inside = text[i] == '"';
			*names += text[i] == ':';
		} else if (text[i] == '\\') {
			if (length - i > 5 && memcmp(text + i + 1, "u0000", 5) == 0)
				return false;
			i++;
		} else if (text[i] == '"') {
			inside = false;
		}
	}
	return true;
}

/* Names in the tree: fewer than in the text when one came twice in an object. */
static size_t tree_names(struct json_object *value)
{
	size_t names = 0;
	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			names += tree_names(json_object_array_get_idx(value, i));
	} else if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, name, member) {
			(void)name;
			names += 1 + tree_names(member);
		}
	}
	return names;
}

/* Does a number begin at I with a zero too many? */
static bool text_zero(const char *text, size_t length, size_t i)
{
	size_t before = i > 0 && text[i - 1] == '-' ? i - 1 : i;
	return text[i] == '0' && i + 1 < length && text[i + 1] >= '0' && text[i + 1] <= '9' &&
		(before == 0 || strchr(" \t\r\n[:,", text[before - 1]) != NULL);
}

/* Are there outside of texts only characters that JSON has there? json-c takes NaN, Infinity and 'such' texts too. */
static bool text_plain(const char *text, size_t length)
{
	static const char outside[] = " \t\r\n{}[]:,0123456789+-.eEtrufalsn";
	bool inside = false;
	for (size_t i = 0; i < length; i++) {
		if (inside && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			inside = !inside;
		else if (inside && (unsigned char)text[i] < ' ')
			return false;
		else if (!inside && (text[i] == '\0' || text_zero(text, length, i) || strchr(outside, text[i]) == NULL))
			return false;
	}
	return true;
}

static const char *read_fault(enum json_tokener_error error)
{
	switch (error) {
	case json_tokener_error_depth:
		return "The JSON of the body is too deep.";
	case json_tokener_continue:
		return "The JSON of the body ends too early.";
	default:
		return "The body is no JSON.";
	}
}

struct json_object *json_read(const char *text, size_t length, const char **fault)
{
	size_t names;
	if (!text_is_utf8(text, length)) {
		*fault = "The body is not UTF-8.";
		return NULL;
	}
	struct json_tokener *tokener = json_tokener_new_ex(JSON_READ_DEPTH);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	struct json_object *value = json_tokener_parse_ex(tokener, text, (int)length);
	enum json_tokener_error error = json_tokener_get_error(tokener);
	size_t end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	while (end < length && strchr(" \t\r\n", text[end]) != NULL && text[end] != '\0')
		end++;
	*fault = NULL;
	if (error != json_tokener_success || !text_plain(text, length))
		*fault = read_fault(error);
	else if (end != length)
		*fault = "There is text behind the JSON of the body.";
	else if (!json_object_is_type(value, json_type_object))
		*fault = "The body must be a JSON object.";
	else if (!text_names(text, length, &names))
		*fault = "A text of the body has a NUL.";
	else if (names != tree_names(value))
		*fault = "A name stands twice in one object of the body.";
	if (*fault == NULL)
		return value;
	json_object_put(value);
	return NULL;
}
