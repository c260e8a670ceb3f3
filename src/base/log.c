/* Log lines of log.h. Each is one write(2), so that lines of several processes do not mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define LINE_MAX_BYTES 2048

static enum log_level log_threshold = LOG_INFO_LEVEL;
static char log_request[65];

static const char *const level_names[] = { "error", "warn", "info", "debug" };

void log_set_level(enum log_level level)
{
	log_threshold = level;
}

bool log_level_parse(const char *word, enum log_level *level)
{
	for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++) {
		if (strcmp(word, level_names[i]) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

void log_set_request(const char *request_id)
{
	snprintf(log_request, sizeof log_request, "%s", request_id != NULL ? request_id : "");
}

const char *log_request_id(void)
{
	return log_request;
}

void log_line(enum log_level level, const char *format, ...)
{
	if (level > log_threshold)
		return;

	char message[LINE_MAX_BYTES];
	va_list values;
	va_start(values, format);
	vsnprintf(message, sizeof message, format, values);
	va_end(values);

	char line[LINE_MAX_BYTES * 4 + 128];
	char instant[CLOCK_INSTANT_SIZE] = "";
	/* The journal has its own instants. */
	if (getenv("JOURNAL_STREAM") == NULL)
		clock_rfc3339(clock_now(), instant);
	int length = snprintf(line, sizeof line, "%s%s%s [%s] ", instant, instant[0] != '\0' ? " " : "",
		level_names[level], log_request[0] != '\0' ? log_request : "-");
	size_t used = length > 0 ? (size_t)length : 0;
	for (const unsigned char *p = (const unsigned char *)message; *p != '\0'; p++) {
		if (*p < 0x20 || *p == 0x7f)
			used += (size_t)snprintf(line + used, 5, "\\x%02x", *p);
		else
			line[used++] = (char)*p;
	}
	line[used++] = '\n';
	/* Nothing can be done when standard error is gone. */
	ssize_t ignored = write(STDERR_FILENO, line, used);
	(void)ignored;
}
