/* tenantry import: what its files share. import_read.c puts lines into import_row, import_check.c checks them
 * against each other and the database, import_apply.c makes and changes tenants of them. */
#ifndef TENANTRY_COMMAND_IMPORT_H
#define TENANTRY_COMMAND_IMPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/id.h"
#include "db/db.h"

#define IMPORT_FAULTS_SHOWN 100

/* What is wrong with the file: the first ones by place, and how many in all. */
struct import_fault {
	uint64_t line, column;
	char what[400];
};

struct import_faults {
	uint64_t total;
	size_t count;
	struct import_fault list[IMPORT_FAULTS_SHOWN];
};

struct import {
	struct db *db;
	const char *file;
	const struct scope *into;
	uint64_t id;                  /* of import_row */
	uint64_t distributor;         /* the tree's key and label */
	uint64_t distributor_pos;
	char parent_id[ID_SIZE];      /* public ID of what is above --into; empty for a distributor */
	bool dry_run;
	bool stopped;                 /* the file could not be read to its end */
	uint64_t lines, made, changed;
	struct import_faults read_faults, check_faults;
};

void import_fault(struct import_faults *faults, uint64_t line, uint64_t column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Reads IN into import_row. Faults of single cells and lines go to read_faults. */
enum error import_read(struct import *import, FILE *in);

/* Finds what is known, decides tiers, collects check_faults. In a transaction that has the tree locked. */
enum error import_check(struct import *import);

/* Makes and changes tenants, numbers the subtree, rebuilds the list. In the same transaction. */
enum error import_apply(struct import *import);

#endif
