/* Statements that the server has prepared: what a connection asks again and again is parsed once, and its columns described once.
 * Included in db/ alone. */
#ifndef TENANTRY_DB_PREPARED_H
#define TENANTRY_DB_PREPARED_H

#include <mysql.h>

#include "base/arena.h"
#include "db/format.h"

/* A page runs half a dozen, and a worker serves pages of several kinds. */
#define PREPARED_MAX 32

struct prepared {
	char *sql;        /* with its marks; NULL: this place is free */
	size_t length;
	uint64_t used;    /* when, in statements of the connection */
	bool refused;     /* it gives something that only text gives as it should */
	MYSQL_STMT *stmt; /* NULL: it was run once, as text */
	unsigned columns;
	MYSQL_BIND *binds;
	struct prepared_cell *cells;
};

/* All rows of an answer, as text. */
struct prepared_rows {
	struct arena *arena; /* owns them; the caller frees it */
	char **values;       /* COUNT times COLUMNS */
	unsigned long *lengths;
	size_t count;
	unsigned columns;
};

/* Runs SQL, a SELECT outside of a transaction, if it has been run before on this connection. *TAKEN tells whether it was: if not, it is to be run as
 * text, which tells its own errors. An error when it used up its time: those of connection_error(). */
enum error prepared_query(struct db *db, const char *name, const char *sql, const struct format_range *range,
	const struct db_value *values, size_t count, struct prepared_rows *rows, bool *taken);

/* Forgets all, after the connection was closed. */
void prepared_forget(struct db *db);

#endif
