/* Scopes and labels of scope.h. Reads nothing and decides nothing: the facts come from auth/. */
#include "scope/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "scope/scope_make.h"

#define DISTRIBUTOR_SHIFT (2 * TREE_PART_BITS)
#define DISTRIBUTOR_SIZE (UINT64_C(1) << DISTRIBUTOR_SHIFT)
#define RESELLER_SIZE (UINT64_C(1) << TREE_PART_BITS)

struct scope {
	struct scope_facts facts;
	uint64_t high;
	char today[CLOCK_DATE_SIZE];
};

const struct scope *scope_make(struct arena *arena, const struct scope_facts *facts)
{
	if (facts->role == ROLE_NONE || facts->tree_pos == 0) {
		log_error("scope: made without a role or a place in the tree");
		abort();
	}
	struct scope *scope = arena_alloc(arena, sizeof *scope);
	scope->facts = *facts;
	scope->facts.public_id = arena_strdup(arena, facts->public_id);
	scope->facts.name = arena_strdup(arena, facts->name);
	scope->facts.zone = arena_strdup(arena, facts->zone != NULL ? facts->zone : "UTC");
	scope->high = tree_end(facts->tree_pos);
	clock_date(clock_now(), scope->facts.zone, scope->today);
	return scope;
}

uint64_t scope_tenant(const struct scope *scope)
{
	return scope->facts.tenant;
}

const char *scope_public_id(const struct scope *scope)
{
	return scope->facts.public_id;
}

const char *scope_name(const struct scope *scope)
{
	return scope->facts.name;
}

enum tier scope_tier(const struct scope *scope)
{
	return tree_tier(scope->facts.tree_pos);
}

uint64_t scope_low(const struct scope *scope)
{
	return scope->facts.tree_pos;
}

uint64_t scope_high(const struct scope *scope)
{
	return scope->high;
}

bool scope_holds(const struct scope *scope, uint64_t tree_pos)
{
	return tree_pos >= scope->facts.tree_pos && tree_pos < scope->high;
}

enum role scope_role(const struct scope *scope)
{
	return scope->facts.role;
}

uint64_t scope_user(const struct scope *scope)
{
	return scope->facts.user;
}

bool scope_switched(const struct scope *scope)
{
	return scope->facts.switched;
}

const char *scope_zone(const struct scope *scope)
{
	return scope->facts.zone;
}

const char *scope_today(const struct scope *scope)
{
	return scope->today;
}

enum tier tree_tier(uint64_t tree_pos)
{
	if ((tree_pos & (DISTRIBUTOR_SIZE - 1)) == 0)
		return TIER_DISTRIBUTOR;
	return (tree_pos & (RESELLER_SIZE - 1)) == 0 ? TIER_RESELLER : TIER_CUSTOMER;
}

uint64_t tree_end(uint64_t tree_pos)
{
	switch (tree_tier(tree_pos)) {
	case TIER_DISTRIBUTOR:
		return tree_pos + DISTRIBUTOR_SIZE;
	case TIER_RESELLER:
		return tree_pos + RESELLER_SIZE;
	default:
		return tree_pos + 1;
	}
}

uint64_t tree_distributor(uint64_t tree_pos)
{
	return tree_pos & ~(DISTRIBUTOR_SIZE - 1);
}

uint64_t tree_reseller(uint64_t tree_pos)
{
	return tree_tier(tree_pos) == TIER_DISTRIBUTOR ? 0 : tree_pos & ~(RESELLER_SIZE - 1);
}

uint64_t tree_make(uint64_t distributor, uint64_t reseller, uint64_t customer)
{
	return distributor << DISTRIBUTOR_SHIFT | reseller << TREE_PART_BITS | customer;
}

const char *tier_name(enum tier tier)
{
	static const char *const names[] = { "", "distributor", "reseller", "customer" };
	return names[tier];
}

const char *tier_title(enum tier tier)
{
	static const char *const titles[] = { "", "Distributor", "Reseller", "Customer" };
	return titles[tier];
}

const char *role_name(enum role role)
{
	static const char *const names[ROLE__MAX] = { "none", "sales", "admin" };
	return names[role];
}

bool role_parse(const char *name, enum role *role)
{
	for (enum role r = ROLE_NONE; r < ROLE__MAX; r++) {
		if (strcmp(name, role_name(r)) == 0) {
			*role = r;
			return true;
		}
	}
	return false;
}
