/* Random documents from the RELAX NG grammars, made with the document builder as the program makes them: odd texts, every
 * optional part present and absent, lists empty, short and long. */
#ifndef TESTS_XSLT_GENERATE_H
#define TESTS_XSLT_GENERATE_H

#include <stdint.h>

#include "xml/xml.h"

struct grammars;

/* Reads DIR/tenantry.rng and what it refers to; ends the program when it cannot. */
struct grammars *grammars_load(const char *dir);
void grammars_free(struct grammars *grammars);

/* The document of number SEED; the same number gives the same document. */
struct doc *generate(struct grammars *grammars, uint64_t seed);

#endif
