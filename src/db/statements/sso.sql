-- Single sign-on: users whom the web server names (app/sso.c). There is no scope before a login.

-- name: sso_user
-- exempt: a login has no scope yet
SELECT u.id, u.tenant_id, u.first_name, u.last_name, h.name, u.activated_at IS NOT NULL,
  u.disabled_at IS NOT NULL OR u.deleted_at IS NOT NULL OR h.deleted_at IS NOT NULL,
  h.suspended_at IS NOT NULL OR p.suspended_at IS NOT NULL OR d.suspended_at IS NOT NULL
FROM user_account u
JOIN tenant h ON h.id = u.tenant_id
LEFT JOIN tenant p ON p.id = h.parent_id
LEFT JOIN tenant d ON d.id = COALESCE(h.distributor_id, h.id)
WHERE u.email = ?;

-- name: sso_activate
-- An invitation that is open, or a user whom sign-on has made just now.
-- exempt: the web server vouches for the user
UPDATE user_account SET activated_at = ?, invitation_hash = NULL, version = version + 1
WHERE id = ? AND activated_at IS NULL AND invitation_cancelled_at IS NULL
  AND (invitation_expires_at IS NULL OR invitation_expires_at > ?);

-- name: sso_former
-- Was there a user with this address, who has been deleted?
-- exempt: e-mails are unique in the installation; gives nothing else
SELECT 1 FROM user_account WHERE former_email_hash = ? LIMIT 1;
