/* The records of records.h. Must be used between libfcgi's records alone, never within one. */
#include "http/records.h"

#include <errno.h>
#include <fastcgi.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* A multiple of 8, as the specification wants it for speed. */
#define CONTENT_MAX ((size_t)65528)

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

/* Sends both parts wholly; false on any error, the socket's time limit too. */
static bool parts_send(int fd, struct iovec parts[2])
{
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	while (parts[0].iov_len + parts[1].iov_len > 0) {
		ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return false;
		for (int i = 0; i < 2 && sent > 0; i++) {
			size_t here = (size_t)sent < parts[i].iov_len ? (size_t)sent : parts[i].iov_len;

			parts[i].iov_base = (char *)parts[i].iov_base + here;
			parts[i].iov_len -= here;
			sent -= (ssize_t)here;
		}
	}
	return true;
}

bool records_send_answer(int fd, uint16_t id, const void *data, size_t length)
{
	/* sendmsg() only reads what its vector, which has no const, points at */
	union { const void *given; char *bytes; } from = { .given = data };

	while (length > 0) {
		size_t here = length < CONTENT_MAX ? length : CONTENT_MAX;
		FCGI_Header header = header_make(FCGI_STDOUT, id, here);
		struct iovec parts[2] = { { &header, sizeof header }, { from.bytes, here } };

		if (!parts_send(fd, parts))
			return false;
		from.bytes += here;
		length -= here;
	}
	return true;
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
