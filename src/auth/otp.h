/* Time-based one-time passwords (RFC 6238: SHA-1, 30 seconds, 6 digits, as every authenticator app has them) and the recovery codes
 * that stand in for them.
 *
 * At rest: recovery codes as SHA-256 alone. The secret of a user must be there to compute with, and the configuration has no key to
 * encrypt it under; one in the same place as the database's password would be read by whoever reads that. So it is plain, and what a
 * thief of the database gains is the second factor without the first: passwords are Argon2id, sessions and links hashes. */
#ifndef TENANTRY_AUTH_OTP_H
#define TENANTRY_AUTH_OTP_H

#include "base/buf.h"
#include "base/error.h"
#include "db/db.h"

struct arena;

#define OTP_STEP_SECONDS 30
#define OTP_SECRET_BYTES 20   /* RFC 4226, 4: 160 bits */
#define OTP_CODE_MAX 40       /* characters that somebody may type */
#define OTP_RECOVERY_COUNT 10
#define OTP_RECOVERY_SIZE 20  /* "XXXX-XXXX-XXXX-XXXX" and NUL: 80 bits */

struct otp {
	bool on;            /* a login asks for a code */
	const char *secret; /* base32; NULL when none was made. Not in force before it is on */
	unsigned recovery;  /* codes that are left */
};

/* How it stands with USER. Texts are in ARENA. */
enum error otp_read(struct db *db, struct arena *arena, uint64_t user, struct otp *otp);

/* Makes a new secret for USER, which is not on yet. */
enum error otp_prepare(struct db *db, uint64_t user);

/* Is CODE (as typed) right now? Uses it up: neither it nor an earlier one is taken again. A recovery code is right once, when on. */
enum error otp_check(struct db *db, uint64_t user, const char *code, bool *right);

/* On, after a right code; off, with secret and recovery codes forgotten. */
enum error otp_switch_on(struct db *db, uint64_t user);
enum error otp_switch_off(struct db *db, uint64_t user);

/* Makes recovery codes anew; CODES are for showing, once. */
enum error otp_recovery_make(struct db *db, uint64_t user, char codes[OTP_RECOVERY_COUNT][OTP_RECOVERY_SIZE]);

/* The address by which an app takes SECRET up (otpauth:), as the path of an SVG whose unit is a module of the QR code, dark ones
 * drawn, with the quiet zone around it; *SIZE is its side. False (logged) when it cannot be made. */
bool otp_qr(const char *product, const char *secret, const char *email, struct buf *path, unsigned *size);

#endif
