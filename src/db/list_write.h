/* Writes to the list table that several of its keepers share. Included in db/ alone. */
#ifndef TENANTRY_DB_LIST_WRITE_H
#define TENANTRY_DB_LIST_WRITE_H

#include "db/bulk.h"
#include "db/list_fact.h"

#define LIST_WRITE_VALUES 27

/* A row's columns as values, in the order of STMT_LIST_TABLE_PUT and STMT_LIST_NODE_CHANGE. */
void list_write_values(const struct list_fact *fact, struct db_value values[LIST_WRITE_VALUES]);

/* Notes that the last task of these tenants is done. */
enum error list_write_onboarded(struct db *db, const uint64_t *tenants, size_t count);

#endif
