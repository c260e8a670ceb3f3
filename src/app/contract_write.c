/* Changing contracts: POST /customers/{tenant}/contracts/new, /contracts/{id} and its deeds. Each handler runs in the pipeline's
 * transaction: contract, version, list row, audit event and mail together. Nothing that was written is ever overwritten but the status. */
#include <json-c/json.h>
#include <string.h>

#include "app/audit.h"
#include "app/contract_form.h"
#include "app/contract_mail.h"
#include "app/customer.h"
#include "app/customer_change.h"
#include "app/handlers.h"
#include "base/id.h"
#include "db/contract_day.h"
#include "db/list_table.h"

/* What somebody from above writes as the parent is the parent's: the next parent after a move may know no more of it. NOW must live as
 * long as the author. */
static struct contract_author contract_author(const struct context *c, char now[CLOCK_INSTANT_SIZE])
{
	clock_sql(clock_now_ms(), now);
	return (struct contract_author){ .user = c->identity->user, .acting = scope_tenant(c->scope),
		.name = context_name(c, c->identity->first_name, c->identity->last_name), .now = now };
}

/* The contract of the route as it is once nobody else can change it, for its maker. */
static enum error contract_take(struct context *c, struct contract *contract)
{
	enum error error = contract_find(c, c->ids[0], 0, contract);
	if (error == ERR_NONE)
		error = contract_relation(c);
	if (error == ERR_NONE)
		error = contract_lock(c->db, c->scope, c->tenant.row.tenant);
	return error == ERR_NONE ? contract_find(c, c->ids[0], 0, contract) : error;
}

static enum error contract_written(struct context *c, const char *action, struct json_object *detail)
{
	enum error error = audit_write(c, c->tenant.row.tenant, action, detail);
	return error == ERR_NONE ? list_table_refresh(c->db, c->tenant.row.tenant) : error;
}

/* Refuses because of another contract, which is named when it may be known. */
static enum error contract_refuse_clash(struct context *c, const struct contract_clash *clash)
{
	enum contract_status status = contract_day_status(clash->stored, clash->start, clash->end, scope_today(c->scope));
	const char *name = contract_hidden(c, c->tenant.row.tree_pos, clash->former, status) ? context_say(c, "A contract of the former reseller")
		: arena_printf(c->arena, "“%s”", clash->name);
	const char *end = clash->end != NULL ? arena_printf(c->arena, context_say(c, N_(" to %s")), clash->end) : context_say(c, N_(" without an end"));
	return form_refuse(c, arena_printf(c->arena, context_say(c, "%s is in force from %s%s and stands in the way: two contracts of one customer "
		"are never in force on the same day."), name, clash->start, end));
}

enum error contract_new_post(struct context *c)
{
	const struct form_spec *spec;
	const char *values[CONTRACT_FIELDS_MAX];
	char id[ID_SIZE], now[CLOCK_INSTANT_SIZE];
	enum error error = contract_relation(c);
	if (error == ERR_NONE)
		error = contract_form_spec(c, NULL, &spec);
	if (error == ERR_NONE)
		error = contract_form_read(c, spec, values);
	if (error == ERR_NONE)
		error = contract_lock(c->db, c->scope, c->tenant.row.tenant);
	if (error != ERR_NONE)
		return error;
	struct contract_author author = contract_author(c, now);
	id_make(id);
	c->redirect = arena_printf(c->arena, "/contracts/%s", id);
	error = contract_add(c->db, c->scope, &author, c->tenant.row.tenant, id, 0, values);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "name", customer_change(NULL, values[CONTRACT_NAME]));
	return contract_written(c, "contract.create", detail);
}

/* {"contract": NAME, LABEL: {"from", "to"}, …} of what differs. Notes are not told of. */
static struct json_object *contract_detail(const struct contract *contract, const char *const *values, bool *changed)
{
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "contract", json_text(contract->values[CONTRACT_NAME]));
	json_object_object_add(detail, "version", json_object_new_int((int)contract->newest + 1));
	*changed = false;
	for (int i = 0; i < CONTRACT_NOTES; i++) {
		enum contract_value field = (enum contract_value)i;
		const char *from = contract->values[i], *to = values[i];
		if (strcmp(from != NULL ? from : "", to != NULL ? to : "") == 0)
			continue;
		*changed = true;
		json_object_object_add(detail, contract_field_label(field),
			customer_change(contract_field_text(field, from), contract_field_text(field, to)));
	}
	return detail;
}

/* What begun contracts may not say any more, and what another contract forbids. A draft promises nothing yet. */
static enum error contract_edit_check(struct context *c, const struct contract *contract, const char *const *values)
{
	struct contract_clash clash;
	if (contract->status == CONTRACT_DRAFT)
		return ERR_NONE;
	if (contract->status != CONTRACT_SCHEDULED && strcmp(values[CONTRACT_START], contract->now_start) != 0)
		return form_wrong(c, "start", arena_printf(c->arena, context_say(c, "It has begun: its start stays %s."), contract->now_start));
	enum error error = contract_in_the_way(c->db, c->scope, c->tenant.row.tenant, contract->key, values[CONTRACT_START],
		values[CONTRACT_END], c->arena, &clash);
	return error == ERR_NONE && clash.id != NULL ? contract_refuse_clash(c, &clash) : error;
}

/* To the address of changes, and to the one that it was until now. */
static enum error contract_tell_changed(struct context *c, const struct contract *contract, const char *const *values)
{
	const char *old = contract->values[CONTRACT_CHANGE_EMAIL], *new = values[CONTRACT_CHANGE_EMAIL];
	enum error error = contract_mail(c, "contract-changed", contract->key, contract->newest + 1, new);
	if (error == ERR_NONE && old != NULL && (new == NULL || strcmp(old, new) != 0))
		error = contract_mail(c, "contract-changed", contract->key, contract->newest + 1, old);
	return error;
}

enum error contract_post(struct context *c)
{
	struct contract contract;
	const struct form_spec *spec;
	const char *values[CONTRACT_FIELDS_MAX];
	char now[CLOCK_INSTANT_SIZE];
	bool changed;
	enum error error = contract_take(c, &contract);
	if (error == ERR_NONE)
		error = contract_form_spec(c, &contract, &spec);
	if (error == ERR_NONE)
		error = contract_form_read(c, spec, values);
	if (error == ERR_NONE)
		error = contract_form_version(c, &contract);
	if (error != ERR_NONE)
		return error;
	if (!contract_editable(&contract))
		return form_refuse(c, contract.status == CONTRACT_CANCELLED ? "It is cancelled: what it says stays."
			: "It is superseded: what it says stays. Change its successor instead.");
	error = contract_edit_check(c, &contract, values);
	if (error != ERR_NONE)
		return error;
	struct contract_author author = contract_author(c, now);
	c->redirect = arena_printf(c->arena, "/contracts/%s", contract.id);
	error = contract_save(c->db, c->scope, &author, contract.key, values);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = contract_detail(&contract, values, &changed);
	if (changed && contract.status != CONTRACT_DRAFT)
		error = contract_tell_changed(c, &contract, values);
	if (error != ERR_NONE) {
		json_object_put(detail);
		return error;
	}
	return contract_written(c, contract.status == CONTRACT_DRAFT ? "contract.draft" : "contract.update", detail);
}

/* A deed's form, then the version that it was made for. */
static enum error contract_deed(struct context *c, const struct form_spec *spec, struct contract *contract)
{
	enum error error = contract_take(c, contract);
	if (error == ERR_NONE)
		error = form_read(c, spec);
	if (error == ERR_NONE)
		error = contract_form_version(c, contract);
	if (error == ERR_NONE)
		c->redirect = arena_printf(c->arena, "/contracts/%s", contract->id);
	return error;
}

static enum error contract_tell_superseded(struct context *c, const struct contract *contract, const struct contract_old *old)
{
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "contract", json_text(old->name));
	json_object_object_add(detail, "by", json_text(contract->values[CONTRACT_NAME]));
	json_object_object_add(detail, "End", customer_change(NULL, old->end));
	enum error error = audit_write(c, c->tenant.row.tenant, "contract.supersede", detail);
	return error == ERR_NONE ? contract_mail(c, "contract-superseded", old->key, old->version, old->email) : error;
}

enum error contract_activate_post(struct context *c)
{
	struct contract contract;
	struct contract_clash clash;
	struct contract_old old;
	char now[CLOCK_INSTANT_SIZE];
	enum error error = contract_deed(c, &contract_activate_form, &contract);
	if (error != ERR_NONE)
		return error;
	if (contract.status != CONTRACT_DRAFT)
		return form_refuse(c, "Only a draft can be marked as active.");
	struct contract_author author = contract_author(c, now);
	error = contract_make_ready(c->db, c->scope, &author, c->tenant.row.tenant, contract.key, contract.supersedes_key,
		c->arena, &clash, &old);
	if (error == ERR_REFUSED)
		return clash.id != NULL ? contract_refuse_clash(c, &clash) : form_refuse(c, "Only a draft can be marked as active.");
	if (error == ERR_NONE && old.id != NULL)
		error = contract_tell_superseded(c, &contract, &old);
	if (error == ERR_NONE)
		error = contract_mail(c, "contract-active", contract.key, contract.newest, contract.values[CONTRACT_CHANGE_EMAIL]);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "name", json_text(contract.values[CONTRACT_NAME]));
	json_object_object_add(detail, "version", json_object_new_int((int)contract.newest));
	return contract_written(c, "contract.activate", detail);
}

enum error contract_cancel_post(struct context *c)
{
	struct contract contract;
	enum error error = contract_deed(c, &contract_cancel_form, &contract);
	if (error != ERR_NONE)
		return error;
	if (!contract_cancellable(&contract))
		return form_refuse(c, contract.status == CONTRACT_CANCELLED ? "It is cancelled already."
			: "It has ended: there is nothing to cancel.");
	const char *reason = form_value(c, "reason");
	bool draft = contract.status == CONTRACT_DRAFT;
	error = db_execute(c->db, c->scope, STMT_CONTRACT_CANCEL,
		DB_VALUES(DB_TEXT(reason), DB_UINT(scope_tenant(c->scope)), DB_UINT(contract.key)), NULL);
	/* Nobody has been told of a draft. */
	if (error == ERR_NONE && !draft)
		error = contract_mail(c, "contract-cancelled", contract.key, contract.newest, contract.values[CONTRACT_CHANGE_EMAIL]);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "contract", json_text(contract.values[CONTRACT_NAME]));
	json_object_object_add(detail, "reason", json_text(reason));
	return contract_written(c, draft ? "contract.discard" : "contract.cancel", detail);
}

/* A copy to work on. What has begun keeps its days: the copy starts today. */
enum error contract_supersede_post(struct context *c)
{
	struct contract old;
	const char *values[CONTRACT_FIELDS_MAX];
	char id[ID_SIZE], now[CLOCK_INSTANT_SIZE];
	enum error error = contract_deed(c, &contract_supersede_form, &old);
	if (error != ERR_NONE)
		return error;
	if (!contract_supersedable(&old))
		return form_refuse(c, "Only a contract that is active or scheduled can be superseded.");
	memcpy(values, old.values, sizeof values);
	if (strcmp(values[CONTRACT_START], scope_today(c->scope)) < 0)
		values[CONTRACT_START] = scope_today(c->scope);
	struct contract_author author = contract_author(c, now);
	id_make(id);
	c->redirect = arena_printf(c->arena, "/contracts/%s", id);
	error = contract_add(c->db, c->scope, &author, c->tenant.row.tenant, id, old.key, values);
	if (error != ERR_NONE)
		return error;
	struct json_object *detail = json_object_new_object();
	json_object_object_add(detail, "name", customer_change(NULL, values[CONTRACT_NAME]));
	json_object_object_add(detail, "supersedes", json_text(old.values[CONTRACT_NAME]));
	return contract_written(c, "contract.create", detail);
}
