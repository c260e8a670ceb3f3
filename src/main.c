/* The program's commands, found by name. Owns the command line alone: what a command does is in
 * command/ and proc/. Secrets never come from arguments. */
#include <stdio.h>

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts(PACKAGE_VERSION);
	return 0;
}
