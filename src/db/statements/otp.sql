-- One-time passwords (auth/otp.c) and logins that wait for one (app/login_code.c).

-- name: otp_read
-- exempt: the user's own
SELECT otp_secret, otp_on_at IS NOT NULL, LENGTH(otp_recovery) FROM user_account WHERE id = ?;

-- name: otp_prepare
-- exempt: the user's own
UPDATE user_account SET otp_secret = ?, otp_step = NULL WHERE id = ? AND otp_on_at IS NULL;

-- name: otp_use
-- exempt: the user's own
UPDATE user_account SET otp_step = ? WHERE id = ? AND otp_secret IS NOT NULL AND COALESCE(otp_step, 0) < ?;

-- name: otp_on
-- exempt: the user's own
UPDATE user_account SET otp_on_at = ? WHERE id = ? AND otp_secret IS NOT NULL;

-- name: otp_off
-- exempt: the user's own
UPDATE user_account SET otp_secret = NULL, otp_on_at = NULL, otp_step = NULL, otp_recovery = NULL WHERE id = ?;

-- name: otp_recovery
-- exempt: the user's own
UPDATE user_account SET otp_recovery = ? WHERE id = ? AND otp_on_at IS NOT NULL;

-- name: otp_recovery_use
-- exempt: the user's own
UPDATE user_account SET otp_recovery = REPLACE(otp_recovery, ?, '')
WHERE id = ? AND otp_on_at IS NOT NULL AND LOCATE(?, otp_recovery) > 0;

-- name: login_pending_put
-- exempt: the user has just shown the password, or come by a link
REPLACE INTO login_pending (login_hash, user_id, password_digest, since)
SELECT ?, id, UNHEX(SHA2(password_hash, 256)), ? FROM user_account WHERE id = ?;

-- name: login_pending_read
-- A password that was changed meanwhile, and a user who was locked out, end it.
-- exempt: a login has no scope yet
SELECT u.id, u.email FROM login_pending p
JOIN user_account u ON u.id = p.user_id AND UNHEX(SHA2(u.password_hash, 256)) = p.password_digest
WHERE p.login_hash = ? AND p.since >= ? AND u.deleted_at IS NULL AND u.disabled_at IS NULL AND u.activated_at IS NOT NULL;

-- name: login_pending_end
-- exempt: a login has no scope yet
DELETE FROM login_pending WHERE login_hash = ?;

-- name: login_pending_expire
-- exempt: housekeeping over all
DELETE FROM login_pending WHERE since < ? LIMIT 1000;
