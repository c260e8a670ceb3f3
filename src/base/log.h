/* Log lines to standard error: `LEVEL [request-id] message`, one line a call; and the access log.
 *
 * Control bytes in the message come out as \xNN, so that nobody can forge a line. Secrets are
 * never passed in: there is no redaction here. Lines to a terminal or a file begin with an RFC 3339
 * instant, those to the journal with the mark of their level ("<4>"), which it takes off. */
#ifndef TENANTRY_BASE_LOG_H
#define TENANTRY_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR_LEVEL, LOG_WARN_LEVEL, LOG_INFO_LEVEL, LOG_DEBUG_LEVEL };

void log_set_level(enum log_level level);

/* "error", "warn", "info", "debug"; false, and nothing changed, for another word. */
bool log_level_parse(const char *word, enum log_level *level);

/* The request ID that following lines carry; copied, at most 64 bytes; NULL for none. */
void log_set_request(const char *request_id);

/* That ID; "" for none. */
const char *log_request_id(void);

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Where log_access() writes from now on: a file that is opened for appending, "" for standard error as lines of
 * level info, "off" for nowhere. False, with errno, when the file cannot be opened: the place before stays. */
bool log_access_open(const char *file);

/* Is there anybody who reads it? */
bool log_access_wanted(void);

/* One line, JSON that its maker has escaped. */
void log_access(const char *json);

#define log_error(...) log_line(LOG_ERROR_LEVEL, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN_LEVEL, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO_LEVEL, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG_LEVEL, __VA_ARGS__)

#endif
