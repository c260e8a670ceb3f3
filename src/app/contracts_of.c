/* The contracts of one customer: GET /customers/ID/contracts, and the pop-up GET …/contracts/summary. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "app/contract.h"
#include "app/contract_cells.h"
#include "app/customer.h"
#include "app/handlers.h"
#include "app/view_page.h"

#define SUMMARY_MAX 3
#define CONTRACTS_MAX 1000 /* of one customer; more are not listed */

static int newest_first(const void *left, const void *right)
{
	const struct contract_row *a = left, *b = right;
	int order = strcmp(b->start, a->start);
	return order != 0 ? order : a->place.contract < b->place.contract ? 1 : -1;
}

/* The contracts of the route's tenant that the acting tenant may see, newest first. */
static enum error contracts_read(struct context *c, struct contract_row **rows, size_t *count)
{
	const struct contract_filter everything = { 0 };
	uint64_t label = c->tenant.row.tree_pos;
	struct contract_span span = { { label, 0 }, { label, UINT64_MAX } };
	struct contract_reader reader;
	enum error error = contract_reader_begin(&reader, c->db, c->scope, &everything, c->arena);
	if (error == ERR_NONE)
		error = contract_reader_rows(&reader, &span, false, CONTRACTS_MAX, c->arena, rows, count);
	if (error == ERR_NONE && *count > 1)
		qsort(*rows, *count, sizeof **rows, newest_first);
	return error;
}

/* Up to three for the pop-up: active, then scheduled, then draft, then the newest others. */
static size_t contracts_pick(const struct contract_row *rows, size_t count, struct contract_row picked[SUMMARY_MAX])
{
	size_t used = 0;
	for (unsigned rank = CONTRACT_ACTIVE; rank <= CONTRACT_EXPIRED && used < SUMMARY_MAX; rank++)
		for (size_t i = 0; i < count && used < SUMMARY_MAX; i++)
			/* Expired, cancelled and superseded are one rank: the rows come newest first. */
			if (rows[i].status == rank || (rank == CONTRACT_EXPIRED && rows[i].status > rank))
				picked[used++] = rows[i];
	return used;
}

enum error contracts_summary_get(struct context *c)
{
	struct contract_row *rows;
	struct contract_row picked[SUMMARY_MAX];
	size_t count;
	enum error error = contracts_read(c, &rows, &count);
	if (error != ERR_NONE)
		return error;
	size_t used = contracts_pick(rows, count, picked);
	c->title = arena_printf(c->arena, context_say(c, "Contracts of %s"), c->tenant.row.name);
	if (c->format == FORMAT_JSON) {
		struct json_object *contracts;
		error = contract_rows_json(c, picked, used, &contracts);
		c->json = json_object_new_object();
		json_object_object_add(c->json, "total", json_object_new_int64((int64_t)count));
		json_object_object_add(c->json, "contracts", contracts);
		return error;
	}
	customer_header(c, "contracts");
	doc_open(c->doc, "contracts");
	doc_attr_int(c->doc, "total", (long long)count);
	for (size_t i = 0; i < used; i++) {
		contract_element(c->doc, &picked[i]);
		doc_close(c->doc);
	}
	if (count > SUMMARY_MAX)
		view_page_link(c, "all", context_href(c, arena_printf(c->arena, "/customers/%s/contracts", c->tenant.row.id)));
	doc_close(c->doc);
	return ERR_NONE;
}

static enum error contracts_of_csv(struct context *c, const struct contract_row *rows, size_t count)
{
	const struct view view = { .list = &contracts_listing, .columns = columns_default(&contracts_listing) };
	enum error error = view_csv_begin(c, &view, count);
	for (size_t i = 0; error == ERR_NONE && i < count; i++)
		error = view_csv_row(c, c->arena, &view, &rows[i]);
	return error;
}

enum error contracts_of_get(struct context *c)
{
	struct contract_row *rows;
	size_t count;
	enum error error = contracts_read(c, &rows, &count);
	if (error != ERR_NONE)
		return error;
	if (c->format == FORMAT_CSV)
		return contracts_of_csv(c, rows, count);
	c->title = c->tenant.row.name;
	if (c->format == FORMAT_JSON) {
		struct json_object *contracts;
		error = contract_rows_json(c, rows, count, &contracts);
		c->json = json_object_new_object();
		json_object_object_add(c->json, "contracts", contracts);
		return error;
	}
	customer_header(c, "contracts");
	doc_open(c->doc, "contracts");
	doc_attr_int(c->doc, "total", (long long)count);
	doc_attr(c->doc, "add", contract_may_write(c) ? "yes" : NULL);
	for (size_t i = 0; i < count; i++) {
		contract_element(c->doc, &rows[i]);
		doc_close(c->doc);
	}
	doc_close(c->doc);
	return ERR_NONE;
}
