/* The least that libfcgi can answer: what a FastCGI request costs before anybody does anything with it.
 *
 *	hello SOCKET PROCESSES      until it is ended */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char answer[] = "Content-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";
	FCGX_Request request;
	int listener;

	if (argc != 3 || FCGX_Init() != 0 || (listener = FCGX_OpenSocket(argv[1], 511)) < 0) {
		fprintf(stderr, "hello SOCKET PROCESSES\n");
		return 2;
	}
	for (long i = strtol(argv[2], NULL, 10); i > 1; i--)
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			break;
		}
	FCGX_InitRequest(&request, listener, 0);
	while (FCGX_Accept_r(&request) == 0) {
		FCGX_PutStr(answer, sizeof answer - 1, request.out);
		FCGX_Finish_r(&request);
	}
	return 1;
}
