/* One-time passwords of otp.h: liboath computes, the database remembers the last step that was used. */
#include "auth/otp.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"

#define DIGITS 6
#define WINDOW 1 /* steps before and after the present one: clocks differ */
#define RECOVERY_CHARACTERS 16

/* The columns of otp_read. */
enum { O_SECRET, O_ON, O_RECOVERY };

enum error otp_read(struct db *db, struct arena *arena, uint64_t user, struct otp *otp)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_OTP_READ, DB_VALUES(DB_UINT(user)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	if (row == NULL)
		return error != ERR_NONE ? error : ERR_NOT_FOUND;
	*otp = (struct otp){ .on = db_uint(row[O_ON]) != 0, .secret = arena_strdup(arena, row[O_SECRET]),
		.recovery = (unsigned)db_uint(row[O_RECOVERY]) / SECRET_HASH_SIZE };
	return ERR_NONE;
}

enum error otp_prepare(struct db *db, uint64_t user)
{
	char bytes[OTP_SECRET_BYTES], *text = NULL;
	randombytes_buf(bytes, sizeof bytes);
	if (oath_base32_encode(bytes, sizeof bytes, &text, NULL) != OATH_OK) {
		log_error("one-time password: out of memory");
		return ERR_INTERNAL;
	}
	enum error error = db_execute(db, NULL, STMT_OTP_PREPARE, DB_VALUES(DB_TEXT(text), DB_UINT(user)), NULL);
	sodium_memzero(bytes, sizeof bytes);
	sodium_memzero(text, strlen(text));
	free(text);
	return error;
}

/* The step (seconds since 1970 by 30) in which CODE is right under SECRET; 0: in none of those that count now. */
static uint64_t otp_step(const char *secret, const char *code)
{
	char *bytes = NULL;
	size_t length;
	uint64_t step = 0;
	int offset;
	if (oath_init() != OATH_OK || oath_base32_decode(secret, strlen(secret), &bytes, &length) != OATH_OK) {
		log_error("one-time password: the stored secret cannot be read");
		return 0;
	}
	if (oath_totp_validate3(bytes, length, (time_t)clock_now(), OTP_STEP_SECONDS, OATH_TOTP_DEFAULT_START_TIME, WINDOW,
		&offset, &step, code) < 0)
		step = 0;
	sodium_memzero(bytes, length);
	free(bytes);
	return step;
}

/* A code as it is compared: letters of Crockford's base 32, those that look like others taken for them; no blanks and hyphens. */
static void otp_plain(const char *code, char plain[OTP_CODE_MAX + 1])
{
	size_t length = 0;
	for (; *code != '\0' && length < OTP_CODE_MAX; code++) {
		char c = *code >= 'a' && *code <= 'z' ? (char)(*code - 'a' + 'A') : *code;
		if (c != ' ' && c != '-')
			plain[length++] = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	}
	plain[length] = '\0';
}

/* Whoever changes the row has used the code: of two at the same time one. */
static enum error otp_use_step(struct db *db, uint64_t user, const char *code, bool *right)
{
	DB_ROWS_AUTO rows = NULL;
	enum error error = db_query(db, NULL, STMT_OTP_READ, DB_VALUES(DB_UINT(user)), &rows);
	char **row = error == ERR_NONE ? db_next(rows) : NULL;
	uint64_t changed, step = row != NULL && row[O_SECRET] != NULL ? otp_step(row[O_SECRET], code) : 0;
	if (step == 0)
		return error;
	error = db_execute(db, NULL, STMT_OTP_USE, DB_VALUES(DB_UINT(step), DB_UINT(user), DB_UINT(step)), &changed);
	*right = error == ERR_NONE && changed == 1;
	return error;
}

enum error otp_check(struct db *db, uint64_t user, const char *code, bool *right)
{
	char plain[OTP_CODE_MAX + 1];
	uint8_t hash[SECRET_HASH_SIZE];
	uint64_t changed;
	*right = false;
	otp_plain(code, plain);
	if (strlen(plain) == DIGITS && strspn(plain, "0123456789") == DIGITS)
		return otp_use_step(db, user, plain, right);
	if (strlen(plain) != RECOVERY_CHARACTERS)
		return ERR_NONE;
	secret_hash(plain, hash);
	enum error error = db_execute(db, NULL, STMT_OTP_RECOVERY_USE, DB_VALUES(DB_BYTES(hash, sizeof hash), DB_UINT(user),
		DB_BYTES(hash, sizeof hash)), &changed);
	*right = error == ERR_NONE && changed == 1;
	return error;
}

enum error otp_switch_on(struct db *db, uint64_t user)
{
	char now[CLOCK_INSTANT_SIZE];
	clock_sql(clock_now_ms(), now);
	return db_execute(db, NULL, STMT_OTP_ON, DB_VALUES(DB_TEXT(now), DB_UINT(user)), NULL);
}

enum error otp_switch_off(struct db *db, uint64_t user)
{
	return db_execute(db, NULL, STMT_OTP_OFF, DB_VALUES(DB_UINT(user)), NULL);
}

static void otp_recovery_code(char code[OTP_RECOVERY_SIZE], uint8_t hash[SECRET_HASH_SIZE])
{
	char plain[RECOVERY_CHARACTERS + 1] = "", id[ID_SIZE];
	size_t length = 0;
	while (length < RECOVERY_CHARACTERS) {
		id_make(id);
		for (size_t i = 0; i < ID_LENGTH && length < RECOVERY_CHARACTERS; i++)
			plain[length++] = id[i];
	}
	secret_hash(plain, hash);
	for (size_t i = 0, at = 0; i < RECOVERY_CHARACTERS; i++) {
		if (i > 0 && i % 4 == 0)
			code[at++] = '-';
		code[at++] = plain[i];
	}
	code[OTP_RECOVERY_SIZE - 1] = '\0';
	sodium_memzero(plain, sizeof plain);
}

enum error otp_recovery_make(struct db *db, uint64_t user, char codes[OTP_RECOVERY_COUNT][OTP_RECOVERY_SIZE])
{
	uint8_t hashes[OTP_RECOVERY_COUNT][SECRET_HASH_SIZE];
	for (size_t i = 0; i < OTP_RECOVERY_COUNT; i++)
		otp_recovery_code(codes[i], hashes[i]);
	return db_execute(db, NULL, STMT_OTP_RECOVERY, DB_VALUES(DB_BYTES(hashes, sizeof hashes), DB_UINT(user)), NULL);
}
