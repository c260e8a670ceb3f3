/* GET /customers/{tenant}/health: what is behind the cell Source data: how many sources are in which state, and which tenants to blame. The
 * figures are those of the row, kept with every run (db/source_run.c); nothing is counted here. */
#include <json-c/json.h>

#include "app/customer.h"
#include "app/handlers.h"
#include "app/source.h"
#include "app/customer_cells.h"

static struct json_object *blame_json(struct context *c, char **row)
{
	struct json_object *blame = json_object_new_object();
	json_object_object_add(blame, "id", json_text(row[0]));
	json_object_object_add(blame, "name", json_text(row[1]));
	json_object_object_add(blame, "state", json_text(source_word((enum rollup)db_uint(row[2]))));
	json_object_object_add(blame, "since", json_text(customer_instant(c->arena, row[3])));
	json_object_object_add(blame, "message", json_text(source_message(c, (enum rollup)db_uint(row[2]), row[4])));
	return blame;
}

static void blame_element(struct context *c, char **row)
{
	doc_open(c->doc, "blame");
	doc_attr(c->doc, "id", row[0]);
	doc_attr(c->doc, "name", row[1]);
	doc_attr(c->doc, "state", source_word((enum rollup)db_uint(row[2])));
	doc_attr(c->doc, "since", customer_instant(c->arena, row[3]));
	doc_attr(c->doc, "message", source_message(c, (enum rollup)db_uint(row[2]), row[4]));
	doc_close(c->doc);
}

static struct json_object *health_json(struct context *c, struct db_rows *rows)
{
	struct json_object *answer = json_object_new_object(), *counts = json_object_new_object(),
		*blame = json_object_new_array();
	json_object_object_add(answer, "state", json_text(source_word(c->tenant.row.rollup)));
	for (enum rollup state = ROLLUP_NOT_AVAILABLE; state >= ROLLUP_FAILED; state--)
		json_object_object_add(counts, source_word(state), json_object_new_int((int)c->tenant.sources[state]));
	json_object_object_add(answer, "sources", counts);
	for (char **row; (row = db_next(rows)) != NULL;)
		json_object_array_add(blame, blame_json(c, row));
	json_object_object_add(answer, "blame", blame);
	return answer;
}

enum error health_get(struct context *c)
{
	uint64_t low = c->tenant.row.tree_pos, high = tree_end(low);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(c->db, c->scope, STMT_CUSTOMER_BLAME,
		DB_VALUES(DB_UINT(low), DB_UINT(high), DB_UINT(low), DB_UINT(high)), &rows);
	if (error != ERR_NONE)
		return error;
	c->title = arena_printf(c->arena, context_say(c, "Source data of %s"), c->tenant.row.name);
	if (c->format == FORMAT_JSON) {
		c->json = health_json(c, rows);
		return ERR_NONE;
	}
	customer_header(c, "health");
	doc_open(c->doc, "health");
	doc_attr(c->doc, "state", source_word(c->tenant.row.rollup));
	for (enum rollup state = ROLLUP_FAILED; state <= ROLLUP_NOT_AVAILABLE; state++)
		doc_attr_int(c->doc, source_word(state), c->tenant.sources[state]);
	for (char **row; (row = db_next(rows)) != NULL;)
		blame_element(c, row);
	doc_close(c->doc);
	return ERR_NONE;
}
