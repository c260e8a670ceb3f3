/* The statement table, walked: each statement keeps to its scope, fits the schema, and is SQL that MySQL knows too. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "db/connection.h"
#include "db/migration.h"
#include "db/statement.h"
#include "fixture.h"

#define OWN UINT64_C(1000001) /* a reseller; its customers follow */
#define VARIANTS 240
#define FAULTS_SIZE 16384

static struct fixture *fixture;
static const struct scope *scope;

/* Tables with labels: each alias needs its SCOPE. Those that hang on a tenant: the statement needs one. */
static const char *const labelled[] = { "tenant", "tenant_list", "tenant_gram", "contract_list", "contract_gram" };
static const char *const hanging[] = { "tenant_total", "user_account", "session", "contract", "contract_version",
	"billing_source", "source_run", "source_day", "audit_event", "outbox", "recent_tenant", "api_token", "tenant_change" };

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool is_in(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(word, list[i]) == 0)
			return true;
	}
	return false;
}

/* The next word or sign of SQL from *PLACE on; quoted texts and comments are passed over. False at the end. */
static bool token_next(const char **place, char token[64])
{
	const char *c = *place;
	size_t length = 0;

	for (;;) {
		while (isspace((unsigned char)*c))
			c++;
		if (c[0] == '-' && c[1] == '-' && isspace((unsigned char)c[2])) {
			c += strcspn(c, "\n");
			continue;
		}
		if (*c != '\'' && *c != '"')
			break;
		c = strchr(c + 1, *c);
		assert_non_null(c);
		c++;
	}
	if (*c == '\0')
		return false;
	if (isalnum((unsigned char)*c) || *c == '_') {
		while ((isalnum((unsigned char)*c) || *c == '_') && length < 63)
			token[length++] = *c++;
	} else {
		token[length++] = *c++;
	}
	token[length] = '\0';
	*place = c;
	return true;
}

/* Calls SEEN with each table that the statement reads or writes and the alias it has. */
static void tables_walk(const char *sql, void (*seen)(void *arg, const char *table, const char *alias), void *arg)
{
	static const char *const before[] = { "FROM", "JOIN", "STRAIGHT_JOIN", "UPDATE", "INTO", "," };
	static const char *const no_alias[] = { "ON", "WHERE", "SET", "FORCE", "JOIN", "LEFT", "STRAIGHT_JOIN", "ORDER", "LIMIT",
		"GROUP", "FOR", "UNION", "VALUES", "SELECT" };
	const char *place = sql;
	char last[64] = "", token[64], alias[64];

	while (token_next(&place, token)) {
		if (is_in(last, before, COUNT(before)) &&
			(is_in(token, labelled, COUNT(labelled)) || is_in(token, hanging, COUNT(hanging)))) {
			const char *behind = place;

			if (!token_next(&behind, alias) || !(isalpha((unsigned char)alias[0])) ||
				is_in(alias, no_alias, COUNT(no_alias)))
				memcpy(alias, token, sizeof alias);
			/* "FROM a, tenant" is a table, ", tenant.name" and "t, tenant)" are not */
			if (strcmp(last, ",") != 0 || strcmp(alias, token) != 0)
				seen(arg, token, alias);
		}
		memcpy(last, token, sizeof last);
	}
}

/* Says what was found, and fails when anything was. Ends the buffer: a failing test does not come back. */
static void assert_no_faults(struct buf *faults)
{
	bool found = faults->length > 0;

	if (found)
		print_message("%s\n", faults->data + 1);
	buf_free(faults);
	if (found)
		fail();
}

struct walk {
	const struct statement_row *row;
	struct buf *faults;
};

static void look_for_scope(void *arg, const char *table, const char *alias)
{
	struct walk *walk = arg;
	char wanted[80];

	snprintf(wanted, sizeof wanted, "SCOPE(%s)", alias);
	if (is_in(table, labelled, COUNT(labelled)) ? strstr(walk->row->sql, wanted) == NULL : !walk->row->scoped) {
		buf_printf(walk->faults, "\n# %s: %s %s", walk->row->name, table, alias);
		buf_puts(walk->faults, " has no SCOPE and no exemption");
	}
}

static void every_statement_has_its_scope_or_a_reason(void **state)
{
	struct buf faults;

	(void)state;
	buf_init(&faults, FAULTS_SIZE);
	for (enum statement i = 0; i < STMT__MAX; i++) {
		struct walk walk = { &statements[i], &faults };

		if (statements[i].exempt == NULL)
			tables_walk(statements[i].sql, look_for_scope, &walk);
		else
			assert_true(strlen(statements[i].exempt) >= 10);
	}
	assert_no_faults(&faults);
}

static void every_statement_fits_the_schema(void **state)
{
	struct buf faults;

	(void)state;
	buf_init(&faults, FAULTS_SIZE);
	for (enum statement i = 0; i < STMT__MAX; i++) {
		struct buf sql;
		const char *place = statements[i].sql;

		/* as the server sees it, with its ? still in it */
		buf_init(&sql, 65536);
		for (const char *found; (found = strstr(place, "SCOPE(")) != NULL;) {
			size_t alias = strcspn(found + 6, ")");

			buf_append(&sql, place, (size_t)(found - place));
			buf_append(&sql, found + 6, alias);
			buf_puts(&sql, ".tree_pos > 0");
			place = found + 6 + alias + 1;
		}
		buf_puts(&sql, place);
		if (db_execute_text(fixture->db, NULL, statements[i].name, "PREPARE walk FROM ?",
			DB_VALUES(DB_TEXT(sql.data)), NULL) != ERR_NONE)
			buf_printf(&faults, "\n# %s: %s", statements[i].name, sql.data);
		buf_free(&sql);
	}
	assert_no_faults(&faults);
}

/* Whether SQL has WORD as a word (or sign) of its own. */
static bool has_word(const char *sql, const char *word)
{
	char token[64];

	while (token_next(&sql, token)) {
		if (strcasecmp(token, word) == 0)
			return true;
	}
	return false;
}

static void check_dialect(struct buf *faults, const char *name, const char *sql)
{
	/* what MariaDB alone has, or both have but a cluster does not, or MySQL 8 reserves */
	static const char *const words[] = { "RETURNING", "GET_LOCK", "RELEASE_LOCK", "SEQUENCE", "NEXTVAL", "EXAMINED", "FETCH",
		"PERSISTENT", "INET6", "INET4", "UUID", "MEDIAN", "IGNORED", "TRIGGER", "PROCEDURE", "EVENT", "TEMPORARY",
		"VERSIONING", "NOWAIT", "ARIA", "NOW", "CURRENT_TIMESTAMP", "CURDATE", "SYSDATE", "UTC_TIMESTAMP", "FOUND_ROWS",
		"SQL_CALC_FOUND_ROWS", "LAST_INSERT_ID" };
	static const char *const pieces[] = { "CREATE OR REPLACE", "ADD COLUMN IF", "ADD KEY IF", "DROP COLUMN IF", "DROP KEY IF",
		"uca1400", "nopad", "SET STATEMENT", "LIMIT ROWS", "SYSTEM_TIME", "EXCEPT ALL", "INTERSECT ALL", "ON DUPLICATE KEY",
		"||", "JSON_EXISTS", "JSON_QUERY", " MINUS " };
	static const char *const reserved[] = { "rank", "groups", "system", "window", "lateral", "recursive", "empty", "rows",
		"cume_dist", "dense_rank", "first_value", "ntile", "grouping", "function", "of" };

	for (size_t i = 0; i < COUNT(words); i++) {
		if (has_word(sql, words[i]))
			buf_printf(faults, "\n# %s: %s", name, words[i]);
	}
	for (size_t i = 0; i < COUNT(pieces); i++) {
		if (strcasestr(sql, pieces[i]) != NULL)
			buf_printf(faults, "\n# %s: %s", name, pieces[i]);
	}
	for (size_t i = 0; i < COUNT(reserved); i++) {
		if (has_word(sql, reserved[i]))
			buf_printf(faults, "\n# %s: %s is reserved", name, reserved[i]);
	}
}

static void the_sql_is_known_to_mysql_too(void **state)
{
	struct buf faults;

	(void)state;
	buf_init(&faults, FAULTS_SIZE);
	for (enum statement i = 0; i < STMT__MAX; i++)
		if (i != STMT_DOCTOR_CLOCK) /* which is there to compare the two clocks */
			check_dialect(&faults, statements[i].name, statements[i].sql);
	for (unsigned i = 0; i < migration_count; i++) {
		const char *sql = migrations[i].sql;

		while (strncmp(sql, "--", 2) == 0)
			sql = strchr(sql, '\n') + 1;
		check_dialect(&faults, migrations[i].title, sql);
	}
	assert_no_faults(&faults);
}

/* A value such as a caller may pass: keys and names from inside and outside of the scope. */
static struct db_value value_pick(uint32_t *random)
{
	static const char *const texts[] = { "T1000001", "T1000002", "T1000030", "T1000031", "T1000000", "T2000000", "T2000002",
		"U10000020", "U10000300", "U20000020", "K10000020", "K10000021", "K10000300", "K10000310", "K20000020", "S10000020",
		"S10000310", "S20000020", "foreign", "foreign1000031.example", "%", "%foreign%", "own", "draft", "admin",
		"2026-11-22", "2030-01-01", "", "foreign10000300@x.example", "000020000020" };
	static const uint64_t keys[] = { 1, 2, 7, 1000000, 1000001, 1000002, 1000005, 1000030, 1000031, 2000000, 2000002,
		10000020, 10000021, 10000050, 10000300, 10000310, 20000020, 50, 200 };
	const uint64_t labels[] = { tree_make(1, 0, 0), tree_make(1, 1000, 0), tree_make(1, 1000, 3000), tree_make(1, 2000, 0),
		tree_make(1, 2000, 1000), tree_make(2, 0, 0), tree_make(3, 0, 0), 0, INT64_MAX };

	switch (fixture_random(random, 5)) {
	case 0:
	case 1:
		return DB_TEXT(texts[fixture_random(random, COUNT(texts))]);
	case 2:
		return DB_UINT(labels[fixture_random(random, COUNT(labels))]);
	default:
		return DB_UINT(keys[fixture_random(random, COUNT(keys))]);
	}
}

static int line_compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* TEXT with its lines in alphabetical order: rows that tie may come in any. Cuts TEXT up. */
static char *lines_sorted(char *text)
{
	const char *lines[1024];
	size_t count = 0;
	struct buf sorted;

	for (char *line; (line = strsep(&text, "\n")) != NULL && count < COUNT(lines);)
		lines[count++] = line;
	qsort(lines, count, sizeof *lines, line_compare);
	buf_init(&sorted, 1 << 20);
	for (size_t i = 0; i < count; i++)
		buf_printf(&sorted, "%s\n", lines[i]);
	return sorted.data;
}

/* By name (FNV-1a), so that a statement has the same values whichever others there are. */
static uint32_t seed_of(const char *name, unsigned variant)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return (hash + variant) * 2654435761u;
}

/* Runs a statement with values that depend on its name and VARIANT alone, and writes down what came. */
static char *outcome(const struct statement_row *row, enum statement statement, unsigned variant, bool *rows_came)
{
	uint32_t random = seed_of(row->name, variant);
	struct db_value values[32];
	uint64_t changed = 0;
	struct db_rows *rows = NULL;
	bool reads = strncasecmp(row->sql, "SELECT", 6) == 0;
	struct buf text;
	enum error error;
	char **cells, *sorted;

	assert_true(row->values <= COUNT(values));
	for (unsigned i = 0; i < row->values; i++)
		values[i] = value_pick(&random);
	buf_init(&text, 1 << 20);
	error = reads ? db_query(fixture->db, scope, statement, values, row->values, &rows)
		: db_execute(fixture->db, scope, statement, values, row->values, &changed);
	buf_printf(&text, "%d %lu\n", (int)error, (unsigned long)changed);
	while (rows != NULL && (cells = db_next(rows)) != NULL) {
		for (size_t i = 0; db_lengths(rows) != NULL && i < (size_t)mysql_field_count(fixture->db->mysql); i++)
			buf_printf(&text, "|%s", cells[i] != NULL ? cells[i] : "NULL");
		buf_putc(&text, '\n');
		*rows_came = true;
	}
	db_rows_free(rows);
	sorted = lines_sorted(text.data);
	buf_free(&text);
	return sorted;
}

/* The server's complaints about values that do not fit are many, and wanted. */
static int quiet_begin(void)
{
	int kept = dup(STDERR_FILENO);

	assert_non_null(freopen("/dev/null", "w", stderr));
	return kept;
}

static void quiet_end(int kept)
{
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
}

static void delete_foreign(void)
{
	static const char *const by_tenant[] = { "user_account", "contract", "billing_source", "audit_event", "recent_tenant",
		"api_token", "tenant_change" };
	static const char *const by_label[] = { "tenant_list", "tenant_gram", "contract_list", "contract_gram" };
	const char *outside = "NOT (id = 1000000 OR parent_id = 1000001 OR id = 1000001)";

	for (size_t i = 0; i < COUNT(by_tenant); i++)
		fixture_sql(fixture, "DELETE FROM %s WHERE tenant_id NOT IN (SELECT id FROM tenant WHERE id = %lu OR "
			"parent_id = %lu)", by_tenant[i], (unsigned long)OWN, (unsigned long)OWN);
	for (size_t i = 0; i < COUNT(by_label); i++)
		fixture_sql(fixture, "DELETE FROM %s WHERE tree_pos < %lu OR tree_pos >= %lu", by_label[i],
			(unsigned long)scope_low(scope), (unsigned long)scope_high(scope));
	fixture_sql(fixture, "DELETE FROM tenant_total WHERE tenant_id <> %lu", (unsigned long)OWN);
	fixture_sql(fixture, "DELETE FROM source_day WHERE tenant_id <> %lu", (unsigned long)OWN);
	fixture_sql(fixture, "DELETE FROM contract_version WHERE contract_id NOT IN (SELECT id FROM contract)");
	fixture_sql(fixture, "DELETE FROM source_run WHERE source_id NOT IN (SELECT id FROM billing_source)");
	fixture_sql(fixture, "DELETE FROM tenant WHERE %s", outside);
}

/* What a statement says must be the same whether anything exists outside of the scope or not. */
static void nothing_outside_of_the_scope_shows(void **state)
{
	static char *before[STMT__MAX][VARIANTS];
	unsigned scoped = 0, with_rows = 0;
	int kept = quiet_begin();
	struct buf faults;

	(void)state;
	buf_init(&faults, FAULTS_SIZE);
	for (enum statement i = 0; i < STMT__MAX; i++) {
		bool rows_came = false, reads = strncasecmp(statements[i].sql, "SELECT", 6) == 0;

		if (!statements[i].scoped || !reads)
			continue;
		for (unsigned k = 0; k < VARIANTS; k++)
			before[i][k] = outcome(&statements[i], i, k, &rows_came);
		scoped++;
		with_rows += rows_came;
	}
	delete_foreign();
	for (enum statement i = 0; i < STMT__MAX; i++) {
		for (unsigned k = 0; k < VARIANTS && before[i][k] != NULL; k++) {
			bool rows_came;
			char *after = outcome(&statements[i], i, k, &rows_came);

			if (strcmp(before[i][k], after) != 0 && statements[i].exempt == NULL)
				buf_printf(&faults, "\n# %s tells of what is outside", statements[i].name);
			free(after);
			free(before[i][k]);
		}
	}
	quiet_end(kept);
	if (with_rows * 4 < scoped * 3)
		buf_printf(&faults, "\n# only %u of %u statements gave rows: the test has lost its teeth", with_rows, scoped);
	assert_no_faults(&faults);
}

/* Rows whose label is outside are foreign, also when a statement has just given them another parent. */
static uint64_t foreign_digest(void)
{
	static const char *const queries[] = {
		"SELECT SUM(CRC32(CONCAT_WS('|', t.id, t.tree_pos, t.parent_id, t.name, t.domain, t.onboarded_at, t.suspended_at, "
			"t.deleted_at, t.version))) FROM tenant t WHERE %s",
		"SELECT SUM(CRC32(CONCAT_WS('|', t.tree_pos, t.tenant_id, t.name, t.suspended, t.onboarding, t.rollup, t.search))) "
			"FROM tenant_list t WHERE %s",
		"SELECT SUM(CRC32(CONCAT_WS('|', u.id, u.email, u.role, u.child_role, u.disabled_at, u.deleted_at, "
			"u.invitation_cancelled_at, u.version))) FROM user_account u JOIN tenant t ON t.id = u.tenant_id WHERE %s",
		"SELECT SUM(CRC32(CONCAT_WS('|', c.id, c.stored_status, c.version, c.name))) FROM contract c "
			"JOIN tenant t ON t.id = c.tenant_id WHERE %s",
		"SELECT SUM(CRC32(CONCAT_WS('|', s.id, s.live, s.state, s.report, s.version))) FROM billing_source s "
			"JOIN tenant t ON t.id = s.tenant_id WHERE %s",
		"SELECT COUNT(*) FROM audit_event e JOIN tenant t ON t.id = e.tenant_id WHERE %s",
	};
	char outside[120], sql[512];
	uint64_t digest = 0;

	snprintf(outside, sizeof outside, "(t.tree_pos < %lu OR t.tree_pos >= %lu)", (unsigned long)scope_low(scope),
		(unsigned long)scope_high(scope));
	for (size_t i = 0; i < COUNT(queries); i++) {
		const char *place = strstr(queries[i], "%s");

		snprintf(sql, sizeof sql, "%.*s%s", (int)(place - queries[i]), queries[i], outside);
		digest = digest * 31 + fixture_number(fixture, "%s", sql);
	}
	return digest;
}

static void nothing_outside_of_the_scope_changes(void **state)
{
	int kept = quiet_begin();
	struct buf faults;
	unsigned scoped = 0;

	(void)state;
	buf_init(&faults, FAULTS_SIZE);
	for (enum statement i = 0; i < STMT__MAX; i++) {
		bool rows_came, reads = strncasecmp(statements[i].sql, "SELECT", 6) == 0;
		uint64_t before;

		if (!statements[i].scoped || reads || statements[i].exempt != NULL)
			continue;
		scoped++;
		fixture_sql(fixture, "START TRANSACTION");
		before = foreign_digest();
		for (unsigned k = 0; k < VARIANTS; k++)
			free(outcome(&statements[i], i, k, &rows_came));
		if (foreign_digest() != before)
			buf_printf(&faults, "\n# %s changes what is outside", statements[i].name);
		fixture_sql(fixture, "ROLLBACK");
	}
	quiet_end(kept);
	if (scoped == 0)
		buf_puts(&faults, "\n# no statement with SCOPE writes");
	assert_no_faults(&faults);
}

/* Two trees; what the generator of trees leaves out, so that joins find something. */
static int setup(void **state)
{
	(void)state;
	fixture = fixture_new("test_statements");
	fixture_tree(fixture, 1, 4, 28, "foreign", 31);
	fixture_tree(fixture, 2, 2, 6, "foreign", 32);
	fixture_sql(fixture, "INSERT INTO contract_version (contract_id, version, saved_at, saved_by_name, name, start_date, "
		"end_date, renewal, entitlement) SELECT id, version, created_at, 'foreign', name, start_date, end_date, 'auto', "
		"'none' FROM contract");
	fixture_sql(fixture, "INSERT INTO audit_event (at, tenant_id, action, actor_name, actor_tenant_name) "
		"SELECT '2026-11-01', id, 'tenant.suspend', 'foreign', 'foreign' FROM tenant");
	fixture_sql(fixture, "INSERT INTO recent_tenant (user_id, tenant_id, at) SELECT 1, id, "
		"DATE_ADD('2026-01-01', INTERVAL id SECOND) FROM tenant");
	fixture_sql(fixture, "INSERT INTO api_token (public_id, tenant_id, name, scope, token_hash, made_at, maker_name, expires_at) "
		"SELECT CONCAT('A', id), id, 'foreign', 'read', UNHEX(SHA2(id, 256)), '2026-11-01', 'foreign', '2027-11-01' FROM tenant");
	fixture_sql(fixture, "INSERT INTO tenant_change (tenant_id, reseller_id, distributor_id, public_id, gone, mark) "
		"SELECT id, IF(tier = 2, id, COALESCE(parent_id, 0)), COALESCE(distributor_id, id), public_id, 0, 50 FROM tenant");
	fixture_sql(fixture, "UPDATE contract SET visible_from = 1, supersedes_id = id - 1 WHERE id %% 10 = 1");
	fixture_rebuild(fixture, 1);
	fixture_rebuild(fixture, 2);
	scope = fixture_scope(fixture, OWN);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(fixture);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_has_its_scope_or_a_reason),
		cmocka_unit_test(every_statement_fits_the_schema),
		cmocka_unit_test(the_sql_is_known_to_mysql_too),
		cmocka_unit_test(nothing_outside_of_the_scope_changes),
		cmocka_unit_test(nothing_outside_of_the_scope_shows),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
