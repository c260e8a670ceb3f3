/* messages SHEETDIR FILE...: prints each message of the stylesheets, a line "FILE<tab>LINE<tab>MESSAGE". Exit status 0, 1 (a file cannot be
 * read), 2 (usage). */
#include <stdio.h>

#include "xml/words.h"

static const char *print(void *arg, const char *file, int line, const char *message)
{
	(void)arg;
	printf("%s\t%d\t%s\n", file, line, message);
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: messages SHEETDIR FILE...\n");
		return 2;
	}
	xml_init();
	xml_report_to(stderr);
	xml_files_below(argv[1], NULL);
	for (int i = 2; i < argc; i++) {
		xmlDocPtr sheet = sheet_read(argv[i], NULL);
		if (sheet == NULL)
			return 1;
		words_sheet(sheet, argv[i], print, NULL);
		xmlFreeDoc(sheet);
	}
	return 0;
}
