/* Tries from inside what a confined process must not be able to do, and what it must: confine.test.mjs says which.
 *
 *	confine_probe CONFIG worker|housekeeper FOLDER
 *
 * FOLDER has a file "file" and is no business of the process. Prints a line for each attempt: what, and "done" or the error. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "db/db.h"
#include "proc/confine.h"

extern char **environ;

static void say(const char *what, bool done)
{
	printf("%s: %s\n", what, done ? "done" : strerrorname_np(errno));
}

static void say_fd(const char *what, int fd)
{
	say(what, fd >= 0);
	if (fd >= 0)
		close(fd);
}

static bool spawned(const char *program)
{
	char *const arguments[] = { (char *)(uintptr_t)program, NULL };
	pid_t pid;
	int status = 0, error = posix_spawn(&pid, program, NULL, NULL, arguments, environ);

	if (error == 0)
		waitpid(pid, &status, 0);
	errno = error;
	return error == 0;
}

/* A socket that has connected; -1 with errno. */
static int connected(int family, int type, const void *address, socklen_t length)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, address, length) != 0) {
		int error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static void try_files(const char *folder, const struct config *config)
{
	char file[4096], other[4096], mail[4096];

	snprintf(file, sizeof file, "%s/file", folder);
	snprintf(other, sizeof other, "%s/other", folder);
	snprintf(mail, sizeof mail, "%s/probe", config->mail_dir);
	say_fd("read a file", open(file, O_RDONLY));
	say_fd("write to a file", open(file, O_WRONLY));
	say_fd("make a file", open(other, O_WRONLY | O_CREAT, 0600));
	say_fd("list a folder", open(folder, O_RDONLY | O_DIRECTORY));
	say("rename a file", rename(file, other) == 0);
	say("remove a file", unlink(file) == 0);
	say("change a file's rights", chmod(file, 0777) == 0);
	say_fd("put a message into mail_dir", open(mail, O_WRONLY | O_CREAT, 0600));
	unlink(mail);
}

/* What others listen on: made before this process is confined. */
struct others {
	struct sockaddr_in inet;
	struct sockaddr_un abstract; /* its name is one that the kernel chooses */
	socklen_t abstract_length;
};

static bool others_listen(struct others *others)
{
	socklen_t length = sizeof others->inet;
	int inet = socket(AF_INET, SOCK_STREAM, 0), abstract = socket(AF_UNIX, SOCK_STREAM, 0);

	*others = (struct others){ .inet = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
		.abstract.sun_family = AF_UNIX, .abstract_length = sizeof others->abstract };
	return bind(inet, (struct sockaddr *)&others->inet, length) == 0 && listen(inet, 8) == 0 &&
		getsockname(inet, (struct sockaddr *)&others->inet, &length) == 0 &&
		bind(abstract, (struct sockaddr *)&others->abstract, sizeof(sa_family_t)) == 0 && listen(abstract, 8) == 0 &&
		getsockname(abstract, (struct sockaddr *)&others->abstract, &others->abstract_length) == 0;
}

static void try_network(const struct others *others)
{
	say_fd("connect to another port", connected(AF_INET, SOCK_STREAM, &others->inet, sizeof others->inet));
	say_fd("connect over UDP", connected(AF_INET, SOCK_DGRAM, &others->inet, sizeof others->inet));
	say_fd("make a raw socket", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	say_fd("connect to an abstract socket", connected(AF_UNIX, SOCK_STREAM, &others->abstract, others->abstract_length));
}

static void try_processes(void)
{
	char *const arguments[] = { (char *)(uintptr_t)"true", NULL };

	say("start a program", spawned("/bin/true"));
	say("become a program", execve("/bin/true", arguments, environ) == 0);
	say("signal another process", kill(getppid(), 0) == 0);
	say("trace another process", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
	say("make memory that is written and run", mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
		!= MAP_FAILED);
	say("become root", setuid(0) == 0);
}

static void try_needs(const struct config *config)
{
	struct db *db = db_new(config);
	unsigned version;

	errno = EIO;
	say("connect to the database", db_schema_version(db, &version) == ERR_NONE);
	db_close(db);
	say("read a time zone", clock_zone_known("America/New_York"));
}

int main(int argc, char **argv)
{
	struct config config;
	struct others others;

	if (argc != 4 || config_load(argv[1], &config, stderr) > 0 || !others_listen(&others))
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!confine(&config, strcmp(argv[2], "worker") == 0 ? CONFINE_WORKER : CONFINE_HOUSEKEEPER))
		return 1;
	try_needs(&config);
	try_files(argv[3], &config);
	try_network(&others);
	try_processes();
	config_free(&config);
	return 0;
}
