/* The judge of screen.h: one record after the other, by the FastCGI specification 1.0.
 *
 * Owns nothing and does no input or output, so that it can be fuzzed. Must never let a record
 * through that libfcgi would answer by itself or allocate for without bounds. */
#include "http/screen.h"

#include <fastcgi.h>

#include "http/http.h"

size_t screen_record_size(const uint8_t header[SCREEN_HEADER])
{
	return (size_t)SCREEN_HEADER + ((size_t)header[4] << 8 | header[5]) + header[6];
}

uint16_t screen_record_id(const uint8_t header[SCREEN_HEADER])
{
	return (uint16_t)(header[2] << 8 | header[3]);
}

bool screen_padding_lost(const uint8_t header[SCREEN_HEADER])
{
	return header[6] != 0 && (header[1] == FCGI_BEGIN_REQUEST || (header[4] == 0 && header[5] == 0));
}

static enum screen_verdict screen_begin(struct screen *screen, uint16_t id, const uint8_t *content, size_t length)
{
	if (id == 0 || length != sizeof(FCGI_BeginRequestBody))
		return SCREEN_BAD;
	if (screen->id != 0)
		return id == screen->id ? SCREEN_BAD : SCREEN_MULTIPLEX;
	screen->id = id;
	return (content[0] << 8 | content[1]) == FCGI_RESPONDER ? SCREEN_KEEP : SCREEN_ROLE;
}

/* Takes the first byte of a length, or a further one of a long length. */
static bool screen_length(struct screen *screen, uint8_t byte)
{
	if (screen->length_bytes == 0) {
		screen->length = byte & 0x7f;
		screen->length_bytes = (byte & 0x80) != 0 ? 3 : 0;
	} else {
		screen->length = screen->length << 8 | byte;
		screen->length_bytes--;
	}
	if (screen->length_bytes > 0)
		return true;
	if (screen->length > SCREEN_PARAMS_MAX)
		return false;
	screen->left += screen->length;
	if (screen->lengths++ == 0)
		screen->pairs++;
	return true;
}

/* Walks name-value pairs, which may run on over the ends of records. */
static bool screen_pairs(struct screen *screen, const uint8_t *content, size_t length)
{
	for (size_t i = 0; i < length;) {
		if (screen->lengths < 2) {
			if (!screen_length(screen, content[i++]))
				return false;
		} else {
			size_t here = length - i < screen->left ? length - i : screen->left;

			for (size_t k = 0; k < here; k++)
				screen->nul |= content[i + k] == 0;
			screen->left -= here;
			i += here;
		}
		if (screen->lengths == 2 && screen->left == 0)
			screen->lengths = 0;
	}
	return true;
}

static enum screen_verdict screen_params(struct screen *screen, const uint8_t *content, size_t length)
{
	if (screen->params_ended)
		return SCREEN_BAD;
	screen->params_length += length;
	if (screen->params_length > SCREEN_PARAMS_MAX || !screen_pairs(screen, content, length))
		return SCREEN_BAD;
	if (length == 0) {
		if (screen->lengths != 0 || screen->length_bytes != 0)
			return SCREEN_BAD;
		screen->params_ended = true;
	}
	return SCREEN_KEEP;
}

static enum screen_verdict screen_body(struct screen *screen, size_t length)
{
	if (!screen->params_ended)
		return SCREEN_BAD;
	if (length == 0)
		return SCREEN_LAST;
	screen->body_length += length;
	screen->body_too_large |= screen->body_length > HTTP_BODY_MAX;
	return screen->body_too_large ? SCREEN_DROP : SCREEN_KEEP;
}

enum screen_verdict screen_record(struct screen *screen, const uint8_t *record)
{
	const uint8_t *content = record + SCREEN_HEADER;
	size_t length = (size_t)record[4] << 8 | record[5];
	uint16_t id = screen_record_id(record);

	if (record[0] != FCGI_VERSION_1)
		return SCREEN_BAD;
	if (record[1] == FCGI_BEGIN_REQUEST)
		return screen_begin(screen, id, content, length);
	/* management records (ID 0): none of the web servers in use sends any */
	if (screen->id == 0 || id == 0)
		return SCREEN_BAD;
	if (id != screen->id)
		return SCREEN_DROP;
	switch (record[1]) {
	case FCGI_PARAMS:
		return screen_params(screen, content, length);
	case FCGI_STDIN:
		return screen_body(screen, length);
	case FCGI_ABORT_REQUEST:
		return SCREEN_ABORT;
	default:
		return SCREEN_BAD;
	}
}
