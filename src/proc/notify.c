/* Datagrams to the service manager. Must never hold up the master: what cannot be sent at once is not sent. */
#include "proc/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static int notify_fd = -1;
static int64_t watchdog_ms;   /* half of what it may take; 0: there is none */
static int64_t fed_at;
static bool progressed;       /* since then */

static void notify_send(const char *text)
{
	if (notify_fd >= 0 && send(notify_fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		log_debug("the service manager is not told: %s", strerror(errno));
}

static void watchdog_begin(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (usec != NULL && (pid == NULL || strtol(pid, NULL, 10) == (long)getpid()))
		watchdog_ms = strtoll(usec, NULL, 10) / 2000;
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void notify_begin(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t length = path != NULL ? strlen(path) : 0;

	if (length >= 2 && length < sizeof address.sun_path && (*path == '/' || *path == '@')) {
		memcpy(address.sun_path, path, length);
		if (*path == '@')
			address.sun_path[0] = '\0';
		notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (notify_fd >= 0 && connect(notify_fd, (struct sockaddr *)&address,
				(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) != 0) {
			log_warn("NOTIFY_SOCKET cannot be used: %s", strerror(errno));
			close(notify_fd);
			notify_fd = -1;
		}
	}
	unsetenv("NOTIFY_SOCKET");
	watchdog_begin();
}

void notify_ready(int workers, const char *remark)
{
	char text[128];

	snprintf(text, sizeof text, "READY=1\nSTATUS=Serving with %d workers%s", workers, remark);
	notify_send(text);
}

void notify_reloading(void)
{
	char text[64];

	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_monotonic_us());
	notify_send(text);
}

void notify_stopping(void)
{
	notify_send("STOPPING=1\nSTATUS=Finishing the requests at hand");
}

void notify_alive(int64_t now, bool progress)
{
	progressed |= progress;
	if (watchdog_ms == 0 || !progressed || now - fed_at < watchdog_ms)
		return;
	notify_send("WATCHDOG=1");
	fed_at = now;
	progressed = false;
}
