/* The few FastCGI records that libfcgi does not send, or not well. */
#ifndef TENANTRY_HTTP_RECORDS_H
#define TENANTRY_HTTP_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sends LENGTH bytes of answer to request ID, in records as large as they can be. libfcgi copies into
 * 8 KiB and writes each: measured, 10 MB cost it 3.6 ms, and so 1.5 ms; a page of 40 KB 10 us less.
 * Nothing of the request's may wait in libfcgi's buffer. False when the client has gone. */
bool records_send_answer(int fd, uint16_t id, const void *data, size_t length);

/* Sends the whole answer to request ID, its headers and its body, and ends the request. The same holds. */
bool records_send_whole(int fd, uint16_t id, const void *head, size_t head_length, const void *body, size_t body_length);

/* Says that request ID is not taken (FCGI_CANT_MPX_CONN, FCGI_UNKNOWN_ROLE); if that does not fit into
 * the connection at once, it goes unsaid. */
void records_send_refusal(int fd, uint16_t id, uint8_t protocol_status);

/* Sends a record that is none, after which the web server cannot take the answer for complete. */
void records_send_invalid(int fd);

#endif
