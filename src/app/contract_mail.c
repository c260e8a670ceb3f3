/* Mail about contracts (contract_mail.h). Whoever reads it may be anybody: it holds no secret, no note and nothing of a draft. */
#include "app/contract_mail.h"

#include <string.h>

#include "base/clock.h"

/* The columns of outbox_contract, and what follows the values in outbox_contract_versions. */
enum { N_ID, N_TENANT, N_MAKER, N_REASON, N_SUCCESSOR, N_LINEAGE };
enum { V_VERSION = CONTRACT_FIELDS_MAX };

/* What is told of each; what a draft said before it left draft is told of none. */
static const struct kind {
	const char *name, *did;
	bool changes, reason, successor;
} kinds[] = {
	{ "contract-active", "is marked as active", false, false, false },
	{ "contract-changed", "has changed", true, false, false },
	{ "contract-cancelled", "is cancelled", false, true, false },
	{ "contract-superseded", "is superseded", true, false, true },
};

static const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

enum error contract_mail(struct context *c, const char *kind, uint64_t contract, unsigned version, const char *email)
{
	char now[CLOCK_INSTANT_SIZE];
	if (email == NULL || *email == '\0')
		return ERR_NONE;
	clock_sql(clock_now_ms(), now);
	return db_execute(c->db, NULL, STMT_OUTBOX_CONTRACT_INSERT, DB_VALUES(DB_TEXT(kind), DB_UINT(contract), DB_UINT(version),
		DB_TEXT(email), DB_TEXT(now), DB_TEXT(now)), NULL);
}

bool contract_notice_kind(const char *kind)
{
	return kind_named(kind) != NULL;
}

static const char *text_or_null(struct arena *arena, const char *text)
{
	return text != NULL && *text != '\0' ? arena_strdup(arena, text) : NULL;
}

static void notice_values(struct arena *arena, char **row, const char *values[CONTRACT_FIELDS_MAX])
{
	for (int i = 0; i < CONTRACT_FIELDS_MAX; i++)
		values[i] = text_or_null(arena, row[i]);
}

enum error contract_notice_read(struct db *db, struct arena *arena, const char *name, uint64_t contract, unsigned version,
	struct contract_notice *notice)
{
	const struct kind *kind = kind_named(name);
	DB_ROWS_AUTO rows = NULL;
	DB_ROWS_AUTO versions = NULL;
	enum error error = db_query(db, NULL, STMT_OUTBOX_CONTRACT, DB_VALUES(DB_UINT(contract)), &rows);
	if (error == ERR_NONE)
		error = db_query(db, NULL, STMT_OUTBOX_CONTRACT_VERSIONS, DB_VALUES(DB_UINT(contract), DB_UINT(version),
			DB_UINT(version > 0 ? version - 1 : 0)), &versions);
	char **row = error == ERR_NONE ? db_next(rows) : NULL, **now = row != NULL ? db_next(versions) : NULL;
	if (now == NULL || db_uint(now[V_VERSION]) != version)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	*notice = (struct contract_notice){ .id = arena_strdup(arena, row[N_ID]), .tenant = arena_strdup(arena, row[N_TENANT]),
		.maker = text_or_null(arena, row[N_MAKER]), .reason = kind->reason ? text_or_null(arena, row[N_REASON]) : NULL,
		.successor = kind->successor ? text_or_null(arena, row[N_SUCCESSOR]) : NULL, .version = version };
	notice->subject = arena_printf(arena, "Contract of %s %s: %s", notice->tenant, kind->did, now[CONTRACT_NAME]);
	for (size_t i = 0; i < sizeof notice->lineage / sizeof *notice->lineage; i++)
		notice->lineage[i] = arena_strdup(arena, row[N_LINEAGE + i]);
	notice_values(arena, now, notice->values);
	char **before = kind->changes ? db_next(versions) : NULL;
	if (before != NULL) {
		notice->has_before = true;
		notice_values(arena, before, notice->before);
	}
	return ERR_NONE;
}

static void change_elements(struct doc *doc, const struct contract_notice *notice)
{
	for (int i = 0; notice->has_before && i < CONTRACT_FIELDS_MAX; i++) {
		enum contract_value field = (enum contract_value)i;
		const char *from = notice->before[i], *to = notice->values[i];
		if (strcmp(from != NULL ? from : "", to != NULL ? to : "") == 0)
			continue;
		doc_open(doc, "change");
		doc_attr(doc, "label", contract_field_label(field));
		doc_attr(doc, "from", contract_field_text(field, from));
		doc_attr(doc, "to", contract_field_text(field, to));
		doc_close(doc);
	}
}

void contract_notice_element(struct doc *doc, const struct contract_notice *notice)
{
	doc_open(doc, "contract");
	doc_attr(doc, "name", notice->values[CONTRACT_NAME]);
	doc_attr(doc, "tenant", notice->tenant);
	doc_attr(doc, "maker", notice->maker);
	doc_attr_int(doc, "version", notice->version);
	doc_attr(doc, "start", notice->values[CONTRACT_START]);
	doc_attr(doc, "end", notice->values[CONTRACT_END]);
	doc_attr(doc, "renewal", contract_field_text(CONTRACT_RENEWAL, notice->values[CONTRACT_RENEWAL]));
	doc_attr(doc, "reason", notice->reason);
	doc_attr(doc, "successor", notice->successor);
	change_elements(doc, notice);
	doc_close(doc);
}
