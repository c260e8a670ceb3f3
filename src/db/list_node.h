/* Rows of the list table that other rows count for: a tenant, its reseller, its distributor. Included in db/ alone. */
#ifndef TENANTRY_DB_LIST_NODE_H
#define TENANTRY_DB_LIST_NODE_H

#include "db/list_fact.h"

struct list_node {
	struct list_fact fact;     /* label, tenant, tier, onboarding, suspended, sources alone */
	unsigned stored[SOURCE_STATES]; /* the sources that its row says */
	struct list_totals change; /* what its counters change by */
	bool found;
};

/* A set of them, by label. */
struct list_nodes {
	struct arena *arena;
	struct list_node *nodes;
	size_t count, capacity;
};

/* Adds the label and those above it. */
void list_nodes_need(struct list_nodes *nodes, uint64_t label);

/* Reads and locks them, in tree order. */
enum error list_nodes_load(struct db *db, struct list_nodes *nodes);

/* NULL when it has no row. */
struct list_node *list_nodes_find(const struct list_nodes *nodes, uint64_t label);

/* Adds SIGN times what FACT's row counts for to the counters of itself (unless a customer) and of those above. */
void list_nodes_total(struct list_nodes *nodes, const struct list_fact *fact, int sign);

/* The same of contracts, which a tenant has at LABEL. */
void list_nodes_contracts(struct list_nodes *nodes, uint64_t label, const struct contract_facts *facts, int sign);

/* Adds to the sources of the rows above LABEL; with SELF to its own too. */
void list_nodes_sources(struct list_nodes *nodes, uint64_t label, bool self, const unsigned sources[SOURCE_STATES],
	int sign);

/* Writes the rows and counters that changed; what a new roll-up of a row means for those above is seen to. */
enum error list_nodes_store(struct db *db, struct list_nodes *nodes);

/* Makes the row of a tenant that was just made below PARENT in the tree of DISTRIBUTOR (keys), and counts it there; FACT as list_fact_new()
 * takes it. */
enum error list_node_add(struct db *db, struct list_fact *fact, uint64_t parent, uint64_t distributor);

/* Another name or domain alone, and what place they give it: FACT's label, tenant, tier, ID, name and domain. Nothing else is read or written,
 * but what it counts for. */
enum error list_node_rename(struct db *db, struct list_fact *fact, uint64_t parent, uint64_t distributor);

#endif
