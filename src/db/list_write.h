/* Writes to the list table that several of its keepers share. Included in db/ alone. */
#ifndef TENANTRY_DB_LIST_WRITE_H
#define TENANTRY_DB_LIST_WRITE_H

#include "db/bulk.h"
#include "db/list_fact.h"

/* Adds a row to BULK, which is made for STMT_LIST_TABLE_PUT. */
enum error list_write_row(struct bulk *bulk, const struct list_fact *fact);

/* Notes that the last task of these tenants is done. */
enum error list_write_onboarded(struct db *db, const uint64_t *tenants, size_t count);

#endif
