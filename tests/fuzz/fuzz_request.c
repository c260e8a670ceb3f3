/* The parser of requests: parameters split at NUL bytes, the rest is the body. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "REQUEST_URI", "REQUEST_METHOD", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_COOKIE",
	"HTTP_X_REQUEST_ID", "HTTP_USER_AGENT" };
#define NAMES (sizeof names / sizeof names[0])

static const char *param(const void *context, const char *name)
{
	const char *const *values = context;

	for (size_t i = 0; i < NAMES; i++) {
		if (strcmp(names[i], name) == 0)
			return values[i];
	}
	return NULL;
}

static void check_parameters(const struct http_parameter *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert(text_is_utf8(list[i].name, strlen(list[i].name)));
		assert(!list[i].utf8 || text_is_utf8(list[i].value, strlen(list[i].value)));
	}
}

static void check(enum error error, const struct http_request *request)
{
	const char *path = request->path;

	assert(text_is_utf8(path, strlen(path)));
	assert(*path == '/' || (*path == '\0' && error != ERR_NONE));
	assert(strstr(path, "//") == NULL && strstr(path, "/./") == NULL && strstr(path, "/../") == NULL);
	assert(strlen(request->request_id) >= 8 && strlen(request->request_id) <= 64);
	assert(request->query_count <= HTTP_PARAMETERS_MAX && request->form_count <= HTTP_PARAMETERS_MAX);
	assert(request->body_length <= HTTP_BODY_MAX);
	check_parameters(request->query_parameters, request->query_count);
	check_parameters(request->form, request->form_count);
	(void)http_cookie(request, "tenantry");
	(void)http_query(request, "q");
	(void)http_form(request, "token");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *values[NAMES] = { NULL };
	const struct request_source source = { .param = param, .context = values };
	struct transport_input input = { .body = "" };
	struct http_request request;
	ARENA_AUTO arena = arena_new();
	char *copy = arena_strndup(arena, (const char *)data, size);
	size_t at = 0;

	for (size_t i = 0; i < NAMES && at < size; i++) {
		values[i] = copy + at;
		at += strlen(copy + at) + 1;
	}
	if (at < size) {
		input.body = copy + at;
		input.body_length = size - at;
		input.body_too_large = input.body_length > HTTP_BODY_MAX;
		if (input.body_too_large)
			input.body_length = HTTP_BODY_MAX;
	}
	check(request_parse(&source, &input, size % 2 == 0 ? "/" : "/partners/", arena, &request), &request);
	return 0;
}
