/* One customer: its facts for the pipeline, its elements in documents and JSON. */
#ifndef TENANTRY_APP_CUSTOMER_H
#define TENANTRY_APP_CUSTOMER_H

#include "app/context.h"

struct json_object;

/* Fills c->tenant with the tenant ID of the scope; ERR_NOT_FOUND when the scope has none. */
enum error customer_facts(struct context *c, const char *id);

/* The row of a tenant of the scope by its public ID; ERR_NOT_FOUND. */
enum error customer_find(struct context *c, const char *id, struct list_row *row);

/* The children status, admin, source, contracts of a row's element. */
void customer_parts(struct doc *doc, struct arena *arena, const struct list_row *row);

/* `customer`, the header of every page about one tenant, with TAB marked. */
void customer_header(struct context *c, const char *tab);

/* The JSON object of a tenant (contract.md "JSON API"). */
struct json_object *customer_json(const struct context *c, const struct list_row *row, bool matched);

/* A string or, for NULL, JSON's null. */
struct json_object *json_text(const char *text);

/* An instant of the database ("2026-11-22 15:04:05.123") as RFC 3339, in the arena; NULL for NULL. */
const char *customer_instant(struct arena *arena, const char *sql);

#endif
