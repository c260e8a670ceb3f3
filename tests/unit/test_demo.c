/* The demo data as a plan, before it is written: the rules that every tenant of it keeps, and what the small one shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <cmocka.h>

#include "base/text.h"
#include "command/demo.h"
#include "db/list.h"

/* What was seen of a plan. */
struct seen {
	uint64_t count, last_key, last_pos;
	uint64_t tiers[4], statuses[256], sources[256], user_states[256], contracts[16];
	uint64_t degrees[4][6]; /* tasks done of those in onboarding, by tier */
	unsigned suspended_resellers, suspended_customers, without_admin, several_admins;
	bool logins[6];
	bool ordered;           /* names must be in order */
	uint64_t last_parent;
	char last_name[DEMO_NAME_SIZE];
	uint64_t sum;           /* of everything, to compare two runs */
};

static const char *const logins[] = {
	"distributor-admin@demo.example", "distributor-sales@demo.example", "reseller-admin@demo.example",
	"reseller-sales@demo.example", "customer-admin@demo.example", "other-admin@demo.example",
};

static bool in_force(const struct demo_contract *contract)
{
	return strcmp(contract->stored, "draft") != 0 && strcmp(contract->stored, "cancelled") != 0;
}

static void check_contracts(const struct demo_tenant *tenant)
{
	struct demo_contract contracts[DEMO_CONTRACTS_MAX];
	size_t count = demo_contracts(tenant, contracts);
	for (size_t i = 0; i < count; i++) {
		const struct demo_contract *one = &contracts[i];
		assert_true(one->end == DEMO_NO_DATE || one->start <= one->end);
		assert_true(one->made < 0);
		/* Days away from today, so that a zone makes no difference. */
		assert_true(one->letter != 'a' || (one->start < -1 && one->end > 1));
		assert_true(one->letter != 's' || one->start > 1);
		assert_true((one->letter != 'e' && one->letter != 'u') || one->end < -1);
		for (size_t k = 0; k < i; k++) {
			const struct demo_contract *other = &contracts[k];
			if (in_force(one) && in_force(other))
				assert_true(one->end < other->start || other->end < one->start);
		}
	}
}

static void check_sources(const struct demo_tenant *tenant)
{
	for (size_t i = 0; tenant->sources[i] != '\0'; i++) {
		struct demo_run runs[DEMO_RUNS_MAX];
		int64_t since, stale;
		size_t count = demo_runs(tenant, i, runs);
		assert_true(count <= DEMO_RUNS_MAX);
		for (size_t k = 0; k < count; k++) {
			assert_true(runs[k].started < 0 && runs[k].finished <= 0);
			assert_true(k == 0 || runs[k].started > runs[k - 1].started);
		}
		unsigned state = demo_source_state(runs, count, &since, &stale);
		switch (tenant->sources[i]) {
		case 's': case 'r': case 'x':
			assert_int_equal(state, tenant->sources[i] == 'x' ? ROLLUP_WARNING : ROLLUP_SUCCESS);
			break;
		case 'w': case 't':
			assert_int_equal(state, ROLLUP_WARNING);
			break;
		case 'f': case 'F':
			assert_int_equal(state, ROLLUP_FAILED);
			break;
		default:
			assert_int_equal(state, ROLLUP_NOT_AVAILABLE);
			break;
		}
		/* Nothing changes by itself within the day. */
		assert_true(stale == 0 || stale > 24 * 3600);
	}
}

static void see_users(struct seen *seen, const struct demo_tenant *tenant)
{
	unsigned admins = 0;
	for (size_t i = 0; i < tenant->user_count; i++) {
		const struct demo_user *user = &tenant->users[i];
		seen->user_states[(unsigned char)user->state]++;
		assert_true(user->child_role <= user->role);
		assert_true(tenant->tier != TIER_CUSTOMER || user->child_role == ROLE_NONE);
		char email[EMAIL_SIZE];
		assert_true(email_normalize(user->email, email));
		assert_string_equal(email, user->email);
		for (size_t k = 0; k < 6; k++)
			if (strcmp(user->email, logins[k]) == 0) {
				assert_int_equal(user->state, DEMO_USER_ACTIVE);
				seen->logins[k] = true;
				/* Neither the reseller nor the customer has finished its onboarding. */
				assert_true(k < 2 || k == 5 || !tenant->complete);
			}
		if (user->role == ROLE_ADMIN && user->state != DEMO_USER_DELETED && user->state != DEMO_USER_CANCELLED)
			admins++;
	}
	seen->without_admin += admins == 0;
	seen->several_admins += admins > 1;
}

static enum error see(void *arg, const struct demo_tenant *tenant)
{
	struct seen *seen = arg;
	char domain[DOMAIN_SIZE];
	seen->count++;
	seen->tiers[tenant->tier]++;
	assert_true(tenant->key == seen->last_key + 1 || seen->last_key == 0);
	assert_int_equal(tree_tier(tenant->tree_pos), tenant->tier);
	assert_true(tenant->tree_pos > seen->last_pos);
	assert_true(text_is_utf8(tenant->name, strlen(tenant->name)) && !text_has_forbidden(tenant->name));
	assert_in_range(text_length(tenant->name), 1, 200);
	assert_true(domain_normalize(tenant->domain, domain));
	assert_string_equal(domain, tenant->domain);
	assert_true(tenant->complete || demo_tasks_done(tenant) < demo_tasks_total(tenant));
	if (seen->ordered && tenant->tier == TIER_CUSTOMER && tenant->parent == seen->last_parent)
		assert_true(strcasecmp(seen->last_name, tenant->name) < 0);
	seen->last_parent = tenant->tier == TIER_CUSTOMER ? tenant->parent : 0;
	memcpy(seen->last_name, tenant->name, sizeof seen->last_name);
	if (!tenant->complete)
		seen->degrees[tenant->tier][demo_tasks_done(tenant)]++;
	seen->suspended_resellers += tenant->suspended && tenant->tier == TIER_RESELLER;
	seen->suspended_customers += tenant->suspended && tenant->tier == TIER_CUSTOMER;
	seen->contracts[strlen(tenant->contracts)]++;
	for (const char *letter = tenant->contracts; *letter != '\0'; letter++)
		seen->statuses[(unsigned char)*letter]++;
	for (const char *letter = tenant->sources; *letter != '\0'; letter++)
		seen->sources[(unsigned char)*letter]++;
	check_contracts(tenant);
	check_sources(tenant);
	see_users(seen, tenant);
	seen->last_key = tenant->key;
	seen->last_pos = tenant->tree_pos;
	for (const char *c = tenant->name; *c != '\0'; c++)
		seen->sum = seen->sum * 31 + (unsigned char)*c;
	seen->sum = seen->sum * 31 + demo_hash(tenant->seed, tenant->tree_pos) + tenant->user_count;
	return ERR_NONE;
}

static void test_the_small_demo_shows_every_state(void **state)
{
	struct seen seen = { .count = 0 };
	(void)state;
	assert_int_equal(demo_small(0, 1, see, &seen), ERR_NONE);
	assert_int_equal(seen.count, demo_small_count(0));
	assert_in_range(seen.count, 60, 80);
	for (const char *letter = "euascd"; *letter != '\0'; letter++)
		assert_true(seen.statuses[(unsigned char)*letter] > 0);
	for (const char *letter = "swtfFnrx"; *letter != '\0'; letter++)
		assert_true(seen.sources[(unsigned char)*letter] > 0);
	for (const char *letter = "APECDX"; *letter != '\0'; letter++)
		assert_true(seen.user_states[(unsigned char)*letter] > 0);
	static const unsigned counts[] = { 0, 1, 3, 4, 12 };
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		assert_true(seen.contracts[counts[i]] > 0);
	for (unsigned done = 0; done < 3; done++)
		assert_true(seen.degrees[TIER_RESELLER][done] > 0);
	for (unsigned done = 0; done < 5; done++)
		assert_true(seen.degrees[TIER_CUSTOMER][done] > 0);
	assert_true(seen.suspended_resellers > 0 && seen.suspended_customers > 0);
	assert_true(seen.without_admin > 0 && seen.several_admins > 0);
	for (size_t i = 0; i < 5; i++)
		assert_true(seen.logins[i]);
}

static void test_the_second_distributor_is_in_onboarding_itself(void **state)
{
	struct seen seen = { .count = 0 };
	(void)state;
	assert_int_equal(demo_small(1, 100, see, &seen), ERR_NONE);
	assert_int_equal(seen.degrees[TIER_DISTRIBUTOR][2], 1);
	assert_true(seen.logins[5]);
}

static void test_generated_trees_have_the_asked_size_and_names_in_order(void **state)
{
	struct seen seen = { .ordered = true };
	struct demo_many many = { .first = 1, .resellers = 20, .total = 10000 };
	(void)state;
	assert_int_equal(demo_many(&many, 0, 20, see, &seen), ERR_NONE);
	assert_int_equal(seen.count, 10000);
	assert_int_equal(seen.tiers[TIER_RESELLER], 20);
	assert_int_equal(seen.last_key, 10000);
	for (size_t i = 0; i < 5; i++)
		assert_true(seen.logins[i]);
	for (const char *letter = "swtfFnr"; *letter != '\0'; letter++)
		assert_true(seen.sources[(unsigned char)*letter] > 0);
}

/* Two processes write the two halves of the large demo. */
static void test_parts_are_the_same_as_the_whole(void **state)
{
	struct demo_many many = { .first = 1, .resellers = 8, .total = 1000 };
	struct seen whole = { .ordered = true }, parts = { .ordered = true };
	(void)state;
	assert_int_equal(demo_many(&many, 0, 8, see, &whole), ERR_NONE);
	assert_int_equal(demo_many(&many, 0, 3, see, &parts), ERR_NONE);
	assert_int_equal(demo_many(&many, 3, 8, see, &parts), ERR_NONE);
	assert_int_equal(parts.count, 1000);
	assert_int_equal(parts.sum, whole.sum);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void test_generated_domains_come_once(void **state)
{
	enum { COUNT = 200000 };
	char **domains = calloc(COUNT, sizeof *domains);
	char name[DEMO_NAME_SIZE], domain[DOMAIN_SIZE];
	(void)state;
	assert_true(demo_company_count() > 1000000);
	for (size_t i = 0; i < COUNT; i++) {
		demo_company(i * 5, name, domain); /* from the whole range */
		domains[i] = strdup(domain);
	}
	qsort(domains, COUNT, sizeof *domains, compare_texts);
	for (size_t i = 1; i < COUNT; i++)
		assert_true(strcmp(domains[i - 1], domains[i]) != 0);
	for (size_t i = 0; i < COUNT; i++)
		free(domains[i]);
	free(domains);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_small_demo_shows_every_state),
		cmocka_unit_test(test_the_second_distributor_is_in_onboarding_itself),
		cmocka_unit_test(test_generated_trees_have_the_asked_size_and_names_in_order),
		cmocka_unit_test(test_parts_are_the_same_as_the_whole),
		cmocka_unit_test(test_generated_domains_come_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
