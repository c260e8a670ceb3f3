/* Reading one contract (contract.h): who sees which of its versions and what of them. Must be the one place that decides it. */
#include "app/contract.h"

#include <string.h>

#include "app/country.h"
#include "app/customer.h"
#include "db/contract_day.h"

/* The columns of contract_by_id. */
enum { K_KEY, K_ID, K_NEWEST, K_STORED, K_VISIBLE, K_REASON, K_START, K_END, K_FORMER, K_TENANT, K_VERSION, K_SAVED, K_BY, K_KNOWN,
	K_VALUES, K_OLD = K_VALUES + CONTRACT_FIELDS_MAX };
/* From K_OLD on, and in contract_successor: another contract; behind it the key of the old one, and in contract_by_keys the tenant's
 * place. */
enum { O_ID, O_NAME, O_STORED, O_START, O_END, O_VISIBLE, O_FORMER, O_KEY, O_PLACE };

/* A tenant sees neither drafts nor notes of its own contracts; a distributor makes its own, so it does. */
bool contract_own(const struct context *c, uint64_t place)
{
	return place == scope_low(c->scope) && scope_tier(c->scope) != TIER_DISTRIBUTOR;
}

/* After a move the new parent does not see what the former one has drafted, cancelled or superseded. */
bool contract_hidden(const struct context *c, uint64_t place, bool former, enum contract_status status)
{
	return former && scope_tier(c->scope) == TIER_RESELLER && place != scope_low(c->scope) &&
		contract_day_former_hidden(status);
}

bool contract_version_visible(const struct context *c, const struct contract *contract, unsigned version, bool known)
{
	bool draft = contract->visible_from == 0 || version < contract->visible_from;
	return !draft || !(contract->own || ((!known || contract->former) && scope_tier(c->scope) == TIER_RESELLER));
}

bool contract_maker_of(const struct context *c, enum tier tier, bool self)
{
	return tier == TIER_DISTRIBUTOR ? self : tier == scope_tier(c->scope) + 1;
}

bool contract_maker(const struct context *c)
{
	return contract_maker_of(c, c->tenant.row.tier, c->tenant.self);
}

bool contract_may_write(const struct context *c)
{
	return scope_role(c->scope) == ROLE_ADMIN && contract_maker(c);
}

enum error contract_relation(struct context *c)
{
	if (contract_maker(c))
		return ERR_NONE;
	if (c->tenant.self)
		return context_refuse(c, ERR_RELATION, "Nobody makes contracts for the tenant that they act as: the one above does.");
	return context_refuse(c, ERR_RELATION, arena_printf(c->arena,
		context_say(c, "Contracts of %s are made by %s alone: switch to it first."), c->tenant.row.name, c->tenant.parent_name));
}

bool contract_editable(const struct contract *contract)
{
	return strcmp(contract->stored, "draft") == 0 || strcmp(contract->stored, "ready") == 0;
}

bool contract_status_cancellable(enum contract_status status)
{
	return status == CONTRACT_DRAFT || status == CONTRACT_SCHEDULED || status == CONTRACT_ACTIVE;
}

bool contract_cancellable(const struct contract *contract)
{
	return contract_status_cancellable(contract->status);
}

bool contract_supersedable(const struct contract *contract)
{
	return strcmp(contract->stored, "ready") == 0 && contract->status != CONTRACT_EXPIRED;
}

static const char *text_or_null(struct arena *arena, const char *text)
{
	return text != NULL && *text != '\0' ? arena_strdup(arena, text) : NULL;
}

/* May another contract of the same tenant, which is at PLACE, be seen? */
static bool other_visible(const struct context *c, const struct contract *contract, uint64_t place, char **row)
{
	if (row[O_ID] == NULL || (contract->own && row[O_VISIBLE] == NULL))
		return false;
	enum contract_status status = contract_day_status(row[O_STORED], row[O_START], row[O_END], scope_today(c->scope));
	return !contract_hidden(c, place, db_uint(row[O_FORMER]) != 0, status);
}

/* False: the viewer may not see it. */
static bool contract_read(const struct context *c, char **row, uint64_t place, struct contract *contract)
{
	struct arena *arena = c->arena;
	*contract = (struct contract){
		.key = db_uint(row[K_KEY]), .id = arena_strdup(arena, row[K_ID]), .tenant = arena_strdup(arena, row[K_TENANT]),
		.version = (unsigned)db_uint(row[K_VERSION]), .newest = (unsigned)db_uint(row[K_NEWEST]),
		.visible_from = (unsigned)db_uint(row[K_VISIBLE]), .stored = arena_strdup(arena, row[K_STORED]),
		.reason = text_or_null(arena, row[K_REASON]), .now_start = arena_strdup(arena, row[K_START]),
		.now_end = text_or_null(arena, row[K_END]),
		.status = contract_day_status(row[K_STORED], row[K_START], row[K_END], scope_today(c->scope)),
		.saved = customer_instant(arena, row[K_SAVED]),
		.author = db_uint(row[K_KNOWN]) != 0 ? arena_strdup(arena, row[K_BY]) : "former reseller",
		.own = contract_own(c, place), .former = db_uint(row[K_FORMER]) != 0,
		.supersedes_key = db_uint(row[K_OLD + O_KEY]),
	};
	/* Notes are their author's: not the tenant's own, nor the next parent's. */
	contract->notes = !contract->own &&
		(scope_tier(c->scope) != TIER_RESELLER || (db_uint(row[K_KNOWN]) != 0 && !contract->former));
	for (int i = 0; i < CONTRACT_FIELDS_MAX; i++)
		contract->values[i] = text_or_null(arena, row[K_VALUES + i]);
	if (!contract->notes)
		contract->values[CONTRACT_NOTES] = NULL;
	if (other_visible(c, contract, place, row + K_OLD))
		contract->supersedes = (struct contract_other){ contract->supersedes_key, arena_strdup(arena, row[K_OLD + O_ID]),
			arena_strdup(arena, row[K_OLD + O_NAME]) };
	/* Of a contract that never left draft the tenant itself has nothing to see, cancelled or not. */
	return !contract_hidden(c, place, contract->former, contract->status) &&
		contract_version_visible(c, contract, contract->version, db_uint(row[K_KNOWN]) != 0);
}

enum error contract_find(struct context *c, const char *id, unsigned version, struct contract *contract)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CONTRACT_BY_ID,
		DB_VALUES(DB_UINT(version), DB_UINT(version), DB_TEXT(id)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	error = customer_facts(c, row[K_TENANT]);
	if (error != ERR_NONE)
		return error;
	return contract_read(c, row, c->tenant.row.tree_pos, contract) ? ERR_NONE : ERR_NOT_FOUND;
}

enum error contracts_find(struct context *c, const uint64_t *keys, size_t count, struct contract **contracts, size_t *found)
{
	DB_ROWS_AUTO rows = NULL;
	*contracts = arena_array(c->arena, count + 1, sizeof **contracts);
	*found = 0;
	if (count == 0)
		return ERR_NONE;
	enum error error = db_query(c->db, c->scope, STMT_CONTRACT_BY_KEYS, DB_VALUES(DB_UINTS(keys, count)), &rows);
	for (char **row; error == ERR_NONE && (row = db_next(rows)) != NULL;)
		*found += contract_read(c, row, db_uint(row[K_OLD + O_PLACE]), &(*contracts)[*found]);
	return error;
}

enum error contract_successor(struct context *c, const struct contract *contract, struct contract_other *successor)
{
	DB_ROWS_AUTO rows = NULL;
	*successor = (struct contract_other){ 0 };
	enum error error = db_query(c->db, c->scope, STMT_CONTRACT_SUCCESSOR, DB_VALUES(DB_UINT(contract->key)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row != NULL && other_visible(c, contract, c->tenant.row.tree_pos, row))
		*successor = (struct contract_other){ 0, arena_strdup(c->arena, row[O_ID]), arena_strdup(c->arena, row[O_NAME]) };
	return error;
}

static const struct {
	const char *name, *label;
} fields[CONTRACT_FIELDS_MAX] = {
#define X(id, name, label) { name, label },
	CONTRACT_FIELDS(X)
#undef X
};

const char *contract_field_name(enum contract_value field)
{
	return fields[field].name;
}

const char *contract_field_label(enum contract_value field)
{
	return fields[field].label;
}

const char *contract_field_text(enum contract_value field, const char *value)
{
	static const char *const words[][3] = {
		{ "renewal", "auto", "Auto-renewal" }, { "renewal", "manual", "Manual renewal" }, { "renewal", "fixed", "Fixed term" },
		{ "entitlement", "none", "None" }, { "entitlement", "spp", "SPP" }, { "entitlement", "ppa", "PPA" },
		{ "accounts", "all", "All" },
	};
	if (value == NULL)
		return NULL;
	if (field == CONTRACT_BILLING_COUNTRY)
		return country_name(value) != NULL ? country_name(value) : value;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i][0], fields[field].name) == 0 && strcmp(words[i][1], value) == 0)
			return words[i][2];
	return value;
}
