/* The table that generate.awk makes of statements/ (statements.c). Included in db/ alone. */
#ifndef TENANTRY_DB_STATEMENT_H
#define TENANTRY_DB_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "db/statements.h"

struct statement_row {
	const char *name;
	const char *sql;    /* with SCOPE(alias) and ? as they stand in the file */
	const char *exempt; /* why it may do without SCOPE, or NULL */
	bool scoped;
	unsigned values;    /* number of ? */
};

extern const struct statement_row statements[STMT__MAX];

#endif
