/* Sending mail (outbox.h). A row is claimed and its secret link made in one transaction, which puts the next attempt off; then the message is
 * handed over. A message that may have been accepted is never sent again: `handed_at` is written down before its last byte goes.
 * The secret is in the message alone, never in a log or in the database. */
#include "app/outbox.h"

#include <sodium.h>
#include <string.h>

#include "app/contract_mail.h"
#include "app/user_read.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "base/theme.h"
#include "mail/mail.h"

#define MESSAGES_MAX 20            /* a call */
#define PAUSE_FIRST_MS INT64_C(60000) /* longer than a delivery takes: a claim is not taken twice */
#define PAUSE_MOST_MS INT64_C(3600000)
#define SUSPENDED_PAUSE_MS INT64_C(600000)
#define KEEP_DAYS 30
#define CONTRACT_HOURS 48          /* after that, mail about a contract is no news */
#define HOUR_MS INT64_C(3600000)

struct outbox_job {
	struct app *app;
	struct arena *arena;
	uint64_t id;           /* 0: nothing is due */
	bool sends;            /* there is a message; else the row was dealt with */
	bool invitation;
	const char *kind;      /* of the document, and of its sheets but for contracts, which share one */
	const char *product;   /* as its reader's theme calls it */
	const char *email, *name, *tenant, *inviter, *link, *expires;
	struct contract_notice notice;
};

/* The columns of outbox_due, and of outbox_invited and outbox_forgetful. */
enum { D_ID, D_KIND, D_USER, D_RECIPIENT, D_ATTEMPTS, D_CREATED, D_CONTRACT, D_VERSION };
enum { P_USER, P_EMAIL, P_FIRST, P_LAST, P_TENANT, P_INVITER, P_OPEN, P_SUSPENDED, P_LINEAGE };

static void instant_after(int64_t ms, char text[CLOCK_INSTANT_SIZE])
{
	clock_sql(clock_now_ms() + ms, text);
}

/* 1, 2, 4 ... minutes, an hour at most. */
static int64_t outbox_pause(uint64_t attempts)
{
	int64_t pause = attempts < 8 ? PAUSE_FIRST_MS << attempts : PAUSE_MOST_MS;
	return pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS;
}

static enum error outbox_close(struct db *db, uint64_t id, const char *why)
{
	char now[CLOCK_INSTANT_SIZE];
	instant_after(0, now);
	return db_execute(db, NULL, STMT_OUTBOX_SENT, DB_VALUES(DB_TEXT(now), DB_TEXT(why), DB_UINT(id)), NULL);
}

/* LINEAGE: public IDs of the reader's tenant, its parent and its distributor. */
static const char *outbox_product(const struct outbox_job *job, const char *const *lineage)
{
	return theme_product(theme_of_tenants(sheets_themes(job->app->sheets), lineage, TIER_CUSTOMER));
}

/* Makes the link: its hash into the user's row, itself into the job alone. */
static enum error outbox_link(struct db *db, struct outbox_job *job, char **person)
{
	char secret[SECRET_SIZE], expires[CLOCK_INSTANT_SIZE];
	uint8_t hash[SECRET_HASH_SIZE];
	secret_make(secret);
	secret_hash(secret, hash);
	instant_after(job->invitation ? USER_INVITATION_HOURS * HOUR_MS : OUTBOX_RESET_MINUTES * INT64_C(60000), expires);
	job->email = arena_strdup(job->arena, person[P_EMAIL]);
	job->name = text_trim(job->arena, arena_printf(job->arena, "%s %s", person[P_FIRST], person[P_LAST]));
	job->tenant = arena_strdup(job->arena, person[P_TENANT]);
	job->inviter = arena_strdup(job->arena, person[P_INVITER]);
	job->product = outbox_product(job, (const char *const *)person + P_LINEAGE);
	job->expires = arena_printf(job->arena, "%.10sT%.8sZ", expires, expires + 11);
	job->link = arena_printf(job->arena, "%s/%s/%s", job->app->config->public_url, job->invitation ? "invite" : "reset", secret);
	sodium_memzero(secret, sizeof secret);
	job->sends = true;
	return db_execute(db, NULL, job->invitation ? STMT_OUTBOX_INVITATION_LINK : STMT_OUTBOX_RESET_LINK,
		DB_VALUES(DB_BYTES(hash, sizeof hash), DB_TEXT(expires), DB_UINT(db_uint(person[P_USER]))), NULL);
}

/* What the row asks for may be over, or not be possible now. */
static enum error outbox_person(struct db *db, struct outbox_job *job, char **due, bool old)
{
	char later[CLOCK_INSTANT_SIZE];
	DB_ROWS_AUTO rows = NULL;
	enum error error = job->invitation
		? db_query(db, NULL, STMT_OUTBOX_INVITED, DB_VALUES(DB_UINT(db_uint(due[D_USER]))), &rows)
		: db_query(db, NULL, STMT_OUTBOX_FORGETFUL, DB_VALUES(DB_TEXT(due[D_RECIPIENT])), &rows);
	if (error != ERR_NONE)
		return error;
	char **person = db_next(rows);
	if (person == NULL || db_uint(person[P_OPEN]) == 0)
		return outbox_close(db, job->id, "not sent: nobody to send it to");
	bool suspended = db_uint(person[P_SUSPENDED]) != 0;
	if (old || (suspended && !job->invitation))
		return outbox_close(db, job->id, old ? "given up" : "not sent: suspended");
	/* Attempts count from 0; a suspended tenant's invitations wait. */
	instant_after(suspended ? SUSPENDED_PAUSE_MS : outbox_pause(db_uint(due[D_ATTEMPTS])), later);
	error = db_execute(db, NULL, STMT_OUTBOX_CLAIM, DB_VALUES(DB_TEXT(later), DB_UINT(job->id)), NULL);
	return error == ERR_NONE && !suspended ? outbox_link(db, job, person) : error;
}

/* A contract's mail has no secret and needs nobody to be a user: it goes to the address that it was written for. */
static enum error outbox_contract(struct db *db, struct outbox_job *job, char **due, bool old)
{
	char later[CLOCK_INSTANT_SIZE];
	if (old)
		return outbox_close(db, job->id, "given up");
	enum error error = contract_notice_read(db, job->arena, job->kind, db_uint(due[D_CONTRACT]), (unsigned)db_uint(due[D_VERSION]),
		&job->notice);
	if (error != ERR_NONE)
		return error == ERR_NOT_FOUND ? outbox_close(db, job->id, "not sent: there is no such contract") : error;
	job->email = arena_strdup(job->arena, due[D_RECIPIENT]);
	job->product = outbox_product(job, job->notice.lineage);
	job->link = arena_printf(job->arena, "%s/contracts/%s", job->app->config->public_url, job->notice.id);
	job->sends = true;
	instant_after(outbox_pause(db_uint(due[D_ATTEMPTS])), later);
	return db_execute(db, NULL, STMT_OUTBOX_CLAIM, DB_VALUES(DB_TEXT(later), DB_UINT(job->id)), NULL);
}

static enum error outbox_take(struct db *db, void *arg)
{
	struct outbox_job *job = arg;
	char now[CLOCK_INSTANT_SIZE], first[CLOCK_INSTANT_SIZE];
	*job = (struct outbox_job){ .app = job->app, .arena = job->arena };
	instant_after(0, now);
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_OUTBOX_DUE, DB_VALUES(DB_TEXT(now)), &rows);
	char **due = error == ERR_NONE ? db_next(rows) : NULL;
	if (due == NULL)
		return error;
	job->id = db_uint(due[D_ID]);
	job->kind = arena_strdup(job->arena, due[D_KIND]);
	job->invitation = strcmp(job->kind, "invitation") == 0;
	bool contract = contract_notice_kind(job->kind);
	if (!contract && !job->invitation && strcmp(job->kind, "reset") != 0)
		return outbox_close(db, job->id, "not sent: unknown kind");
	instant_after(-HOUR_MS * (contract ? CONTRACT_HOURS : job->invitation ? USER_INVITATION_HOURS : 1), first);
	bool old = strcmp(due[D_CREATED], first) < 0;
	return contract ? outbox_contract(db, job, due, old) : outbox_person(db, job, due, old);
}

/* `mail`: what both sheets of a kind read. */
static struct doc *outbox_doc(const struct outbox_job *job)
{
	struct doc *doc = doc_new("mail");
	doc_attr(doc, "kind", job->kind);
	doc_attr(doc, "lang", "en");
	doc_attr(doc, "product", job->product);
	if (job->notice.id != NULL) {
		doc_attr(doc, "link", job->link);
		contract_notice_element(doc, &job->notice);
		return doc;
	}
	doc_attr(doc, "name", job->name);
	doc_attr(doc, "email", job->email);
	doc_attr(doc, "tenant", job->tenant);
	doc_attr(doc, "inviter", job->inviter);
	doc_attr(doc, "link", job->link);
	doc_attr(doc, "expires", job->expires);
	return doc;
}

static const char *outbox_subject(const struct outbox_job *job)
{
	if (job->notice.id != NULL)
		return job->notice.subject;
	return job->invitation ? arena_printf(job->arena, "Your invitation to %s", job->tenant) : "Your new password";
}

static bool outbox_message(const struct outbox_job *job, struct buf *message)
{
	const struct config *config = job->app->config;
	const char *sheet = job->notice.id != NULL ? "contract" : job->kind;
	BUF_AUTO text, html;
	DOC_AUTO doc = outbox_doc(job);
	buf_init(&text, MAIL_MESSAGE_MAX / 4);
	buf_init(&html, MAIL_MESSAGE_MAX / 4);
	if (sheets_apply(job->app->sheets, arena_printf(job->arena, "mail/%s-text", sheet), doc, &text) != ERR_NONE ||
		sheets_apply(job->app->sheets, arena_printf(job->arena, "mail/%s-html", sheet), doc, &html) != ERR_NONE)
		return false;
	struct mail_message mail = { .from = config->mail_from, .from_name = job->product, .to = job->email, .to_name = job->name,
		.subject = outbox_subject(job), .text = text.data, .html = html.data, .date = clock_now() };
	return mail_format(&mail, message);
}

static bool outbox_handed(void *arg)
{
	struct outbox_job *job = arg;
	char now[CLOCK_INSTANT_SIZE];
	uint64_t changed = 0;
	instant_after(0, now);
	return db_execute(job->app->db, NULL, STMT_OUTBOX_HANDED, DB_VALUES(DB_TEXT(now), DB_UINT(job->id)), &changed) == ERR_NONE &&
		changed == 1;
}

/* *WENT: it was taken; else the rest can wait. */
static enum error outbox_send(struct outbox_job *job, bool *went)
{
	char reason[MAIL_REASON_SIZE], now[CLOCK_INSTANT_SIZE];
	const struct config *config = job->app->config;
	struct db *db = job->app->db;
	BUF_AUTO message;
	buf_init(&message, MAIL_MESSAGE_MAX);
	if (!outbox_message(job, &message)) {
		log_error("mail %llu could not be made", (unsigned long long)job->id);
		return ERR_INTERNAL;
	}
	instant_after(0, now);
	const char *name = arena_printf(job->arena, "%.10sT%.2s%.2s%.2s-%llu-%s", now, now + 11, now + 14, now + 17,
		(unsigned long long)job->id, job->kind);
	enum mail_result result = mail_deliver(config, config->mail_from, job->email, name, &message, outbox_handed, job, reason);
	sodium_memzero(message.data, message.length);
	*went = result == MAIL_SENT;
	if (result == MAIL_SENT) {
		log_info("mail %llu sent", (unsigned long long)job->id);
		return outbox_close(db, job->id, NULL);
	}
	log_warn("mail %llu %s: %s", (unsigned long long)job->id,
		result == MAIL_UNANSWERED ? "was handed over without an answer and is not sent again" : "was not taken", reason);
	return db_execute(db, NULL, result == MAIL_UNANSWERED ? STMT_OUTBOX_UNANSWERED : STMT_OUTBOX_FAILED,
		DB_VALUES(DB_TEXT(text_clean(job->arena, reason)), DB_UINT(job->id)), NULL);
}

static enum error outbox_forget(struct db *db)
{
	char before[CLOCK_INSTANT_SIZE];
	instant_after(-KEEP_DAYS * 24 * HOUR_MS, before);
	return db_execute(db, NULL, STMT_OUTBOX_EXPIRE, DB_VALUES(DB_TEXT(before)), NULL);
}

enum error outbox_housekeep(struct app *app)
{
	enum error error = outbox_forget(app->db);
	bool went = true;
	for (int i = 0; i < MESSAGES_MAX && error == ERR_NONE && went; i++) {
		ARENA_AUTO arena = arena_new();
		struct outbox_job job = { .app = app, .arena = arena };
		error = db_transaction(app->db, outbox_take, &job);
		if (error != ERR_NONE || job.id == 0)
			break;
		if (job.sends)
			error = outbox_send(&job, &went);
	}
	return error;
}
