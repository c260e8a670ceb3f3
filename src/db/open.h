/* Opening a connection: which host, how it is secured, what the session is. Included in db/ alone. */
#ifndef TENANTRY_DB_OPEN_H
#define TENANTRY_DB_OPEN_H

#include <mysql.h>
#include <stdbool.h>
#include <stddef.h>

#define OPEN_WHY_SIZE 800

struct config;

/* Connects to the first host of the configuration that takes it (its Unix socket when it names none), waiting SECONDS for answers.
 * *HOST is its place in the list. A host that was away is left out for half a minute as long as another one takes
 * connections. NULL: none did, WHY says it for each. */
MYSQL *open_connection(const struct config *config, int seconds, size_t *host, char why[OPEN_WHY_SIZE]);

/* For a connection to the host at place HOST > 0: one to a host before it, with a short wait; NULL when there is none yet. */
MYSQL *open_better(const struct config *config, int seconds, size_t *host);

#endif
