/* Contract statuses by date, for the list table and for recounting its rows. Knows no clock: the day is given. */
#include "db/contract_day.h"

#include <string.h>

enum contract_status contract_day_status(const char *stored, const char *start, const char *end, const char *today)
{
	bool superseded = strcmp(stored, "superseded") == 0;

	if (strcmp(stored, "draft") == 0)
		return CONTRACT_DRAFT;
	if (strcmp(stored, "cancelled") == 0)
		return CONTRACT_CANCELLED;
	/* A superseded contract runs until the day before its successor begins, which is its end. */
	if (superseded && (end == NULL || strcmp(today, end) > 0))
		return CONTRACT_SUPERSEDED;
	if (strcmp(start, today) > 0)
		return CONTRACT_SCHEDULED;
	if (end != NULL && strcmp(end, today) < 0)
		return CONTRACT_EXPIRED;
	return CONTRACT_ACTIVE;
}

bool contract_day_former_hidden(enum contract_status status)
{
	return status == CONTRACT_DRAFT || status == CONTRACT_CANCELLED || status == CONTRACT_SUPERSEDED;
}

void contract_day_next(const char *stored, const char *start, const char *end, const char *today,
	char date[CLOCK_DATE_SIZE])
{
	date[0] = '\0';
	switch (contract_day_status(stored, start, end, today)) {
	case CONTRACT_SCHEDULED:
		/* One that ends before it starts goes from scheduled to its end at once. */
		if (end == NULL || strcmp(start, end) <= 0 || strcmp(stored, "superseded") != 0) {
			memcpy(date, start, CLOCK_DATE_SIZE - 1);
			date[CLOCK_DATE_SIZE - 1] = '\0';
			return;
		}
		break;
	case CONTRACT_ACTIVE:
		break;
	default:
		return;
	}
	if (end != NULL)
		clock_date_add(end, 1, date);
}
