-- API tokens (auth/token.c).

-- name: token_read
-- The token with its tenant and those above it, and whether its maker has lost the right to make it: an active user whose home holds
-- the tenant, as an admin there or, after a switch, by the child tenant role.
-- exempt: makes the scope
SELECT k.id, k.public_id, k.name, k.scope, k.expires_at, k.used_at, k.ended_at IS NOT NULL,
  t.id, t.public_id, t.name, t.tree_pos, COALESCE(d.time_zone, 'UTC'),
  t.deleted_at IS NOT NULL OR t.suspended_at IS NOT NULL OR p.suspended_at IS NOT NULL OR d.suspended_at IS NOT NULL,
  k.maker_user_id, k.maker_user_id IS NOT NULL AND NOT COALESCE(u.deleted_at IS NULL AND u.disabled_at IS NULL
    AND u.activated_at IS NOT NULL AND h.deleted_at IS NULL AND h.id IN (t.id, t.parent_id, t.distributor_id)
    AND (u.role = 'admin' OR (u.child_role = 'admin' AND h.id <> t.id)), 0)
FROM api_token k
JOIN tenant t ON t.id = k.tenant_id
LEFT JOIN tenant p ON p.id = t.parent_id
LEFT JOIN tenant d ON d.id = COALESCE(t.distributor_id, t.id)
LEFT JOIN user_account u ON u.id = k.maker_user_id
LEFT JOIN tenant h ON h.id = u.tenant_id
WHERE k.token_hash = ?;

-- name: token_used
-- exempt: the token has just been shown
UPDATE api_token SET used_at = ? WHERE id = ?;

-- name: token_end_lost
-- Those of a maker who may not make them any more.
-- exempt: by the key of a user who was changed
UPDATE api_token k
JOIN tenant t ON t.id = k.tenant_id
JOIN user_account u ON u.id = k.maker_user_id
JOIN tenant h ON h.id = u.tenant_id
SET k.ended_at = ?, k.ended_why = 'maker'
WHERE k.maker_user_id = ? AND k.ended_at IS NULL AND NOT COALESCE(u.deleted_at IS NULL AND u.disabled_at IS NULL
  AND u.activated_at IS NOT NULL AND h.deleted_at IS NULL AND h.id IN (t.id, t.parent_id, t.distributor_id)
  AND (u.role = 'admin' OR (u.child_role = 'admin' AND h.id <> t.id)), 0);

-- name: token_end_below
-- Those of a tenant and of all below it.
UPDATE api_token k JOIN tenant t ON t.id = k.tenant_id
SET k.ended_at = ?, k.ended_why = ?
WHERE SCOPE(t) AND t.tree_pos >= ? AND t.tree_pos < ? AND k.ended_at IS NULL;

-- name: token_insert
INSERT INTO api_token (public_id, tenant_id, name, scope, token_hash, made_at, maker_user_id, maker_name, maker_tenant_id,
  maker_tenant_name, made_by_tenant_id, expires_at)
SELECT ?, t.id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM tenant t WHERE SCOPE(t) AND t.id = ? AND t.deleted_at IS NULL;

-- name: token_live
-- How many tokens of a tenant live. Holds the tenant: whoever makes one waits here for whoever is at it.
SELECT (SELECT COUNT(*) FROM api_token k WHERE k.tenant_id = t.id AND k.ended_at IS NULL AND k.expires_at > ?)
FROM tenant t WHERE SCOPE(t) AND t.id = ? AND t.deleted_at IS NULL FOR UPDATE;

-- name: token_list
-- All that live, then the others; newest first. The last column: the maker's tenant is one that the viewer may know of.
SELECT k.public_id, k.name, k.scope, k.made_at, k.maker_name, k.maker_tenant_name, k.expires_at, k.used_at, k.ended_at, k.ended_why,
  k.maker_tenant_id IS NULL OR k.maker_tenant_id IN (t.id, t.parent_id, t.distributor_id)
    OR EXISTS (SELECT 1 FROM tenant b WHERE b.id = k.maker_tenant_id AND SCOPE(b))
FROM api_token k JOIN tenant t ON t.id = k.tenant_id
WHERE SCOPE(t) AND k.tenant_id = ?
ORDER BY k.ended_at IS NULL AND k.expires_at > ? DESC, k.made_at DESC, k.id DESC LIMIT 500;

-- name: token_find
SELECT k.id, k.name, k.scope, k.ended_at IS NULL AND k.expires_at > ?
FROM api_token k JOIN tenant t ON t.id = k.tenant_id
WHERE SCOPE(t) AND k.tenant_id = ? AND k.public_id = ?;

-- name: token_revoke
UPDATE api_token k JOIN tenant t ON t.id = k.tenant_id
SET k.ended_at = ?, k.ended_why = 'revoked'
WHERE SCOPE(t) AND k.id = ? AND k.ended_at IS NULL;

-- name: token_operator_find
-- exempt: the operator's: by the token's public ID
SELECT k.id, k.tenant_id, k.name, k.ended_at IS NULL FROM api_token k WHERE k.public_id = ?;

-- name: token_operator_revoke
-- exempt: the operator's, one token
UPDATE api_token SET ended_at = ?, ended_why = 'revoked' WHERE id = ? AND ended_at IS NULL;

-- name: token_rate_add
-- exempt: counts requests of the token that was shown
UPDATE api_token SET rate_total = IF(rate_minute = ?, rate_total, 0) + ?, rate_minute = ? WHERE id = ?;

-- name: token_rate_read
-- exempt: counts requests of the token that was shown
SELECT rate_total FROM api_token WHERE id = ? AND rate_minute = ?;

-- name: purge_tokens
-- exempt: the housekeeper's, one tenant by its key
DELETE FROM api_token WHERE tenant_id = ?;

-- name: api_request_claim
-- exempt: the token's own requests
INSERT IGNORE INTO api_request (token_id, key_hash, request_hash, at) VALUES (?, ?, ?, ?);

-- name: api_request_read
-- exempt: the token's own requests
SELECT request_hash = ?, at < ?, status, location, answer FROM api_request WHERE token_id = ? AND key_hash = ?;

-- name: api_request_again
-- One that is older than a day and not thrown away yet: free again.
-- exempt: the token's own requests
DELETE FROM api_request WHERE token_id = ? AND key_hash = ? AND at < ?;

-- name: api_request_done
-- exempt: the token's own requests
UPDATE api_request SET status = ?, location = ?, answer = ? WHERE token_id = ? AND key_hash = ?;

-- name: api_request_expire
-- exempt: housekeeping over all
DELETE FROM api_request WHERE at < ? LIMIT 1000;
