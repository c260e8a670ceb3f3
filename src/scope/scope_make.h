/* The only way to make a scope. Included by auth/, command/ and their tests alone: a test of
 * the tree fails on any other include. */
#ifndef TENANTRY_SCOPE_SCOPE_MAKE_H
#define TENANTRY_SCOPE_SCOPE_MAKE_H

#include "scope/scope.h"

struct arena;

struct scope_facts {
	uint64_t tenant, user, tree_pos;
	const char *public_id, *name, *zone;
	enum role role;
	bool switched;
};

/* A scope in the arena, with copies of the texts. The role must not be ROLE_NONE. */
const struct scope *scope_make(struct arena *arena, const struct scope_facts *facts);

#endif
