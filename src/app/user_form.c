/* The forms about users (user_form.h). Decides nothing about who may: a role that is not offered is still checked by user_write.c. */
#include "app/user_form.h"

#include <string.h>

#include "app/job_function.h"

#define JOBS_MAX 16

static const struct field_choice roles[] = { { "admin", "Admin" }, { "sales", "Sales" }, { NULL, NULL } };

/* Those up to a highest one. */
static const struct field_choice child_roles[ROLE__MAX][ROLE__MAX + 1] = {
	{ { "none", "None" }, { NULL, NULL } },
	{ { "none", "None" }, { "sales", "Sales" }, { NULL, NULL } },
	{ { "none", "None" }, { "sales", "Sales" }, { "admin", "Admin" }, { NULL, NULL } },
};

/* Each in its own language, so that who cannot read the page finds it. */
static const struct field_choice languages[] = { { "en", "English" }, { "de", "Deutsch" }, { NULL, NULL } };

static const struct field_choice *user_jobs(void)
{
	static struct field_choice jobs[JOBS_MAX];
	for (size_t i = 0; i < JOBS_MAX - 1 && job_functions[i].key != NULL; i++)
		jobs[i] = (struct field_choice){ job_functions[i].key, job_functions[i].title };
	return jobs;
}

static void spec_fill(struct form_spec *spec, struct field *fields, enum user_form form, bool below, enum role child)
{
	static const char *const names[] = { "invite", "admin", "user", "own" };
	static const char *const submits[] = { "Send invitation", "Save and complete", "Save", "Save profile" };
	bool own = form == USER_FORM_OWN;
	size_t n = 0;
	if (!own)
		fields[n++] = (struct field){ "email", "E-mail", FIELD_EMAIL, true, 254, NULL,
			form == USER_FORM_EDIT ? NULL : "The invitation goes there; its link lives 48 hours.", "off" };
	fields[n++] = (struct field){ "first_name", "First name", FIELD_LINE, true, 100, NULL, NULL,
		own ? "given-name" : "off" };
	fields[n++] = (struct field){ "last_name", "Last name", FIELD_LINE, true, 100, NULL, NULL,
		own ? "family-name" : "off" };
	fields[n++] = (struct field){ "job_function", "Job function", FIELD_CHOICE, true, 0, user_jobs(), NULL, NULL };
	if (own)
		fields[n++] = (struct field){ "language", "Language", FIELD_CHOICE, false, 0, languages, NULL, NULL };
	if (form != USER_FORM_ADMIN && !own)
		fields[n++] = (struct field){ "role", "Role", FIELD_CHOICE, true, 0, roles, "Admin reads and changes, Sales reads only.", NULL };
	if (below && !own)
		fields[n++] = (struct field){ "child_role", "Child tenant role", FIELD_CHOICE, false, 0, child_roles[child],
			"The role in force while acting as a tenant below.", NULL };
	if (form == USER_FORM_EDIT || own)
		fields[n++] = (struct field){ "version", "Version", FIELD_HIDDEN, true, 10, NULL, NULL, NULL };
	*spec = (struct form_spec){ names[form], submits[form], fields, n };
}

const struct form_spec *user_form_spec(const struct context *c, enum user_form form, enum role child)
{
	static struct form_spec specs[USER_FORM__MAX][2][ROLE__MAX];
	static struct field fields[USER_FORM__MAX][2][ROLE__MAX][USER_FIELDS_MAX];
	bool below = c->tenant.row.tier != TIER_CUSTOMER;
	struct form_spec *spec = &specs[form][below][child];
	if (spec->name == NULL)
		spec_fill(spec, fields[form][below][child], form, below, child);
	return spec;
}

static bool spec_has(const struct form_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->count; i++)
		if (strcmp(spec->fields[i].name, name) == 0)
			return true;
	return false;
}

void user_form_values(const struct context *c, struct user_invite *values, enum role child)
{
	const struct form_spec *spec = c->form->spec;
	const char *role = spec_has(spec, "role") ? form_value(c, "role") : "admin";
	const char *below = spec_has(spec, "child_role") ? form_value(c, "child_role") : NULL;
	*values = (struct user_invite){ spec_has(spec, "email") ? form_value(c, "email") : NULL, form_value(c, "first_name"), form_value(c, "last_name"),
		form_value(c, "job_function"), ROLE_SALES, child,
		spec_has(spec, "language") ? form_value(c, "language") : NULL };
	/* Both were chosen from lists of these very words. */
	role_parse(role, &values->role);
	if (below != NULL)
		role_parse(below, &values->child_role);
}

void user_form_initial(const struct form_spec *spec, const struct user_invite *values, const char *version,
	const char *initial[USER_FIELDS_MAX])
{
	for (size_t i = 0; i < spec->count; i++) {
		const char *name = spec->fields[i].name;
		if (values == NULL)
			initial[i] = strcmp(name, "child_role") == 0 ? "none" : NULL;
		else if (strcmp(name, "email") == 0)
			initial[i] = values->email;
		else if (strcmp(name, "first_name") == 0)
			initial[i] = values->first_name;
		else if (strcmp(name, "last_name") == 0)
			initial[i] = values->last_name;
		else if (strcmp(name, "job_function") == 0)
			initial[i] = values->job_function;
		else if (strcmp(name, "role") == 0)
			initial[i] = role_name(values->role);
		else if (strcmp(name, "child_role") == 0)
			initial[i] = role_name(values->child_role);
		else if (strcmp(name, "language") == 0)
			initial[i] = values->language;
		else
			initial[i] = version;
	}
}
