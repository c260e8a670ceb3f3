/* The pages of one contract: GET /contracts/{id} with its versions and, for its maker, its forms; GET /customers/{tenant}/contracts/new;
 * the questions before a contract is cancelled or one that ends another is marked as active. Changes nothing. */
#include "app/contract_page.h"

#include <stdlib.h>
#include <string.h>

#include "app/contract_form.h"
#include "app/customer.h"
#include "app/customer_cells.h"
#include "app/handlers.h"

#define VERSION_MOST 1000000

unsigned contract_version_number(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);
	return *text >= '1' && *text <= '9' && *end == '\0' && number <= VERSION_MOST ? (unsigned)number : 0;
}

void contract_tenant_element(struct context *c)
{
	const struct list_row *tenant = &c->tenant.row;
	doc_open(c->doc, "tenant");
	doc_attr(c->doc, "id", tenant->id);
	doc_attr(c->doc, "name", tenant->name);
	doc_attr(c->doc, "tier", tier_name(tenant->tier));
	doc_close(c->doc);
}

static enum error versions_element(struct context *c, const struct contract *contract)
{
	DB_ROWS_AUTO versions = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CONTRACT_VERSIONS, DB_VALUES(DB_UINT(contract->key)), &versions);
	for (char **row; error == ERR_NONE && (row = db_next(versions)) != NULL;) {
		unsigned number = (unsigned)db_uint(row[0]);
		bool known = db_uint(row[3]) != 0;
		if (!contract_version_visible(c, contract, number, known))
			continue;
		doc_open(c->doc, "version");
		doc_attr_int(c->doc, "number", number);
		doc_attr(c->doc, "saved", customer_instant(c->arena, row[1]));
		doc_attr(c->doc, "by", known ? row[2] : context_say(c, N_("former reseller")));
		doc_attr(c->doc, "href", context_href(c, arena_printf(c->arena, "/contracts/%s?version=%u", contract->id, number)));
		doc_attr(c->doc, "current", number == contract->version ? "yes" : NULL);
		doc_close(c->doc);
	}
	return error;
}

/* What the page offers to whoever may change the contract; and who is to be switched to where only that one may. */
static void deeds_attributes(struct context *c, const struct contract *contract)
{
	if (scope_role(c->scope) != ROLE_ADMIN)
		return;
	if (contract_maker(c)) {
		doc_attr(c->doc, "may-activate", contract->status != CONTRACT_DRAFT ? NULL : contract->supersedes_key != 0 ? "asks" : "yes");
		doc_attr(c->doc, "may-cancel", contract_cancellable(contract) ? "yes" : NULL);
		doc_attr(c->doc, "may-supersede", contract_supersedable(contract) ? "yes" : NULL);
	} else if (!c->tenant.self && c->identity->child_role == ROLE_ADMIN && c->tenant.parent_name != NULL) {
		doc_attr(c->doc, "switch", c->tenant.row.parent);
		doc_attr(c->doc, "switch-name", c->tenant.parent_name);
	}
}

static void billing_element(struct context *c, const char *const *values)
{
	doc_open(c->doc, "billing");
	doc_attr(c->doc, "name", values[CONTRACT_BILLING_NAME]);
	doc_attr(c->doc, "address", values[CONTRACT_BILLING_ADDRESS]);
	doc_attr(c->doc, "city", values[CONTRACT_BILLING_CITY]);
	doc_attr(c->doc, "zip", values[CONTRACT_BILLING_ZIP]);
	doc_attr(c->doc, "state", values[CONTRACT_BILLING_STATE]);
	doc_attr(c->doc, "country", values[CONTRACT_BILLING_COUNTRY]);
	doc_say(c->doc, "country-name", contract_field_text(CONTRACT_BILLING_COUNTRY, values[CONTRACT_BILLING_COUNTRY]));
	doc_close(c->doc);
}

static enum error contract_whole_element(struct context *c, const struct contract *contract)
{
	const char *const *values = contract->values;
	struct contract_other successor;
	enum error error = contract_successor(c, contract, &successor);
	if (error != ERR_NONE)
		return error;
	doc_open(c->doc, "contract");
	doc_attr(c->doc, "id", contract->id);
	doc_attr(c->doc, "name", values[CONTRACT_NAME]);
	doc_attr(c->doc, "status", contract_status_words[contract->status]);
	doc_attr_int(c->doc, "version", contract->version);
	doc_attr_int(c->doc, "newest", contract->newest);
	doc_attr(c->doc, "saved", contract->saved);
	doc_attr(c->doc, "saved-by", contract->author);
	doc_attr(c->doc, "start", values[CONTRACT_START]);
	doc_attr(c->doc, "end", values[CONTRACT_END]);
	doc_attr(c->doc, "renewal", values[CONTRACT_RENEWAL]);
	doc_attr(c->doc, "entitlement", values[CONTRACT_ENTITLEMENT]);
	doc_attr(c->doc, "prefix", values[CONTRACT_PREFIX]);
	doc_attr(c->doc, "accounts", values[CONTRACT_ACCOUNTS]);
	doc_attr(c->doc, "invoice-email", values[CONTRACT_INVOICE_EMAIL]);
	doc_attr(c->doc, "change-email", values[CONTRACT_CHANGE_EMAIL]);
	doc_attr(c->doc, "notes", values[CONTRACT_NOTES]);
	doc_attr(c->doc, "supersedes", contract->supersedes.id);
	doc_attr(c->doc, "supersedes-name", contract->supersedes.name);
	doc_attr(c->doc, "superseded-by", successor.id);
	doc_attr(c->doc, "superseded-by-name", successor.name);
	doc_attr(c->doc, "reason", contract->reason);
	deeds_attributes(c, contract);
	billing_element(c, values);
	contract_tenant_element(c);
	error = versions_element(c, contract);
	doc_close(c->doc);
	return error;
}

static void deed_element(struct context *c, const struct form_spec *spec, const struct contract *contract)
{
	const char *const initial[] = { arena_printf(c->arena, "%u", contract->newest), NULL };
	form_element(c, spec, arena_printf(c->arena, "/contracts/%s/%s", contract->id, spec->name), initial);
	doc_close(c->doc);
}

static bool form_sent(const struct context *c, const struct form_spec *spec)
{
	return c->form != NULL && c->form->spec == spec;
}

/* The newest version's page has what may be done; a form that was refused is shown whatever it is by now. */
static enum error contract_forms(struct context *c, const struct contract *contract)
{
	const struct form_spec *spec;
	if (!contract_may_write(c) || contract->version != contract->newest)
		return ERR_NONE;
	enum error error = contract_form_spec(c, contract, &spec);
	if (error == ERR_NONE && (contract_editable(contract) || form_sent(c, spec)))
		contract_form_element(c, spec, contract);
	if (error == ERR_NONE && contract->status == CONTRACT_DRAFT && contract->supersedes_key == 0)
		deed_element(c, &contract_activate_form, contract);
	if (error == ERR_NONE && (contract_supersedable(contract) || form_sent(c, &contract_supersede_form)))
		deed_element(c, &contract_supersede_form, contract);
	return error;
}

enum error contract_get(struct context *c)
{
	struct contract contract;
	unsigned version = 0, right;
	const char *text = c->writes ? NULL : http_query(c->http, "version");
	enum error error = ERR_NONE;
	if (!c->writes && http_query(c->http, "compare") != NULL) {
		/* The order of checks: whether there is such a contract comes before what is asked of it. */
		error = contract_find(c, c->ids[0], 0, &contract);
		if (error == ERR_NONE)
			error = contract_compare_read(c, &version, &right);
		return error == ERR_NONE ? contract_compare(c, version, right) : error;
	}
	if (text != NULL) {
		error = contract_find(c, c->ids[0], 0, &contract);
		if (error == ERR_NONE && (version = contract_version_number(text)) == 0)
			return context_bad_parameter(c, "version", "the number of a version");
	}
	if (error == ERR_NONE)
		error = contract_find(c, c->ids[0], version, &contract);
	if (error != ERR_NONE)
		return error;
	c->title = contract.values[CONTRACT_NAME];
	if (c->format == FORMAT_JSON) {
		c->json = contract_json(c->arena, &contract);
		return ERR_NONE;
	}
	error = contract_whole_element(c, &contract);
	return error == ERR_NONE ? contract_forms(c, &contract) : error;
}

enum error contract_new_get(struct context *c)
{
	const struct form_spec *spec;
	enum error error = contract_relation(c);
	if (error == ERR_NONE)
		error = contract_form_spec(c, NULL, &spec);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, "%s for %s"), c->tenant.row.tier == TIER_DISTRIBUTOR ? context_say(c, "Base contract") : context_say(c, "New contract"),
		c->tenant.row.name);
	customer_header(c, "contracts");
	contract_form_element(c, spec, NULL);
	return ERR_NONE;
}

/* Asks before a deed: the contract, and the form with its button. */
static enum error contract_ask(struct context *c, const struct form_spec *spec)
{
	struct contract contract;
	enum error error = contract_find(c, c->ids[0], 0, &contract);
	if (error == ERR_NONE)
		error = contract_relation(c);
	if (error == ERR_NONE)
		error = contract_whole_element(c, &contract);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, spec == &contract_activate_form ? "Mark %s as active?" : "Cancel %s?"),
		contract.values[CONTRACT_NAME]);
	deed_element(c, spec, &contract);
	return ERR_NONE;
}

enum error contract_activate_get(struct context *c)
{
	return contract_ask(c, &contract_activate_form);
}

enum error contract_cancel_get(struct context *c)
{
	return contract_ask(c, &contract_cancel_form);
}
