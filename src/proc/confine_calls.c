/* System calls by seccomp (confine.h): a list of what may be done; all else fails with EPERM.
 *
 * Failing and not killing: a library that tries something new and has another way must find it. Must never allow what starts
 * a program, or what makes memory both writable and executable. */
#include "proc/confine.h"

#include <errno.h>

#ifdef HAVE_SECCOMP

#include <fcntl.h>
#include <seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET_TYPES 0xf /* beside it stand SOCK_CLOEXEC and SOCK_NONBLOCK */
#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

static const int common_calls[] = {
	/* descriptors that are there */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fcntl),
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select),
	SCMP_SYS(pselect6), SCMP_SYS(memfd_create),
	/* connections; of what kind is said with socket() */
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(connect), SCMP_SYS(shutdown), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
	SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	/* time, chance, itself */
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday),
	SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
	SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(uname), SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(exit),
	SCMP_SYS(exit_group),
#ifdef TENANTRY_ASAN
	/* At the end the sanitizers stop their own process from a second one, and look through its memory. */
	SCMP_SYS(clone), SCMP_SYS(wait4), SCMP_SYS(ptrace), SCMP_SYS(prctl), SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(open),
	SCMP_SYS(openat), SCMP_SYS(prlimit64), SCMP_SYS(getrlimit), SCMP_SYS(pipe2), SCMP_SYS(getdents), SCMP_SYS(getdents64),
#endif
};

static const int thread_calls[] = { SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(socketpair), SCMP_SYS(pipe2),
	SCMP_SYS(eventfd2), SCMP_SYS(sched_getaffinity) };

static const int mail_file_calls[] = { SCMP_SYS(openat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(unlink),
	SCMP_SYS(unlinkat), SCMP_SYS(fsync) };

/* A call that this machine does not have needs no rule. */
static bool allowed(int status)
{
	if (status < 0 && status != -EDOM)
		errno = -status;
	return status >= 0 || status == -EDOM;
}

static bool calls_allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!allowed(seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0)))
			return false;
	}
	return true;
}
#define CALLS_ALLOW(filter, calls) calls_allow(filter, calls, sizeof (calls) / sizeof *(calls))

#define ALLOW_IF(filter, call, ...) \
	allowed(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(call), __VA_ARGS__))

static bool socket_allow(scmp_filter_ctx filter, bool wanted, int family, int type)
{
	return !wanted || ALLOW_IF(filter, socket, 2, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family),
		SCMP_A1(SCMP_CMP_MASKED_EQ, SOCKET_TYPES, (scmp_datum_t)type));
}

static bool sockets_allow(scmp_filter_ctx filter, const struct confine_need *need)
{
	return socket_allow(filter, need->local, AF_UNIX, SOCK_STREAM) && socket_allow(filter, need->network, AF_INET, SOCK_STREAM) &&
		socket_allow(filter, need->network, AF_INET6, SOCK_STREAM) && socket_allow(filter, need->names, AF_INET, SOCK_DGRAM) &&
		socket_allow(filter, need->names, AF_INET6, SOCK_DGRAM);
}

/* Code comes from files: the plugins of libraries. */
static bool memory_allow(scmp_filter_ctx filter)
{
	return ALLOW_IF(filter, mmap, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
		ALLOW_IF(filter, mmap, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC)) &&
		ALLOW_IF(filter, mprotect, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

static bool special_allow(scmp_filter_ctx filter, const struct confine_need *need)
{
	return ALLOW_IF(filter, ioctl, 1, SCMP_A1(SCMP_CMP_EQ, FIONREAD)) &&
		ALLOW_IF(filter, ioctl, 1, SCMP_A1(SCMP_CMP_EQ, FIONBIO)) &&
		/* for abort() */
		ALLOW_IF(filter, tgkill, 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) &&
		ALLOW_IF(filter, openat, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, WRITING, O_RDONLY)) &&
		(!need->mail_files || CALLS_ALLOW(filter, mail_file_calls)) &&
		(!need->threads || (CALLS_ALLOW(filter, thread_calls) &&
			ALLOW_IF(filter, clone, 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)))) &&
		/* Its flags cannot be looked at; without it the library takes clone(). */
		allowed(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
}

bool confine_calls(const struct confine_need *need)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	if (filter == NULL) {
		errno = ENOMEM;
		return false;
	}
	bool done = CALLS_ALLOW(filter, common_calls) && sockets_allow(filter, need) && memory_allow(filter) && special_allow(filter, need) &&
		allowed(seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2)) && allowed(seccomp_load(filter));
	seccomp_release(filter);
	return done;
}

#else

bool confine_calls(const struct confine_need *need)
{
	(void)need;
	return true;
}

#endif
