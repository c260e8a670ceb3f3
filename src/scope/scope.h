/* Who acts, as which tenant, in which role.
 *
 * A scope is made by auth/ from a session or a token (scope_make.h, which nothing else
 * includes) and by command/ for the operator. Everything that reads tenants' data takes a
 * `const struct scope *`; db/ binds its range into every SCOPE(...) of a statement.
 *
 * tree_pos: each tenant has one 64-bit label of three parts, distributor 14 bits, reseller 25,
 * end customer 25, numbered in name order with gaps. A subtree is the interval [low, high). */
#ifndef TENANTRY_SCOPE_SCOPE_H
#define TENANTRY_SCOPE_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

enum tier { TIER_DISTRIBUTOR = 1, TIER_RESELLER = 2, TIER_CUSTOMER = 3 };

/* Ordered: a role includes those before it. */
enum role { ROLE_NONE, ROLE_SALES, ROLE_ADMIN, ROLE__MAX };

#define TREE_PART_BITS 25
#define TREE_PART_MAX ((UINT64_C(1) << TREE_PART_BITS) - 1)
#define TREE_DISTRIBUTOR_MAX ((UINT64_C(1) << 14) - 2)

struct scope;

/* The acting tenant: internal key, public ID, name, tier. Texts live as long as the scope. */
uint64_t scope_tenant(const struct scope *scope);
const char *scope_public_id(const struct scope *scope);
const char *scope_name(const struct scope *scope);
enum tier scope_tier(const struct scope *scope);

/* The interval of labels [low, high) that exists for the session. */
uint64_t scope_low(const struct scope *scope);
uint64_t scope_high(const struct scope *scope);
bool scope_holds(const struct scope *scope, uint64_t tree_pos);

/* The role in force (never ROLE_NONE), the user (0: operator or API token), whether the
 * acting tenant is another than the home tenant. */
enum role scope_role(const struct scope *scope);
uint64_t scope_user(const struct scope *scope);
bool scope_switched(const struct scope *scope);

/* The IANA time zone of the tree's distributor, and the date there now ("2026-11-22"), fixed when the scope was made. */
const char *scope_zone(const struct scope *scope);
const char *scope_today(const struct scope *scope);

/* Labels. tree_tier(0-part pattern) tells the tier; tree_end gives the end of the subtree. */
enum tier tree_tier(uint64_t tree_pos);
uint64_t tree_end(uint64_t tree_pos);
uint64_t tree_distributor(uint64_t tree_pos); /* label of the distributor above (or itself) */
uint64_t tree_reseller(uint64_t tree_pos);    /* label of the reseller above or itself; 0 for a distributor */
uint64_t tree_make(uint64_t distributor, uint64_t reseller, uint64_t customer);

const char *tier_name(enum tier tier);   /* "distributor", "reseller", "customer" */
const char *tier_title(enum tier tier);  /* "Distributor", "Reseller", "Customer" */
const char *role_name(enum role role);   /* "none", "sales", "admin" */
bool role_parse(const char *name, enum role *role);

#endif
