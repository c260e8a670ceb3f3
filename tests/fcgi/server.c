/* A FastCGI application of the library's http part alone, for tests/fcgi/run.
 *
 *	server SOCKET [BASE [WORKERS]]
 *
 * /echo           what was parsed, as text (also for every other path, and with an error)
 * /big?size=N     a buffered body of N bytes
 * /stream?size=N&chunk=N&end=end|cut|kill|leave   a stream of N bytes, and how it ends
 * /sleep?ms=N     an answer after a while */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "http/http.h"

#define WORKERS_MAX 8

static volatile sig_atomic_t ended;

static void on_term(int signal_number)
{
	(void)signal_number;
	ended = 1;
}

static size_t number(const struct http_request *request, const char *name, size_t otherwise)
{
	const char *text = http_query(request, name);

	return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

static void put_parameters(struct buf *buf, const char *kind, const struct http_parameter *list, size_t count)
{
	buf_printf(buf, "%s_count=%zu\n", kind, count);
	for (size_t i = 0; i < count; i++)
		buf_printf(buf, "%s %s=%s%s\n", kind, list[i].name, list[i].value, list[i].utf8 ? "" : " (broken)");
}

static void echo(struct transport *transport, const struct http_request *request, enum error error)
{
	struct http_response response = { .status = error_status(error), .content_type = "text/plain" };
	const char *cookie = http_cookie(request, "tenantry");
	BUF_AUTO buf;

	buf_init(&buf, (size_t)1 << 20);
	buf_printf(&buf, "error=%s\npid=%d\nmethod=%s\npath=%s\nquery=%s\naddress=%s\nid=%s\n", error_id(error),
		(int)getpid(), request->method_text, request->path, request->query, request->address,
		request->request_id);
	buf_printf(&buf, "cookie=%s\nagent=%s\nprivate=%d\nbody_length=%zu\n", cookie != NULL ? cookie : "(none)",
		request->agent, request->private_location, request->body_length);
	put_parameters(&buf, "query", request->query_parameters, request->query_count);
	put_parameters(&buf, "form", request->form, request->form_count);
	http_header(&response, "X-Request-Id", request->request_id);
	http_send(transport, request, &response, buf.data, buf.length);
}

static void stream(struct transport *transport, const struct http_request *request)
{
	struct http_response response = { .status = 200, .content_type = "application/octet-stream" };
	size_t size = number(request, "size", 1 << 20), chunk = number(request, "chunk", 65536);
	const char *end = http_query(request, "end");
	char *data = malloc(chunk);
	bool sent;

	memset(data, 'x', chunk);
	sent = http_stream_begin(transport, request, &response);
	for (size_t done = 0; done < size && sent; done += chunk)
		sent = http_stream_write(transport, data, size - done < chunk ? size - done : chunk);
	free(data);
	if (!sent)
		log_warn("the client has gone");
	if (!sent || (end != NULL && strcmp(end, "cut") == 0)) {
		http_stream_cut(transport);
	} else if (end != NULL && strcmp(end, "kill") == 0) {
		usleep(100000);
		kill(getpid(), SIGKILL);
	} else if (end == NULL || strcmp(end, "leave") != 0) {
		http_stream_end(transport);
	}
}

static void serve(struct transport *transport, const char *base, struct arena *arena)
{
	struct http_request request;
	enum error error = http_read(transport, base, arena, &request);

	if (error != ERR_NONE || strncmp(request.path, "/echo", 5) == 0) {
		echo(transport, &request, error);
	} else if (strcmp(request.path, "/big") == 0) {
		struct http_response response = { .status = 200, .content_type = "text/plain" };
		size_t size = number(&request, "size", 40000);
		char *body = malloc(size + 1);

		memset(body, 'b', size);
		http_send(transport, &request, &response, body, size);
		free(body);
	} else if (strcmp(request.path, "/stream") == 0) {
		stream(transport, &request);
	} else {
		if (strcmp(request.path, "/sleep") == 0)
			usleep((useconds_t)number(&request, "ms", 0) * 1000);
		echo(transport, &request, error);
	}
}

static int work(int fd, const char *base, const sigset_t *waiting)
{
	struct transport *transport = transport_new(fd);
	struct arena *arena = arena_new();

	if (transport == NULL)
		return 1;
	while (!ended) {
		if (transport_accept(transport, waiting, 1000) == 1)
			serve(transport, base, arena);
		arena_reset(arena);
	}
	transport_free(transport);
	arena_free(arena);
	return 0;
}

static pid_t start(int fd, const char *base, const sigset_t *waiting)
{
	pid_t pid = fork();

	if (pid == 0)
		exit(work(fd, base, waiting)); /* not _exit(): a sanitizer looks for leaks */
	return pid;
}

int main(int argc, char **argv)
{
	const char *base = argc > 2 ? argv[2] : "/";
	int count = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;
	struct sigaction action = { .sa_handler = on_term };
	pid_t workers[WORKERS_MAX];
	sigset_t blocked, waiting;
	bool failed = false;
	int fd;

	if (argc < 2 || count < 1 || count > WORKERS_MAX)
		return 2;
	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &waiting);
	fd = transport_listen(argv[1], "", 0);
	if (fd >= 0 && !transport_publish(argv[1]))
		fd = -1;
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	for (int i = 0; i < count; i++)
		workers[i] = start(fd, base, &waiting);
	sigprocmask(SIG_UNBLOCK, &blocked, NULL);
	puts("listening");
	fflush(stdout);
	/* the parent does nothing but start children again: kill -9 is part of the tests */
	while (!ended) {
		int status = 0;
		pid_t pid = waitpid(-1, &status, 0);

		failed |= pid > 0 && ((WIFEXITED(status) && WEXITSTATUS(status) != 0) ||
			(WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL));
		for (int i = 0; i < count && pid > 0 && !ended; i++) {
			if (workers[i] == pid) {
				sigprocmask(SIG_BLOCK, &blocked, NULL);
				workers[i] = start(fd, base, &waiting);
				sigprocmask(SIG_UNBLOCK, &blocked, NULL);
			}
		}
	}
	for (int i = 0; i < count; i++)
		kill(workers[i], SIGTERM);
	for (int status; waitpid(-1, &status, 0) > 0;)
		failed |= !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	return failed;
}
