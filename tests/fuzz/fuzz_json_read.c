/* The reader of JSON bodies: what it takes is an object that, written again, is read as the same. */
#include <assert.h>
#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/json_read.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_value(struct json_object *value, unsigned depth)
{
	assert(depth <= JSON_READ_DEPTH);
	if (json_object_is_type(value, json_type_string)) {
		const char *text = json_object_get_string(value);
		size_t length = (size_t)json_object_get_string_len(value);

		assert(strlen(text) == length && text_is_utf8(text, length));
	} else if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			check_value(json_object_array_get_idx(value, i), depth + 1);
	} else if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, name, member) {
			assert(text_is_utf8(name, strlen(name)));
			check_value(member, depth + 1);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *fault = NULL;
	char *copy = malloc(size > 0 ? size : 1);

	/* of exactly this size, so that a read behind it is seen */
	memcpy(copy, data, size);
	struct json_object *value = json_read(copy, size, &fault);
	assert((value == NULL) == (fault != NULL));
	if (value != NULL) {
		const char *again = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
		struct json_object *second = json_read(again, strlen(again), &fault);

		assert(json_object_is_type(value, json_type_object));
		check_value(value, 1);
		assert(second != NULL && json_object_equal(value, second));
		json_object_put(second);
	}
	json_object_put(value);
	free(copy);
	return 0;
}
