/* Mail about contracts (contract_mail.h). */
#include "app/contract_mail.h"

#include "base/clock.h"

enum error contract_mail(struct context *c, const char *kind, uint64_t contract, unsigned version, const char *email)
{
	char now[CLOCK_INSTANT_SIZE];
	if (email == NULL || *email == '\0')
		return ERR_NONE;
	clock_sql(clock_now_ms(), now);
	return db_execute(c->db, NULL, STMT_OUTBOX_CONTRACT_INSERT, DB_VALUES(DB_TEXT(kind), DB_UINT(contract), DB_UINT(version),
		DB_TEXT(email), DB_TEXT(now), DB_TEXT(now)), NULL);
}
