/* The Contracts list as the database sees it: filtered pieces of it in its order, which is that of the tree, then of keys.
 *
 * What the acting tenant may not see (drafts of its own contracts, what former parents of its customers keep to themselves) is
 * left out here, of rows and counts alike; so is what the day has changed and nobody has stored yet. */
#ifndef TENANTRY_DB_CONTRACT_LIST_H
#define TENANTRY_DB_CONTRACT_LIST_H

#include "base/clock.h"
#include "db/contract_fact.h"

struct arena;

/* What must hold for a row to match; 0 means no condition, and so do all values of a set together. */
struct contract_filter {
	unsigned status; /* 1 << enum contract_status */
	unsigned tier;   /* 1 << enum tier */
	unsigned ends;   /* 1, 2, 3: in force or to come, and ends within 30, 60, 90 days */
	bool unbilled;   /* of tenants with data and no contract in force; those without any have a row too */
	const char *like; /* pattern of text_query(), or NULL */
	const struct text_gram *grams;
	size_t gram_count;
};

/* Where a row stands: the label of its tenant, the key of its contract (0: the row of a tenant without). */
struct contract_place {
	uint64_t tenant, contract;
};

/* What lies between two places, without these. */
struct contract_span {
	struct contract_place after, before;
};

/* One row; texts are in the arena that was given. */
struct contract_row {
	struct contract_place place;
	const char *id, *name, *tenant, *tenant_name, *version, *start, *end, *renewal, *entitlement; /* end NULL: open */
	enum tier tier;
	unsigned status; /* enum contract_status; CONTRACT_NONE: no contract, the texts of one are NULL */
};

/* A filter in a scope, for one request. */
struct contract_reader {
	struct db *db;
	const struct scope *scope;
	struct contract_filter filter;
	struct contract_row *dues; /* rows that the day has changed and that match now, in order */
	size_t due_count;
	uint64_t due_stored;       /* how many of the due rows match by what is stored of them */
	bool settled;              /* there are rows to be left out until they are stored again */
	char now[CLOCK_INSTANT_SIZE];
};

/* FILTER's texts and ARENA must outlive the reader. */
enum error contract_reader_begin(struct contract_reader *reader, struct db *db, const struct scope *scope,
	const struct contract_filter *filter, struct arena *arena);

/* All of the scope. */
struct contract_span contract_span_all(const struct scope *scope);

/* Up to LIMIT rows of SPAN, in order or, BACKWARDS, against it. */
enum error contract_reader_rows(const struct contract_reader *reader, const struct contract_span *span, bool backwards,
	unsigned limit, struct arena *arena, struct contract_row **rows, size_t *count);

/* Asks ahead, forwards, for what contract_reader_rows() will be called for next. */
void contract_reader_ahead(const struct contract_reader *reader, const struct contract_span *span, unsigned limit);

/* How many rows of the scope match, counted to at most BOUND (0: all). That a bound of 1,000 or more was reached is remembered for a
 * minute. */
enum error contract_reader_count(const struct contract_reader *reader, uint64_t bound, uint64_t *count);

/* The same at once and without a bound for the whole scope and for one field; *KNOWN tells whether it was such a one. */
enum error contract_reader_total(const struct contract_reader *reader, bool *known, uint64_t *count);

/* Where the row with this public ID (of a contract, or of a tenant without) stands or stood. ERR_NOT_FOUND when the scope has none. */
enum error contract_list_place(struct db *db, const struct scope *scope, const char *id, struct contract_place *place);

#endif
