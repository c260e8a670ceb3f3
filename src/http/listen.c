/* Makes the listening socket. Must never take the place of a server that is running, but for one that was named,
 * nor of a file that is no socket. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/settings.h"
#include "http/http.h"

static int address_make(const char *path, struct sockaddr_un *address)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof address->sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address->sun_path, path, strlen(path));
	return 0;
}

/* Is it the process FORMER that listens where FD has connected to? */
static bool listens(int fd, pid_t former)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return former > 0 && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == former;
}

/* 0 when PATH is free, a socket that nobody listens on, or FORMER's. */
static int path_check(const char *path, const struct sockaddr_un *address, pid_t former)
{
	struct stat status;
	int fd, failed;

	if (lstat(path, &status) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISSOCK(status.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	failed = connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 ? errno : 0;
	bool replaced = failed == 0 && listens(fd, former);
	close(fd);
	if (failed == ECONNREFUSED || replaced)
		return 0;
	errno = failed == 0 || failed == EAGAIN ? EADDRINUSE : failed;
	return -1;
}

static int group_set(const char *path, const char *group)
{
	struct group *entry;

	if (group == NULL || *group == '\0')
		return 0;
	errno = 0;
	entry = getgrnam(group);
	if (entry == NULL) {
		errno = errno != 0 ? errno : EINVAL;
		return -1;
	}
	return chown(path, (uid_t)-1, entry->gr_gid);
}

/* The name that a socket has until all is ready, so that whoever finds it at its own is served. */
static void name_before(const char *path, char name[SETTINGS_SOCKET_MAX + 8])
{
	snprintf(name, SETTINGS_SOCKET_MAX + 8, "%s.new", path);
}

bool transport_publish(const char *path)
{
	char made[SETTINGS_SOCKET_MAX + 8];

	name_before(path, made);
	return rename(made, path) == 0;
}

void transport_withdraw(const char *path)
{
	char made[SETTINGS_SOCKET_MAX + 8];

	name_before(path, made);
	unlink(made);
}

int transport_listen(const char *path, const char *group, pid_t former)
{
	struct sockaddr_un address, temporary;
	char made[SETTINGS_SOCKET_MAX + 8];
	mode_t mask;
	int fd, bound, saved;

	name_before(path, made);
	if (address_make(path, &address) < 0 || address_make(made, &temporary) < 0 || path_check(path, &address, former) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	unlink(made);
	/* The mask, not chmod(): at no time may others connect. */
	mask = umask(0117);
	bound = bind(fd, (struct sockaddr *)&temporary, sizeof temporary);
	saved = errno;
	umask(mask);
	errno = saved;
	if (bound == 0 && group_set(made, group) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	saved = errno;
	if (bound == 0)
		unlink(made);
	close(fd);
	errno = saved;
	return -1;
}
