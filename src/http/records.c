/* The records of records.h. Must be used between libfcgi's records alone, never within one. */
#include "http/records.h"

#include <errno.h>
#include <fastcgi.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* A multiple of 8, as the specification wants it for speed. */
#define CONTENT_MAX ((size_t)65528)

#define GATHERED_MAX 8

static FCGI_Header header_make(uint8_t type, uint16_t id, size_t length)
{
	return (FCGI_Header){
		.version = FCGI_VERSION_1,
		.type = type,
		.requestIdB1 = (uint8_t)(id >> 8),
		.requestIdB0 = (uint8_t)id,
		.contentLengthB1 = (uint8_t)(length >> 8),
		.contentLengthB0 = (uint8_t)length,
	};
}

/* Records that are sent together: the web server wakes for each write. */
struct gathered {
	int fd;
	uint16_t id;
	FCGI_Header headers[GATHERED_MAX];
	struct iovec parts[2 * GATHERED_MAX];
	int records, count; /* count: parts */
	bool failed;
};

/* Sends what is gathered wholly; it fails on any error, the socket's time limit too. */
static void gathered_send(struct gathered *gathered)
{
	struct iovec *part = gathered->parts, *end = part + gathered->count;

	while (part < end && !gathered->failed) {
		struct msghdr message = { .msg_iov = part, .msg_iovlen = (size_t)(end - part) };
		ssize_t sent = sendmsg(gathered->fd, &message, MSG_NOSIGNAL);

		gathered->failed = sent < 0 && errno != EINTR;
		for (; part < end && sent >= (ssize_t)part->iov_len; part++)
			sent -= (ssize_t)part->iov_len;
		if (part < end && sent > 0) {
			part->iov_base = (char *)part->iov_base + sent;
			part->iov_len -= (size_t)sent;
		}
	}
	gathered->records = gathered->count = 0;
}

/* Adds a record of the request, whose content must stay until it is sent. */
static void gathered_add(struct gathered *gathered, uint8_t type, const void *data, size_t length)
{
	/* sendmsg() only reads what its vector, which has no const, points at */
	union { const void *given; void *bytes; } from = { .given = data };
	FCGI_Header *header = &gathered->headers[gathered->records++];

	*header = header_make(type, gathered->id, length);
	gathered->parts[gathered->count++] = (struct iovec){ header, sizeof *header };
	if (length > 0)
		gathered->parts[gathered->count++] = (struct iovec){ from.bytes, length };
	if (gathered->records == GATHERED_MAX)
		gathered_send(gathered);
}

static void gathered_add_answer(struct gathered *gathered, const void *data, size_t length)
{
	const char *bytes = data;

	for (size_t here; length > 0; bytes += here, length -= here) {
		here = length < CONTENT_MAX ? length : CONTENT_MAX;
		gathered_add(gathered, FCGI_STDOUT, bytes, here);
	}
}

bool records_send_answer(int fd, uint16_t id, const void *data, size_t length)
{
	struct gathered gathered = { .fd = fd, .id = id };

	gathered_add_answer(&gathered, data, length);
	gathered_send(&gathered);
	return !gathered.failed;
}

bool records_send_whole(int fd, uint16_t id, const void *head, size_t head_length, const void *body, size_t body_length)
{
	static const FCGI_EndRequestBody complete = { .protocolStatus = FCGI_REQUEST_COMPLETE };
	struct gathered gathered = { .fd = fd, .id = id };

	gathered_add_answer(&gathered, head, head_length);
	gathered_add_answer(&gathered, body, body_length);
	gathered_add(&gathered, FCGI_STDOUT, NULL, 0);
	gathered_add(&gathered, FCGI_END_REQUEST, &complete, sizeof complete);
	gathered_send(&gathered);
	return !gathered.failed;
}

void records_send_refusal(int fd, uint16_t id, uint8_t protocol_status)
{
	FCGI_EndRequestRecord record = {
		.header = header_make(FCGI_END_REQUEST, id, sizeof record.body),
		.body = { .protocolStatus = protocol_status },
	};

	send(fd, &record, sizeof record, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void records_send_invalid(int fd)
{
	/* version 0: a connection that just closed would be complete to nginx */
	static const FCGI_Header invalid;

	send(fd, &invalid, sizeof invalid, MSG_NOSIGNAL);
}
