/* The only place that makes XML nodes and runs XSLT.
 *
 * A document is built through the checking builder: names are literals of the program, values are cleaned
 * (text_clean()), so that no data can make a document that does not parse. All elements are in the
 * namespace urn:tenantry:1. A sheet is compiled once, in the master, before it forks, into a program of our own (program.h); one that
 * says what that does not know runs through libxslt as a whole. It cannot read, write or reach the network while it runs. Data reaches a sheet in the document alone, never as a parameter. */
#ifndef TENANTRY_XML_XML_H
#define TENANTRY_XML_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/language.h"

#define XML_NAMESPACE "urn:tenantry:1"
#define XML_DEPTH_MAX 32

struct doc;
struct grid;
struct sheets;
struct theme;
struct words;

/* libxml2's and libxslt's initialisation; once a process, before any other call. */
void xml_init(void);

/* A new document with the root element ROOT, which is open and need not be closed. End it with doc_free(); NULL is
 * allowed. Misuse of the builder (an element closed that is not open or left open, an attribute twice or after
 * text, too deep) is logged and aborts. */
struct doc *doc_new(const char *root);
void doc_free(struct doc *doc);
static inline void doc_freep(struct doc **doc)
{
	doc_free(*doc);
}
#define DOC_AUTO __attribute__((cleanup(doc_freep))) struct doc *

/* Opens a child of the element that is open now, and closes it. NAME must be a literal. */
void doc_open(struct doc *doc, const char *name);
void doc_close(struct doc *doc);

/* An attribute of the open element; nothing for a NULL value; VALUE is copied and cleaned. */
void doc_attr(struct doc *doc, const char *name, const char *value);
/* The same for a text of the program that people read: in the document's language, which is English or the one that
 * doc_language() has set, before. */
void doc_say(struct doc *doc, const char *name, const char *text);
void doc_language(struct doc *doc, const struct words *words);
const struct words *doc_words(const struct doc *doc);

/* The same for a text that is another one OF something: "State" of an address. The catalogue has "State [billing_state]", or "State" alone. */
void doc_say_of(struct doc *doc, const char *name, const char *text, const char *of);

/* TEXT, which may be a format, in the language of a catalogue (NULL: as it is, and so is what has no entry). */
const char *words_say(const struct words *words, const char *text) __attribute__((format_arg(2)));
const char *words_say_of(const struct words *words, const char *text, const char *of) __attribute__((format_arg(2)));

void doc_attr_int(struct doc *doc, const char *name, long long value);
void doc_attr_printf(struct doc *doc, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Text of the open element, after its attributes; nothing for NULL. */
void doc_text(struct doc *doc, const char *text);

/* A document of ROWS elements ROW with CELLS elements CELL each, made once and filled again and again: cell by cell, each row whole.
 * grid_doc() is the document with the rows that were filled since grid_empty(), of which there is one at least; if there are fewer than
 * ROWS, it is the last one. */
struct grid *grid_new(const char *root, const char *row, const char *cell, size_t rows, size_t cells);
void grid_free(struct grid *grid);
void grid_cell(struct grid *grid, const char *text);
struct doc *grid_doc(struct grid *grid);
void grid_empty(struct grid *grid);

/* Appends the document as UTF-8 XML to OUT. False when OUT overflowed. */
bool doc_serialize(struct doc *doc, struct buf *out);

/* Parses a document (golden tests, checks); NULL (logged) when it is not well-formed or has a DTD. White space between
 * elements and comments are dropped, as the builder makes none. */
struct doc *doc_parse(const char *data, size_t length);

/* Compiles every *.xsl directly in DIR, "pages" once for each language by its catalogue DIR/i18n/TAG.xml, in DIR/csv and in DIR/mail; what they import or include must be below DIR. A sheet's output is html or
 * text in UTF-8; a html result gets <!DOCTYPE html>, and nothing else that the sheet does not say. Faults go to ERRORS as lines "FILE:LINE: text";
 * NULL, and nothing kept, if any sheet failed. Sheets are named by path less ".xsl": "customers", "csv/list".
 * THEME_DIR ("": none) has the themes (base/theme.h): one with a pages.xsl gets a sheet SHEET_THEME of its own, which may import what is in
 * its folder and, as "tenantry:pages.xsl", what is in DIR. */
struct sheets *sheets_load(const char *dir, const char *theme_dir, FILE *errors);
#define SHEET_THEME "theme/%s" /* the theme's name */
void sheets_free(struct sheets *sheets);

/* The same without themes, with libxslt's form kept beside our own, so that tests can compare them. */
struct sheets *sheets_load_both(const char *dir, FILE *errors);

/* A line to OUT for each sheet that runs through libxslt: for which instruction at which line. */
void sheets_print(const struct sheets *sheets, FILE *out);

/* The catalogue of a language, for as long as the sheets; NULL for English. */
const struct words *sheets_words(const struct sheets *sheets, enum language language);

/* The themes, for as long as the sheets; NULL: none. */
const struct theme *sheets_themes(const struct sheets *sheets);

/* Is there such a sheet? */
bool sheets_has(const struct sheets *sheets, const char *name);

/* Runs sheet NAME, in the document's language, over the document and appends the output to OUT. ERR_INTERNAL (logged) when the sheet is unknown, fails or
 * OUT overflows. */
enum error sheets_apply(const struct sheets *sheets, const char *name, struct doc *doc, struct buf *out);

/* The same by one of the two ways; ERR_INTERNAL when the sheet is not there in that form. For tests. */
enum sheets_way { SHEETS_COMPILED, SHEETS_LIBXSLT };
enum error sheets_apply_by(const struct sheets *sheets, enum sheets_way way, const char *name, struct doc *doc, struct buf *out);

/* Validates against the RELAX NG grammar in FILE; lines to ERRORS. For tests and debug instances. */
bool doc_valid(struct doc *doc, const char *grammar_file, FILE *errors);

/* One CSV cell (RFC 4180) appended to OUT: quoted when it needs to be; with GUARD a text that begins with
 * = + - @ TAB CR gets a ' in front, except exactly "---". */
void csv_cell(struct buf *out, const char *text, bool guard);

/* Would the cell be TEXT itself? */
bool csv_plain(const char *text, bool guard);

#endif
