/* What the handlers that add and change customers share. */
#ifndef TENANTRY_APP_CUSTOMER_CHANGE_H
#define TENANTRY_APP_CUSTOMER_CHANGE_H

#include "app/form.h"

/* Refuses the field `domain` of c->form when DOMAIN cannot be TENANT's (0: a new one): within the scope the customer that has it is
 * named, else clash_refuse() answers. */
enum error customer_domain_check(struct context *c, const char *domain, uint64_t tenant);

/* May the acting tenant add customers at all? ERR_RELATION. */
enum error customer_new_allowed(struct context *c);

/* Adds the customer that c->form (of a page or the API, read and without errors) describes with `domain` and `name`, below PARENT, which is no
 * end customer. *ID is its public ID. */
enum error customer_create(struct context *c, const struct list_row *parent, const char **id);

/* {"from": FROM, "to": TO}; a NULL is left out. */
struct json_object *customer_change(const char *from, const char *to);

/* The form of the tab Profile, closed, for an admin; nothing for others. */
void customer_profile_form(struct context *c);

/* Deletes for good what was deleted more than 30 days ago, up to a few tenants; *DONE of them. For the housekeeper. */
enum error customer_purge(struct db *db, unsigned *done);

#endif
