/* The audit log: who did what to which tenant, written in the transaction of what it tells of. */
#ifndef TENANTRY_APP_AUDIT_H
#define TENANTRY_APP_AUDIT_H

#include "app/context.h"

struct json_object;

/* Writes an event about TENANT (internal key). DETAIL: {"field": {"from": …, "to": …}} or NULL; taken over and freed. The actor is the
 * session's user with its home tenant, and as whom it acts. */
enum error audit_write(struct context *c, uint64_t tenant, const char *action, struct json_object *detail);

/* What USER of TENANT (internal keys), called NAME and TENANT_NAME, does for itself before it has a session. */
enum error audit_write_own(struct context *c, uint64_t user, const char *name, uint64_t tenant, const char *tenant_name,
	const char *action);

#endif
