-- Changing tenants: profile, move, suspension, deletion and what ends with each (places in the tree: tree.sql).

-- name: tenant_domain_inside
-- Who in the scope has a domain, deleted ones too. By the domain: else the range of the scope is read from end to end.
SELECT t.name, t.deleted_at IS NOT NULL FROM tenant t FORCE INDEX (domain_alone) WHERE SCOPE(t) AND t.domain = ? AND t.id <> ?;

-- name: tenant_domain_anywhere
-- exempt: tells alone that a domain is taken within the tree of the acting tenant's distributor
SELECT 1 FROM tenant t FORCE INDEX (domain_alone) WHERE t.domain = ? AND t.tree_pos >= ? AND t.tree_pos < ? AND t.id <> ? LIMIT 1;

-- name: tenant_profile
SELECT t.name, t.domain, t.version FROM tenant t WHERE SCOPE(t) AND t.id = ? AND t.deleted_at IS NULL;

-- name: tenant_update
UPDATE tenant t SET t.name = ?, t.domain = ?, t.version = t.version + 1 WHERE SCOPE(t) AND t.id = ?;

-- name: tenant_move
UPDATE tenant t SET t.parent_id = ?, t.version = t.version + 1 WHERE SCOPE(t) AND t.id = ? AND t.tier = 3;

-- What ends with a move (auth/access.c): made by the present parent, itself or somebody acting as it.
-- name: access_end_invitations
UPDATE user_account u JOIN tenant t ON t.id = u.tenant_id
SET u.invitation_cancelled_at = ?, u.invitation_hash = NULL, u.version = u.version + 1
WHERE SCOPE(t) AND t.id IN (?) AND u.invited_by_tenant_id = t.parent_id AND u.activated_at IS NULL
  AND u.invitation_cancelled_at IS NULL AND u.deleted_at IS NULL;

-- name: access_end_tokens
UPDATE api_token k JOIN tenant t ON t.id = k.tenant_id
SET k.ended_at = ?, k.ended_why = 'moved'
WHERE SCOPE(t) AND t.id IN (?) AND t.parent_id IN (k.made_by_tenant_id, k.maker_tenant_id) AND k.ended_at IS NULL;

-- name: tenant_parent
-- exempt: the key of the parent of a tenant that was found in the scope
SELECT p.id, p.public_id FROM tenant t JOIN tenant p ON p.id = t.parent_id WHERE t.id = ?;

-- name: tenant_contracts
SELECT c.stored_status, c.start_date, c.end_date FROM contract c
JOIN tenant t ON t.id = c.tenant_id WHERE SCOPE(t) AND t.id = ? AND c.stored_status IN ('ready', 'superseded');

-- name: tenant_delete
UPDATE tenant t SET t.deleted_at = ?, t.version = t.version + 1
WHERE SCOPE(t) AND t.id = ? AND t.tier = 3 AND t.deleted_at IS NULL;

-- name: tenant_deleted_list
SELECT t.public_id, t.name, t.domain, t.deleted_at, p.public_id, p.name FROM tenant t FORCE INDEX (deleted)
LEFT JOIN tenant p ON p.id = t.parent_id AND SCOPE(p)
WHERE SCOPE(t) AND t.deleted_at > ? AND t.tree_pos <> ? ORDER BY t.deleted_at DESC, t.id LIMIT ?;

-- name: tenant_deleted
SELECT t.id, t.name FROM tenant t
WHERE SCOPE(t) AND t.public_id = ? AND t.deleted_at > ? AND t.tree_pos <> ?;

-- name: tenant_restore
UPDATE tenant t SET t.deleted_at = NULL, t.version = t.version + 1 WHERE SCOPE(t) AND t.id = ? AND t.deleted_at IS NOT NULL;

-- Deleting for good: a tenant's rows, table by table.

-- name: purge_due
-- exempt: the housekeeper's, on the whole installation
SELECT t.id FROM tenant t FORCE INDEX (deleted) WHERE t.deleted_at <= ? AND t.tier = 3 ORDER BY t.deleted_at LIMIT ?;

-- name: purge_lock
-- exempt: the housekeeper's: it may have been restored in between
SELECT t.id FROM tenant t WHERE t.id = ? AND t.deleted_at <= ? FOR UPDATE;

-- name: purge_runs
-- exempt: the housekeeper's, one tenant by its key
DELETE r FROM source_run r JOIN billing_source s ON s.id = r.source_id WHERE s.tenant_id = ?;

-- name: purge_sources
-- exempt: the housekeeper's, one tenant by its key
DELETE FROM billing_source WHERE tenant_id = ?;

-- name: purge_versions
-- exempt: the housekeeper's, one tenant by its key
DELETE v FROM contract_version v JOIN contract c ON c.id = v.contract_id WHERE c.tenant_id = ?;

-- name: purge_contracts
-- exempt: the housekeeper's, one tenant by its key
DELETE FROM contract WHERE tenant_id = ?;

-- name: purge_sessions
-- exempt: the housekeeper's, one tenant by its key
DELETE s FROM session s JOIN user_account u ON u.id = s.user_id WHERE u.tenant_id = ?;

-- name: purge_mail
-- exempt: the housekeeper's, one tenant by its key
DELETE o FROM outbox o JOIN user_account u ON u.id = o.user_id WHERE u.tenant_id = ?;

-- name: purge_users
-- exempt: the housekeeper's, one tenant by its key
DELETE FROM user_account WHERE tenant_id = ?;

-- name: purge_recent
-- exempt: the housekeeper's, one tenant by its key
DELETE FROM recent_tenant WHERE tenant_id = ?;

-- name: purge_events
-- exempt: the housekeeper's, one tenant by its key
DELETE FROM audit_event WHERE tenant_id = ?;

-- name: purge_tenant
-- exempt: the housekeeper's, one tenant by its key
DELETE FROM tenant WHERE id = ?;
