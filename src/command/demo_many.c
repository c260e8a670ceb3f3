/* Any number of plausible tenants under one distributor. What a tenant is like is a hash of its place; names are
 * sorted here, so that labels are final at once. Memory: the names of one reseller's customers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "command/demo.h"

struct named {
	char name[96], domain[72];
};

/* Parts of a thousand. */
static bool chance(uint64_t seed, uint64_t what, unsigned thousandths)
{
	return demo_hash(seed, what) % 1000 < thousandths;
}

static int named_compare(const void *a, const void *b)
{
	return strcasecmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

typedef void name_fn(uint64_t number, char name[DEMO_NAME_SIZE], char domain[DOMAIN_SIZE]);

/* COUNT names from the number FIRST on, in order; to be freed. */
static struct named *named_make(name_fn *make, uint64_t first, size_t count)
{
	struct named *list = calloc(count > 0 ? count : 1, sizeof *list);
	char name[DEMO_NAME_SIZE], domain[DOMAIN_SIZE];
	if (list == NULL) {
		log_error("demo: out of memory");
		abort();
	}
	for (size_t i = 0; i < count; i++) {
		make(first + i, name, domain);
		snprintf(list[i].name, sizeof list[i].name, "%.95s", name);
		snprintf(list[i].domain, sizeof list[i].domain, "%.71s", domain);
	}
	qsort(list, count, sizeof *list, named_compare);
	return list;
}

static void add_user(struct demo_tenant *tenant, char state, enum role role, enum role child, const char *first,
	const char *last, const char *email)
{
	struct demo_user *user = &tenant->users[tenant->user_count++];
	user->state = (enum demo_user_state)state;
	user->role = role;
	user->child_role = child;
	snprintf(user->first, sizeof user->first, "%s", first);
	snprintf(user->last, sizeof user->last, "%s", last);
	snprintf(user->email, sizeof user->email, "%s", email);
}

static void add_person(struct demo_tenant *tenant, char state)
{
	char first[64], last[64], local_part[64], email[EMAIL_SIZE];
	demo_person(tenant->seed, first, last, local_part);
	snprintf(email, sizeof email, "%s@%.180s", local_part, tenant->domain);
	add_user(tenant, state, ROLE_ADMIN, tenant->tier == TIER_CUSTOMER ? ROLE_NONE : ROLE_ADMIN, first, last, email);
}

/* One that is being onboarded has come DONE tasks far. */
static void put_open(struct demo_tenant *tenant, unsigned done)
{
	uint64_t seed = tenant->seed;
	tenant->created = 4 + (int)(demo_hash(seed, 1) % 90);
	if (done == 1)
		add_person(tenant, chance(seed, 2, 200) ? DEMO_USER_EXPIRED : DEMO_USER_PENDING);
	else if (done > 1)
		add_person(tenant, DEMO_USER_ACTIVE);
	else if (chance(seed, 3, 100))
		add_person(tenant, DEMO_USER_CANCELLED);
	if (done >= 3)
		snprintf(tenant->contracts, sizeof tenant->contracts, "%s", chance(seed, 4, 300) ? "s" : "a");
	else if (chance(seed, 5, 400))
		snprintf(tenant->contracts, sizeof tenant->contracts, "d");
	if (done >= 4)
		snprintf(tenant->sources, sizeof tenant->sources, "%s", chance(seed, 6, 250) ? "F" : "n");
}

/* The contracts of one that is onboarded; all in all there are 1.2 a tenant. */
static const char *usual_contracts(uint64_t seed)
{
	static const struct {
		unsigned thousandths;
		const char *contracts;
	} usual[] = {
		{ 150, "ea" }, { 60, "as" }, { 45, "ad" }, { 30, "ua" }, { 30, "eead" }, { 20, "e" }, { 15, "c" }, { 8, "s" },
		{ 2, "eeeeuucuacdd" },
	};
	unsigned roll = (unsigned)(demo_hash(seed, 7) % 1000);
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
		if (roll < usual[i].thousandths)
			return usual[i].contracts;
		roll -= usual[i].thousandths;
	}
	return "a";
}

static void put_complete(struct demo_tenant *tenant)
{
	uint64_t seed = tenant->seed;
	tenant->complete = true;
	tenant->created = 100 + (int)(demo_hash(seed, 1) % 1400);
	add_person(tenant, DEMO_USER_ACTIVE);
	snprintf(tenant->contracts, sizeof tenant->contracts, "%s", usual_contracts(seed));
	if (tenant->tier != TIER_CUSTOMER)
		return;
	size_t sources = 1 + (chance(seed, 9, 60) ? 1 : 0) + (chance(seed, 10, 10) ? 2 : 0);
	for (size_t i = 0; i < sources; i++) {
		unsigned roll = (unsigned)(demo_hash(seed, 11 + i) % 1000);
		tenant->sources[i] = roll < 35 ? 'f' : roll < 80 ? 'w' : roll < 105 ? 't' : roll < 115 ? 'r' : 's';
	}
	tenant->sources[sources] = '\0';
}

static void put_facts(struct demo_tenant *tenant)
{
	tenant->suspended = chance(tenant->seed, 12, 8);
	if (chance(tenant->seed, 13, tenant->tier == TIER_CUSTOMER ? 250 : 60))
		put_open(tenant, (unsigned)(demo_hash(tenant->seed, 14) % demo_tasks_total(tenant)));
	else
		put_complete(tenant);
}

static enum error visit_distributor(const struct demo_many *many, demo_visit_fn *visit, void *arg)
{
	struct demo_tenant tenant = { .key = many->first, .distributor = many->first, .tier = TIER_DISTRIBUTOR,
		.tree_pos = tree_make(1, 0, 0), .name = "Northwind Distribution", .domain = "northwind.example",
		.zone = "UTC", .created = 900, .complete = true, .busy = true, .contracts = "eea", .sources = "s",
		.seed = demo_hash(1, 0) };
	add_user(&tenant, 'A', ROLE_ADMIN, ROLE_ADMIN, "Dana", "Whitfield", "distributor-admin@demo.example");
	add_user(&tenant, 'A', ROLE_SALES, ROLE_SALES, "Sam", "Ortiz", "distributor-sales@demo.example");
	return visit(arg, &tenant);
}

/* The reseller and the customer that the demo logins belong to. */
static void put_login_reseller(struct demo_tenant *tenant)
{
	tenant->created = 70;
	add_user(tenant, 'A', ROLE_ADMIN, ROLE_ADMIN, "Rita", "Okafor", "reseller-admin@demo.example");
	add_user(tenant, 'A', ROLE_SALES, ROLE_SALES, "Emil", "Haas", "reseller-sales@demo.example");
	snprintf(tenant->contracts, sizeof tenant->contracts, "d");
}

static void put_login_customer(struct demo_tenant *tenant)
{
	tenant->created = 420;
	tenant->busy = true;
	add_user(tenant, 'A', ROLE_ADMIN, ROLE_NONE, "Jonas", "Petersen", "customer-admin@demo.example");
	snprintf(tenant->contracts, sizeof tenant->contracts, "eeea");
	snprintf(tenant->sources, sizeof tenant->sources, "Fn");
}

/* The labels of COUNT siblings lie in equal distances. */
static uint64_t place(size_t index, size_t count)
{
	return (TREE_PART_MAX / (count + 1)) * (index + 1);
}

static enum error visit_reseller(const struct demo_many *many, unsigned reseller, const struct named *name,
	demo_visit_fn *visit, void *arg)
{
	uint64_t customers = many->total - 1 - many->resellers, each = customers / many->resellers;
	uint64_t more = customers % many->resellers;
	uint64_t before = reseller * each + (reseller < more ? reseller : more);
	size_t count = each + (reseller < more ? 1 : 0);
	uint64_t part = place(reseller, many->resellers);
	struct demo_tenant tenant = { .key = many->first + 1 + reseller + before, .parent = many->first,
		.distributor = many->first, .tier = TIER_RESELLER, .tree_pos = tree_make(1, part, 0) };
	uint64_t reseller_key = tenant.key;
	tenant.seed = demo_hash(2, tenant.key);
	snprintf(tenant.name, sizeof tenant.name, "%s", name->name);
	snprintf(tenant.domain, sizeof tenant.domain, "%s", name->domain);
	if (reseller == 0)
		put_login_reseller(&tenant);
	else
		put_facts(&tenant);
	enum error error = visit(arg, &tenant);
	struct named *names = named_make(demo_company, before, count);
	for (size_t i = 0; error == ERR_NONE && i < count; i++) {
		tenant = (struct demo_tenant){ .key = reseller_key + 1 + i, .parent = reseller_key,
			.distributor = many->first, .tier = TIER_CUSTOMER, .tree_pos = tree_make(1, part, place(i, count)) };
		tenant.seed = demo_hash(2, tenant.key);
		snprintf(tenant.name, sizeof tenant.name, "%s", names[i].name);
		snprintf(tenant.domain, sizeof tenant.domain, "%s", names[i].domain);
		if (reseller == 0 && i == 0)
			put_login_customer(&tenant);
		else
			put_facts(&tenant);
		error = visit(arg, &tenant);
	}
	free(names);
	return error;
}

enum error demo_many(const struct demo_many *many, unsigned from, unsigned to, demo_visit_fn *visit, void *arg)
{
	struct named *names = named_make(demo_partner, 0, many->resellers);
	enum error error = from == 0 ? visit_distributor(many, visit, arg) : ERR_NONE;
	for (unsigned reseller = from; error == ERR_NONE && reseller < to; reseller++)
		error = visit_reseller(many, reseller, &names[reseller], visit, arg);
	free(names);
	return error;
}
