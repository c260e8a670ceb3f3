/* GET /customers/{tenant}/onboarding: the tasks, derived from facts, each with its state and its start. */
#include <json-c/json.h>

#include "app/customer.h"
#include "app/handlers.h"

/* The facts, in the order of the columns of customer_tasks. */
enum { FACT_ADMIN, FACT_ADMIN_ACTIVE, FACT_CONTRACT_LEFT_DRAFT, FACT_CONTRACT, FACT_SOURCE, FACT_RUN, FACT_COMPLETED };

#define TASKS_MAX 5

struct task {
	const char *name;
	bool done;
	const char *waits_for; /* NULL: it is open (or done) */
	const char *start;     /* part below the customer's address, NULL: it cannot be started by hand */
	bool by_parent;        /* only the direct parent does it (a distributor its own) */
};

/* Who stands above, as the scope may know it: by name, or by what it is. */
static const char *task_parent(const struct context *c)
{
	if (c->tenant.parent_name != NULL)
		return c->tenant.parent_name;
	return c->tenant.row.tier == TIER_CUSTOMER ? context_say(c, N_("your reseller")) : context_say(c, N_("your distributor"));
}

static size_t tasks_of(const struct context *c, char **facts, struct task tasks[TASKS_MAX])
{
	bool fact[FACT_COMPLETED];
	for (int i = 0; i < FACT_COMPLETED; i++)
		fact[i] = db_uint(facts[i]) != 0;
	bool customer = c->tenant.row.tier == TIER_CUSTOMER;
	const char *admin = c->tenant.row.admin != NULL ? c->tenant.row.admin : context_say(c, N_("the invited admin"));
	size_t count = 0;
	tasks[count++] = (struct task){ "Invite admin user", fact[FACT_ADMIN], NULL, "admin", false };
	tasks[count++] = (struct task){ "Activate admin account", fact[FACT_ADMIN_ACTIVE],
		fact[FACT_ADMIN] ? admin : context_say(c, "“Invite admin user”"), NULL, false };
	tasks[count++] = (struct task){ c->tenant.row.tier == TIER_DISTRIBUTOR ? "Create base contract" : "Create contract",
		fact[FACT_CONTRACT_LEFT_DRAFT],
		c->tenant.self && c->tenant.row.tier != TIER_DISTRIBUTOR ? task_parent(c) : NULL,
		/* One that was drafted wants to be looked at first. */
		fact[FACT_CONTRACT] ? "contracts" : "contracts/new", true };
	if (!customer)
		return count;
	tasks[count++] = (struct task){ "Connect billing data", fact[FACT_SOURCE],
		fact[FACT_CONTRACT] ? NULL : context_say(c, "“Create contract”"), "sources", false };
	tasks[count++] = (struct task){ "Receive first billing data", fact[FACT_RUN],
		fact[FACT_SOURCE] ? context_say(c, N_("the ingestion pipeline")) : context_say(c, "“Connect billing data”"), NULL, false };
	return count;
}

static const char *task_state(const struct task *task)
{
	return task->done ? "done" : task->waits_for != NULL ? "waiting" : "open";
}

/* An open task is started where its form is; what only the parent may do, after switching into the parent. */
static void task_start(struct context *c, const struct task *task)
{
	if (task->done || task->waits_for != NULL || task->start == NULL || scope_role(c->scope) != ROLE_ADMIN)
		return;
	const char *path = arena_printf(c->arena, "/customers/%s/%s", c->tenant.row.id, task->start);
	bool parent_acts = (int)c->tenant.row.tier - (int)scope_tier(c->scope) <= 1;
	if (!task->by_parent || parent_acts) {
		doc_attr(c->doc, "href", context_href(c, path));
	} else if (c->tenant.parent_name != NULL && c->identity->child_role == ROLE_ADMIN) {
		doc_attr(c->doc, "switch", c->tenant.row.parent);
		doc_attr(c->doc, "switch-name", c->tenant.parent_name);
		doc_attr(c->doc, "next", path);
	}
}

static void onboarding_element(struct context *c, const struct task *tasks, size_t count)
{
	customer_header(c, "onboarding");
	doc_open(c->doc, "onboarding");
	if (count == 0) {
		doc_attr(c->doc, "complete", "yes");
	} else {
		doc_attr_int(c->doc, "done", c->tenant.row.tasks_done);
		doc_attr_int(c->doc, "total", (long long)count);
	}
	for (size_t i = 0; i < count; i++) {
		doc_open(c->doc, "task");
		doc_say(c->doc, "name", tasks[i].name);
		doc_attr(c->doc, "state", task_state(&tasks[i]));
		if (!tasks[i].done)
			doc_attr(c->doc, "for", tasks[i].waits_for);
		task_start(c, &tasks[i]);
		doc_close(c->doc);
	}
	doc_close(c->doc);
}

static void onboarding_json(struct context *c, const struct task *tasks, size_t count)
{
	struct json_object *answer = json_object_new_object(), *list = json_object_new_array();
	json_object_object_add(answer, "complete", json_object_new_boolean(count == 0));
	if (count > 0) {
		json_object_object_add(answer, "done", json_object_new_int((int)c->tenant.row.tasks_done));
		json_object_object_add(answer, "total", json_object_new_int((int)count));
	}
	for (size_t i = 0; i < count; i++) {
		struct json_object *task = json_object_new_object();
		json_object_object_add(task, "name", json_text(tasks[i].name));
		json_object_object_add(task, "state", json_text(task_state(&tasks[i])));
		json_object_object_add(task, "waitsFor", json_text(tasks[i].done ? NULL : tasks[i].waits_for));
		json_object_array_add(list, task);
	}
	json_object_object_add(answer, "tasks", list);
	c->json = answer;
}

enum error onboarding_get(struct context *c)
{
	struct task tasks[TASKS_MAX];
	size_t count = 0;
	c->title = arena_printf(c->arena, context_say(c, "Onboarding of %s"), c->tenant.row.name);
	/* A reseller's own row is complete whatever the facts are: it learns nothing of its tasks. */
	if (c->tenant.row.onboarding) {
		DB_ROWS_AUTO rows = NULL;
		enum error error = db_query(c->db, c->scope, STMT_CUSTOMER_TASKS,
			DB_VALUES(DB_UINT(c->tenant.row.tenant)), &rows);
		if (error != ERR_NONE)
			return error;
		char **facts = db_next(rows);
		if (facts == NULL)
			return ERR_NOT_FOUND;
		count = tasks_of(c, facts, tasks);
	}
	if (c->format == FORMAT_JSON)
		onboarding_json(c, tasks, count);
	else
		onboarding_element(c, tasks, count);
	return ERR_NONE;
}
