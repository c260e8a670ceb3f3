/* Numbers of forms (form_claim.h). Never decides what a form does, nor what is answered: pipeline.c does. */
#include "app/form_claim.h"

#include "base/clock.h"

enum error form_claim(struct context *c, bool *done)
{
	uint8_t hash[SECRET_HASH_SIZE];
	char now[CLOCK_INSTANT_SIZE];
	uint64_t changed;
	/* Of the path too: the same body elsewhere is another deed. */
	secret_hash(arena_printf(c->arena, "%s\n%zu\n%s", c->http->path, c->http->body_length, c->http->body), hash);
	clock_sql(clock_now_ms(), now);
	*done = false;
	/* A second one that comes while the first is at work waits here for its commit. */
	enum error error = db_execute(c->db, NULL, STMT_FORM_USE_CLAIM,
		DB_VALUES(DB_BYTES(c->form_number, FORM_NUMBER_SIZE), DB_BYTES(hash, sizeof hash), DB_TEXT(now)), &changed);
	if (error != ERR_NONE || changed == 1)
		return error;
	DB_ROWS_AUTO rows = NULL;
	error = db_query(c->db, NULL, STMT_FORM_USE_READ,
		DB_VALUES(DB_BYTES(hash, sizeof hash), DB_BYTES(c->form_number, FORM_NUMBER_SIZE)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_CONFLICT;
	if (db_uint(row[0]) == 0) {
		c->form_reused = true;
		return ERR_NONE;
	}
	*done = true;
	/* Without a place to go on to, it had a secret for an answer. */
	c->made_before = *row[1] == '\0';
	if (!c->made_before)
		c->redirect = arena_strdup(c->arena, row[1]);
	return ERR_NONE;
}

enum error form_claim_done(struct context *c)
{
	if (c->redirect == NULL)
		return ERR_NONE;
	return db_execute(c->db, NULL, STMT_FORM_USE_DONE,
		DB_VALUES(DB_TEXT(c->redirect), DB_BYTES(c->form_number, FORM_NUMBER_SIZE)), NULL);
}
