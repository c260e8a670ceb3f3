/* The pages of one user: edit with resend, cancel and delete beside it, and the questions before an invitation is cancelled or a user
 * deleted. Changes nothing. */
#include <string.h>

#include "app/customer.h"
#include "app/handlers.h"
#include "app/job_function.h"
#include "app/user_form.h"
#include "app/user_read.h"
#include "base/clock.h"

/* The columns of user_find. */
enum { U_KEY, U_ID, U_FIRST, U_LAST, U_EMAIL, U_JOB, U_ROLE, U_CHILD, U_INVITED, U_ACTIVE, U_CANCELLED, U_EXPIRES, U_DISABLED, U_VERSION };

const struct form_spec user_resend_form = { "resend", "Send again", NULL, 0 };
const struct form_spec user_cancel_form = { "cancel", "Cancel invitation", NULL, 0 };
const struct form_spec user_delete_form = { "delete", "Delete user", NULL, 0 };

const char *user_state(const char *disabled, const char *active, const char *cancelled, const char *expires)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	if (disabled != NULL)
		return "Disabled";
	if (active != NULL)
		return "Active";
	if (cancelled != NULL)
		return "Cancelled";
	/* Instants of one form compare as texts. */
	return expires != NULL && strcmp(expires, now) <= 0 ? "Expired" : "Invited";
}

static enum error user_find(struct context *c, const struct scope *scope, uint64_t tenant, const char *id, struct user *user)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, scope, STMT_USER_FIND, DB_VALUES(DB_UINT(tenant), DB_TEXT(id)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	*user = (struct user){
		.scope = scope,
		.key = db_uint(row[U_KEY]),
		.tenant = tenant,
		.id = arena_strdup(c->arena, row[U_ID]),
		.name = context_name(c, row[U_FIRST], row[U_LAST]),
		.version = arena_strdup(c->arena, row[U_VERSION]),
		.state = user_state(row[U_DISABLED], row[U_ACTIVE], row[U_CANCELLED], row[U_EXPIRES]),
		.values = { arena_strdup(c->arena, row[U_EMAIL]), arena_strdup(c->arena, row[U_FIRST]),
			arena_strdup(c->arena, row[U_LAST]), arena_strdup(c->arena, row[U_JOB]), ROLE_SALES, ROLE_NONE },
		.active = row[U_ACTIVE] != NULL, .disabled = row[U_DISABLED] != NULL,
		.cancelled = row[U_CANCELLED] != NULL,
	};
	/* The columns are ENUMs of these very words. */
	role_parse(row[U_ROLE], &user->values.role);
	role_parse(row[U_CHILD], &user->values.child_role);
	return ERR_NONE;
}

enum error user_read(struct context *c, struct user *user)
{
	return user_find(c, c->scope, c->tenant.row.tenant, c->ids[1], user);
}

enum error user_read_own(struct context *c, struct user *user)
{
	const struct scope *home = c->identity->home;
	enum error error = user_find(c, home, scope_tenant(home), c->identity->user_id, user);
	user->values.language = language_tag(c->identity->language);
	return error;
}

enum role user_child_offered(const struct context *c, const struct user *user)
{
	enum role own = c->identity->child_role;
	return user->values.child_role > own ? user->values.child_role : own;
}

static const char *user_path(struct context *c, const struct user *user, const char *action)
{
	return arena_printf(c->arena, "/customers/%s/users/%s%s", c->tenant.row.id, user->id, action);
}

/* Header and `user`; what of it may be done is said in its attributes. */
static void user_element(struct context *c, const struct user *user)
{
	customer_header(c, "users");
	doc_open(c->doc, "user");
	doc_attr(c->doc, "id", user->id);
	doc_attr(c->doc, "name", user->name);
	doc_attr(c->doc, "email", user->values.email);
	doc_say(c->doc, "job", job_function_title(user->values.job_function));
	doc_attr(c->doc, "role", role_name(user->values.role));
	doc_attr(c->doc, "child", role_name(user->values.child_role));
	doc_attr(c->doc, "state", user->state);
	doc_attr(c->doc, "self", user->key == c->identity->user ? "yes" : NULL);
	doc_close(c->doc);
}

static void user_ask(struct context *c, const struct form_spec *spec, const char *path)
{
	form_element(c, spec, path, NULL);
	doc_close(c->doc);
}

enum error user_get(struct context *c)
{
	struct user user;
	enum error error = user_read(c, &user);
	if (error != ERR_NONE)
		return error;
	const struct form_spec *spec = user_form_spec(c, USER_FORM_EDIT, user_child_offered(c, &user));
	const char *initial[USER_FIELDS_MAX];
	c->title = user.name;
	user_element(c, &user);
	user_form_initial(spec, &user.values, user.version, initial);
	form_element(c, spec, user_path(c, &user, ""), initial);
	doc_close(c->doc);
	/* Accepted meanwhile: the form is shown with its reason. */
	if (!user.active || (c->form != NULL && c->form->spec == &user_resend_form))
		user_ask(c, &user_resend_form, user_path(c, &user, "/resend"));
	return ERR_NONE;
}

enum error user_cancel_get(struct context *c)
{
	struct user user;
	enum error error = user_read(c, &user);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, "Cancel the invitation of %s?"), user.name);
	user_element(c, &user);
	user_ask(c, &user_cancel_form, user_path(c, &user, "/cancel"));
	return ERR_NONE;
}

enum error user_delete_get(struct context *c)
{
	struct user user;
	enum error error = user_read(c, &user);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, "Delete %s?"), user.name);
	user_element(c, &user);
	user_ask(c, &user_delete_form, user_path(c, &user, "/delete"));
	return ERR_NONE;
}
