/* The table that generate.awk makes of migrations/ (migrations.c). Included in db/ alone. */
#ifndef TENANTRY_DB_MIGRATION_H
#define TENANTRY_DB_MIGRATION_H

struct migration {
	unsigned number; /* 1, 2, 3 ... without gaps */
	const char *title;
	const char *sql; /* the file, byte by byte: one statement */
};

extern const struct migration migrations[];
extern const unsigned migration_count;

#endif
