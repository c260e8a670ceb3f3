/* The forms of contracts (contract_form.h). Checks what can be seen in the form alone; rules about other contracts are contract_write.c's. */
#include "app/contract_form.h"

#include <string.h>

#include "app/country.h"

#define ACCOUNTS_MAX 1100 /* those connected, and those that the contract names already */
#define LAST_DATE "9998-12-31" /* the day after it is a date too */

/* Filled anew for each request, with texts of its arena: a form's fields must have an address that stays. */
static struct field_choice account_choices[ACCOUNTS_MAX + 1];

static const struct field_choice renewals[] = { { "auto", "Auto-renewal" }, { "manual", "Manual renewal" }, { "fixed", "Fixed term" },
	{ NULL, NULL } };
static const struct field_choice entitlements[] = { { "none", "None" }, { "spp", "SPP" }, { "ppa", "PPA" }, { NULL, NULL } };
static const struct field_choice coverages[] = { { "all", "All" }, { "selected", "Those selected below" }, { NULL, NULL } };

#define TERMS \
	{ .name = "name", .label = "Name", .kind = FIELD_LINE, .required = true, .max = 200 }, \
	{ .name = "start", .label = "Start", .kind = FIELD_DATE, .required = true }, \
	{ .name = "end", .label = "End", .kind = FIELD_DATE, .hint = "The last day. Empty: open." }, \
	{ .name = "renewal", .label = "Renewal", .kind = FIELD_CHOICE, .required = true, .choices = renewals }, \
	{ .name = "entitlement", .label = "Entitlement", .kind = FIELD_CHOICE, .required = true, .choices = entitlements },
#define INVOICING \
	{ .name = "prefix", .label = "Invoicing prefix", .kind = FIELD_LINE, .required = true, .max = 10, \
		.hint = "1 to 10 of A-Z a-z 0-9 . - _" }, \
	{ .name = "accounts", .label = "Management accounts", .kind = FIELD_CHOICE, .choices = coverages }, \
	{ .name = "account", .label = "Selected accounts", .kind = FIELD_SET, .choices = account_choices },
#define BILLING \
	{ .name = "billing_name", .label = "Billing name", .kind = FIELD_LINE, .max = 200 }, \
	{ .name = "billing_address", .label = "Address", .kind = FIELD_TEXT, .max = 500 }, \
	{ .name = "billing_city", .label = "City", .kind = FIELD_LINE, .max = 100 }, \
	{ .name = "billing_zip", .label = "ZIP code", .kind = FIELD_LINE, .max = 20 }, \
	{ .name = "billing_state", .label = "State", .kind = FIELD_LINE, .max = 100 }, \
	{ .name = "billing_country", .label = "Country", .kind = FIELD_CHOICE, .choices = countries }, \
	{ .name = "invoice_email", .label = "E-mail for invoices", .kind = FIELD_EMAIL, .max = 254, .autocomplete = "off" }, \
	{ .name = "change_email", .label = "E-mail for contract changes", .kind = FIELD_EMAIL, .max = 254, .autocomplete = "off" }, \
	{ .name = "notes", .label = "Notes", .kind = FIELD_TEXT, .max = 4000, .hint = "Not shown to the customer." },
#define EDITED \
	{ .name = "version", .label = "Version", .kind = FIELD_HIDDEN, .required = true, .max = 10 }, \
	{ .name = "state", .label = "State", .kind = FIELD_HIDDEN, .max = 20 },

/* By tier: invoicing is of end customers alone. */
static const struct field new_fields[] = { TERMS BILLING };
static const struct field new_customer_fields[] = { TERMS INVOICING BILLING };
static const struct field edit_fields[] = { TERMS BILLING EDITED };
static const struct field edit_customer_fields[] = { TERMS INVOICING BILLING EDITED };

static const struct form_spec specs[2][2] = {
	{ FORM_SPEC("contract", "Save draft", new_fields), FORM_SPEC("contract", "Save draft", new_customer_fields) },
	{ FORM_SPEC("contract", "Save", edit_fields), FORM_SPEC("contract", "Save", edit_customer_fields) },
};

static const struct field deed_fields[] = {
	{ .name = "version", .label = "Version", .kind = FIELD_HIDDEN, .max = 10 },
};
static const struct field cancel_fields[] = {
	{ .name = "version", .label = "Version", .kind = FIELD_HIDDEN, .max = 10 },
	{ .name = "reason", .label = "Reason", .kind = FIELD_TEXT, .required = true, .max = 1000,
		.hint = "The customer reads it too." },
};
const struct form_spec contract_activate_form = FORM_SPEC("activate", "Mark as active", deed_fields);
const struct form_spec contract_supersede_form = FORM_SPEC("supersede", "Supersede", deed_fields);
const struct form_spec contract_cancel_form = FORM_SPEC("cancel", "Cancel contract", cancel_fields);

static bool account_offered(size_t count, const char *account)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(account_choices[i].value, account) == 0)
			return true;
	return false;
}

/* The connected ones, and those that the contract names and that are not connected any more: it can be saved as it is. */
static enum error accounts_read(struct context *c, const char *named)
{
	DB_ROWS_AUTO rows = NULL;
	size_t count = 0;
	memset(account_choices, 0, sizeof account_choices);
	enum error error = db_query(c->db, c->scope, STMT_CONTRACT_ACCOUNTS, DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
	for (char **row; error == ERR_NONE && count < ACCOUNTS_MAX && (row = db_next(rows)) != NULL;)
		account_choices[count++] = (struct field_choice){ arena_strdup(c->arena, row[0]),
			arena_printf(c->arena, "%s (%s)", row[0], row[1]) };
	if (named == NULL || strcmp(named, "all") == 0)
		return error;
	for (const char *p = named; *p != '\0' && count < ACCOUNTS_MAX; p += strcspn(p, " "), p += strspn(p, " ")) {
		const char *account = arena_strndup(c->arena, p, strcspn(p, " "));
		if (!account_offered(count, account))
			account_choices[count++] = (struct field_choice){ account, arena_printf(c->arena, context_say(c, "%s (not connected now)"), account) };
	}
	return error;
}

enum error contract_form_spec(struct context *c, const struct contract *contract, const struct form_spec **spec)
{
	bool customer = c->tenant.row.tier == TIER_CUSTOMER;
	*spec = &specs[contract != NULL][customer];
	return customer ? accounts_read(c, contract != NULL ? contract->values[CONTRACT_ACCOUNTS] : NULL) : ERR_NONE;
}

/* What the form's fields are for VALUES. */
static void form_initial(struct context *c, const struct form_spec *spec, const char *const *values, const struct contract *contract,
	const char *initial[FORM_FIELDS_MAX])
{
	const char *accounts = values[CONTRACT_ACCOUNTS];
	bool all = accounts == NULL || strcmp(accounts, "all") == 0;
	for (size_t i = 0; i < spec->count; i++) {
		const char *name = spec->fields[i].name;
		initial[i] = NULL;
		for (int field = 0; field < CONTRACT_FIELDS_MAX; field++)
			if (strcmp(contract_field_name((enum contract_value)field), name) == 0)
				initial[i] = values[field];
		if (strcmp(name, "accounts") == 0)
			initial[i] = all ? "all" : "selected";
		else if (strcmp(name, "account") == 0)
			initial[i] = all ? NULL : accounts;
		else if (strcmp(name, "version") == 0 && contract != NULL)
			initial[i] = arena_printf(c->arena, "%u", contract->newest);
		else if (strcmp(name, "state") == 0 && contract != NULL)
			initial[i] = contract->stored;
	}
}

void contract_form_element(struct context *c, const struct form_spec *spec, const struct contract *contract)
{
	const char *const fresh[CONTRACT_FIELDS_MAX] = { [CONTRACT_RENEWAL] = "auto", [CONTRACT_ENTITLEMENT] = "none",
		[CONTRACT_ACCOUNTS] = "all" };
	const char *initial[FORM_FIELDS_MAX];
	form_initial(c, spec, contract != NULL ? contract->values : fresh, contract, initial);
	form_element(c, spec, contract != NULL ? arena_printf(c->arena, "/contracts/%s", contract->id)
		: arena_printf(c->arena, "/customers/%s/contracts/new", c->tenant.row.id), initial);
	doc_close(c->doc);
}

static bool prefix_valid(const char *prefix)
{
	return prefix[strspn(prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_")] == '\0';
}

static enum error accounts_check(struct context *c, const char *values[CONTRACT_FIELDS_MAX])
{
	const char *coverage = form_value(c, "accounts"), *prefix = form_value(c, "prefix");
	enum error error = ERR_NONE;
	values[CONTRACT_ACCOUNTS] = "all";
	if (prefix != NULL && !prefix_valid(prefix))
		error = form_wrong(c, "prefix", "1 to 10 of A-Z a-z 0-9 . - _, no other characters.");
	if (coverage == NULL || strcmp(coverage, "selected") != 0)
		return error;
	values[CONTRACT_ACCOUNTS] = form_value(c, "account");
	if (values[CONTRACT_ACCOUNTS] != NULL || http_form(c->http, "account") != NULL)
		return error;
	if (account_choices[0].value == NULL)
		return form_wrong(c, "accounts", arena_printf(c->arena, context_say(c, "%s has no connected billing source: choose all."), c->tenant.row.name));
	return form_wrong(c, "account", "Please choose at least one.");
}

enum error contract_form_read(struct context *c, const struct form_spec *spec, const char *values[CONTRACT_FIELDS_MAX])
{
	enum error error = form_read(c, spec), more = ERR_NONE;
	const char *start = form_value(c, "start"), *end = form_value(c, "end");
	for (int field = 0; field < CONTRACT_FIELDS_MAX; field++)
		values[field] = field == CONTRACT_PREFIX || field == CONTRACT_ACCOUNTS ? NULL
			: form_value(c, contract_field_name((enum contract_value)field));
	if (c->tenant.row.tier == TIER_CUSTOMER) {
		values[CONTRACT_PREFIX] = form_value(c, "prefix");
		more = accounts_check(c, values);
	} else {
		values[CONTRACT_ACCOUNTS] = "all";
	}
	/* Dates of this form are in the order of their texts. */
	if (start != NULL && strcmp(start, LAST_DATE) > 0) {
		more = form_wrong(c, "start", "A date up to " LAST_DATE ".");
		start = NULL;
	}
	if (end != NULL && strcmp(end, LAST_DATE) > 0)
		more = form_wrong(c, "end", "A date up to " LAST_DATE ".");
	else if (start != NULL && end != NULL && strcmp(end, start) < 0)
		more = form_wrong(c, "end", "The end cannot be before the start.");
	return error != ERR_NONE ? error : more;
}

static size_t field_place(const struct form_spec *spec, const char *name)
{
	size_t i = 0;
	while (i < spec->count && strcmp(spec->fields[i].name, name) != 0)
		i++;
	return i;
}

enum error contract_form_version(struct context *c, const struct contract *contract)
{
	const struct form_spec *spec = c->form->spec;
	const char *newest = arena_printf(c->arena, "%u", contract->newest), *version = form_value(c, "version");
	size_t at = field_place(spec, "version"), state = field_place(spec, "state");
	bool other_state = state < spec->count && c->form->values[state] != NULL &&
		strcmp(c->form->values[state], contract->stored) != 0;
	if ((version == NULL || strcmp(version, newest) == 0) && !other_state)
		return ERR_NONE;
	/* Sent again from the page that shows both, it is meant. */
	c->form->typed[at] = newest;
	if (state == spec->count) {
		c->form->message = "Somebody else has saved in between. Nothing was changed: please look at what it says now.";
		return ERR_VERSION_CONFLICT;
	}
	const char *stored[FORM_FIELDS_MAX];
	form_initial(c, spec, contract->values, NULL, stored);
	c->form->typed[state] = contract->stored;
	form_conflict(c, stored);
	if (other_state)
		c->form->message = "Somebody else has changed its status in between. Nothing was saved: what is stored now stands beside "
			"what you typed.";
	return ERR_VERSION_CONFLICT;
}
