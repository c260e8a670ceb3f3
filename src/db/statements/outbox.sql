-- Mail to send (app/outbox.c).

-- name: outbox_insert
-- exempt: an insert; the user was found in the scope, or is whoever has the address
INSERT INTO outbox (kind, user_id, recipient, created_at, next_attempt_at) VALUES (?, ?, ?, ?, ?);

-- name: outbox_contract_insert
-- exempt: an insert; the contract was found in the scope
INSERT INTO outbox (kind, contract_id, contract_version, recipient, created_at, next_attempt_at) VALUES (?, ?, ?, ?, ?, ?);

-- name: outbox_drop
-- exempt: what waits to be sent to one user, found in the scope
DELETE FROM outbox WHERE user_id = ? AND sent_at IS NULL;

-- name: outbox_asked
-- exempt: counts requests for an address, known or not
SELECT COUNT(*) FROM outbox WHERE recipient = ? AND created_at >= ? AND kind = 'reset';

-- name: outbox_due
-- exempt: the housekeeper's, over all
SELECT id, kind, user_id, recipient, attempts, created_at, contract_id, contract_version FROM outbox
WHERE sent_at IS NULL AND next_attempt_at <= ? AND handed_at IS NULL
ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: outbox_claim
-- exempt: the housekeeper's, one message
UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ?;

-- name: outbox_handed
-- exempt: the housekeeper's, one message
UPDATE outbox SET handed_at = ? WHERE id = ? AND sent_at IS NULL AND handed_at IS NULL;

-- name: outbox_sent
-- exempt: the housekeeper's, one message
UPDATE outbox SET sent_at = ?, last_error = ? WHERE id = ?;

-- name: outbox_failed
-- exempt: the housekeeper's, one message
UPDATE outbox SET handed_at = NULL, last_error = ? WHERE id = ?;

-- name: outbox_unanswered
-- exempt: the housekeeper's, one message
UPDATE outbox SET last_error = ? WHERE id = ?;

-- name: outbox_expire
-- exempt: housekeeping over all
DELETE FROM outbox WHERE created_at < ? LIMIT 1000;

-- name: outbox_invited
-- Whom an invitation is for, if it is still open; and whether the tenant or one above is suspended or deleted.
-- exempt: the housekeeper's, one message
SELECT u.id, u.email, u.first_name, u.last_name, h.name, i.name,
  u.deleted_at IS NULL AND u.disabled_at IS NULL AND u.activated_at IS NULL AND u.invitation_cancelled_at IS NULL,
  h.deleted_at IS NOT NULL OR h.suspended_at IS NOT NULL OR p.suspended_at IS NOT NULL OR d.suspended_at IS NOT NULL,
  h.public_id, p.public_id, d.public_id
FROM user_account u
JOIN tenant h ON h.id = u.tenant_id
LEFT JOIN tenant p ON p.id = h.parent_id
LEFT JOIN tenant d ON d.id = COALESCE(h.distributor_id, h.id)
LEFT JOIN tenant i ON i.id = u.invited_by_tenant_id
WHERE u.id = ? FOR UPDATE;

-- name: outbox_forgetful
-- Who has an address and may set a new password by mail.
-- exempt: the housekeeper's, one message
SELECT u.id, u.email, u.first_name, u.last_name, h.name, NULL,
  u.deleted_at IS NULL AND u.disabled_at IS NULL AND u.activated_at IS NOT NULL,
  h.deleted_at IS NOT NULL OR h.suspended_at IS NOT NULL OR p.suspended_at IS NOT NULL OR d.suspended_at IS NOT NULL,
  h.public_id, p.public_id, d.public_id
FROM user_account u
JOIN tenant h ON h.id = u.tenant_id
LEFT JOIN tenant p ON p.id = h.parent_id
LEFT JOIN tenant d ON d.id = COALESCE(h.distributor_id, h.id)
WHERE u.email = ? FOR UPDATE;

-- name: outbox_contract
-- What a mail about a contract tells of it: who makes it, and what has taken its place.
-- exempt: the housekeeper's, one message
SELECT c.public_id, t.name, IF(m.id = t.id, NULL, m.name), c.cancel_reason,
  (SELECT s.name FROM contract s WHERE s.tenant_id = c.tenant_id AND s.supersedes_id = c.id AND s.visible_from IS NOT NULL
   ORDER BY s.id DESC LIMIT 1),
  t.public_id, p.public_id, d.public_id
FROM contract c
JOIN tenant t ON t.id = c.tenant_id
LEFT JOIN tenant p ON p.id = t.parent_id
LEFT JOIN tenant d ON d.id = t.distributor_id
LEFT JOIN tenant m ON m.id = c.made_by_tenant_id
WHERE c.id = ?;

-- name: outbox_contract_versions
-- A version and the one before it; notes are in no mail.
-- exempt: the housekeeper's, one message
SELECT v.name, v.start_date, v.end_date, v.renewal, v.entitlement, v.invoice_prefix, v.accounts, v.billing_name, v.billing_address,
  v.billing_city, v.billing_zip, v.billing_state, v.billing_country, v.invoice_email, v.change_email, NULL, v.version
FROM contract_version v
WHERE v.contract_id = ? AND v.version IN (?, ?) ORDER BY v.version DESC;

-- name: outbox_invitation_link
-- exempt: the housekeeper's, one message
UPDATE user_account SET invitation_hash = ?, invitation_expires_at = ? WHERE id = ? AND activated_at IS NULL;

-- name: outbox_reset_link
-- exempt: the housekeeper's, one message
UPDATE user_account SET reset_hash = ?, reset_expires_at = ? WHERE id = ?;

-- Links: whoever has one is its user, there is no scope.

-- name: link_invited
-- exempt: whoever has the link is the user
SELECT u.id, u.public_id, u.first_name, u.last_name, u.email, u.tenant_id, h.name, h.public_id, p.public_id, d.public_id
FROM user_account u
JOIN tenant h ON h.id = u.tenant_id
LEFT JOIN tenant p ON p.id = h.parent_id
LEFT JOIN tenant d ON d.id = COALESCE(h.distributor_id, h.id)
WHERE u.invitation_hash = ? AND u.invitation_expires_at > ? AND u.activated_at IS NULL
  AND u.invitation_cancelled_at IS NULL AND u.deleted_at IS NULL AND u.disabled_at IS NULL
  AND h.deleted_at IS NULL AND h.suspended_at IS NULL AND p.suspended_at IS NULL AND d.suspended_at IS NULL;

-- name: link_forgetful
-- exempt: whoever has the link is the user
SELECT u.id, u.public_id, u.first_name, u.last_name, u.email, u.tenant_id, h.name, h.public_id, p.public_id, d.public_id
FROM user_account u
JOIN tenant h ON h.id = u.tenant_id
LEFT JOIN tenant p ON p.id = h.parent_id
LEFT JOIN tenant d ON d.id = COALESCE(h.distributor_id, h.id)
WHERE u.reset_hash = ? AND u.reset_expires_at > ? AND u.activated_at IS NOT NULL
  AND u.deleted_at IS NULL AND u.disabled_at IS NULL
  AND h.deleted_at IS NULL AND h.suspended_at IS NULL AND p.suspended_at IS NULL AND d.suspended_at IS NULL;

-- name: link_activate
-- exempt: whoever has the link is the user
UPDATE user_account SET password_hash = ?, activated_at = ?, invitation_hash = NULL, version = version + 1
WHERE id = ? AND invitation_hash = ? AND activated_at IS NULL;

-- name: link_password
-- exempt: whoever has the link is the user
UPDATE user_account SET password_hash = ?, reset_hash = NULL, reset_expires_at = NULL WHERE id = ? AND reset_hash = ?;
