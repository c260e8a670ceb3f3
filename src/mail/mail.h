/* The only place that makes mail messages and knows libcurl (SMTP).
 *
 * A message is text and HTML of the same (RFC 5322, 2045, 2046, 2047). It goes to a server, or as an .eml file into a folder. Which one was
 * handed over wholly, and what came of it, is told exactly, so that the caller can send at most once. Never logs a message. */
#ifndef TENANTRY_MAIL_MAIL_H
#define TENANTRY_MAIL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct config;

#define MAIL_MESSAGE_MAX ((size_t)1024 * 1024)
#define MAIL_REASON_SIZE 300

struct mail_message {
	const char *from, *to;       /* addresses */
	const char *from_name, *to_name;
	const char *subject;
	const char *text, *html;     /* UTF-8, lines ended by LF */
	int64_t date;                /* seconds since 1970 */
};

/* Appends the whole message with CRLF lines. False when OUT overflowed. */
bool mail_format(const struct mail_message *message, struct buf *out);

/* MAIL_FAILED: it was not accepted, for sure. MAIL_UNANSWERED: all of it was handed over, and no answer came. */
enum mail_result { MAIL_SENT, MAIL_FAILED, MAIL_UNANSWERED };

/* Called once, just before the last bytes are handed over; false: stop, nothing is accepted then. */
typedef bool mail_handed_fn(void *arg);

/* To the server of CONFIG when it has one, else as a file NAME.eml into its mail_dir. Takes MAIL_SECONDS at most, and 15 more to take leave. REASON is set unless it was
 * sent; it may hold the server's words. */
#define MAIL_SECONDS 25
enum mail_result mail_deliver(const struct config *config, const char *from, const char *to, const char *name, const struct buf *message,
	mail_handed_fn *handed, void *arg, char reason[MAIL_REASON_SIZE]);

#endif
