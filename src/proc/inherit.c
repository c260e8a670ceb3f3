/* Finds or makes the listening socket. Must never close or unlink one that it was given. */
#include "proc/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "http/http.h"

#define SYSTEMD_FD 3

static bool listens(int fd)
{
	int value = 0;
	socklen_t size = sizeof value;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

/* Does the environment speak of exactly this process and of descriptors for it? */
static bool systemd_gave(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	bool gave = pid != NULL && fds != NULL && strtol(pid, NULL, 10) == (long)getpid() && strtol(fds, NULL, 10) >= 1;

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return gave;
}

static int inherit(int fd)
{
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0) {
		log_error("the inherited socket cannot be used: %s", strerror(errno));
		return -1;
	}
	return fd;
}

int listen_open(const struct config *config, bool *inherited)
{
	*inherited = true;
	if (systemd_gave()) {
		if (listens(SYSTEMD_FD))
			return inherit(SYSTEMD_FD);
		log_error("LISTEN_FDS speaks of a socket, but descriptor 3 does not listen");
		return -1;
	}
	if (listens(STDIN_FILENO)) {
		/* Away from 0, so that nothing that reads standard input meets it. */
		int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), null = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO) {
			close(null);
			return inherit(fd);
		}
		log_error("the inherited socket cannot be used: %s", strerror(errno));
		return -1;
	}
	*inherited = false;
	int fd = transport_listen(config->socket, config->socket_group);
	if (fd < 0)
		log_error("no socket at %s: %s", config->socket, strerror(errno));
	return fd;
}
