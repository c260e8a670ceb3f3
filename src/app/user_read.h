/* One user of a tenant, as the pages about it and the changes to it see it. */
#ifndef TENANTRY_APP_USER_READ_H
#define TENANTRY_APP_USER_READ_H

#include "app/form.h"
#include "app/user_write.h"

#define USER_INVITATION_HOURS 48

struct user {
	const struct scope *scope; /* where it was found, and where it is changed */
	uint64_t key, tenant;
	const char *id, *name, *version, *state; /* state: as on the tab */
	struct user_invite values;
	bool active, disabled, cancelled;
};

/* The user c->ids[1] of c->tenant; ERR_NOT_FOUND when it has none. Texts are in the arena. */
enum error user_read(struct context *c, struct user *user);

/* The session's own user, in its home tenant. */
enum error user_read_own(struct context *c, struct user *user);

/* "Invited", "Expired", "Cancelled", "Active" or "Disabled" of instants of the database. */
const char *user_state(const char *disabled, const char *active, const char *cancelled, const char *expires);

/* The highest child tenant role that the edit form offers: the actor's own, or what the user has already. */
enum role user_child_offered(const struct context *c, const struct user *user);

/* The forms that only ask. */
extern const struct form_spec user_resend_form, user_cancel_form, user_delete_form;

#endif
