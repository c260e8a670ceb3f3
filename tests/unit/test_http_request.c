/* What a request is made of: paths, parameters, bodies, cookies, and which error stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "http/request.h"

struct pair { const char *name, *value; };

/* A request as a web server passes it: the named parameters, and more or others from MORE. */
struct given {
	const char *uri, *method, *base;
	const char *type, *length, *body;
	struct pair more[4];
	struct transport_input input;
};

static struct arena *arena;
static struct http_request request;

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const char *given_param(const void *context, const char *name)
{
	const struct given *given = context;

	for (size_t i = 0; i < sizeof given->more / sizeof given->more[0]; i++) {
		if (given->more[i].name != NULL && strcmp(given->more[i].name, name) == 0)
			return given->more[i].value;
	}
	if (strcmp(name, "REQUEST_URI") == 0)
		return given->uri;
	if (strcmp(name, "REQUEST_METHOD") == 0)
		return given->method != NULL ? given->method : "GET";
	if (strcmp(name, "CONTENT_TYPE") == 0)
		return given->type;
	return strcmp(name, "CONTENT_LENGTH") == 0 ? given->length : NULL;
}

static enum error parse(struct given given)
{
	const struct request_source source = { .param = given_param, .context = &given };

	given.input.body = given.body != NULL ? given.body : "";
	if (given.input.body_length == 0)
		given.input.body_length = strlen(given.input.body);
	return request_parse(&source, &given.input, given.base != NULL ? given.base : "/", arena, &request);
}

#define PARSE(...) parse((struct given){ __VA_ARGS__ })
#define FORM "application/x-www-form-urlencoded"

static void assert_path(const char *uri, const char *path)
{
	assert_int_equal(PARSE(.uri = uri), ERR_NONE);
	assert_string_equal(request.path, path);
}

static void test_paths_are_decoded_once(void **state)
{
	(void)state;
	assert_path("/", "/");
	assert_path("/?q=a", "/");
	assert_path("/customers/ABC/users", "/customers/ABC/users");
	assert_path("/customers/%41%42", "/customers/AB");
	assert_path("/a%2541", "/a%41");
	assert_path("/%E6%A0%AA", "/株");
	assert_path("/株", "/株");
	assert_path("/a+b", "/a+b");
	assert_path("/customers.csv?x=/../", "/customers.csv");
	assert_path("/...", "/...");
	assert_path("/.well-known", "/.well-known");
	assert_int_equal(PARSE(.uri = "/a?b=%41&c"), ERR_NONE);
	assert_string_equal(request.query, "b=%41&c");
}

static void test_paths_that_are_not_canonical_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "customers", "*", "//", "/a//b", "/a/", "/./a", "/a/..", "/../a", "/a/%2e%2e/b", "/%2E", "/a/.%2e",
		"/a%2fb", "/a%2Fb", "/a%00", "/%00", "/%ff", "/%c0%af", "/%ed%a0%80", "/a%", "/a%4", "/a%zz", "/\xff",
		"/a#b", "example.com:443", "ftp://host/a", "/a/?q=1", "http:///a//b",
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(PARSE(.uri = bad[i]), ERR_BAD_PATH);
		assert_string_equal(request.path, "");
		assert_non_null(request.request_id);
	}
	assert_int_equal(PARSE(.uri = NULL), ERR_BAD_PATH);
	assert_int_equal(PARSE(.uri = "/a", .input.param_nul = true), ERR_BAD_PATH);
}

static void test_absolute_addresses_lose_their_host(void **state)
{
	(void)state;
	assert_path("http://console.example/customers?q=1", "/customers");
	assert_path("HTTPS://console.example:8443/customers", "/customers");
	assert_path("http://console.example", "/");
	assert_path("http://console.example?q=1", "/");
	assert_string_equal(request.query, "q=1");
}

static void test_base_path_is_taken_off(void **state)
{
	(void)state;
	assert_int_equal(PARSE(.uri = "/partners", .base = "/partners/"), ERR_NONE);
	assert_string_equal(request.path, "/");
	assert_int_equal(PARSE(.uri = "/partners/?a=1", .base = "/partners/"), ERR_NONE);
	assert_string_equal(request.path, "/");
	assert_int_equal(PARSE(.uri = "/p%61rtners/customers", .base = "/partners/"), ERR_NONE);
	assert_string_equal(request.path, "/customers");
	assert_int_equal(PARSE(.uri = "/partnersx/customers", .base = "/partners/"), ERR_NOT_FOUND);
	assert_string_equal(request.path, "");
	assert_int_equal(PARSE(.uri = "/customers", .base = "/partners/"), ERR_NOT_FOUND);
	assert_int_equal(PARSE(.uri = "/", .base = "/partners/"), ERR_BAD_PATH);
	assert_int_equal(PARSE(.uri = "/partners//customers", .base = "/partners/"), ERR_BAD_PATH);
	assert_int_equal(PARSE(.uri = "/partners/..", .base = "/partners/"), ERR_BAD_PATH);
}

static void test_query_parameters_are_decoded(void **state)
{
	(void)state;
	assert_int_equal(PARSE(.uri = "/?q=a+b%2Bc&empty=&bare&&q=2&x=%zz%4&=v&%71=3&k=%E6%A0%AA"), ERR_NONE);
	assert_int_equal(request.query_count, 8);
	assert_string_equal(http_query(&request, "q"), "a b+c");
	assert_string_equal(http_query(&request, "empty"), "");
	assert_string_equal(http_query(&request, "bare"), "");
	assert_string_equal(http_query(&request, "x"), "%zz%4");
	assert_string_equal(http_query(&request, "k"), "株");
	assert_string_equal(request.query_parameters[6].name, "q");
	assert_null(http_query(&request, "missing"));
	assert_null(http_form(&request, "q"));
}

static void test_broken_values_are_told_and_broken_names_are_nobodys(void **state)
{
	(void)state;
	assert_int_equal(PARSE(.uri = "/?a=%ff&b=x%00y&c=ok&d%00=1&e%ff=1"), ERR_NONE);
	assert_false(request.query_parameters[0].utf8);
	assert_false(request.query_parameters[1].utf8);
	assert_true(request.query_parameters[2].utf8);
	assert_null(http_query(&request, "d"));
	assert_string_equal(request.query_parameters[3].name, "");
	assert_string_equal(request.query_parameters[4].name, "");
}

static void test_parameters_are_counted_over_query_and_form(void **state)
{
	char many[2000] = "/?";
	char form[2000] = "";
	(void)state;
	for (int i = 0; i < 200; i++)
		strcat(many, "a=1&");
	assert_int_equal(PARSE(.uri = many), ERR_NONE);
	assert_int_equal(request.query_count, 200);
	assert_int_equal(PARSE(.uri = many, .method = "POST", .type = FORM, .body = "b=1", .length = "3"),
		ERR_TOO_MANY_PARAMETERS);
	strcat(many, "a=1");
	assert_int_equal(PARSE(.uri = many), ERR_TOO_MANY_PARAMETERS);
	assert_int_equal(request.query_count, 200);
	for (int i = 0; i < 201; i++)
		strcat(form, "f=&");
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .body = form), ERR_TOO_MANY_PARAMETERS);
	assert_int_equal(request.form_count, 200);
	assert_string_equal(request.path, "/");
}

static void test_forms_are_read_by_their_type(void **state)
{
	(void)state;
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .length = "9", .body = "a=1&b=%31"), ERR_NONE);
	assert_string_equal(http_form(&request, "b"), "1");
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = "Application/X-WWW-Form-URLEncoded; charset=\"UTF-8\"",
		.body = "a=1"), ERR_NONE);
	assert_int_equal(request.form_count, 1);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = "application/json", .body = "{\"a\":1}"), ERR_NONE);
	assert_int_equal(request.form_count, 0);
	assert_string_equal(request.body, "{\"a\":1}");
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = "multipart/form-data; boundary=x", .body = "--x"),
		ERR_MEDIA_TYPE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = "text/plain", .body = "a=1"), ERR_MEDIA_TYPE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .body = "a=1"), ERR_MEDIA_TYPE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM "; charset=iso-8859-1", .body = "a=1"), ERR_MEDIA_TYPE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM "x", .body = "a=1"), ERR_MEDIA_TYPE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST"), ERR_NONE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .length = "0", .type = ""), ERR_NONE);
}

static void test_content_length_rules_the_body(void **state)
{
	(void)state;
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .length = "3", .body = "a=1&b=2"), ERR_NONE);
	assert_int_equal(request.form_count, 1);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .length = "8", .body = "a=1&b=2"), ERR_BAD_REQUEST);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .length = "-1", .body = "a=1&b=2"), ERR_NONE);
	assert_int_equal(request.form_count, 2);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .length = "", .body = "a=1&b=2"), ERR_NONE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .length = "65537"), ERR_BODY_TOO_LARGE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .length = "99999999999999999999999999"), ERR_BODY_TOO_LARGE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .input.body_too_large = true), ERR_BODY_TOO_LARGE);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .length = "7x", .body = "a=1&b=2"), ERR_BAD_REQUEST);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .length = "-2", .body = "a=1&b=2"), ERR_BAD_REQUEST);
	assert_int_equal(PARSE(.uri = "/", .method = "POST", .type = FORM, .length = " 7", .body = "a=1&b=2"), ERR_BAD_REQUEST);
}

static void test_methods(void **state)
{
	(void)state;
	assert_int_equal(PARSE(.uri = "/", .method = "HEAD"), ERR_NONE);
	assert_int_equal(request.method, HTTP_HEAD);
	assert_int_equal(PARSE(.uri = "/", .method = "get"), ERR_NONE);
	assert_int_equal(request.method, HTTP_OTHER);
	assert_string_equal(request.method_text, "get");
	assert_int_equal(PARSE(.uri = "/", .method = ""), ERR_BAD_REQUEST);
	assert_int_equal(request.method, HTTP_OTHER);
}

static void test_the_first_error_in_order_stands_and_the_rest_is_read(void **state)
{
	char uri[HTTP_URI_MAX + 16] = "/customers?q=";
	(void)state;
	memset(uri + strlen(uri), 'x', HTTP_URI_MAX - strlen(uri));
	assert_int_equal(PARSE(.uri = uri), ERR_NONE);
	strcat(uri, "x");
	assert_int_equal(PARSE(.uri = uri, .method = "POST", .length = "70000"), ERR_URI_TOO_LONG);
	assert_string_equal(request.path, "/customers");
	assert_int_equal(request.method, HTTP_POST);
	assert_int_equal(PARSE(.uri = "/a//b", .method = "POST", .length = "70000"), ERR_BAD_PATH);
	assert_int_equal(PARSE(.uri = "/a", .method = "POST", .length = "x", .body = "b"), ERR_MEDIA_TYPE);
	assert_int_equal(PARSE(.uri = "/a", .input.param_count = HTTP_FASTCGI_PARAMS_MAX), ERR_NONE);
	assert_int_equal(PARSE(.uri = "/a", .input.param_count = HTTP_FASTCGI_PARAMS_MAX + 1), ERR_BAD_REQUEST);
}

static void test_request_id_is_taken_when_it_is_one(void **state)
{
	(void)state;
	PARSE(.uri = "/", .more = { { "HTTP_X_REQUEST_ID", "from-the-client" }, { "TENANTRY_REQUEST_ID", "from-the-server" } });
	assert_string_equal(request.request_id, "from-the-server");
	PARSE(.uri = "/", .more = { { "HTTP_X_REQUEST_ID", "from-the-client" }, { "TENANTRY_REQUEST_ID", "short" } });
	assert_string_equal(request.request_id, "from-the-client");
	PARSE(.uri = "/", .more = { { "HTTP_X_REQUEST_ID", "with a space" } });
	assert_string_not_equal(request.request_id, "with a space");
	assert_in_range(strlen(request.request_id), 8, 64);
}

static void test_headers_are_bounded_and_never_null(void **state)
{
	static char longest[HTTP_HEADER_VALUE_MAX + 2];
	(void)state;
	assert_int_equal(PARSE(.uri = "/", .more = { { "HTTP_USER_AGENT", "a\x01\xff" }, { "TENANTRY_PRIVATE", "1" } }), ERR_NONE);
	assert_string_equal(request.agent, "a\xef\xbf\xbd\xef\xbf\xbd");
	assert_true(request.private_location);
	assert_string_equal(request.cookies, "");
	assert_string_equal(request.accept, "");
	assert_string_equal(request.authorization, "");
	assert_string_equal(request.content_type, "");
	assert_string_equal(request.address, "");
	memset(longest, 'c', sizeof longest - 1);
	assert_int_equal(PARSE(.uri = "/", .more = { { "HTTP_COOKIE", longest } }), ERR_BAD_REQUEST);
	assert_false(request.private_location);
	PARSE(.uri = "/", .more = { { "TENANTRY_PRIVATE", "11" } });
	assert_false(request.private_location);
}

static void test_cookies(void **state)
{
	(void)state;
	PARSE(.uri = "/", .more = { { "HTTP_COOKIE",
		"xtenantry=no; tenantry=first; tenantry=second;empty=; tight=1;spaced=a ; Tenantry=case; eq=a=b" } });
	assert_string_equal(http_cookie(&request, "tenantry"), "first");
	assert_string_equal(http_cookie(&request, "empty"), "");
	assert_string_equal(http_cookie(&request, "tight"), "1");
	assert_string_equal(http_cookie(&request, "spaced"), "a");
	assert_string_equal(http_cookie(&request, "eq"), "a=b");
	assert_null(http_cookie(&request, "tenant"));
	assert_null(http_cookie(&request, "antry"));
	PARSE(.uri = "/", .more = { { "HTTP_COOKIE", ";; ; tenantry ; =x" } });
	assert_null(http_cookie(&request, "tenantry"));
	PARSE(.uri = "/");
	assert_null(http_cookie(&request, "tenantry"));
}

static void test_reasons(void **state)
{
	(void)state;
	assert_string_equal(http_reason(422), "Unprocessable Content");
	assert_string_equal(http_reason(303), "See Other");
	assert_string_equal(http_reason(299), "Unknown");
	for (int i = 0; i < ERR__MAX; i++)
		assert_string_not_equal(http_reason(error_status((enum error)i)), "Unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_are_decoded_once),
		cmocka_unit_test(test_paths_that_are_not_canonical_are_refused),
		cmocka_unit_test(test_absolute_addresses_lose_their_host),
		cmocka_unit_test(test_base_path_is_taken_off),
		cmocka_unit_test(test_query_parameters_are_decoded),
		cmocka_unit_test(test_broken_values_are_told_and_broken_names_are_nobodys),
		cmocka_unit_test(test_parameters_are_counted_over_query_and_form),
		cmocka_unit_test(test_forms_are_read_by_their_type),
		cmocka_unit_test(test_content_length_rules_the_body),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_the_first_error_in_order_stands_and_the_rest_is_read),
		cmocka_unit_test(test_request_id_is_taken_when_it_is_one),
		cmocka_unit_test(test_headers_are_bounded_and_never_null),
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_reasons),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
