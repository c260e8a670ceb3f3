-- Users: inviting, changing, their links (app/user_write.c, app/link.c).

-- name: user_lock
-- Who changes a tenant's users goes one at a time: what is read after this stays so.
SELECT u.id FROM tenant t LEFT JOIN user_account u ON u.tenant_id = t.id WHERE SCOPE(t) AND t.id = ? FOR UPDATE;

-- name: user_find
SELECT u.id, u.public_id, u.first_name, u.last_name, u.email, u.job_function, u.role, u.child_role, u.invited_at,
  u.activated_at, u.invitation_cancelled_at, u.invitation_expires_at, u.disabled_at, u.version
FROM user_account u
JOIN tenant_list t ON t.tenant_id = u.tenant_id
WHERE SCOPE(t) AND u.tenant_id = ? AND u.public_id = ? AND u.deleted_at IS NULL;

-- name: user_email_taken
-- exempt: e-mails are unique in the installation; gives a key alone
SELECT id FROM user_account WHERE email = ?;

-- name: user_email_holder
-- Who has an e-mail, as the scope may know it.
SELECT u.first_name, u.last_name, t.name FROM user_account u
JOIN tenant_list t ON t.tenant_id = u.tenant_id
WHERE SCOPE(t) AND u.id = ? AND u.deleted_at IS NULL;

-- name: user_admins
-- Active admins of a tenant besides one user.
SELECT COUNT(*) FROM user_account u
JOIN tenant t ON t.id = u.tenant_id
WHERE SCOPE(t) AND u.tenant_id = ? AND u.id <> ? AND u.role = 'admin' AND u.activated_at IS NOT NULL
  AND u.disabled_at IS NULL AND u.deleted_at IS NULL;

-- name: user_insert
INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, job_function, role, child_role,
  invited_at, invited_by_tenant_id, invitation_expires_at)
SELECT ?, t.id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM tenant t WHERE SCOPE(t) AND t.id = ? AND t.deleted_at IS NULL;

-- name: user_update
-- A link that went to the former address must not be used from there.
UPDATE user_account u JOIN tenant t ON t.id = u.tenant_id
SET u.reset_hash = IF(u.email = ?, u.reset_hash, NULL), u.email = ?, u.first_name = ?, u.last_name = ?, u.job_function = ?,
  u.role = ?, u.child_role = ?, u.version = u.version + 1
WHERE SCOPE(t) AND u.id = ? AND u.version = ?;

-- name: user_invite_again
UPDATE user_account u JOIN tenant t ON t.id = u.tenant_id
SET u.invitation_hash = NULL, u.invitation_expires_at = ?, u.invitation_cancelled_at = NULL, u.invited_by_tenant_id = ?,
  u.version = u.version + 1
WHERE SCOPE(t) AND u.id = ? AND u.activated_at IS NULL;

-- name: user_cancel
UPDATE user_account u JOIN tenant t ON t.id = u.tenant_id
SET u.invitation_hash = NULL, u.invitation_cancelled_at = ?, u.version = u.version + 1
WHERE SCOPE(t) AND u.id = ? AND u.activated_at IS NULL AND u.invitation_cancelled_at IS NULL;

-- name: user_delete
-- The address is free again.
UPDATE user_account u JOIN tenant t ON t.id = u.tenant_id
SET u.deleted_at = ?, u.former_email_hash = ?, u.email = CONCAT(u.public_id, '@deleted.invalid'), u.invitation_hash = NULL, u.reset_hash = NULL,
  u.otp_secret = NULL, u.otp_on_at = NULL, u.otp_recovery = NULL,
  u.version = u.version + 1
WHERE SCOPE(t) AND u.id = ? AND u.deleted_at IS NULL;

-- name: user_password
-- A link that was asked for before must not set another one.
-- exempt: the user's own, who has just shown the present one
UPDATE user_account SET password_hash = ?, reset_hash = NULL, reset_expires_at = NULL WHERE id = ?;

-- name: user_sessions_end
-- exempt: one user's sessions; the user was found in the scope, or is the one who asks
DELETE FROM session WHERE user_id = ?;
