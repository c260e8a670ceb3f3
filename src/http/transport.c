/* One FastCGI connection after the other, through libfcgi.
 *
 * Owns the listening socket and the connection at hand. The connection is accepted here and not by
 * libfcgi, which would wait without limit; what it reads has passed screen.c. Must never keep a
 * connection open after its request, and must leave the process's signal handlers as they were. */
#include "http/transport.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/http.h"
#include "http/records.h"
#include "http/screen.h"

#define READ_WHOLE_MS 10000 /* from accepting to the last byte of the request */
#define READ_IDLE_MS 3000   /* without a byte */
#define READ_TIMEOUT 5      /* seconds, should libfcgi read after all */
#define WRITE_TIMEOUT 60    /* seconds in which the web server takes nothing */
#define LIBRARY_BUFFER 8192 /* bytes that libfcgi gathers before it writes */
#define DISCARD_MAX ((size_t)16 << 20) /* of a body that is too large */

/* Holds a request whole: parameters, body, and the headers and padding of its records. */
#define INPUT_SIZE (SCREEN_PARAMS_MAX + HTTP_BODY_MAX + 65536)

struct transport {
	int listener;
	int connection; /* -1: none */
	FCGX_Request request;
	struct screen screen;
	uint8_t *input; /* INPUT_SIZE bytes; pages that no request needs are never touched */
	char *body;     /* HTTP_BODY_MAX + 1 bytes */
	size_t body_length;
	bool failed;    /* a write failed: the client has gone */
	bool muted;
};

/* libfcgi's initialisation puts handlers of its own on these, without SA_RESTART. */
static const int taken_signals[] = { SIGPIPE, SIGUSR1, SIGTERM };
#define TAKEN (sizeof taken_signals / sizeof taken_signals[0])

static int library_init(void)
{
	struct sigaction before[TAKEN];
	int failed;

	for (size_t i = 0; i < TAKEN; i++)
		sigaction(taken_signals[i], NULL, &before[i]);
	failed = FCGX_Init();
	/* a web server that has gone is an error of write(), not a signal */
	if (before[0].sa_handler == SIG_DFL)
		before[0].sa_handler = SIG_IGN;
	for (size_t i = 0; i < TAKEN; i++)
		sigaction(taken_signals[i], &before[i], NULL);
	return failed;
}

struct transport *transport_new(int fd)
{
	struct transport *transport = calloc(1, sizeof *transport);

	if (transport == NULL)
		return NULL;
	transport->listener = fd;
	transport->connection = -1;
	transport->input = malloc(INPUT_SIZE);
	transport->body = malloc(HTTP_BODY_MAX + 1);
	FCGX_InitRequest(&transport->request, -1, 0);
	if (transport->input == NULL || transport->body == NULL || library_init() != 0 ||
	    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0) {
		transport->listener = -1;
		transport_free(transport);
		return NULL;
	}
	return transport;
}

void transport_free(struct transport *transport)
{
	if (transport == NULL)
		return;
	transport_cut(transport);
	if (transport->listener >= 0)
		close(transport->listener);
	free(transport->input);
	free(transport->body);
	free(transport);
}

static void connection_close(struct transport *transport)
{
	if (transport->connection >= 0)
		close(transport->connection);
	transport->connection = -1;
}

/* The size of the record that begins at BYTES; 0 when it is not here whole. */
static size_t record_here(const uint8_t *bytes, size_t length)
{
	size_t size = length < SCREEN_HEADER ? SIZE_MAX : screen_record_size(bytes);

	return size <= length ? size : 0;
}

/* Is the request whole in what has come so far, so that libfcgi can read it from the connection? */
static bool input_peek(struct transport *transport)
{
	ssize_t got = recv(transport->connection, transport->input, INPUT_SIZE, MSG_PEEK | MSG_DONTWAIT);
	size_t offset = 0, size, length = got > 0 ? (size_t)got : 0;
	enum screen_verdict verdict = SCREEN_KEEP;

	transport->screen = (struct screen){ .id = 0 };
	while (verdict == SCREEN_KEEP && (size = record_here(transport->input + offset, length - offset)) > 0) {
		if (screen_padding_lost(transport->input + offset))
			return false;
		verdict = screen_record(&transport->screen, transport->input + offset);
		offset += size;
	}
	return verdict == SCREEN_LAST;
}

/* Receives up to LENGTH bytes before DEADLINE; 0 when none came (the end, too late, an error). */
static size_t input_receive(struct transport *transport, void *data, size_t length, int64_t deadline)
{
	struct pollfd wait = { .fd = transport->connection, .events = POLLIN };

	for (;;) {
		ssize_t got = recv(transport->connection, data, length, MSG_DONTWAIT);
		int64_t left = deadline - clock_monotonic_ms();

		if (got >= 0 || (errno != EAGAIN && errno != EINTR))
			return got > 0 ? (size_t)got : 0;
		if (left <= 0)
			return 0;
		if (poll(&wait, 1, left < READ_IDLE_MS ? (int)left : READ_IDLE_MS) == 0)
			return 0;
	}
}

/* Takes COUNT bytes at AT out of the *LENGTH bytes that are here. */
static void input_remove(struct transport *transport, size_t at, size_t count, size_t *length)
{
	*length -= count;
	memmove(transport->input + at, transport->input + at + count, *length - at);
}

/* Judges the records that are here, from *KEPT on: takes out what is not for libfcgi, answers what has
 * an answer. Returns NULL when the request is whole (*DONE) or more must come, else why it is refused. */
static const char *input_judge(struct transport *transport, size_t *kept, size_t *length, bool *done)
{
	size_t size;

	while (!*done && (size = record_here(transport->input + *kept, *length - *kept)) > 0) {
		uint8_t *record = transport->input + *kept;
		enum screen_verdict verdict = screen_record(&transport->screen, record);

		switch (verdict) {
		case SCREEN_KEEP:
		case SCREEN_LAST:
			*kept += size - record[6];
			input_remove(transport, *kept, record[6], length);
			record[6] = 0; /* no padding any more */
			*done = verdict == SCREEN_LAST;
			continue;
		case SCREEN_MULTIPLEX:
			records_send_refusal(transport->connection, screen_record_id(record), FCGI_CANT_MPX_CONN);
			break;
		case SCREEN_DROP:
			break;
		case SCREEN_ROLE:
			records_send_refusal(transport->connection, transport->screen.id, FCGI_UNKNOWN_ROLE);
			return "a role other than Responder";
		case SCREEN_ABORT:
			return "given up by the web server";
		default:
			return "a record that is not valid";
		}
		input_remove(transport, *kept, size, length);
	}
	/* said at once, not when the length that another protocol seems to tell has come */
	if (!*done && *length > *kept && transport->input[*kept] != FCGI_VERSION_1)
		return "this is not FastCGI";
	return NULL;
}

/* Takes a request that comes in pieces, or is more than the usual, off the connection until it is whole.
 * Returns NULL with *LENGTH bytes for libfcgi to read in `input`, or why it is refused. */
static const char *input_take(struct transport *transport, size_t *length)
{
	int64_t deadline = clock_monotonic_ms() + READ_WHOLE_MS;
	size_t kept = 0, got, total = 0;
	const char *reason;
	bool done = false;

	transport->screen = (struct screen){ .id = 0 };
	*length = 0;
	while (!done) {
		if (*length == INPUT_SIZE || total > DISCARD_MAX)
			return "more than is taken";
		got = input_receive(transport, transport->input + *length, INPUT_SIZE - *length, deadline);
		if (got == 0)
			return total == 0 ? "nothing was sent" : "it was not sent whole in time";
		total += got;
		*length += got;
		reason = input_judge(transport, &kept, length, &done);
		if (reason != NULL)
			return reason;
	}
	*length = kept;
	return NULL;
}

/* A file in memory with what input_take() kept, for libfcgi to read. */
static int input_file(const struct transport *transport, size_t length)
{
	int fd = memfd_create("request", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (write(fd, transport->input, length) == (ssize_t)length && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Lets libfcgi read the request whole from FD. */
static bool library_read(struct transport *transport, int fd)
{
	FCGX_Request *request = &transport->request;
	const struct screen *screen = &transport->screen;
	unsigned params = 0;
	int got;

	/* With a connection of ours set as one that is kept, FCGX_Accept_r() goes on with it; having no
	 * listener it cannot go on to another. Detached means closed without waiting for the peer. */
	FCGX_InitRequest(request, -1, 0);
	request->ipcFd = fd;
	request->keepConnection = 1;
	FCGX_Detach(request);
	if (FCGX_Accept_r(request) != 0)
		return false;
	request->keepConnection = 0;
	/* One more than the body can be, so that the record which ends it is read too: closing with bytes
	 * unread would reset the connection under the answer. */
	got = FCGX_GetStr(transport->body, HTTP_BODY_MAX + 1, request->in);
	transport->body_length = got > 0 ? (size_t)got : 0;
	if (FCGX_GetError(request->in) != 0 || transport->body_length > HTTP_BODY_MAX)
		return false;
	/* what libfcgi made of the bytes must be what they were let through for; it adds FCGI_ROLE */
	while (request->envp[params] != NULL)
		params++;
	return params == screen->pairs + 1 &&
		(screen->body_too_large || transport->body_length == screen->body_length);
}

/* Reads the request on the connection that has just been accepted; NULL, or why it is refused. */
static const char *request_read(struct transport *transport)
{
	struct pollfd wait = { .fd = transport->connection, .events = POLLIN };
	const char *reason;
	bool read_it;
	size_t length;
	int fd;

	/* often a worker has accepted before the web server comes to send */
	if (poll(&wait, 1, READ_IDLE_MS) <= 0)
		return "nothing was sent";
	/* Mostly all of it is here: web servers send the records of a request together. */
	if (input_peek(transport)) {
		read_it = library_read(transport, transport->connection);
		/* libfcgi closes what it cannot read */
		if (transport->request.ipcFd < 0)
			transport->connection = -1;
		return read_it ? NULL : "the library could not read it";
	}
	reason = input_take(transport, &length);
	if (reason != NULL)
		return reason;
	fd = input_file(transport, length);
	if (fd < 0)
		return strerror(errno);
	read_it = library_read(transport, fd);
	if (transport->request.ipcFd == fd)
		close(fd);
	transport->request.ipcFd = transport->connection;
	return read_it ? NULL : "the library could not read it";
}

/* A connection from the listener, or -1: another worker was faster, or the client had gone. */
static int listener_accept(const struct transport *transport)
{
	const struct timeval reading = { .tv_sec = READ_TIMEOUT }, writing = { .tv_sec = WRITE_TIMEOUT };
	int fd = accept4(transport->listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
			log_error("accepting a connection: %s", strerror(errno));
			/* out of descriptors or memory: leave it to others for a moment */
			poll(NULL, 0, 100);
		}
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &reading, sizeof reading);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &writing, sizeof writing);
	return fd;
}

int transport_accept(struct transport *transport, const void *sigset, int timeout_ms)
{
	struct pollfd wait = { .fd = transport->listener, .events = POLLIN };
	struct timespec timeout = { .tv_sec = timeout_ms / 1000, .tv_nsec = (long)(timeout_ms % 1000) * 1000000 };
	const char *reason;

	transport_cut(transport);
	if (ppoll(&wait, 1, timeout_ms < 0 ? NULL : &timeout, sigset) <= 0)
		return 0;
	transport->connection = listener_accept(transport);
	if (transport->connection < 0)
		return 0;
	transport->failed = transport->muted = false;
	transport->body_length = 0;
	reason = request_read(transport);
	if (reason == NULL)
		return 1;
	log_warn("a FastCGI connection was closed: %s", reason);
	transport_cut(transport);
	return -1;
}

const char *transport_param(const struct transport *transport, const char *name)
{
	return FCGX_GetParam(name, transport->request.envp);
}

static uid_t connection_peer(int connection)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.uid : (uid_t)-1;
}

void transport_input(const struct transport *transport, struct transport_input *input)
{
	transport->body[transport->body_length] = '\0';
	*input = (struct transport_input){
		.body = transport->body,
		.body_length = transport->body_length,
		.param_count = transport->screen.pairs,
		.body_too_large = transport->screen.body_too_large,
		.param_nul = transport->screen.nul,
		.peer = connection_peer(transport->connection),
	};
}

bool transport_write(struct transport *transport, const void *data, size_t length)
{
	FCGX_Stream *out = transport->request.out;

	if (transport->failed || transport->connection < 0)
		return false;
	if (length < LIBRARY_BUFFER)
		transport->failed = FCGX_PutStr(data, (int)length, out) != (int)length;
	else
		transport->failed = FCGX_FFlush(out) != 0 ||
			!records_send_answer(transport->connection, transport->screen.id, data, length);
	return !transport->failed;
}

/* Closes the connection, and frees libfcgi's streams without the records that would end them. */
static void connection_end(struct transport *transport)
{
	FCGX_Free(&transport->request, 0);
	transport->request.ipcFd = -1;
	connection_close(transport);
}

bool transport_answer(struct transport *transport, const void *head, size_t head_length, const void *body, size_t body_length)
{
	if (transport->failed || transport->connection < 0)
		return false;
	transport->failed = !records_send_whole(transport->connection, transport->screen.id, head, head_length, body, body_length);
	connection_end(transport);
	return !transport->failed;
}

bool transport_finish(struct transport *transport)
{
	FCGX_Request *request = &transport->request;

	if (transport->connection < 0)
		return false;
	if (transport->failed) {
		transport_cut(transport);
		return false;
	}
	/* in this order, so that the last bytes, the ends of the streams and of the request are one write */
	FCGX_FClose(request->err);
	transport->failed = FCGX_FClose(request->out) != 0;
	FCGX_Finish_r(request);
	transport->connection = -1;
	return !transport->failed;
}

void transport_cut(struct transport *transport)
{
	bool answering = transport->request.out != NULL;

	if (transport->connection < 0)
		return;
	if (answering && !transport->failed && FCGX_FFlush(transport->request.out) == 0)
		records_send_invalid(transport->connection);
	connection_end(transport);
}

bool transport_gone(const struct transport *transport)
{
	struct pollfd connection = { .fd = transport->connection };

	return transport->failed || (poll(&connection, 1, 0) == 1 && (connection.revents & (POLLHUP | POLLERR)) != 0);
}

void transport_mute(struct transport *transport, bool mute)
{
	transport->muted = mute;
}

bool transport_muted(const struct transport *transport)
{
	return transport->muted;
}
