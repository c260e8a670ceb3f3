/* The parts of tenantry doctor: what they look at together, and how they tell what they find. */
#ifndef TENANTRY_COMMAND_DOCTOR_H
#define TENANTRY_COMMAND_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "db/db.h"

#define DOCTOR_SHOWN 100 /* findings of one kind that are printed */
#define DOCTOR_TREES_MAX 16384
#define DOCTOR_MEND "tenantry doctor --mend"

struct doctor {
	const struct config *config;
	struct db *db;
	uint64_t findings;
	bool order;  /* rows are to be numbered anew */
	bool states; /* sources are to be judged anew by their runs */
	bool behind; /* the schema is not this program's */
	bool blind; /* what was found keeps the rest from being looked at */
	size_t trees;
	uint64_t keys[DOCTOR_TREES_MAX], labels[DOCTOR_TREES_MAX];
};

/* Prints a finding, "WHAT; mend: MEND", and counts it; a note is printed alone and leaves the exit status. */
void doctor_find(struct doctor *doctor, const char *mend, const char *format, ...) __attribute__((format(printf, 3, 4)));
void doctor_note(const char *mend, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What the account may, read from its grants; needs no table. */
enum error doctor_look_at_account(struct doctor *doctor);
/* Server, session, clock, and the shape of the schema. */
enum error doctor_look_at_server(struct doctor *doctor);
/* The rules between rows. */
enum error doctor_look_at_rows(struct doctor *doctor);

#endif
