/* The forms about users: which fields, and what the actor may choose in them. */
#ifndef TENANTRY_APP_USER_FORM_H
#define TENANTRY_APP_USER_FORM_H

#include "app/form.h"
#include "app/user_write.h"

/* Invite a user; step 2 of a new customer (an admin, no role to choose); edit (has the version); the own profile (the version too, neither
 * address nor roles). */
enum user_form { USER_FORM_INVITE, USER_FORM_ADMIN, USER_FORM_EDIT, USER_FORM_OWN, USER_FORM__MAX };

/* The form for c->tenant; the same pointer each time. CHILD is the highest child tenant role in its list; no such field for an end
 * customer, which has no tenants below it. */
const struct form_spec *user_form_spec(const struct context *c, enum user_form form, enum role child);

/* The values of c->form, which was read: the role is admin where the form has none, the child tenant role CHILD. */
void user_form_values(const struct context *c, struct user_invite *values, enum role child);

/* Writes INVITE's values (NULL: none) as INITIAL for form_element(); VERSION may be NULL. */
#define USER_FIELDS_MAX 7
void user_form_initial(const struct form_spec *spec, const struct user_invite *values, const char *version,
	const char *initial[USER_FIELDS_MAX]);

#endif
