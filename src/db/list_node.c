/* Carries changes of one row to the rows and counters above it, and the single-tenant form that rests on that.
 *
 * Must lock in tree order (a distributor before its resellers before their customers), else two writers of one
 * tree would wait for each other. */
#include "db/list_node.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "db/bulk.h"
#include "db/list_change.h"
#include "db/contract_write.h"
#include "db/list_gram.h"
#include "db/list_table.h"
#include "db/list_write.h"
#include "db/source_day.h"

/* The labels for which LABEL's row counts: its distributor, its reseller, itself; fewer for tiers above. */
static size_t lineage(uint64_t label, uint64_t labels[3])
{
	size_t count = 0;

	labels[count++] = tree_distributor(label);
	if (tree_tier(label) != TIER_DISTRIBUTOR)
		labels[count++] = tree_reseller(label);
	if (tree_tier(label) == TIER_CUSTOMER)
		labels[count++] = label;
	return count;
}

void list_nodes_need(struct list_nodes *nodes, uint64_t label)
{
	uint64_t labels[3];
	size_t count = lineage(label, labels);

	if (nodes->count + count > nodes->capacity) {
		size_t capacity = nodes->capacity * 2 + 8;
		struct list_node *larger = arena_array(nodes->arena, capacity, sizeof *larger);

		if (nodes->count > 0)
			memcpy(larger, nodes->nodes, nodes->count * sizeof *larger);
		nodes->nodes = larger;
		nodes->capacity = capacity;
	}
	for (size_t i = 0; i < count; i++)
		nodes->nodes[nodes->count++].fact.tree_pos = labels[i];
}

static int node_compare(const void *left, const void *right)
{
	uint64_t a = ((const struct list_node *)left)->fact.tree_pos, b = ((const struct list_node *)right)->fact.tree_pos;

	return a < b ? -1 : a > b;
}

static struct list_node *node_at(const struct list_nodes *nodes, uint64_t label)
{
	struct list_node key = { .fact = { .tree_pos = label } };

	return nodes->count > 0 ? bsearch(&key, nodes->nodes, nodes->count, sizeof key, node_compare) : NULL;
}

struct list_node *list_nodes_find(const struct list_nodes *nodes, uint64_t label)
{
	struct list_node *node = node_at(nodes, label);

	return node != NULL && node->found ? node : NULL;
}

enum error list_nodes_load(struct db *db, struct list_nodes *nodes)
{
	uint64_t *labels = arena_array(nodes->arena, nodes->count + 1, sizeof *labels);
	DB_ROWS_AUTO rows = NULL;
	size_t kept = 0;
	enum error error;
	char **row;

	if (nodes->count == 0)
		return ERR_NONE;
	qsort(nodes->nodes, nodes->count, sizeof *nodes->nodes, node_compare);
	for (size_t i = 0; i < nodes->count; i++) {
		if (i > 0 && nodes->nodes[i].fact.tree_pos == labels[kept - 1])
			continue;
		nodes->nodes[kept] = nodes->nodes[i];
		labels[kept++] = nodes->nodes[i].fact.tree_pos;
	}
	nodes->count = kept;
	error = db_query(db, NULL, STMT_LIST_NODES, DB_VALUES(DB_UINTS(labels, kept)), &rows);
	if (error != ERR_NONE)
		return error;
	while ((row = db_next(rows)) != NULL) {
		struct list_node *node = node_at(nodes, db_uint(row[0]));

		if (node == NULL)
			continue;
		node->found = true;
		node->fact.tenant = db_uint(row[1]);
		node->fact.tier = (unsigned)db_uint(row[2]);
		node->fact.onboarding = (unsigned)db_uint(row[3]);
		node->fact.suspended = (unsigned)db_uint(row[4]);
		for (unsigned state = ROLLUP_FAILED; state < SOURCE_STATES; state++)
			node->stored[state] = node->fact.sources[state] = (unsigned)db_uint(row[4 + state]);
	}
	return ERR_NONE;
}

void list_nodes_total(struct list_nodes *nodes, const struct list_fact *fact, int sign)
{
	uint64_t labels[3];
	size_t count = lineage(fact->tree_pos, labels);

	for (size_t i = 0; i < count; i++) {
		struct list_node *node = node_at(nodes, labels[i]);

		if (node != NULL && tree_tier(labels[i]) != TIER_CUSTOMER)
			list_totals_add(&node->change, fact, sign);
	}
}

void list_nodes_contracts(struct list_nodes *nodes, uint64_t label, const struct contract_facts *facts, int sign)
{
	uint64_t labels[3];
	size_t count = lineage(label, labels);

	for (size_t i = 0; i < count; i++) {
		struct list_node *node = node_at(nodes, labels[i]);
		enum tier tier = tree_tier(labels[i]);

		if (node != NULL && tier != TIER_CUSTOMER)
			contract_totals_add(&node->change.contracts, facts, contract_viewer(tier, labels[i] == label), sign);
	}
}

void list_nodes_sources(struct list_nodes *nodes, uint64_t label, bool self, const unsigned sources[SOURCE_STATES],
	int sign)
{
	uint64_t labels[3];
	size_t count = lineage(label, labels);

	for (size_t i = 0; i < count; i++) {
		struct list_node *node = list_nodes_find(nodes, labels[i]);

		if (node == NULL || (labels[i] == label && !self))
			continue;
		for (size_t state = 0; state < SOURCE_STATES; state++) {
			if (sign > 0)
				node->fact.sources[state] += sources[state];
			else
				node->fact.sources[state] -= sources[state];
		}
	}
}

static enum error store_row(struct db *db, struct list_nodes *nodes, const struct list_node *node)
{
	enum rollup before = list_rollup(node->stored), now = list_rollup(node->fact.sources);
	uint64_t labels[3];
	size_t count = now != before ? lineage(node->fact.tree_pos, labels) : 0;

	for (size_t i = 0; i < count; i++) {
		struct list_node *above = node_at(nodes, labels[i]);

		if (above == NULL)
			continue;
		above->change.rollup[before]--;
		above->change.rollup[now]++;
	}
	return db_execute(db, NULL, STMT_LIST_NODE_STORE, DB_VALUES(DB_UINT(node->fact.sources[ROLLUP_FAILED]),
		DB_UINT(node->fact.sources[ROLLUP_WARNING]), DB_UINT(node->fact.sources[ROLLUP_SUCCESS]),
		DB_UINT(node->fact.sources[ROLLUP_NOT_AVAILABLE]), DB_UINT(now), DB_UINT(node->fact.tree_pos)), NULL);
}

/* Adds the same to the counters of several. Their version grows even when no counter changes. */
static enum error totals_add(struct db *db, const struct list_totals *change, const uint64_t *tenants, size_t count)
{
	static const struct contract_totals none;
	struct db_value values[COUNTER__MAX + 1] = { 0 };
	enum error error = db_execute(db, NULL, STMT_LIST_TOTAL_ADD, DB_VALUES(DB_INT(change->total),
		DB_INT(change->tier[TIER_RESELLER]), DB_INT(change->tier[TIER_CUSTOMER]), DB_INT(change->onboarding),
		DB_INT(change->suspended), DB_INT(change->rollup[ROLLUP_FAILED]),
		DB_INT(change->rollup[ROLLUP_WARNING]), DB_INT(change->rollup[ROLLUP_SUCCESS]), DB_UINTS(tenants, count)), NULL);

	if (error != ERR_NONE || memcmp(&change->contracts, &none, sizeof none) == 0)
		return error;
	contract_totals_values(&change->contracts, values);
	values[COUNTER__MAX] = DB_UINTS(tenants, count);
	return db_execute(db, NULL, STMT_CONTRACT_TOTAL_ADD, values, COUNTER__MAX + 1, NULL);
}

/* Those whose counters change alike together. */
static enum error store_totals(struct db *db, const struct list_nodes *nodes)
{
	const struct list_node **left = arena_array(nodes->arena, nodes->count + 1, sizeof *left);
	uint64_t *tenants = arena_array(nodes->arena, nodes->count + 1, sizeof *tenants);
	size_t left_count = 0;
	enum error error = ERR_NONE;

	for (size_t i = 0; i < nodes->count; i++) {
		const struct list_node *node = &nodes->nodes[i];

		if (tree_tier(node->fact.tree_pos) != TIER_CUSTOMER && node->fact.tenant != 0)
			left[left_count++] = node;
	}
	while (left_count > 0 && error == ERR_NONE) {
		const struct list_totals *change = &left[0]->change;
		size_t count = 0, others = 0;

		for (size_t i = 0; i < left_count; i++) {
			if (memcmp(&left[i]->change, change, sizeof *change) == 0)
				tenants[count++] = left[i]->fact.tenant;
			else
				left[others++] = left[i];
		}
		left_count = others;
		error = totals_add(db, change, tenants, count);
	}
	return error;
}

enum error list_nodes_store(struct db *db, struct list_nodes *nodes)
{
	uint64_t *shown = arena_array(nodes->arena, nodes->count + 1, sizeof *shown);
	size_t shown_count = 0;
	enum error error = ERR_NONE;

	for (size_t i = 0; i < nodes->count && error == ERR_NONE; i++) {
		const struct list_node *node = &nodes->nodes[i];

		if (!node->found || memcmp(node->fact.sources, node->stored, sizeof node->stored) == 0)
			continue;
		/* Of its sources a row shows their roll-up alone. */
		if (list_rollup(node->fact.sources) != list_rollup(node->stored))
			shown[shown_count++] = node->fact.tenant;
		error = store_row(db, nodes, node);
	}
	if (error == ERR_NONE)
		error = list_change_tenants(db, shown, shown_count);
	return error == ERR_NONE ? store_totals(db, nodes) : error;
}

/* Notes a change of a tenant whose keys above are known, and adds CHANGE to the counters of those for whom it counts: above it and, unless a
 * customer, itself. At the end of a transaction: others of the tree wait for these. */
static enum error note_change(struct db *db, const struct list_fact *fact, uint64_t parent, uint64_t distributor,
	const struct list_totals *change)
{
	uint64_t keys[2] = { distributor };
	size_t count = 1;
	enum error error;

	if (fact->tier != TIER_DISTRIBUTOR)
		keys[count++] = fact->tier == TIER_RESELLER ? fact->tenant : parent;
	error = list_change_one(db, fact->tenant, count == 2 ? keys[1] : 0, distributor, fact->id);
	return error == ERR_NONE ? totals_add(db, change, keys, count) : error;
}

enum error list_node_add(struct db *db, struct list_fact *fact, uint64_t parent, uint64_t distributor)
{
	ARENA_AUTO arena = arena_new();
	struct db_value values[LIST_WRITE_VALUES];
	struct list_totals one = { 0 };
	enum error error;

	list_fact_new(fact, arena);
	list_write_values(fact, values);
	error = db_execute(db, NULL, STMT_LIST_TABLE_PUT, values, LIST_WRITE_VALUES, NULL);
	if (error == ERR_NONE && fact->tier != TIER_CUSTOMER)
		error = db_execute(db, NULL, STMT_LIST_TOTAL_NEW, DB_VALUES(DB_UINT(fact->tenant)), NULL);
	if (error == ERR_NONE)
		error = gram_change(db, GRAM_TENANT, NULL, 0, fact->search, fact->tree_pos);
	list_totals_add(&one, fact, 1);
	return error == ERR_NONE ? note_change(db, fact, parent, distributor, &one) : error;
}

enum error list_node_rename(struct db *db, struct list_fact *fact, uint64_t parent, uint64_t distributor)
{
	static const struct list_totals nothing;
	ARENA_AUTO arena = arena_new();
	uint64_t old_label;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_LIST_NODE_STORED, DB_VALUES(DB_UINT(fact->tenant)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;

	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	old_label = db_uint(row[0]);
	fact->search = list_fact_search(arena, fact);
	error = db_execute(db, NULL, STMT_LIST_NODE_RENAME, DB_VALUES(DB_UINT(fact->tree_pos), DB_TEXT(fact->name),
		DB_TEXT(fact->domain), DB_TEXT(fact->search), DB_UINT(old_label)), NULL);
	if (error == ERR_NONE)
		error = contract_write_renamed(db, arena, old_label, fact);
	if (error == ERR_NONE)
		error = gram_change(db, GRAM_TENANT, row[1], old_label, fact->search, fact->tree_pos);
	return error == ERR_NONE ? note_change(db, fact, parent, distributor, &nothing) : error;
}

/* One tenant being refreshed: what is stored of it, and what the facts say. */
struct refresh {
	struct db *db;
	struct arena *arena;
	uint64_t tenant, label, old_label;
	bool exists, stored;
	struct list_tree tree;
	const char *old_search;
	struct list_fact *fact;
	struct list_nodes nodes;
};

static enum error refresh_find(struct refresh *refresh)
{
	DB_ROWS_AUTO now = NULL;
	DB_ROWS_AUTO before = NULL;
	enum error error = db_query(refresh->db, NULL, STMT_LIST_NODE_LABEL, DB_VALUES(DB_UINT(refresh->tenant)), &now);
	char **row;

	if (error == ERR_NONE)
		error = db_query(refresh->db, NULL, STMT_LIST_NODE_STORED, DB_VALUES(DB_UINT(refresh->tenant)), &before);
	if (error != ERR_NONE)
		return error;
	row = db_next(now);
	if (row == NULL)
		return ERR_NOT_FOUND;
	refresh->label = db_uint(row[0]);
	refresh->exists = db_uint(row[1]) == 0;
	list_tree_make(&refresh->tree, refresh->label, row[2]);
	row = db_next(before);
	if (row != NULL) {
		refresh->stored = true;
		refresh->old_label = db_uint(row[0]);
		refresh->old_search = arena_strdup(refresh->arena, row[1]);
		list_nodes_need(&refresh->nodes, refresh->old_label);
	}
	if (refresh->exists)
		list_nodes_need(&refresh->nodes, refresh->label);
	return list_nodes_load(refresh->db, &refresh->nodes);
}

/* Takes the stored row out of what is above it. */
static void refresh_take_out(struct refresh *refresh)
{
	struct list_node *node = list_nodes_find(&refresh->nodes, refresh->old_label);

	if (node == NULL)
		return;
	list_nodes_total(&refresh->nodes, &node->fact, -1);
	list_nodes_sources(&refresh->nodes, refresh->old_label, false, node->fact.sources, -1);
	/* the row itself is written or removed as a whole */
	node->found = false;
	if (refresh->old_label != refresh->label || !refresh->exists)
		node->fact.tenant = 0;
}

/* The sources of those below: of a distributor its resellers' sums, of a reseller its customers'. */
static enum error refresh_below(struct refresh *refresh)
{
	struct list_fact *fact = refresh->fact;
	DB_ROWS_AUTO rows = NULL;
	enum error error;
	char **row;

	if (fact->tier == TIER_CUSTOMER)
		return ERR_NONE;
	error = db_query(refresh->db, NULL, STMT_LIST_NODE_BELOW, DB_VALUES(DB_UINT(fact->tier + 1),
		DB_UINT(fact->tree_pos), DB_UINT(tree_end(fact->tree_pos))), &rows);
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	for (unsigned state = ROLLUP_FAILED; row != NULL && state < SOURCE_STATES; state++)
		fact->sources[state] += (unsigned)db_uint(row[state - 1]);
	return ERR_NONE;
}

static enum error refresh_put_in(struct refresh *refresh)
{
	struct db_value values[LIST_WRITE_VALUES + 1];
	struct list_node *node;
	size_t count = 0;
	enum error error = list_facts_read(refresh->db, &refresh->tree, refresh->label, refresh->label + 1, 1, refresh->arena,
		&refresh->fact, &count);

	if (error != ERR_NONE || count == 0)
		return error != ERR_NONE ? error : ERR_CONFLICT;
	error = refresh_below(refresh);
	if (error == ERR_NONE && !refresh->stored && refresh->fact->tier != TIER_CUSTOMER)
		error = db_execute(refresh->db, NULL, STMT_LIST_TOTAL_NEW, DB_VALUES(DB_UINT(refresh->tenant)), NULL);
	if (error != ERR_NONE)
		return error;
	node = node_at(&refresh->nodes, refresh->label);
	node->fact.tenant = refresh->tenant;
	list_nodes_total(&refresh->nodes, refresh->fact, 1);
	list_nodes_sources(&refresh->nodes, refresh->label, false, refresh->fact->sources, 1);
	list_write_values(refresh->fact, values);
	values[LIST_WRITE_VALUES] = DB_UINT(refresh->old_label);
	error = refresh->stored ? db_execute(refresh->db, NULL, STMT_LIST_NODE_CHANGE, values, LIST_WRITE_VALUES + 1, NULL)
		: db_execute(refresh->db, NULL, STMT_LIST_TABLE_PUT, values, LIST_WRITE_VALUES, NULL);
	if (error == ERR_NONE && refresh->fact->newly_onboarded)
		error = list_write_onboarded(refresh->db, &refresh->tenant, 1);
	return error;
}

/* Notes the change for those who follow them; a reseller that it has left is told too. */
static enum error refresh_note(struct refresh *refresh)
{
	uint64_t old = refresh->stored ? tree_reseller(refresh->old_label) : 0;
	const struct list_node *reseller = old != 0 && refresh->exists && old != tree_reseller(refresh->label)
		? list_nodes_find(&refresh->nodes, old) : NULL;
	enum error error = list_change_tenants(refresh->db, &refresh->tenant, 1);

	return error == ERR_NONE && reseller != NULL ? list_change_left(refresh->db, refresh->tenant, reseller->fact.tenant) : error;
}

enum error list_table_refresh(struct db *db, uint64_t tenant)
{
	ARENA_AUTO arena = arena_new();
	struct refresh refresh = { .db = db, .arena = arena, .tenant = tenant, .nodes = { .arena = arena } };
	enum error error = refresh_find(&refresh);

	if (error != ERR_NONE || (!refresh.stored && !refresh.exists))
		return error;
	if (refresh.stored)
		refresh_take_out(&refresh);
	if (refresh.exists)
		error = refresh_put_in(&refresh);
	else
		error = db_execute(db, NULL, STMT_LIST_NODE_REMOVE, DB_VALUES(DB_UINT(refresh.old_label)), NULL);
	if (error == ERR_NONE)
		error = contract_write_tenant(db, &refresh.nodes, tenant, refresh.old_label, refresh.exists ? refresh.fact : NULL);
	if (error == ERR_NONE)
		error = list_nodes_store(db, &refresh.nodes);
	if (error == ERR_NONE)
		error = refresh_note(&refresh);
	if (error == ERR_NONE)
		error = gram_change(db, GRAM_TENANT, refresh.stored ? refresh.old_search : NULL, refresh.old_label,
			refresh.exists ? refresh.fact->search : NULL, refresh.label);
	/* Customers take their runs along; those above have none in the counters but through them and their own. */
	if (error == ERR_NONE && tree_tier(refresh.label) == TIER_CUSTOMER)
		error = source_day_move(db, tenant, refresh.stored ? refresh.old_label : 0, refresh.exists ? refresh.label : 0);
	return error;
}
