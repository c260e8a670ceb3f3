/* Finds or makes the listening socket. Must never close or unlink one that it was given. */
#include "proc/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

/* How many descriptors the environment gives to exactly this process. */
static long systemd_gave(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	long gave = pid != NULL && fds != NULL && strtol(pid, NULL, 10) == (long)getpid() ? strtol(fds, NULL, 10) : 0;

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return gave < LISTENER__MAX ? gave : LISTENER__MAX;
}

static int inherit(int fd)
{
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0) {
		log_error("the inherited socket cannot be used: %s", strerror(errno));
		return -1;
	}
	return fd;
}

/* Descriptor 0, moved away from there so that nothing that reads standard input meets it. */
static int inherit_stdin(void)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, SYSTEMD_FD), null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO) {
		close(null);
		return inherit(fd);
	}
	log_error("the inherited socket cannot be used: %s", strerror(errno));
	return -1;
}

/* 0 when there is nothing at PATH. */
static ino_t path_inode(const char *path)
{
	struct stat about;

	return lstat(path, &about) == 0 ? about.st_ino : 0;
}

static void listen_at(const struct config *config, const char *path, pid_t former, struct listener *listener)
{
	*listener = (struct listener){ .fd = transport_listen(path, config->socket_group, former) };
	if (listener->fd < 0)
		log_error("no socket at %s: %s", path, strerror(errno));
}

static const char *listener_path(const struct config *config, int kind)
{
	return kind == LISTENER_PAGES ? config->socket : config->export_socket;
}

bool listeners_open(const struct config *config, pid_t former, struct listener listeners[LISTENER__MAX])
{
	long gave = systemd_gave();

	for (int i = 0; i < LISTENER__MAX; i++)
		listeners[i] = (struct listener){ .fd = -1 };
	for (int i = 0; i < LISTENER__MAX; i++) {
		struct listener *listener = &listeners[i];
		listener->inherited = true;
		if (i < gave && listens(SYSTEMD_FD + i)) {
			listener->fd = inherit(SYSTEMD_FD + i);
		} else if (i < gave) {
			log_error("LISTEN_FDS speaks of a socket, but descriptor %d does not listen", SYSTEMD_FD + i);
		} else if (i == LISTENER_PAGES && listens(STDIN_FILENO)) {
			listener->fd = inherit_stdin();
		} else if (*listener_path(config, i) != '\0') {
			listen_at(config, listener_path(config, i), former, listener);
		} else {
			listener->inherited = false;
			continue; /* no workers for downloads alone */
		}
		if (listener->fd < 0) {
			listeners_close(config, listeners);
			return false;
		}
	}
	return true;
}

bool listeners_publish(const struct config *config, struct listener listeners[LISTENER__MAX])
{
	for (int i = 0; i < LISTENER__MAX; i++) {
		const char *path = listener_path(config, i);
		if (listeners[i].fd < 0 || listeners[i].inherited)
			continue;
		if (!transport_publish(path)) {
			log_error("no socket at %s: %s", path, strerror(errno));
			return false;
		}
		listeners[i].inode = path_inode(path);
	}
	return true;
}

void listeners_close(const struct config *config, struct listener listeners[LISTENER__MAX])
{
	for (int i = 0; i < LISTENER__MAX; i++) {
		if (listeners[i].fd < 0)
			continue;
		/* Who connects from now on is told at once; who waits in the queue is still served. */
		if (!listeners[i].inherited && listeners[i].inode == 0)
			transport_withdraw(listener_path(config, i));
		else if (!listeners[i].inherited && path_inode(listener_path(config, i)) == listeners[i].inode)
			unlink(listener_path(config, i));
		close(listeners[i].fd);
		listeners[i].fd = -1;
	}
}

void listeners_drop(const struct listener listeners[LISTENER__MAX], enum listener_kind kept)
{
	for (int i = 0; i < LISTENER__MAX; i++) {
		if (listeners[i].fd >= 0 && i != (int)kept)
			close(listeners[i].fd);
	}
}
