/* GET /account: the user's own profile, settings of lists and sessions; POST /account/view: columns, density, page size. Belongs to the
 * home user, whatever tenant the session acts as. What else it changes: user_write.c (profile), account_login.c. */
#include <json-c/json.h>
#include <string.h>

#include "app/account.h"
#include "app/contract_cells.h"
#include "app/customer.h"
#include "app/customer_cells.h"
#include "app/handlers.h"
#include "app/job_function.h"
#include "app/login.h"
#include "app/user_form.h"
#include "app/user_read.h"
#include "app/view_page.h"
#include "auth/otp.h"

static enum error account_sessions(struct context *c, struct json_object *list)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, NULL, STMT_SESSION_LIST,
		DB_VALUES(DB_BYTES(c->identity->hash, sizeof c->identity->hash), DB_UINT(c->identity->user)), &rows);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;) {
		if (c->format != FORMAT_JSON) {
			account_session(c, row);
			continue;
		}
		struct json_object *session = json_object_new_object();
		json_object_object_add(session, "id", json_text(row[SESSION_ID]));
		json_object_object_add(session, "since", json_text(customer_instant(c->arena, row[SESSION_SINCE])));
		json_object_object_add(session, "seen", json_text(customer_instant(c->arena, row[SESSION_SEEN])));
		json_object_object_add(session, "address", json_text(row[SESSION_ADDRESS]));
		json_object_object_add(session, "agent", json_text(row[SESSION_AGENT]));
		json_object_object_add(session, "current", json_object_new_boolean(db_uint(row[SESSION_CURRENT]) != 0));
		json_object_array_add(list, session);
	}
	return error;
}

static void account_columns_of(struct context *c, const struct listing *list)
{
	unsigned columns = columns_default(list);
	if (c->identity->view_columns[list->remembered] != NULL)
		columns_parse(list, c->identity->view_columns[list->remembered], &columns);
	doc_open(c->doc, "columns");
	doc_attr(c->doc, "list", list->file);
	view_page_columns(c, list, columns);
	doc_close(c->doc);
}

static void account_view(struct context *c)
{
	const struct identity *who = c->identity;
	enum density density = DENSITY_STANDARD;
	if (who->view_density != NULL)
		density_parse(who->view_density, &density);
	doc_open(c->doc, "view");
	doc_attr(c->doc, "density", density_name(density));
	doc_attr_int(c->doc, "limit", who->view_limit != 0 ? who->view_limit : LIMIT_DEFAULT);
	doc_close(c->doc);
	/* An end customer has no Customers page. */
	if (scope_tier(who->home) != TIER_CUSTOMER)
		account_columns_of(c, &customers_listing);
	account_columns_of(c, &contracts_listing);
}

/* What a form that was sent has done. */
static void account_done(struct context *c)
{
	static const struct {
		const char *done, *text;
	} notices[] = {
		{ "profile", "Your profile is saved." },
		{ "password", "Your new password is set. All other sessions have ended." },
		{ "session", "The session has ended." },
		{ "sessions", "All other sessions have ended." },
	};
	const char *done = c->writes ? NULL : http_query(c->http, "done");
	for (size_t i = 0; done != NULL && i < sizeof notices / sizeof *notices; i++)
		if (strcmp(notices[i].done, done) == 0)
			context_notice(c, notices[i].text);
}

static enum error account_forms(struct context *c)
{
	const struct form_spec *spec = user_form_spec(c, USER_FORM_OWN, ROLE_NONE);
	const char *initial[USER_FIELDS_MAX];
	struct user user;
	enum error error = user_read_own(c, &user);
	if (error != ERR_NONE)
		return error;
	user_form_initial(spec, &user.values, user.version, initial);
	form_element(c, spec, "/account", initial);
	doc_close(c->doc);
	account_password_form(c);
	return ERR_NONE;
}

enum error account_get(struct context *c)
{
	const struct identity *who = c->identity;
	const char *name = context_name(c, who->first_name, who->last_name);
	struct otp otp;
	enum error error = otp_read(c->db, c->arena, who->user, &otp);
	if (error != ERR_NONE)
		return error;
	c->title = context_say(c, "Account");
	if (c->format == FORMAT_JSON) {
		struct json_object *sessions = json_object_new_array();
		error = account_sessions(c, sessions);
		c->json = json_object_new_object();
		json_object_object_add(c->json, "name", json_text(name));
		json_object_object_add(c->json, "email", json_text(who->email));
		json_object_object_add(c->json, "role", json_text(role_name(who->home_role)));
		json_object_object_add(c->json, "childRole", json_text(role_name(who->child_role)));
		json_object_object_add(c->json, "oneTimePasswords", json_object_new_boolean(otp.on));
		json_object_object_add(c->json, "sessions", sessions);
		return error;
	}
	account_done(c);
	doc_open(c->doc, "account");
	doc_attr(c->doc, "name", name);
	doc_attr(c->doc, "email", who->email);
	doc_say(c->doc, "job", job_function_title(who->job));
	doc_attr(c->doc, "role", role_name(who->home_role));
	doc_attr(c->doc, "tenant", scope_name(who->home));
	doc_attr(c->doc, "otp", otp.on ? "yes" : NULL);
	account_view(c);
	error = account_sessions(c, NULL);
	doc_close(c->doc);
	return error == ERR_NONE ? account_forms(c) : error;
}

/* "columns" comes once with commas, or once for each box that is ticked. *GIVEN: the form had it. */
static bool account_columns(const struct context *c, const struct listing *list, unsigned *columns, bool *given)
{
	*columns = 1;
	*given = false;
	for (size_t i = 0; i < c->http->form_count; i++) {
		unsigned some;
		if (strcmp(c->http->form[i].name, "columns") != 0)
			continue;
		*given = true;
		if (!columns_parse(list, c->http->form[i].value, &some))
			return false;
		*columns |= some;
	}
	return true;
}

/* The page to go back to, without columns, density and limit in its address: they would hide what has just been set. */
static const char *account_next(const struct context *c, const char *next)
{
	static const char *const set[] = { "columns=", "density=", "limit=" };
	const char *query = strchr(next, '?');
	if (query == NULL)
		return next;
	BUF_AUTO kept;
	buf_init(&kept, HTTP_URI_MAX);
	buf_append(&kept, next, (size_t)(query - next));
	char separator = '?';
	for (const char *part = query + 1; *part != '\0';) {
		size_t length = strcspn(part, "&");
		bool drop = length == 0;
		for (size_t i = 0; i < sizeof set / sizeof *set; i++)
			drop = drop || strncmp(part, set[i], strlen(set[i])) == 0;
		if (!drop) {
			buf_putc(&kept, separator);
			buf_append(&kept, part, length);
			separator = '&';
		}
		part += length + (part[length] == '&');
	}
	return arena_strdup(c->arena, kept.data);
}

enum error account_view_post(struct context *c)
{
	const char *density_text = http_form(c->http, "density"), *limit_text = http_form(c->http, "limit");
	unsigned columns, limit = 0;
	bool columns_given;
	enum density density;
	const char *list_text = http_form(c->http, "list");
	bool of_contracts = list_text != NULL && strcmp(list_text, "contracts") == 0;
	const struct listing *list = of_contracts ? &contracts_listing : &customers_listing;
	if (list_text != NULL && !of_contracts && strcmp(list_text, "customers") != 0)
		return context_refuse(c, ERR_INVALID_FIELDS, "“list” takes customers or contracts.");
	if (!account_columns(c, list, &columns, &columns_given))
		return context_refuse(c, ERR_INVALID_FIELDS, "“columns” takes names of columns separated by commas, or all.");
	if (density_text != NULL && !density_parse(density_text, &density))
		return context_refuse(c, ERR_INVALID_FIELDS, "“density” takes compact, standard or comfortable.");
	if (limit_text != NULL && !limit_parse(limit_text, &limit))
		return context_refuse(c, ERR_INVALID_FIELDS, "“limit” takes 25, 50, 100 or 200.");

	BUF_AUTO words;
	buf_init(&words, 256);
	columns_write(list, &words, columns);
	enum error error = db_execute(c->db, NULL, STMT_USER_VIEW,
		DB_VALUES(columns_given && !of_contracts ? DB_TEXT(words.data) : DB_NULL,
			columns_given && of_contracts ? DB_TEXT(words.data) : DB_NULL, DB_TEXT(density_text),
			limit != 0 ? DB_UINT(limit) : DB_NULL, DB_UINT(c->identity->user)), NULL);
	const char *next = login_next(c, http_form(c->http, "next"));
	c->redirect = next != NULL ? account_next(c, next) : "/account";
	return error;
}
