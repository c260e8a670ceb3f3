/* What a contract's stored status and dates mean on a day. Dates are "2026-11-22"; in this form
 * their order is that of their texts. */
#ifndef TENANTRY_DB_CONTRACT_DAY_H
#define TENANTRY_DB_CONTRACT_DAY_H

#include "base/clock.h"
#include "db/list.h"

/* STORED is the column's value ("draft", "ready", "cancelled", "superseded"); END may be NULL: open. */
enum contract_status contract_day_status(const char *stored, const char *start, const char *end, const char *today);

/* Is a contract that a former parent made out of the present parent's sight in that status? It does not count either. */
bool contract_day_former_hidden(enum contract_status status);

/* The first date after TODAY on which that status is another: START, or the day after END. Writes an empty text
 * to DATE when there is none. */
void contract_day_next(const char *stored, const char *start, const char *end, const char *today,
	char date[CLOCK_DATE_SIZE]);

#endif
