/* Reading a JSON body: json-c within limits. What others send is checked here as a whole before anybody looks at a member. */
#ifndef TENANTRY_APP_JSON_READ_H
#define TENANTRY_APP_JSON_READ_H

#include <stddef.h>

struct json_object;

#define JSON_READ_DEPTH 32

/* The object that TEXT (LENGTH bytes) is; the caller's to free. NULL, with what is wrong in *FAULT (a sentence), when it is not UTF-8,
 * no JSON (RFC 8259, to the letter), no object, deeper than JSON_READ_DEPTH, has text behind it, a name twice in one
 * object, or a NUL in a text. */
struct json_object *json_read(const char *text, size_t length, const char **fault);

#endif
