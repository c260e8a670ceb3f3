/* The bytes of a message (mail.h): headers, encoded words, two quoted-printable parts. What is put into a header is encoded here unless it
 * is plain, so that no name can end a line. */
#include "mail/mail.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "base/id.h"

#define QP_LINE 76
#define WORD_BYTES 42 /* of text in one encoded word: 56 characters of base64 and 12 around them */

static bool plain_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '\'';
}

/* Letters, digits and blanks, short enough for one line: needs no encoding in a subject or a display name. */
static bool is_plain(const char *text)
{
	size_t length = 0;
	while (plain_char((unsigned char)text[length]))
		length++;
	return text[length] == '\0' && length <= 60;
}

/* How many bytes of TEXT go into one encoded word: whole characters. */
static size_t word_length(const char *text)
{
	size_t length = strnlen(text, WORD_BYTES);
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

/* TEXT as it may stand in a header (RFC 2047), folded. */
static void header_text(struct buf *out, const char *text)
{
	char word[WORD_BYTES * 2];
	if (is_plain(text)) {
		buf_puts(out, text);
		return;
	}
	for (size_t length; (length = word_length(text)) > 0; text += length) {
		sodium_bin2base64(word, sizeof word, (const unsigned char *)text, length, sodium_base64_VARIANT_ORIGINAL);
		buf_printf(out, "=?UTF-8?B?%s?=%s", word, text[length] != '\0' ? "\r\n " : "");
	}
}

static void header_address(struct buf *out, const char *field, const char *name, const char *address)
{
	buf_printf(out, "%s: ", field);
	if (name != NULL && *name != '\0') {
		header_text(out, name);
		buf_puts(out, "\r\n ");
	}
	buf_printf(out, "<%s>\r\n", address);
}

/* RFC 5322, in UTC; strftime() would speak the language of the process. */
static void header_date(struct buf *out, int64_t seconds)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tm t;
	time_t at = (time_t)seconds;
	gmtime_r(&at, &t);
	buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[t.tm_wday], t.tm_mday, months[t.tm_mon], t.tm_year + 1900,
		t.tm_hour, t.tm_min, t.tm_sec);
}

/* Must C at the end or inside of a line be written as =XX? */
static bool qp_encodes(unsigned char c, char next)
{
	if (c == ' ' || c == '\t')
		return next == '\n' || next == '\0';
	return c < 0x21 || c > 0x7e || c == '=';
}

static void part(struct buf *out, const char *boundary, const char *type, const char *text)
{
	size_t column = 0;
	buf_printf(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", boundary, type);
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\n') {
			buf_puts(out, "\r\n");
			column = 0;
			continue;
		}
		bool encodes = qp_encodes((unsigned char)*p, p[1]);
		size_t width = encodes ? 3 : 1;
		/* One place is kept for the "=" of a soft line end. */
		if (column + width > QP_LINE - 1) {
			buf_puts(out, "=\r\n");
			column = 0;
		}
		if (encodes)
			buf_printf(out, "=%02X", (unsigned char)*p);
		else
			buf_putc(out, *p);
		column += width;
	}
	buf_puts(out, "\r\n");
}

bool mail_format(const struct mail_message *message, struct buf *out)
{
	char boundary[SECRET_SIZE], id[SECRET_SIZE];
	const char *at = strrchr(message->from, '@');
	secret_make(boundary);
	secret_make(id);
	header_date(out, message->date);
	header_address(out, "From", message->from_name, message->from);
	header_address(out, "To", message->to_name, message->to);
	buf_puts(out, "Subject: ");
	header_text(out, message->subject);
	buf_printf(out, "\r\nMessage-ID: <%s@%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n", id,
		at != NULL ? at + 1 : "localhost");
	buf_printf(out, "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n", boundary);
	char marked[SECRET_SIZE + 2] = "=_";
	memcpy(marked + 2, boundary, sizeof boundary);
	part(out, marked, "text/plain", message->text);
	part(out, marked, "text/html", message->html);
	buf_printf(out, "--%s--\r\n", marked);
	return !out->overflow;
}
