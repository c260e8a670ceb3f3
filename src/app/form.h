/* Forms: a table of fields with their rules, what was typed, and what is wrong with it.
 *
 * A POST handler reads its form with form_read() and works with checked values; it never sees the body. When it refuses, the
 * pipeline shows the page of the form again (struct route, `page`) with what was typed, each message at its field: the page's GET
 * handler calls form_element(), which finds the typed values in c->form. Passwords are never shown again. */
#ifndef TENANTRY_APP_FORM_H
#define TENANTRY_APP_FORM_H

#include "app/context.h"

#define FORM_FIELDS_MAX 24

enum field_kind {
	FIELD_LINE,     /* one line: trimmed, no forbidden characters, at most `max` characters */
	FIELD_TEXT,     /* several lines: LF kept, else as a line */
	FIELD_EMAIL,    /* as it is stored: login_email(), with one @ and a domain */
	FIELD_DOMAIN,   /* a host name, stored as A-label (IDNA2008) */
	FIELD_CHOICE,   /* one of `choices` */
	FIELD_SET,      /* any of `choices`, whose values have no blanks; sent once each, given with a blank between them */
	FIELD_ID,       /* a public ID */
	FIELD_NUMBER,   /* a whole number from 0 to `max` */
	FIELD_DATE,     /* 2026-11-22 */
	FIELD_PASSWORD, /* as typed, at most 1,024 bytes; never shown again */
	FIELD_HIDDEN    /* as FIELD_LINE, not for people: version and such */
};

struct field_choice {
	const char *value, *label; /* ended by a NULL value */
};

struct field {
	const char *name, *label;
	enum field_kind kind;
	bool required;
	size_t max; /* characters; 0: 200 */
	const struct field_choice *choices;
	const char *hint;         /* shown under the label, or NULL */
	const char *autocomplete; /* token of HTML's autocomplete attribute, or NULL */
};

struct form_spec {
	const char *name;   /* of the form in its document, unique on a page */
	const char *submit; /* the button */
	const struct field *fields;
	size_t count;
};
#define FORM_SPEC(name, submit, fields) { name, submit, fields, sizeof(fields) / sizeof *(fields) }

struct form {
	const struct form_spec *spec;
	const char *typed[FORM_FIELDS_MAX];  /* as it came, cleaned for showing; NULL: missing */
	const char *values[FORM_FIELDS_MAX]; /* checked; NULL when missing or empty and not required */
	const char *errors[FORM_FIELDS_MAX];
	const char *others[FORM_FIELDS_MAX]; /* version conflict: what is stored now, beside what was typed */
	const char *message;                 /* what is wrong with the form as a whole */
	bool asks;                           /* only shown again, with what it asked for: nothing is wrong */
};

/* Reads and checks the body, of a form or of JSON (c->body; members that are no field are refused); keeps it in c->form for the page. ERR_INVALID_FIELDS when a field is wrong. */
enum error form_read(struct context *c, const struct form_spec *spec);

/* The checked value of a field of c->form; NULL when empty. The name must be of the form: aborts else. */
const char *form_value(const struct context *c, const char *name);
long form_number(const struct context *c, const char *name); /* 0 when empty */

/* Refuses: with a message at a field (ERR_INVALID_FIELDS), or about the form (ERR_REFUSED). MESSAGE is kept as it is. */
enum error form_wrong(struct context *c, const char *name, const char *message);
enum error form_refuse(struct context *c, const char *message);

/* The form was sent to ask for something (a search): shown again as it is, with status 200. */
enum error form_asks(struct context *c);

/* Somebody else saved in between: STORED are the present values, one a field of the form (NULL: not compared). */
enum error form_conflict(struct context *c, const char *const *stored);

/* Writes `form` with its fields into the document: ACTION is the path below the base, INITIAL the values for a form that was not sent
 * yet, one a field (NULL: all empty). Shows what was typed instead when c->form is this form. Left open for what a handler
 * adds; doc_close() ends it. */
void form_element(struct context *c, const struct form_spec *spec, const char *action, const char *const *initial);

#endif
