/* The catalogue of a language, and the translation of stylesheets by it.
 *
 * Sheets are written in English. A message is a run of text in a sheet, with what stands between as {1}, {2} and so on: "{1} of {2}
 * customers"; or an attribute that people read, its expressions likewise; or a text of the program, a format with its %s. The
 * catalogue xslt/i18n/TAG.xml has <m en="..." de="..."/> for each. */
#ifndef TENANTRY_XML_WORDS_H
#define TENANTRY_XML_WORDS_H

#include "xml/xml_internal.h"

/* Reads a catalogue; NULL, with lines written, when it is not one, and when it says the same message twice. */
struct words *words_load(const char *file, const char *tag);
void words_free(struct words *words);
const char *words_tag(const struct words *words);

/* What a message is to become; NULL: it stays as it is. MESSAGE is valid during the call alone, the answer until the next one. */
typedef const char *words_function(void *arg, const char *file, int line, const char *message);

/* Asks FUNCTION for each message of a sheet that was parsed from FILE, and puts its answers there. */
void words_sheet(xmlDocPtr sheet, const char *file, words_function *function, void *arg);

/* As a words_function, with a struct words. */
const char *words_answer(void *words, const char *file, int line, const char *message);

#endif
