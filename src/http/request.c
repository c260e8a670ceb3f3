/* Makes a struct http_request of FastCGI parameters and a body.
 *
 * Routes on REQUEST_URI alone: it is the one that nginx, Apache, lighttpd and Caddy pass alike. Must
 * never decode anything twice, and never stop at an error: the pipeline decides which one answers. */
#include "http/request.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/id.h"
#include "base/text.h"

#define METHOD_TEXT_MAX 32
#define ADDRESS_MAX 64
#define LENGTH_UNKNOWN SIZE_MAX

/* A parse under way. */
struct parse {
	const struct request_source *source;
	const struct transport_input *input;
	struct http_request *request;
	struct arena *arena;
	bool failed[ERR__MAX];       /* which errors hold */
	const char *uri;             /* "/path?query", below the authority */
	size_t path_length;          /* of `uri`, before the query */
};

static void parse_fail(struct parse *parse, enum error error)
{
	parse->failed[error] = true;
}

static const char *param(const struct parse *parse, const char *name)
{
	const char *value = parse->source->param(parse->source->context, name);

	return value != NULL ? value : "";
}

/* A header of the request, in the arena; "" when it was not sent or is too long. */
static const char *header(struct parse *parse, const char *name)
{
	const char *value = param(parse, name);

	if (strlen(value) > HTTP_HEADER_VALUE_MAX) {
		parse_fail(parse, ERR_BAD_REQUEST);
		return "";
	}
	return arena_strdup(parse->arena, value);
}

static bool request_id_valid(const char *text)
{
	size_t length = strlen(text);

	return length >= 8 && length <= 64 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-") == length;
}

static void read_request_id(struct parse *parse)
{
	static const char *const names[] = { "TENANTRY_REQUEST_ID", "HTTP_X_REQUEST_ID" };
	char made[ID_SIZE];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = param(parse, names[i]);

		if (request_id_valid(value)) {
			parse->request->request_id = arena_strdup(parse->arena, value);
			return;
		}
	}
	id_make(made);
	parse->request->request_id = arena_strdup(parse->arena, made);
}

static void read_method(struct parse *parse)
{
	static const struct { const char *text; enum http_method method; } methods[] = {
		{ "GET", HTTP_GET }, { "HEAD", HTTP_HEAD }, { "POST", HTTP_POST },
	};
	const char *text = param(parse, "REQUEST_METHOD");

	parse->request->method = HTTP_OTHER;
	parse->request->method_text = text_clean(parse->arena,
		arena_strndup(parse->arena, text, strnlen(text, METHOD_TEXT_MAX)));
	if (*text == '\0')
		parse_fail(parse, ERR_BAD_REQUEST);
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		if (strcmp(text, methods[i].text) == 0)
			parse->request->method = methods[i].method;
	}
}

/* REQUEST_URI without scheme and authority, which a proxy's client sends (RFC 9112, 3.2.2). */
static const char *uri_local(struct arena *arena, const char *uri)
{
	const char *rest;

	if (strncasecmp(uri, "http://", 7) == 0)
		rest = uri + 7;
	else if (strncasecmp(uri, "https://", 8) == 0)
		rest = uri + 8;
	else
		return uri;
	rest += strcspn(rest, "/?#");
	return *rest == '/' ? rest : arena_printf(arena, "/%s", rest);
}

/* Is a decoded path free of empty and dot segments? The root is. */
static bool segments_valid(const char *path)
{
	while (*path == '/') {
		const char *segment = path + 1;
		size_t length = strcspn(segment, "/");

		if (length == 0)
			return false;
		if (segment[0] == '.' && (length == 1 || (length == 2 && segment[1] == '.')))
			return false;
		path = segment + length;
	}
	return *path == '\0';
}

/* The part of PATH below BASE ("/" or "/partners/"), "/" for the base itself with or without its
 * slash; NULL when it is not below. */
static const char *path_below(const char *path, const char *base)
{
	size_t length = strlen(base);

	if (strncmp(path, base, length) == 0)
		return path + length - 1;
	if (length > 1 && strlen(path) == length - 1 && strncmp(path, base, length - 1) == 0)
		return "/";
	return NULL;
}

static void read_path(struct parse *parse, const char *base)
{
	bool broken = false;
	size_t decoded;
	char *path = percent_decode(parse->arena, parse->uri, parse->path_length, false, &decoded, &broken);
	const char *below;

	for (size_t i = 0; i + 2 < parse->path_length; i++) {
		if (strncasecmp(parse->uri + i, "%2f", 3) == 0)
			broken = true;
	}
	if (broken || *path != '/' || !text_is_utf8(path, decoded) || memchr(path, '#', decoded) != NULL) {
		parse_fail(parse, ERR_BAD_PATH);
		return;
	}
	below = path_below(path, base);
	if (below != NULL && strcmp(below, "/") == 0) {
		parse->request->path = "/";
		return;
	}
	if (!segments_valid(path)) {
		parse_fail(parse, ERR_BAD_PATH);
		return;
	}
	if (below == NULL)
		parse_fail(parse, ERR_NOT_FOUND);
	else
		parse->request->path = below;
}

static void read_uri(struct parse *parse, const char *base)
{
	struct http_request *request = parse->request;
	const char *uri = param(parse, "REQUEST_URI");

	if (strlen(uri) > HTTP_URI_MAX)
		parse_fail(parse, ERR_URI_TOO_LONG);
	parse->uri = uri_local(parse->arena, uri);
	parse->path_length = strcspn(parse->uri, "?");
	if (parse->uri[parse->path_length] == '?')
		request->query = arena_strdup(parse->arena, parse->uri + parse->path_length + 1);
	/* a NUL among the parameters would have cut one of them short */
	if (parse->input->param_nul)
		parse_fail(parse, ERR_BAD_PATH);
	else
		read_path(parse, base);
}

static void read_headers(struct parse *parse)
{
	struct http_request *request = parse->request;
	const char *address = param(parse, "REMOTE_ADDR");

	if (parse->input->param_count > HTTP_FASTCGI_PARAMS_MAX)
		parse_fail(parse, ERR_BAD_REQUEST);
	request->address = text_clean(parse->arena, arena_strndup(parse->arena, address, strnlen(address, ADDRESS_MAX)));
	request->forwarded = header(parse, "HTTP_X_FORWARDED_FOR");
	request->host = header(parse, "HTTP_HOST");
	request->cookies = header(parse, "HTTP_COOKIE");
	request->accept = header(parse, "HTTP_ACCEPT");
	request->accept_encoding = header(parse, "HTTP_ACCEPT_ENCODING");
	request->accept_language = header(parse, "HTTP_ACCEPT_LANGUAGE");
	request->if_none_match = header(parse, "HTTP_IF_NONE_MATCH");
	request->authorization = header(parse, "HTTP_AUTHORIZATION");
	request->content_type = header(parse, "CONTENT_TYPE");
	request->idempotency_key = header(parse, "HTTP_IDEMPOTENCY_KEY");
	request->agent = text_clean(parse->arena, header(parse, "HTTP_USER_AGENT"));
	request->sso_user = header(parse, "TENANTRY_SSO_USER");
	request->sso_groups = header(parse, "TENANTRY_SSO_GROUPS");
	request->sso_key = header(parse, "TENANTRY_SSO_KEY");
	request->peer = parse->input->peer;
	request->private_location = strcmp(param(parse, "TENANTRY_PRIVATE"), "1") == 0;
}

/* CONTENT_LENGTH; Caddy sends "-1" for a body of unknown length. */
static size_t read_content_length(struct parse *parse)
{
	const char *text = param(parse, "CONTENT_LENGTH");
	size_t length = 0;

	if (*text == '\0' || strcmp(text, "-1") == 0)
		return LENGTH_UNKNOWN;
	for (; isdigit((unsigned char)*text); text++) {
		length = length * 10 + (size_t)(*text - '0');
		/* enough to know that it is too much, and no further */
		if (length > HTTP_BODY_MAX)
			length = HTTP_BODY_MAX + 1;
	}
	if (*text == '\0')
		return length;
	parse_fail(parse, ERR_BAD_REQUEST);
	return LENGTH_UNKNOWN;
}

static void read_body(struct parse *parse)
{
	struct http_request *request = parse->request;
	const struct transport_input *input = parse->input;
	size_t length = read_content_length(parse);

	if (input->body_too_large || (length != LENGTH_UNKNOWN && length > HTTP_BODY_MAX)) {
		parse_fail(parse, ERR_BODY_TOO_LARGE);
		return;
	}
	if (length == LENGTH_UNKNOWN)
		length = input->body_length;
	if (input->body_length < length) {
		parse_fail(parse, ERR_BAD_REQUEST);
		return;
	}
	request->body = arena_strndup(parse->arena, input->body, length);
	request->body_length = length;
}

/* Is the media type of TEXT ("a/b; charset=utf-8") TYPE, in UTF-8? */
static bool media_type_is(const char *text, const char *type)
{
	const char *charset = strcasestr(text, "charset=");
	size_t length = strcspn(text, "; \t");

	if (length != strlen(type) || strncasecmp(text, type, length) != 0)
		return false;
	if (charset == NULL)
		return true;
	charset += strlen("charset=");
	charset += *charset == '"';
	return strncasecmp(charset, "utf-8", 5) == 0 && strchr("\"; \t", charset[5]) != NULL;
}

static void read_parameters(struct parse *parse)
{
	struct http_request *request = parse->request;
	size_t in_query, in_form = 0;

	request->query_parameters = parameters_parse(parse->arena, request->query, strlen(request->query),
		HTTP_PARAMETERS_MAX, &in_query);
	if (request->method == HTTP_POST && request->body_length > 0) {
		if (media_type_is(request->content_type, "application/x-www-form-urlencoded"))
			request->form = parameters_parse(parse->arena, request->body, request->body_length,
				HTTP_PARAMETERS_MAX, &in_form);
		else if (!media_type_is(request->content_type, "application/json"))
			parse_fail(parse, ERR_MEDIA_TYPE);
	}
	if (in_query + in_form > HTTP_PARAMETERS_MAX)
		parse_fail(parse, ERR_TOO_MANY_PARAMETERS);
	request->query_count = in_query < HTTP_PARAMETERS_MAX ? in_query : HTTP_PARAMETERS_MAX;
	request->form_count = in_form < HTTP_PARAMETERS_MAX ? in_form : HTTP_PARAMETERS_MAX;
}

enum error request_parse(const struct request_source *source, const struct transport_input *input,
	const char *base, struct arena *arena, struct http_request *request)
{
	static const enum error order[] = { ERR_BAD_PATH, ERR_NOT_FOUND, ERR_URI_TOO_LONG, ERR_TOO_MANY_PARAMETERS,
		ERR_BODY_TOO_LARGE, ERR_MEDIA_TYPE, ERR_BAD_REQUEST };
	struct parse parse = { .source = source, .input = input, .request = request, .arena = arena };

	*request = (struct http_request){ .arena = arena, .path = "", .query = "", .body = "" };
	read_request_id(&parse);
	read_method(&parse);
	read_uri(&parse, base);
	read_headers(&parse);
	read_body(&parse);
	read_parameters(&parse);
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		if (parse.failed[order[i]])
			return order[i];
	}
	return ERR_NONE;
}

void http_form_request(const struct http_request *from, const char *path, const char *body, size_t length,
	struct http_request *request)
{
	*request = *from;
	request->method = HTTP_POST;
	request->method_text = "POST";
	request->path = path;
	request->query = "";
	request->query_parameters = NULL;
	request->query_count = 0;
	request->body = body;
	request->body_length = length;
	request->form = parameters_parse(from->arena, body, length, HTTP_PARAMETERS_MAX, &request->form_count);
}

static const char *transport_lookup(const void *context, const char *name)
{
	return transport_param(context, name);
}

enum error http_read(struct transport *transport, const char *base, struct arena *arena, struct http_request *request)
{
	const struct request_source source = { .param = transport_lookup, .context = transport };
	struct transport_input input;

	transport_input(transport, &input);
	return request_parse(&source, &input, base, arena, request);
}
