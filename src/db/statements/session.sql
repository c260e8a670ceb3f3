-- Sessions and logins. Who acts is found here, before there is a scope: hence the exemptions.

-- name: session_read
-- The session with its user, home tenant (with the tenants above it, for suspension) and acting tenant: the one
-- query of a request that decides who acts. What stands above these gives the theme. Last the version of the acting tenant's list rows,
-- and how many they are.
-- distributor_id of a distributor is NULL or its own.
-- exempt: makes the scope
SELECT u.id, u.public_id, u.email, u.first_name, u.last_name, u.role, u.child_role,
  u.view_columns, u.view_contract_columns, u.view_density, u.view_limit, u.job_function, u.language,
  h.id, h.public_id, h.name, h.tree_pos,
  a.id, a.public_id, a.name, a.tree_pos, a.deleted_at IS NOT NULL,
  p.public_id, q.public_id, d.public_id,
  COALESCE(d.time_zone, 'UTC'), s.created_at, s.seen_at, s.acting_tenant_id, s.notice,
  u.deleted_at IS NOT NULL OR u.disabled_at IS NOT NULL OR u.activated_at IS NULL,
  h.deleted_at IS NOT NULL OR h.suspended_at IS NOT NULL OR p.suspended_at IS NOT NULL OR d.suspended_at IS NOT NULL,
  s.signed_on, x.version, x.total
FROM session s
JOIN user_account u ON u.id = s.user_id
JOIN tenant h ON h.id = u.tenant_id
LEFT JOIN tenant p ON p.id = h.parent_id
LEFT JOIN tenant d ON d.id = COALESCE(h.distributor_id, h.id)
LEFT JOIN tenant a ON a.id = s.acting_tenant_id
LEFT JOIN tenant q ON q.id = a.parent_id
LEFT JOIN tenant_total x ON x.tenant_id = COALESCE(s.acting_tenant_id, u.tenant_id)
WHERE s.token_hash = ?;

-- name: session_place
-- Where the acting tenant stands now.
-- exempt: compares the scope with the tenant that it was made of
SELECT tree_pos FROM tenant WHERE id = ?;

-- name: session_insert
-- exempt: the session is the user's own
INSERT INTO session (token_hash, user_id, created_at, seen_at, address, agent, signed_on, notice)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: session_owner_insert
-- exempt: the session is the user's own
INSERT INTO session_owner (token_hash, user_id, begun_at) VALUES (?, ?, ?);

-- name: session_owner_expire
-- exempt: housekeeping over all
DELETE FROM session_owner WHERE begun_at < ? LIMIT 1000;

-- name: session_delete
-- exempt: the session is the user's own
DELETE FROM session WHERE token_hash = ?;

-- name: session_touch
-- exempt: the session is the user's own
UPDATE session SET seen_at = ? WHERE token_hash = ?;

-- name: session_notice
-- exempt: the session is the user's own
UPDATE session SET notice = ? WHERE token_hash = ?;

-- name: session_act
-- exempt: the session is the user's own; the tenant was found in the home scope
UPDATE session SET acting_tenant_id = ?, notice = ? WHERE token_hash = ?;

-- name: session_list
-- exempt: the sessions are the user's own
-- The ID tells nothing of the token: it is the hash of its hash, cut.
SELECT created_at, seen_at, address, agent, token_hash = ?, UPPER(LEFT(SHA2(token_hash, 256), 20))
FROM session WHERE user_id = ? ORDER BY seen_at DESC LIMIT 100;

-- name: session_find
-- exempt: the sessions are the user's own
SELECT created_at, seen_at, address, agent, token_hash = ?, UPPER(LEFT(SHA2(token_hash, 256), 20))
FROM session WHERE user_id = ? AND UPPER(LEFT(SHA2(token_hash, 256), 20)) = ?;

-- name: session_revoke
-- exempt: the session is the user's own
DELETE FROM session WHERE user_id = ? AND UPPER(LEFT(SHA2(token_hash, 256), 20)) = ?;

-- name: session_others_end
-- exempt: the sessions are the user's own
DELETE FROM session WHERE user_id = ? AND token_hash <> ?;

-- name: session_renew
-- exempt: the session is the user's own
UPDATE session SET token_hash = ? WHERE token_hash = ?;

-- name: session_expire
-- exempt: housekeeping over all
DELETE FROM session WHERE seen_at < ? OR created_at < ? LIMIT 1000;

-- name: form_use_expire
-- exempt: housekeeping over all
DELETE FROM form_use WHERE used_at < ? LIMIT 1000;

-- name: form_use_claim
-- exempt: the form is the session's own
INSERT IGNORE INTO form_use (number, body_hash, location, used_at) VALUES (?, ?, '', ?);

-- name: form_use_read
-- exempt: the form is the session's own
SELECT body_hash = ?, location FROM form_use WHERE number = ?;

-- name: form_use_done
-- exempt: the form is the session's own
UPDATE form_use SET location = ? WHERE number = ?;

-- name: login_user
-- exempt: a login has no scope yet
SELECT u.id, u.password_hash, u.tenant_id,
  u.deleted_at IS NULL AND u.disabled_at IS NULL AND u.activated_at IS NOT NULL AND h.deleted_at IS NULL,
  h.suspended_at IS NOT NULL OR p.suspended_at IS NOT NULL OR d.suspended_at IS NOT NULL
FROM user_account u
JOIN tenant h ON h.id = u.tenant_id
LEFT JOIN tenant p ON p.id = h.parent_id
LEFT JOIN tenant d ON d.id = COALESCE(h.distributor_id, h.id)
WHERE u.email = ?;

-- name: login_rehash
-- exempt: the user has just shown the password
UPDATE user_account SET password_hash = ? WHERE id = ?;

-- name: login_failures
-- Failures since an instant: of this account from this address, and of this address.
-- exempt: counts no tenant's data
SELECT COALESCE(SUM(email_hash = ?), 0), COUNT(*), MIN(at)
FROM login_failure FORCE INDEX (address) WHERE address = ? AND at >= ?;

-- name: login_failed
-- exempt: counts no tenant's data
INSERT INTO login_failure (at, address, email_hash) VALUES (?, ?, ?);

-- name: login_failure_expire
-- exempt: housekeeping over all
DELETE FROM login_failure WHERE at < ? LIMIT 1000;

-- name: user_language
-- exempt: the user's own setting
UPDATE user_account SET language = ? WHERE id = ?;

-- name: user_view
-- exempt: the user's own settings
UPDATE user_account SET view_columns = COALESCE(?, view_columns),
  view_contract_columns = COALESCE(?, view_contract_columns), view_density = COALESCE(?, view_density),
  view_limit = COALESCE(?, view_limit) WHERE id = ?;
