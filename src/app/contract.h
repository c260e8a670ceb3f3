/* One contract: what of it the viewer may see, and who may change it. Shared by the lists (contracts.c), the pages and forms of one
 * (contract_*.c) and whatever else shows contracts. */
#ifndef TENANTRY_APP_CONTRACT_H
#define TENANTRY_APP_CONTRACT_H

#include "app/context.h"
#include "db/contract_store.h"

struct json_object;

/* Another contract that one speaks of: what it superseded, what superseded it. */
struct contract_other {
	uint64_t key;
	const char *id, *name; /* NULL: none, or none that the viewer may see */
};

struct contract {
	uint64_t key;
	const char *id, *tenant;   /* public IDs */
	unsigned version, newest;  /* which version VALUES are of */
	unsigned visible_from;     /* the version that left draft; 0: none has */
	const char *stored, *reason;
	const char *now_start, *now_end; /* of the newest version */
	enum contract_status status;     /* of the contract, whichever version is read */
	const char *saved, *author;      /* of the version; saved: RFC 3339 */
	bool own;                        /* it is the acting tenant's, which may not make it */
	bool notes;                      /* the viewer may read the notes of this version */
	bool former;                     /* a former parent made it */
	uint64_t supersedes_key;
	struct contract_other supersedes;
	const char *values[CONTRACT_FIELDS_MAX]; /* NULL when empty, or not the viewer's to read */
};

/* Is the tenant at PLACE the acting one, and one that is not to see its drafts and notes? */
bool contract_own(const struct context *c, uint64_t place);

/* Is a contract of the tenant at PLACE, made by a FORMER parent, out of the acting tenant's sight in that status? */
bool contract_hidden(const struct context *c, uint64_t place, bool former, enum contract_status status);

/* A contract of the scope by public ID as VERSION says it (0: the newest), and its tenant in c->tenant. ERR_NOT_FOUND when there is
 * none that the viewer may see. */
enum error contract_find(struct context *c, const char *id, unsigned version, struct contract *contract);

/* Those of the contracts with the keys that the viewer may see, as they say now, by key. Leaves c->tenant alone. */
enum error contracts_find(struct context *c, const uint64_t *keys, size_t count, struct contract **contracts, size_t *found);

/* What has superseded it, if that has left draft and the viewer may see it. */
enum error contract_successor(struct context *c, const struct contract *contract, struct contract_other *successor);

/* May a version be read, whose author's tenant the viewer may know of (KNOWN)? The tenant itself does not read what its contract said
 * as a draft, nor does its parent read a former parent's drafts. */
bool contract_version_visible(const struct context *c, const struct contract *contract, unsigned version, bool known);

/* Does the acting tenant make the contracts of a tenant of TIER (its direct parent, or, with SELF, a distributor its own)? Says nothing
 * of the role. */
bool contract_maker_of(const struct context *c, enum tier tier, bool self);

/* The same of c->tenant. */
bool contract_maker(const struct context *c);

/* contract_maker() and the role Admin. */
bool contract_may_write(const struct context *c);

/* ERR_RELATION with the reason, unless contract_maker(). */
enum error contract_relation(struct context *c);

/* May it still be changed, cancelled, superseded? */
bool contract_editable(const struct contract *contract);
bool contract_cancellable(const struct contract *contract);
bool contract_status_cancellable(enum contract_status status);
bool contract_supersedable(const struct contract *contract);

/* The name of a field in forms and JSON, and its label. */
const char *contract_field_name(enum contract_value field);
const char *contract_field_label(enum contract_value field);

/* What a field's value is to a person ("Auto-renewal" for "auto"); VALUE itself for most. NULL for NULL. */
const char *contract_field_text(enum contract_value field, const char *value);

/* The JSON object of a contract (contract.md "JSON API"): of id, tenant, version, saved, status, supersedes, values; notes when `notes`.
 * Without id, of a tenant without contract: all else is null. */
struct json_object *contract_json(struct arena *arena, const struct contract *contract);

#endif
