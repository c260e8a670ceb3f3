/* Signals: blocked everywhere, taken only at the places that wait. Must never do work in a handler. */
#include "proc/signals.h"

#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t leaving;

static const int handled[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD };

static void handled_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
		sigaddset(set, handled[i]);
}

void signals_block(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, standard = { .sa_handler = SIG_DFL };
	sigset_t set;

	sigaction(SIGPIPE, &ignore, NULL);
	/* Who started us may have ignored it, and then there would be nothing to wait for. */
	sigaction(SIGCHLD, &standard, NULL);
	handled_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

int signals_wait(int timeout_ms)
{
	struct timespec timeout = { timeout_ms / 1000, (long)(timeout_ms % 1000) * 1000000 };
	sigset_t set;

	handled_set(&set);
	int number = sigtimedwait(&set, NULL, &timeout);
	return number > 0 ? number : 0;
}

static void leave(int number)
{
	(void)number;
	leaving = 1;
}

void signals_child(sigset_t *waiting)
{
	struct sigaction ask = { .sa_handler = leave }, ignore = { .sa_handler = SIG_IGN },
		standard = { .sa_handler = SIG_DFL };
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS };
	sigset_t all;

	sigfillset(&all);
	/* A blocked fault ends the process without a word, past any handler that would report it. */
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		sigdelset(&all, faults[i]);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigaction(SIGTERM, &ask, NULL);
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGQUIT, &ignore, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGUSR1, &ignore, NULL);
	sigaction(SIGCHLD, &standard, NULL);
	*waiting = all;
	sigdelset(waiting, SIGTERM);
}

bool signals_leaving(void)
{
	return leaving != 0;
}
