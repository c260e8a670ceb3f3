/* Finding a tenant's place among its siblings (tree.h).
 *
 * The database alone knows how names sort, so neighbours are always asked of it. Must lock the parent before it looks: two
 * tenants that want the same gap come one after the other. */
#include "db/tree.h"

#include <sodium.h>

#include "db/list_node.h"
#include "db/list_table.h"
#include "db/tree_label.h"

/* A tenant that is placed: what its neighbours are asked by. ID 0: it is not there yet. */
struct placing {
	uint64_t tenant, parent;
	const char *id, *name;
	struct tree_level level;
};

static enum error one_label(struct db *db, enum statement statement, const struct db_value *values, size_t count,
	uint64_t *label)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, statement, values, count, &rows);
	char **row;

	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	*label = row != NULL ? db_uint(row[0]) : 0;
	return ERR_NONE;
}

/* The label of the sibling that stands before it; the parent's when there is none. */
static enum error find_before(struct db *db, const struct placing *placing, uint64_t *before)
{
	struct db_value name = DB_TEXT(placing->name);
	enum error error = one_label(db, STMT_TREE_BEFORE, DB_VALUES(DB_UINT(placing->parent), name, name, DB_TEXT(placing->id),
		DB_UINT(placing->tenant)), before);

	if (error == ERR_NONE && *before == 0)
		*before = placing->level.parent;
	return error;
}

/* The label behind the sibling (with all below it) at BEFORE; the end of the parent's interval when there is none. */
static enum error find_after(struct db *db, const struct placing *placing, uint64_t before, uint64_t *after)
{
	uint64_t from = before + (before == placing->level.parent ? 1 : placing->level.step);
	uint64_t end = tree_end(placing->level.parent);
	enum error error = one_label(db, STMT_TREE_NEXT, DB_VALUES(DB_UINT(from), DB_UINT(end)), after);

	if (error == ERR_NONE && *after == 0)
		*after = end;
	return error;
}

/* The middle of the gap. A reseller's is not quite the middle: a label that was just left is not taken again by chance,
 * for a request that is under way still holds it as its scope. */
static uint64_t middle(struct tree_level level, uint64_t before, uint64_t after)
{
	uint64_t gap = (after - before) / level.step, part = gap / 2;

	if (level.step > 1 && gap >= 16)
		part += randombytes_uniform((uint32_t)(gap / 8));
	return before + part * level.step;
}

static enum error find_place(struct db *db, const struct placing *placing, uint64_t before, uint64_t after,
	uint64_t *label, uint64_t *rewritten)
{
	if (after - before >= 2 * placing->level.step) {
		*label = middle(placing->level, before, after);
		return ERR_NONE;
	}
	return tree_make_room(db, placing->level, before, label, rewritten);
}

enum error tree_add(struct db *db, const struct tree_new *new, uint64_t *tenant, uint64_t *rewritten)
{
	struct placing placing = { .parent = new->parent, .id = new->id, .name = new->name };
	uint64_t before, after, label = 0;
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_TREE_LOCK, DB_VALUES(DB_UINTS(&new->parent, 1)), &rows);
	char **row;

	*rewritten = 0;
	if (error != ERR_NONE)
		return error;
	row = db_next(rows);
	if (row == NULL || db_uint(row[3]) != 0 || db_uint(row[2]) == TIER_CUSTOMER)
		return ERR_NOT_FOUND;
	placing.level = tree_level_below(db_uint(row[1]));
	error = find_before(db, &placing, &before);
	if (error == ERR_NONE)
		error = find_after(db, &placing, before, &after);
	if (error == ERR_NONE)
		error = find_place(db, &placing, before, after, &label, rewritten);
	if (error != ERR_NONE)
		return error;
	struct list_fact fact = { .tree_pos = label, .id = new->id, .parent = row[6], .name = new->name, .domain = new->domain,
		.created = new->created, .tier = tree_tier(label) };
	uint64_t distributor = db_uint(row[5]);

	error = db_execute(db, NULL, STMT_TREE_INSERT, DB_VALUES(DB_TEXT(fact.id), DB_UINT(label), DB_UINT(fact.tier),
		DB_UINT(new->parent), DB_UINT(distributor), DB_TEXT(fact.name), DB_TEXT(fact.domain), DB_TEXT(fact.created)), NULL);
	if (error != ERR_NONE)
		return error;
	*tenant = fact.tenant = db_insert_id(db);
	return list_node_add(db, &fact, new->parent, distributor);
}

/* The columns of tree_facts. */
enum { FACT_LABEL, FACT_PARENT, FACT_ID, FACT_NAME, FACT_DOMAIN, FACT_TIER, FACT_PARENT_LABEL, FACT_DISTRIBUTOR };

/* ROWS are to be freed by the caller, who uses FACTS as long. */
static enum error facts_read(struct db *db, uint64_t tenant, struct db_rows **rows, char ***facts)
{
	enum error error = db_query(db, NULL, STMT_TREE_FACTS, DB_VALUES(DB_UINT(tenant)), rows);

	*facts = error == ERR_NONE ? db_next(*rows) : NULL;
	return error == ERR_NONE && *facts == NULL ? ERR_NOT_FOUND : error;
}

enum error tree_lock(struct db *db, uint64_t tenant, uint64_t other_parent)
{
	uint64_t parent, keys[3];
	size_t count = 0, found = 0;
	DB_ROWS_AUTO facts = NULL;
	DB_ROWS_AUTO rows = NULL;
	char **row;
	enum error error = facts_read(db, tenant, &facts, &row);

	if (error != ERR_NONE)
		return error;
	parent = db_uint(row[FACT_PARENT]);
	if (parent != 0)
		keys[count++] = parent;
	if (other_parent != 0 && other_parent != parent)
		keys[count++] = other_parent;
	keys[count++] = tenant;
	error = db_query(db, NULL, STMT_TREE_LOCK, DB_VALUES(DB_UINTS(keys, count)), &rows);
	if (error != ERR_NONE)
		return error;
	while ((row = db_next(rows)) != NULL) {
		/* A deleted tenant is changed by its restoration alone; below a deleted parent nothing is. */
		if (db_uint(row[0]) != tenant && db_uint(row[3]) != 0)
			return ERR_NOT_FOUND;
		if (db_uint(row[0]) == tenant && db_uint(row[4]) != parent)
			return ERR_CONFLICT;
		found++;
	}
	return found == count ? ERR_NONE : ERR_NOT_FOUND;
}

/* Is there another place for it than the one it has, *LABEL? A reseller goes there with all below it. */
static enum error settle_place(struct db *db, const struct placing *placing, uint64_t *label, uint64_t *rewritten)
{
	uint64_t before, after, place;
	bool within = *label > placing->level.parent && *label < tree_end(placing->level.parent);
	enum error error = find_before(db, placing, &before);

	if (error == ERR_NONE)
		error = find_after(db, placing, before, &after);
	if (error != ERR_NONE || (within && after == *label))
		return error;
	error = find_place(db, placing, before, after, &place, rewritten);
	/* Making room may have moved it too. */
	if (error == ERR_NONE && *rewritten > 0)
		error = one_label(db, STMT_TREE_FACTS, DB_VALUES(DB_UINT(placing->tenant)), label);
	if (error != ERR_NONE)
		return error;
	if (tree_tier(*label) != TIER_CUSTOMER) {
		error = tree_shift(db, *label, place, rewritten);
	} else {
		/* One row alone: the list table follows with the rest of what changed. */
		error = db_execute(db, NULL, STMT_TREE_LABEL, DB_VALUES(DB_UINT(place), DB_UINT(placing->tenant)), NULL);
		++*rewritten;
	}
	*label = place;
	return error;
}

static enum error settle(struct db *db, uint64_t tenant, char **facts, uint64_t *label, uint64_t *rewritten)
{
	struct placing placing = { .tenant = tenant, .parent = db_uint(facts[FACT_PARENT]), .id = facts[FACT_ID],
		.name = facts[FACT_NAME], .level = tree_level_below(db_uint(facts[FACT_PARENT_LABEL])) };

	*rewritten = 0;
	*label = db_uint(facts[FACT_LABEL]);
	/* Distributors stand in the order in which they were made. */
	return placing.parent != 0 ? settle_place(db, &placing, label, rewritten) : ERR_NONE;
}

enum error tree_settle(struct db *db, uint64_t tenant, uint64_t *rewritten)
{
	DB_ROWS_AUTO rows = NULL;
	char **facts;
	uint64_t label;
	enum error error = facts_read(db, tenant, &rows, &facts);

	if (error == ERR_NONE)
		error = settle(db, tenant, facts, &label, rewritten);
	return error == ERR_NONE ? list_table_refresh(db, tenant) : error;
}

enum error tree_rename(struct db *db, uint64_t tenant, uint64_t *rewritten)
{
	DB_ROWS_AUTO rows = NULL;
	char **facts;
	uint64_t label;
	enum error error = facts_read(db, tenant, &rows, &facts);

	if (error == ERR_NONE)
		error = settle(db, tenant, facts, &label, rewritten);
	if (error != ERR_NONE)
		return error;
	struct list_fact fact = { .tree_pos = label, .tenant = tenant, .tier = (unsigned)db_uint(facts[FACT_TIER]),
		.id = facts[FACT_ID], .name = facts[FACT_NAME], .domain = facts[FACT_DOMAIN] };

	return list_node_rename(db, &fact, db_uint(facts[FACT_PARENT]), db_uint(facts[FACT_DISTRIBUTOR]));
}
