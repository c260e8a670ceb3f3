/* Changing users: invite, edit, resend, cancel, delete, the own profile. Each handler runs in the pipeline's transaction: user, outbox, audit event and
 * the tenant's list row together. Must never give more than the actor has (product.md "Who sees what, who may do what"). */
#include "app/user_write.h"

#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/clash.h"
#include "app/customer.h"
#include "app/handlers.h"
#include "app/job_function.h"
#include "app/user_form.h"
#include "app/user_read.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/list_table.h"

bool user_may_give(const struct context *c, enum role role)
{
	return role <= c->identity->child_role;
}

/* Adds {"FIELD": {"from": …, "to": …}} when the two differ; FROM NULL: it is new. */
static void user_detail(struct json_object *detail, const char *field, const char *from, const char *to)
{
	if (from != NULL && to != NULL && strcmp(from, to) == 0)
		return;
	struct json_object *change = json_object_new_object();
	if (from != NULL)
		json_object_object_add(change, "from", json_text(from));
	json_object_object_add(change, "to", json_text(to));
	json_object_object_add(detail, field, change);
}

static enum error user_lock(struct context *c, const struct scope *scope, uint64_t tenant)
{
	DB_ROWS_AUTO rows = NULL;
	return db_query(c->db, scope, STMT_USER_LOCK, DB_VALUES(DB_UINT(tenant)), &rows);
}

/* Is EMAIL free, or USER's own already? Says who has it when the scope may know. */
static enum error user_email_free(struct context *c, const char *email, uint64_t user)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_USER_EMAIL_TAKEN, DB_VALUES(DB_TEXT(email)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (error == ERR_NONE && row == NULL)
		return clash_may_try(c);
	if (error != ERR_NONE || db_uint(row[0]) == user)
		return error;
	DB_ROWS_AUTO holder = NULL;
	error = db_query(c->db, c->scope, STMT_USER_EMAIL_HOLDER, DB_VALUES(DB_UINT(db_uint(row[0]))), &holder);
	if (error != ERR_NONE)
		return error;
	if ((row = db_next(holder)) == NULL) {
		error = clash_may_try(c);
		return error == ERR_NONE ? clash_refuse(c, "email", N_("e-mail address")) : error;
	}
	return form_wrong(c, "email", arena_printf(c->arena, context_say(c, "%s of %s has this e-mail address already."),
		context_name(c, row[0], row[1]), row[2]));
}

/* Mail for a new link; what still waits for the same user is not sent any more. */
static enum error user_post_invitation(struct context *c, uint64_t user, const char *email, const char *now)
{
	enum error error = db_execute(c->db, NULL, STMT_OUTBOX_DROP, DB_VALUES(DB_UINT(user)), NULL);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_OUTBOX_INSERT,
			DB_VALUES(DB_TEXT("invitation"), DB_UINT(user), DB_TEXT(email), DB_TEXT(now), DB_TEXT(now)), NULL);
	return error;
}

static void user_instants(char now[CLOCK_INSTANT_SIZE], char expires[CLOCK_INSTANT_SIZE])
{
	int64_t ms = clock_now_ms();
	clock_sql(ms, now);
	clock_sql(ms + USER_INVITATION_HOURS * INT64_C(3600000), expires);
}

enum error user_invite(struct context *c, const struct user_invite *invite)
{
	char id[ID_SIZE], now[CLOCK_INSTANT_SIZE], expires[CLOCK_INSTANT_SIZE];
	uint64_t changed, tenant = c->tenant.row.tenant;
	if (invite->role > scope_role(c->scope))
		return form_wrong(c, "role", "You cannot give a role above your own.");
	if (invite->child_role != ROLE_NONE && !user_may_give(c, invite->child_role))
		return form_wrong(c, "child_role", "You cannot give a child tenant role above your own.");
	enum error error = user_lock(c, c->scope, tenant);
	if (error == ERR_NONE)
		error = user_email_free(c, invite->email, 0);
	if (error != ERR_NONE)
		return error;
	id_make(id);
	user_instants(now, expires);
	error = db_execute(c->db, c->scope, STMT_USER_INSERT,
		DB_VALUES(DB_TEXT(id), DB_TEXT(invite->email), DB_TEXT(invite->first_name), DB_TEXT(invite->last_name),
			DB_TEXT(invite->job_function), DB_TEXT(role_name(invite->role)), DB_TEXT(role_name(invite->child_role)),
			DB_TEXT(now), DB_UINT(scope_tenant(c->scope)), DB_TEXT(expires), DB_UINT(tenant)), &changed);
	if (error != ERR_NONE || changed == 0)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	error = user_post_invitation(c, db_insert_id(c->db), invite->email, now);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = json_object_new_object();
	user_detail(detail, "name", NULL, context_name(c, invite->first_name, invite->last_name));
	user_detail(detail, "e-mail", NULL, invite->email);
	user_detail(detail, "role", NULL, role_name(invite->role));
	error = audit_write(c, tenant, "user.invite", detail);
	return error == ERR_NONE ? list_table_refresh(c->db, tenant) : error;
}

/* The highest child tenant role that the actor's lists offer. */
static enum role user_child_most(const struct context *c)
{
	return c->identity->child_role;
}

static enum error user_invite_post(struct context *c, enum user_form form, const char *redirect)
{
	struct user_invite invite;
	enum error error = form_read(c, user_form_spec(c, form, user_child_most(c)));
	if (error != ERR_NONE)
		return error;
	user_form_values(c, &invite, ROLE_NONE);
	c->redirect = redirect;
	return user_invite(c, &invite);
}

enum error users_post(struct context *c)
{
	return user_invite_post(c, USER_FORM_INVITE, arena_printf(c->arena, "/customers/%s/users", c->tenant.row.id));
}

enum error customer_admin_post(struct context *c)
{
	return user_invite_post(c, USER_FORM_ADMIN, arena_printf(c->arena, "/customers/%s", c->tenant.row.id));
}

void user_admin_form(struct context *c)
{
	const struct form_spec *spec = user_form_spec(c, USER_FORM_ADMIN, user_child_most(c));
	const char *initial[USER_FIELDS_MAX];
	user_form_initial(spec, NULL, NULL, initial);
	form_element(c, spec, arena_printf(c->arena, "/customers/%s/admin", c->tenant.row.id), initial);
	doc_close(c->doc);
}

/* Is USER the tenant's only active admin? */
static enum error user_last_admin(struct context *c, const struct user *user, bool *last)
{
	*last = false;
	if (!user->active || user->disabled || user->values.role != ROLE_ADMIN)
		return ERR_NONE;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_USER_ADMINS,
		DB_VALUES(DB_UINT(c->tenant.row.tenant), DB_UINT(user->key)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	*last = row != NULL && db_uint(row[0]) == 0;
	return error;
}

/* What an edit may do with roles. */
static enum error user_check_roles(struct context *c, const struct user *user, const struct user_invite *new)
{
	const struct user_invite *old = &user->values;
	bool last;
	enum error error = user_last_admin(c, user, &last);
	if (error != ERR_NONE)
		return error;
	if (user->key == c->identity->user && new->role != old->role)
		return form_wrong(c, "role", "Nobody changes the own role.");
	if (user->key == c->identity->user && new->child_role != old->child_role)
		return form_wrong(c, "child_role", "Nobody changes the own child tenant role.");
	if (last && new->role != ROLE_ADMIN)
		return form_wrong(c, "role", "This is the last active admin here: make somebody else an admin first.");
	if (new->role != old->role && new->role > scope_role(c->scope))
		return form_wrong(c, "role", "You cannot give a role above your own.");
	if (new->child_role != old->child_role && !user_may_give(c, new->child_role))
		return form_wrong(c, "child_role", "You cannot give a child tenant role above your own.");
	/* Who gets the mail gets the account: a new address is as good as giving its roles to somebody else. */
	if (strcmp(new->email, old->email) != 0 && user->key != c->identity->user && !user_may_give(c, old->child_role))
		return form_wrong(c, "email", "This user has a child tenant role above your own.");
	return ERR_NONE;
}

static enum error user_conflict(struct context *c, const struct user *user)
{
	const char *stored[USER_FIELDS_MAX];
	user_form_initial(c->form->spec, &user->values, NULL, stored);
	/* Sent again from the page that shows both, it is meant. */
	for (size_t i = 0; i < c->form->spec->count; i++)
		if (strcmp(c->form->spec->fields[i].name, "version") == 0)
			c->form->typed[i] = user->version;
	return form_conflict(c, stored);
}

static enum error user_store(struct context *c, const struct user *user, const struct user_invite *new)
{
	uint64_t changed;
	enum error error = db_execute(c->db, user->scope, STMT_USER_UPDATE,
		DB_VALUES(DB_TEXT(new->email), DB_TEXT(new->email), DB_TEXT(new->first_name), DB_TEXT(new->last_name),
			DB_TEXT(new->job_function), DB_TEXT(role_name(new->role)), DB_TEXT(role_name(new->child_role)),
			DB_UINT(user->key), DB_UINT(db_uint(user->version))), &changed);
	if (error != ERR_NONE || changed == 0)
		return error != ERR_NONE ? error : ERR_CONFLICT;
	const struct user_invite *old = &user->values;
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "user", json_text(user->name));
	user_detail(detail, "name", user->name, context_name(c, new->first_name, new->last_name));
	user_detail(detail, "e-mail", old->email, new->email);
	user_detail(detail, "job function", job_function_title(old->job_function), job_function_title(new->job_function));
	user_detail(detail, "role", role_name(old->role), role_name(new->role));
	user_detail(detail, "child tenant role", role_name(old->child_role), role_name(new->child_role));
	return audit_write(c, user->tenant, "user.update", detail);
}

/* A new link: the old one dies at once, the new one is made when its mail is sent. */
static enum error user_invite_again(struct context *c, const struct user *user, const char *email)
{
	char now[CLOCK_INSTANT_SIZE], expires[CLOCK_INSTANT_SIZE];
	user_instants(now, expires);
	enum error error = db_execute(c->db, c->scope, STMT_USER_INVITE_AGAIN,
		DB_VALUES(DB_TEXT(expires), DB_UINT(scope_tenant(c->scope)), DB_UINT(user->key)), NULL);
	return error == ERR_NONE ? user_post_invitation(c, user->key, email, now) : error;
}

enum error user_post(struct context *c)
{
	struct user user;
	struct user_invite new;
	enum error error = user_lock(c, c->scope, c->tenant.row.tenant);
	if (error == ERR_NONE)
		error = user_read(c, &user);
	if (error == ERR_NONE)
		error = form_read(c, user_form_spec(c, USER_FORM_EDIT, user_child_offered(c, &user)));
	if (error != ERR_NONE)
		return error;
	user_form_values(c, &new, user.values.child_role);
	if (strcmp(form_value(c, "version"), user.version) != 0)
		return user_conflict(c, &user);
	error = user_check_roles(c, &user, &new);
	if (error == ERR_NONE)
		error = user_email_free(c, new.email, user.key);
	if (error == ERR_NONE)
		error = user_store(c, &user, &new);
	if (error == ERR_NONE)
		error = token_end_maker(c->db, user.key);
	/* An open invitation follows to the new address; who reads the old one must not take it. */
	if (error == ERR_NONE && !user.active && !user.cancelled && strcmp(user.values.email, new.email) != 0)
		error = user_invite_again(c, &user, new.email);
	c->redirect = arena_printf(c->arena, "/customers/%s/users", c->tenant.row.id);
	return error == ERR_NONE ? list_table_refresh(c->db, c->tenant.row.tenant) : error;
}

/* What users change of themselves: never the roles, and not the address, by which a password can be set without the present one. */
enum error account_post(struct context *c)
{
	const struct scope *home = c->identity->home;
	struct user user;
	struct user_invite new;
	enum error error = user_lock(c, home, scope_tenant(home));
	if (error == ERR_NONE)
		error = user_read_own(c, &user);
	if (error == ERR_NONE)
		error = form_read(c, user_form_spec(c, USER_FORM_OWN, ROLE_NONE));
	if (error != ERR_NONE)
		return error;
	user_form_values(c, &new, user.values.child_role);
	new.email = user.values.email;
	new.role = user.values.role;
	if (strcmp(form_value(c, "version"), user.version) != 0)
		return user_conflict(c, &user);
	error = user_store(c, &user, &new);
	if (error == ERR_NONE && new.language != NULL)
		error = db_execute(c->db, NULL, STMT_USER_LANGUAGE, DB_VALUES(DB_TEXT(new.language), DB_UINT(user.key)), NULL);
	c->redirect = "/account?done=profile";
	return error == ERR_NONE ? list_table_refresh(c->db, user.tenant) : error;
}

/* The user of a form without fields, whose page shows why it is refused. */
static enum error user_action(struct context *c, const struct form_spec *spec, struct user *user)
{
	enum error error = form_read(c, spec);
	if (error == ERR_NONE)
		error = user_lock(c, c->scope, c->tenant.row.tenant);
	if (error == ERR_NONE)
		error = user_read(c, user);
	c->redirect = arena_printf(c->arena, "/customers/%s/users", c->tenant.row.id);
	return error;
}

static enum error user_action_done(struct context *c, const struct user *user, const char *action)
{
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "user", json_text(user->name));
	json_object_object_add(detail, "e-mail", json_text(user->values.email));
	enum error error = audit_write(c, c->tenant.row.tenant, action, detail);
	return error == ERR_NONE ? list_table_refresh(c->db, c->tenant.row.tenant) : error;
}

enum error user_resend_post(struct context *c)
{
	struct user user;
	enum error error = user_action(c, &user_resend_form, &user);
	if (error != ERR_NONE)
		return error;
	if (user.active)
		return form_refuse(c, "This user is active: there is no invitation to send.");
	/* What is sent again gives the same roles again. */
	if (user.values.child_role != ROLE_NONE && !user_may_give(c, user.values.child_role))
		return form_refuse(c, "This invitation gives a child tenant role above your own.");
	error = user_invite_again(c, &user, user.values.email);
	return error == ERR_NONE ? user_action_done(c, &user, "user.resend") : error;
}

enum error user_cancel_post(struct context *c)
{
	struct user user;
	char now[CLOCK_INSTANT_SIZE];
	uint64_t changed = 0;
	enum error error = user_action(c, &user_cancel_form, &user);
	if (error != ERR_NONE)
		return error;
	if (user.active)
		return form_refuse(c, "This user is active: there is no invitation to cancel.");
	clock_sql(clock_now_ms(), now);
	error = db_execute(c->db, c->scope, STMT_USER_CANCEL, DB_VALUES(DB_TEXT(now), DB_UINT(user.key)), &changed);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_OUTBOX_DROP, DB_VALUES(DB_UINT(user.key)), NULL);
	/* Cancelled before: it is so. */
	return error == ERR_NONE && changed > 0 ? user_action_done(c, &user, "user.cancel") : error;
}

enum error user_delete_post(struct context *c)
{
	struct user user;
	char now[CLOCK_INSTANT_SIZE];
	uint8_t email[SECRET_HASH_SIZE];
	bool last;
	enum error error = user_action(c, &user_delete_form, &user);
	if (error == ERR_NONE)
		error = user_last_admin(c, &user, &last);
	if (error != ERR_NONE)
		return error;
	if (user.key == c->identity->user)
		return form_refuse(c, "Nobody deletes oneself.");
	if (last)
		return form_refuse(c, "This is the last active admin here: make somebody else an admin first.");
	clock_sql(clock_now_ms(), now);
	secret_hash(user.values.email, email);
	error = db_execute(c->db, c->scope, STMT_USER_DELETE,
		DB_VALUES(DB_TEXT(now), DB_BYTES(email, sizeof email), DB_UINT(user.key)), NULL);
	if (error == ERR_NONE)
		error = token_end_maker(c->db, user.key);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_USER_SESSIONS_END, DB_VALUES(DB_UINT(user.key)), NULL);
	if (error == ERR_NONE)
		error = db_execute(c->db, NULL, STMT_OUTBOX_DROP, DB_VALUES(DB_UINT(user.key)), NULL);
	return error == ERR_NONE ? user_action_done(c, &user, "user.delete") : error;
}
