/* Whole connections: the bytes are sent to the socket, what comes of them is served. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "http/http.h"

#define SENT_MAX 65536 /* what a socket takes before anybody reads */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static struct transport *transport;
static struct arena *arena;

static void start(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	/* an abstract name: nothing is left behind */
	socklen_t length = sizeof address;

	/* bound without a name, the kernel gives one */
	if (bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)) != 0 || listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		abort();
	transport = transport_new(fd);
	arena = arena_new();
	log_set_level(LOG_ERROR_LEVEL);
}

static void serve(void)
{
	struct http_response response = { .status = 200, .content_type = "text/plain" };
	struct http_request request;

	http_read(transport, "/", arena, &request);
	assert(request.body_length <= HTTP_BODY_MAX);
	if (request.method == HTTP_OTHER) {
		http_stream_begin(transport, &request, &response);
		http_stream_write(transport, request.path, 1);
		http_stream_cut(transport);
	} else {
		http_send(transport, &request, &response, request.body, request.body_length);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	socklen_t length = sizeof(sa_family_t) + 6;
	char answer[4096];
	int client;

	if (size > SENT_MAX)
		return -1;
	if (transport == NULL)
		start();
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	if (connect(client, (struct sockaddr *)&address, length) != 0)
		abort();
	if (size > 0 && send(client, data, size, MSG_NOSIGNAL) != (ssize_t)size)
		abort();
	/* the end is there, so that no time limit is waited for */
	shutdown(client, SHUT_WR);
	if (transport_accept(transport, NULL, -1) == 1)
		serve();
	arena_reset(arena);
	while (read(client, answer, sizeof answer) > 0)
		;
	close(client);
	return 0;
}
