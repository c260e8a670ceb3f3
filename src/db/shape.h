/* The shape of the tables: what the migrations made against what the database has. For the doctor. */
#ifndef TENANTRY_DB_SHAPE_H
#define TENANTRY_DB_SHAPE_H

#include "db/db.h"

/* Tells one difference, and what mends it (SQL, or words); MISSING: statements on that table fail. The texts live during the call. */
typedef void shape_fn(void *arg, const char *difference, const char *mend, bool missing);

/* Compares tables, engines, columns, collations and keys with the text of the migrations. */
enum error shape_compare(struct db *db, shape_fn *tell, void *arg);

/* Migrations that are missing below the newest one, were begun and not finished, or have another checksum. */
enum error shape_migrations(struct db *db, shape_fn *tell, void *arg);

#endif
