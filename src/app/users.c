/* GET /customers/{tenant}/users: who belongs to a tenant, in which role, and the state of each invitation. */
#include <json-c/json.h>
#include <string.h>

#include "app/customer.h"
#include "app/handlers.h"
#include "app/job_function.h"
#include "app/table.h"
#include "app/user_form.h"
#include "app/user_read.h"

/* The columns of customer_users. */
enum { U_ID, U_FIRST, U_LAST, U_EMAIL, U_JOB, U_ROLE, U_CHILD, U_INVITED, U_ACTIVE, U_CANCELLED, U_EXPIRES, U_DISABLED, U_MAIL };

static const char *users_state(char **row)
{
	return user_state(row[U_DISABLED], row[U_ACTIVE], row[U_CANCELLED], row[U_EXPIRES]);
}

/* What became of an open invitation's mail, where it is worth saying; NULL else. */
static const char *users_mail(char **row)
{
	return row[U_ACTIVE] == NULL && row[U_CANCELLED] == NULL && row[U_MAIL] != NULL && *row[U_MAIL] != '\0' ? row[U_MAIL] : NULL;
}

static void user_element(struct context *c, char **row)
{
	doc_open(c->doc, "user");
	doc_attr(c->doc, "id", row[U_ID]);
	doc_attr(c->doc, "name", context_name(c, row[U_FIRST], row[U_LAST]));
	doc_attr(c->doc, "email", row[U_EMAIL]);
	doc_say(c->doc, "job", job_function_title(row[U_JOB]));
	doc_attr(c->doc, "role", row[U_ROLE]);
	doc_attr(c->doc, "child", row[U_CHILD]);
	doc_attr(c->doc, "state", users_state(row));
	doc_attr(c->doc, "invited", customer_instant(c->arena, row[U_INVITED]));
	doc_attr(c->doc, "mail", users_mail(row));
	doc_attr(c->doc, "since", customer_instant(c->arena, row[U_ACTIVE]));
	doc_close(c->doc);
}

static struct json_object *user_json(struct context *c, char **row)
{
	struct json_object *user = json_object_new_object();
	json_object_object_add(user, "id", json_text(row[U_ID]));
	json_object_object_add(user, "name", json_text(context_name(c, row[U_FIRST], row[U_LAST])));
	json_object_object_add(user, "email", json_text(row[U_EMAIL]));
	json_object_object_add(user, "jobFunction", json_text(job_function_title(row[U_JOB])));
	json_object_object_add(user, "role", json_text(row[U_ROLE]));
	json_object_object_add(user, "childRole", json_text(row[U_CHILD]));
	json_object_object_add(user, "state", json_text(users_state(row)));
	json_object_object_add(user, "invited", json_text(customer_instant(c->arena, row[U_INVITED])));
	return user;
}

static enum error users_csv(struct context *c, struct db_rows *rows)
{
	static const char *const header[] = { "Name", "E-mail", "Job function", "Role", "Child tenant role", "State", "Invited" };
	enum error error = table_begin(c, "users", db_rows_count(rows), header, 7);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		error = table_row(c, (const char *const[]){ context_name(c, row[U_FIRST], row[U_LAST]), row[U_EMAIL],
			job_function_title(row[U_JOB]), row[U_ROLE], row[U_CHILD], users_state(row), customer_instant(c->arena, row[U_INVITED]) });
	return error;
}

static void users_invite_form(struct context *c)
{
	const struct form_spec *spec = user_form_spec(c, USER_FORM_INVITE, c->identity->child_role);
	const char *initial[USER_FIELDS_MAX];
	user_form_initial(spec, NULL, NULL, initial);
	form_element(c, spec, arena_printf(c->arena, "/customers/%s/users", c->tenant.row.id), initial);
	doc_close(c->doc);
}

enum error users_get(struct context *c)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CUSTOMER_USERS, DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return users_csv(c, rows);
	c->title = c->tenant.row.name;
	if (c->format == FORMAT_JSON) {
		struct json_object *users = json_object_new_array();
		for (char **row; (row = db_next(rows)) != NULL;)
			json_object_array_add(users, user_json(c, row));
		c->json = json_object_new_object();
		json_object_object_add(c->json, "users", users);
		return ERR_NONE;
	}
	customer_header(c, "users");
	doc_open(c->doc, "users");
	for (char **row; (row = db_next(rows)) != NULL;)
		user_element(c, row);
	doc_close(c->doc);
	if (scope_role(c->scope) == ROLE_ADMIN)
		users_invite_form(c);
	return ERR_NONE;
}
