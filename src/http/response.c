/* Answers: status line and headers by RFC 3875 (CGI), whole bodies and streams.
 *
 * Must never let a header value begin a line of its own, and never say that a stream is complete
 * that is not. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "http/gzip.h"
#include "http/http.h"
#include "http/transport.h"

#define HEAD_MAX ((size_t)65536)

const char *http_reason(int status)
{
	static const struct { int status; const char *reason; } reasons[] = {
		{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" },
		{ 206, "Partial Content" }, { 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" },
		{ 304, "Not Modified" }, { 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 406, "Not Acceptable" }, { 408, "Request Timeout" },
		{ 409, "Conflict" }, { 410, "Gone" }, { 411, "Length Required" }, { 412, "Precondition Failed" },
		{ 413, "Content Too Large" }, { 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" }, { 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" },
		{ 501, "Not Implemented" }, { 502, "Bad Gateway" }, { 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};

	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Unknown";
}

/* Letters, digits and what else RFC 9110 allows in a token. */
static bool name_valid(const char *name)
{
	return *name != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"!#$%&'*+-.^_`|~") == strlen(name);
}

void http_header(struct http_response *response, const char *name, const char *value)
{
	if (!name_valid(name) || value == NULL || strpbrk(value, "\r\n") != NULL ||
	    response->header_count == HTTP_HEADERS_MAX) {
		/* a response split in two is worse than a worker that is replaced */
		log_error("header %s cannot be sent", name);
		abort();
	}
	response->headers[response->header_count].name = name;
	response->headers[response->header_count].value = value;
	response->header_count++;
}

static void head_put(struct buf *head, const struct http_response *response)
{
	buf_printf(head, "Status: %d %s\r\n", response->status, http_reason(response->status));
	if (response->content_type != NULL)
		buf_printf(head, "Content-Type: %s\r\n", response->content_type);
	for (size_t i = 0; i < response->header_count; i++) {
		buf_puts(head, response->headers[i].name);
		buf_puts(head, ": ");
		buf_puts(head, response->headers[i].value);
		buf_puts(head, "\r\n");
	}
}

static void head_end(struct buf *head)
{
	buf_puts(head, "\r\n");
	if (head->overflow) {
		log_error("the headers of an answer are over %zu bytes", HEAD_MAX);
		abort();
	}
}

bool http_send(struct transport *transport, const struct http_request *request,
	const struct http_response *response, const void *body, size_t length)
{
	BUF_AUTO head = { .maximum = HEAD_MAX };
	const void *zipped = NULL;
	size_t zipped_length;

	if (length >= GZIP_BYTES_MIN && gzip_accepted(request->accept_encoding))
		zipped = gzip_body(request->arena, body, length, &zipped_length);
	head_put(&head, response);
	if (zipped != NULL) {
		buf_puts(&head, "Content-Encoding: gzip\r\n");
		body = zipped;
		length = zipped_length;
	}
	/* RFC 9110, 8.6: none with 204; with 304 it would be that of another answer */
	if (response->status != 204 && response->status != 304)
		buf_printf(&head, "Content-Length: %zu\r\n", length);
	head_end(&head);
	if (request->method == HTTP_HEAD || response->status == 204 || response->status == 304)
		length = 0;
	return transport_answer(transport, head.data, head.length, body, length);
}

bool http_stream_begin(struct transport *transport, const struct http_request *request,
	const struct http_response *response)
{
	BUF_AUTO head = { .maximum = HEAD_MAX };
	bool sent;

	head_put(&head, response);
	head_end(&head);
	sent = transport_write(transport, head.data, head.length);
	transport_mute(transport, request->method == HTTP_HEAD);
	return sent;
}

bool http_stream_write(struct transport *transport, const void *data, size_t length)
{
	return transport_muted(transport) || transport_write(transport, data, length);
}

bool http_stream_end(struct transport *transport)
{
	return transport_finish(transport);
}

bool http_gone(const struct transport *transport)
{
	return transport_gone(transport);
}

void http_stream_cut(struct transport *transport)
{
	transport_cut(transport);
}
