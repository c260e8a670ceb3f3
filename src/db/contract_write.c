/* The rows of the Contracts list in the database, made of contract_fact.h's. Writes a tenant's rows together, under the lock
 * of its row in the list of tenants. */
#include "db/contract_write.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "db/bulk.h"
#include "db/list_gram.h"
#include "db/list_node.h"

#define TEXT_MAX ((size_t)16 * 1024 * 1024)

/* The columns of contract_list_stored, in order. */
enum { STORED_LABEL, STORED_KEY, STORED_DAY = 17, STORED_NEXT = 21, STORED_COUNT };
static const char *const stored_names[STORED_COUNT] = {
	"tree_pos", "contract_id", "tenant_id", "public_id", "tenant_public_id", "tenant_name", "tier", "name", "version",
	"stored", "start_date", "end_date", "renewal", "entitlement", "former", "with_data", "search", "status", "ends", "hidden",
	"unbilled", "next_change",
};

static const char *fact_search(struct arena *arena, const struct list_fact *fact, const struct contract_fact *row)
{
	return contract_search(arena, row->name, row->id, fact->search);
}

/* What the contracts of a tenant are found by, together. */
static const char *fact_text(struct arena *arena, const struct list_fact *fact)
{
	BUF_AUTO text;

	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; fact != NULL && i < fact->contract_rows.count; i++) {
		buf_puts(&text, contract_search_own(arena, fact_search(arena, fact, &fact->contract_rows.rows[i])));
		buf_putc(&text, ' ');
	}
	return arena_strndup(arena, text.data != NULL ? text.data : "", text.length);
}

enum error contract_grams_add(struct gram_sort *sort, struct arena *arena, const struct list_fact *fact)
{
	struct text_gram *grams;
	size_t count = text_grams(arena, fact_text(arena, fact), &grams);

	return count > 0 ? gram_sort_add(sort, fact->tree_pos, grams, count) : ERR_NONE;
}

static enum error write_fact(struct bulk *bulk, struct arena *arena, const struct list_fact *fact)
{
	const struct contract_facts *rows = &fact->contract_rows;
	enum error error = ERR_NONE;

	for (size_t i = 0; i < rows->count && error == ERR_NONE; i++) {
		const struct contract_fact *row = &rows->rows[i];

		error = bulk_row(bulk, DB_VALUES(DB_UINT(fact->tree_pos), DB_UINT(row->contract), DB_UINT(fact->tenant),
			DB_TEXT(row->id), DB_TEXT(fact->id), DB_TEXT(fact->name), DB_UINT(fact->tier), DB_TEXT(row->name),
			DB_UINT(row->version), DB_TEXT(row->stored), DB_TEXT(row->start), DB_TEXT(row->end), DB_TEXT(row->renewal),
			DB_TEXT(row->entitlement), DB_UINT(row->former), DB_UINT(rows->with_data), DB_UINT(row->status),
			DB_UINT(row->ends), DB_UINT(row->hidden), DB_UINT(rows->unbilled), DB_TEXT(fact->contract_change),
			DB_TEXT(fact_search(arena, fact, row))));
	}
	return error;
}

void contract_totals_values(const struct contract_totals *totals, struct db_value values[COUNTER__MAX])
{
	for (size_t i = 0; i < COUNTER__MAX; i++)
		values[i] = DB_INT(totals->counters[i]);
}

enum error contract_write_chunk(struct db *db, struct arena *arena, uint64_t low, uint64_t high,
	const struct list_fact *facts, size_t count)
{
	struct bulk *bulk = bulk_new(db, STMT_CONTRACT_LIST_PUT);
	enum error error = db_execute(db, NULL, STMT_CONTRACT_LIST_SWEEP, DB_VALUES(DB_UINT(low), DB_UINT(high)), NULL);

	for (size_t i = 0; i < count && error == ERR_NONE; i++)
		error = write_fact(bulk, arena, &facts[i]);
	if (error == ERR_NONE)
		error = bulk_flush(bulk);
	bulk_free(bulk);
	return error;
}

/* Takes what the stored rows of tenants count for out of the counters above them; *TEXT is what they are found by, together, NULL when
 * there are none. */
static enum error take_out(struct db *db, struct list_nodes *nodes, const uint64_t *labels, size_t count, const char **text)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_CONTRACT_LIST_COUNTED, DB_VALUES(DB_UINTS(labels, count)), &rows);
	BUF_AUTO all;
	char **row;

	buf_init(&all, TEXT_MAX);
	while (error == ERR_NONE && (row = db_next(rows)) != NULL) {
		struct contract_fact fact = { .contract = db_uint(row[1]), .status = (unsigned)db_uint(row[3]),
			.ends = (unsigned)db_uint(row[4]), .hidden = (unsigned)db_uint(row[5]) };
		const struct contract_facts facts = { .rows = &fact, .count = 1, .tier = (enum tier)db_uint(row[2]),
			.unbilled = db_uint(row[6]) != 0 };

		list_nodes_contracts(nodes, db_uint(row[0]), &facts, -1);
		buf_puts(&all, contract_search_own(nodes->arena, row[7]));
		buf_putc(&all, ' ');
	}
	*text = all.length > 0 ? arena_strndup(nodes->arena, all.data, all.length) : NULL;
	return error;
}

enum error contract_write_tenant(struct db *db, struct list_nodes *nodes, uint64_t tenant, uint64_t old_pos,
	const struct list_fact *fact)
{
	const char *old_text;
	struct bulk *bulk;
	enum error error = take_out(db, nodes, &old_pos, 1, &old_text);

	if (error == ERR_NONE && old_text != NULL)
		error = db_execute(db, NULL, STMT_CONTRACT_LIST_DROP, DB_VALUES(DB_UINT(tenant)), NULL);
	if (error != ERR_NONE || (old_text == NULL && (fact == NULL || fact->contract_rows.count == 0)))
		return error;
	bulk = bulk_new(db, STMT_CONTRACT_LIST_PUT);
	if (fact != NULL) {
		list_nodes_contracts(nodes, fact->tree_pos, &fact->contract_rows, 1);
		error = write_fact(bulk, nodes->arena, fact);
	}
	if (error == ERR_NONE)
		error = bulk_flush(bulk);
	bulk_free(bulk);
	if (error == ERR_NONE)
		error = gram_change(db, GRAM_CONTRACT, old_text, old_pos, fact_text(nodes->arena, fact),
			fact != NULL ? fact->tree_pos : old_pos);
	return error;
}

enum error contract_write_renamed(struct db *db, struct arena *arena, uint64_t old_pos, const struct list_fact *fact)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_CONTRACT_LIST_COUNTED, DB_VALUES(DB_UINTS(&old_pos, 1)), &rows);
	BUF_AUTO text;
	char **row;

	buf_init(&text, TEXT_MAX);
	while (error == ERR_NONE && (row = db_next(rows)) != NULL) {
		const char *own = contract_search_own(arena, row[7]);

		error = db_execute(db, NULL, STMT_CONTRACT_LIST_RENAMED, DB_VALUES(DB_UINT(fact->tree_pos), DB_TEXT(fact->name),
			DB_TEXT(contract_search_of(arena, own, fact->search)), DB_UINT(old_pos), DB_UINT(db_uint(row[1]))), NULL);
		buf_puts(&text, own);
		buf_putc(&text, ' ');
	}
	if (error == ERR_NONE && text.length > 0 && old_pos != fact->tree_pos)
		error = gram_change(db, GRAM_CONTRACT, text.data, old_pos, text.data, fact->tree_pos);
	return error;
}

/* What the stored row should say, column by column. */
static void expected(struct arena *arena, const struct list_fact *fact, const struct contract_fact *row,
	const char *columns[STORED_COUNT])
{
	const char *const texts[STORED_COUNT] = { [3] = row->id, fact->id, fact->name, [7] = row->name, [9] = row->stored,
		row->start, row->end, row->renewal, row->entitlement, [16] = fact_search(arena, fact, row),
		[STORED_NEXT] = fact->contract_change };
	const uint64_t numbers[STORED_COUNT] = { fact->tree_pos, row->contract, fact->tenant, [6] = fact->tier,
		[8] = row->version, [14] = row->former, fact->contract_rows.with_data, [STORED_DAY] = row->status, row->ends,
		row->hidden, fact->contract_rows.unbilled };
	static const char is_number[STORED_COUNT] = { 1, 1, 1, [6] = 1, [8] = 1, [14] = 1, 1, [STORED_DAY] = 1, 1, 1, 1 };

	for (size_t i = 0; i < STORED_COUNT; i++)
		columns[i] = is_number[i] ? arena_printf(arena, "%" PRIu64, numbers[i]) : texts[i];
}

struct comparing {
	struct db_rows *stored;
	char **row;
	const char *now;
	contract_difference_fn *difference;
	void *arg;
};

/* Goes to the stored row of a contract; on the way, rows of nobody are told. */
static bool stored_reach(struct comparing *comparing, uint64_t label, uint64_t contract)
{
	for (; comparing->row != NULL; comparing->row = db_next(comparing->stored)) {
		uint64_t at = db_uint(comparing->row[STORED_LABEL]), key = db_uint(comparing->row[STORED_KEY]);

		if (at > label || (at == label && key >= contract))
			return at == label && key == contract;
		comparing->difference(comparing->arg, comparing->row[4], "row of a contract", comparing->row[3], "no such contract there");
	}
	return false;
}

static void compare_row(struct comparing *comparing, struct arena *arena, const struct list_fact *fact,
	const struct contract_fact *row)
{
	const char *columns[STORED_COUNT];
	const char *change = comparing->row[STORED_NEXT];
	bool due = change != NULL && strcmp(change, comparing->now) <= 0;

	expected(arena, fact, row, columns);
	for (size_t i = 0; i < (due ? STORED_DAY : STORED_COUNT); i++) {
		const char *stored = comparing->row[i];

		if (columns[i] == NULL || stored == NULL ? columns[i] != stored : strcmp(columns[i], stored) != 0)
			comparing->difference(comparing->arg, fact->id, arena_printf(arena, "contract %s %s", row->id, stored_names[i]),
				stored, columns[i]);
	}
}

enum error contract_compare_chunk(struct db *db, struct arena *arena, uint64_t low, uint64_t high,
	const struct list_fact *facts, size_t count, const char *now, contract_difference_fn *difference, void *arg)
{
	DB_ROWS_AUTO stored = NULL;
	struct comparing comparing = { .now = now, .difference = difference, .arg = arg };
	enum error error = db_query(db, NULL, STMT_CONTRACT_LIST_STORED, DB_VALUES(DB_UINT(low), DB_UINT(high)), &stored);

	if (error != ERR_NONE)
		return error;
	comparing.stored = stored;
	comparing.row = db_next(stored);
	for (size_t i = 0; i < count; i++) {
		const struct contract_facts *rows = &facts[i].contract_rows;

		for (size_t k = 0; k < rows->count; k++) {
			/* a row without contract comes and goes with the day of its tenant's others */
			if (!stored_reach(&comparing, facts[i].tree_pos, rows->rows[k].contract)) {
				difference(arg, facts[i].id, "row of a contract", NULL, rows->rows[k].id);
				continue;
			}
			compare_row(&comparing, arena, &facts[i], &rows->rows[k]);
			comparing.row = db_next(comparing.stored);
		}
	}
	stored_reach(&comparing, high, 0);
	return ERR_NONE;
}

enum error contract_compare_totals(struct db *db, struct arena *arena, const struct list_fact *fact,
	contract_difference_fn *difference, void *arg)
{
	static const char *const names[COUNTER__MAX] = { "total.c_total", "total.c_active", "total.c_scheduled", "total.c_draft",
		"total.c_expired", "total.c_cancelled", "total.c_superseded", "total.c_tier_2", "total.c_tier_3", "total.c_ends_30",
		"total.c_ends_60", "total.c_ends_90", "total.c_unbilled" };
	enum tier tier = (enum tier)fact->tier;
	DB_ROWS_AUTO stored = NULL;
	DB_ROWS_AUTO counted = NULL;
	enum error error = db_query(db, NULL, STMT_CONTRACT_TOTAL_STORED, DB_VALUES(DB_UINT(fact->tenant)), &stored);
	char **a, **b;

	if (error == ERR_NONE)
		error = db_query(db, NULL, STMT_CONTRACT_TOTAL_COUNTED, DB_VALUES(DB_UINT(fact->tree_pos),
			DB_UINT(tree_end(fact->tree_pos)), DB_UINT(fact->tree_pos), DB_UINT(contract_viewer(tier, true)),
			DB_UINT(contract_viewer(tier, false))), &counted);
	if (error != ERR_NONE || (a = db_next(stored)) == NULL || (b = db_next(counted)) == NULL)
		return error;
	for (size_t i = 0; i < COUNTER__MAX; i++) {
		if (db_int(a[i]) != db_int(b[i]))
			difference(arg, fact->id, names[i], a[i], arena_printf(arena, "%" PRId64, db_int(b[i])));
	}
	return ERR_NONE;
}

struct due {
	const uint64_t *labels;
	size_t count;
};

/* By labels: each tenant's facts are read when its row is locked, as whoever changes a contract does, so that they are the newest. */
static enum error follow_labels(struct db *db, void *arg)
{
	const struct due *due = arg;
	ARENA_AUTO arena = arena_new();
	ARENA_AUTO kept = arena_new();
	struct list_nodes nodes = { .arena = kept };
	struct list_tree tree = { 0 };
	const char *unused;
	enum error error;

	for (size_t i = 0; i < due->count; i++)
		list_nodes_need(&nodes, due->labels[i]);
	error = list_nodes_load(db, &nodes);
	if (error == ERR_NONE)
		error = take_out(db, &nodes, due->labels, due->count, &unused);
	for (size_t i = 0; i < due->count && error == ERR_NONE; i++) {
		struct list_fact *facts;
		size_t count;
		uint64_t label = due->labels[i];

		arena_reset(arena);
		if (label < tree.low || label >= tree.high)
			error = list_tree_of(db, label, &tree);
		if (error == ERR_NONE)
			error = list_facts_read(db, &tree, label, label + 1, 1, arena, &facts, &count);
		if (error == ERR_NONE)
			error = contract_write_chunk(db, arena, label, label + 1, facts, count);
		if (error == ERR_NONE && count == 1)
			list_nodes_contracts(&nodes, label, &facts->contract_rows, 1);
	}
	return error == ERR_NONE ? list_nodes_store(db, &nodes) : error;
}

enum error contract_follow_time(struct db *db, unsigned chunk, unsigned *done)
{
	ARENA_AUTO arena = arena_new();
	DB_ROWS_AUTO rows = NULL;
	char now[CLOCK_INSTANT_SIZE], **row;
	uint64_t *labels;
	enum error error;

	*done = 0;
	clock_sql(clock_now_ms(), now);
	error = db_query(db, NULL, STMT_CONTRACT_LIST_DUE, DB_VALUES(DB_TEXT(now), DB_UINT(chunk)), &rows);
	if (error != ERR_NONE || db_rows_count(rows) == 0)
		return error;
	labels = arena_array(arena, db_rows_count(rows), sizeof *labels);
	while ((row = db_next(rows)) != NULL)
		labels[(*done)++] = db_uint(row[0]);
	return db_transaction(db, follow_labels, &(struct due){ labels, *done });
}
