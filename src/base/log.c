/* Log lines of log.h. Each is one write(2), so that lines of several processes do not mix. */
#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"

#define LINE_MAX_BYTES 2048

static enum log_level log_threshold = LOG_INFO_LEVEL;
static char log_request[65];

enum { ACCESS_OFF = -2, ACCESS_STDERR = -1 };
static int access_fd = ACCESS_STDERR;

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

/* Is standard error the journal? JOURNAL_STREAM alone does not tell: somebody may have sent it elsewhere since. */
static bool is_journal(void)
{
	static int known = -1;
	struct stat about;
	unsigned long long device, inode;

	if (known < 0) {
		const char *stream = getenv("JOURNAL_STREAM");
		known = stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
			fstat(STDERR_FILENO, &about) == 0 && about.st_dev == device && about.st_ino == inode;
	}
	return known > 0;
}

/* What the journal takes as the level of a line (sd-daemon(3)). */
static const char *const journal_marks[] = { "<3>", "<4>", "<6>", "<7>" };

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
	/* The journal has its own instants and levels. */
	if (!is_journal())
		clock_rfc3339(clock_now(), instant);
	int length = snprintf(line, sizeof line, "%s%s%s [%s] ", is_journal() ? journal_marks[level] : instant,
		is_journal() ? "" : " ", level_names[level], log_request[0] != '\0' ? log_request : "-");
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

bool log_access_open(const char *file)
{
	int fd = ACCESS_STDERR;

	if (strcmp(file, "off") == 0)
		fd = ACCESS_OFF;
	else if (*file != '\0' && (fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640)) < 0)
		return false;
	if (access_fd >= 0)
		close(access_fd);
	access_fd = fd;
	return true;
}

bool log_access_wanted(void)
{
	return access_fd >= 0 || (access_fd == ACCESS_STDERR && log_threshold >= LOG_INFO_LEVEL);
}

void log_access(const char *json)
{
	const char *mark = access_fd < 0 && is_journal() ? journal_marks[LOG_INFO_LEVEL] : "";
	/* One write, which appends as a whole: lines of several processes do not mix. */
	const struct iovec parts[] = { { (char *)(uintptr_t)mark, strlen(mark) },
		{ (char *)(uintptr_t)json, strlen(json) }, { (char *)(uintptr_t)"\n", 1 } };

	if (!log_access_wanted())
		return;
	ssize_t ignored = writev(access_fd >= 0 ? access_fd : STDERR_FILENO, parts, 3);
	(void)ignored;
}
