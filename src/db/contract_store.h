/* Writing contracts: new versions, and the rule that two contracts of one tenant are never in force on the same day.
 *
 * All of it in the caller's transaction, after contract_lock(), which lets one writer at a time at a tenant's contracts. The caller
 * brings the list table along (db/list_table.h) and decides who may. */
#ifndef TENANTRY_DB_CONTRACT_STORE_H
#define TENANTRY_DB_CONTRACT_STORE_H

#include "base/clock.h"
#include "db/db.h"

struct arena;

/* What a version says, in the order of the columns of contract_version: name in the form, label. */
#define CONTRACT_FIELDS(X) \
	X(NAME, "name", "Name") X(START, "start", "Start") X(END, "end", "End") X(RENEWAL, "renewal", "Renewal") \
	X(ENTITLEMENT, "entitlement", "Entitlement") X(PREFIX, "prefix", "Invoicing prefix") \
	X(ACCOUNTS, "accounts", "Management accounts") X(BILLING_NAME, "billing_name", "Billing name") \
	X(BILLING_ADDRESS, "billing_address", "Billing address") X(BILLING_CITY, "billing_city", "City") \
	X(BILLING_ZIP, "billing_zip", "ZIP code") X(BILLING_STATE, "billing_state", "State") \
	X(BILLING_COUNTRY, "billing_country", "Country") X(INVOICE_EMAIL, "invoice_email", "E-mail for invoices") \
	X(CHANGE_EMAIL, "change_email", "E-mail for contract changes") X(NOTES, "notes", "Notes")

enum contract_value {
#define X(id, name, label) CONTRACT_##id,
	CONTRACT_FIELDS(X)
#undef X
	CONTRACT_FIELDS_MAX
};

/* Who writes, and when (SQL's instant). */
struct contract_author {
	uint64_t user, acting; /* the tenant that it acts as: the author of the version, and the contract's maker from now on */
	const char *name, *now;
};

/* A contract that stands in the way; texts in the arena given. */
struct contract_clash {
	const char *id, *name, *start, *end; /* id: NULL when there is none; end: NULL: open */
	const char *stored;
	bool former;                         /* a former parent made it */
};

/* What an activation has done to the contract that was superseded by it. */
struct contract_old {
	uint64_t key;
	const char *id, *name, *end, *email; /* id: NULL when there is none; email: for changes */
	unsigned version;
};

/* ERR_NOT_FOUND when the scope has no such tenant any more. */
enum error contract_lock(struct db *db, const struct scope *scope, uint64_t tenant);

/* Is a contract of TENANT, other than CONTRACT, in force on a day from START to END (NULL: open)? */
enum error contract_in_the_way(struct db *db, const struct scope *scope, uint64_t tenant, uint64_t contract, const char *start,
	const char *end, struct arena *arena, struct contract_clash *clash);

/* A draft with its first version; SUPERSEDES is the key of the old one, or 0. VALUES: NULL is empty. */
enum error contract_add(struct db *db, const struct scope *scope, const struct contract_author *author, uint64_t tenant,
	const char *id, uint64_t supersedes, const char *const values[CONTRACT_FIELDS_MAX]);

/* The next version. */
enum error contract_save(struct db *db, const struct scope *scope, const struct contract_author *author, uint64_t contract,
	const char *const values[CONTRACT_FIELDS_MAX]);

/* Makes a draft ready and shortens what it supersedes (0: nothing), unless that has ended. ERR_REFUSED with *CLASH when another
 * contract is in force on one of its days; without, when it is no draft any more. The transaction is to be undone then. */
enum error contract_make_ready(struct db *db, const struct scope *scope, const struct contract_author *author, uint64_t tenant,
	uint64_t contract, uint64_t supersedes, struct arena *arena, struct contract_clash *clash, struct contract_old *old);

#endif
