-- The list table, its counters and search index, made of the facts and compared with them (db/list_table.h).

-- name: list_fact_distributors
-- exempt: the operator's work and the housekeeper's: all trees
SELECT t.tree_pos, COALESCE(t.time_zone, 'UTC') FROM tenant t
WHERE t.parent_id IS NULL AND t.deleted_at IS NULL ORDER BY t.tree_pos;

-- name: list_fact_tree
-- exempt: the zone of the distributor at a label
SELECT COALESCE(t.time_zone, 'UTC') FROM tenant t WHERE t.tree_pos = ?;

-- name: list_fact_tenants
-- exempt: an interval of labels that the caller chooses, for the list table alone
SELECT t.tree_pos, t.id, t.public_id, COALESCE(p.public_id, ''), t.tier, t.suspended_at IS NOT NULL, t.name,
  t.domain, t.created_at, t.onboarded_at IS NOT NULL
FROM tenant t FORCE INDEX (tree_pos)
LEFT JOIN tenant p ON p.id = t.parent_id
WHERE t.tree_pos >= ? AND t.tree_pos < ? AND t.deleted_at IS NULL
ORDER BY t.tree_pos LIMIT ?;

-- name: list_fact_admins
-- exempt: an interval of labels that the caller chooses, for the list table alone
SELECT t.tree_pos, u.first_name, u.last_name, u.activated_at IS NOT NULL, u.disabled_at IS NOT NULL,
  u.invitation_cancelled_at IS NOT NULL
FROM tenant t FORCE INDEX (tree_pos)
STRAIGHT_JOIN user_account u ON u.tenant_id = t.id
WHERE t.tree_pos >= ? AND t.tree_pos < ? AND t.deleted_at IS NULL AND u.role = 'admin' AND u.deleted_at IS NULL
ORDER BY u.invited_at, u.id;

-- name: list_fact_contracts
-- exempt: an interval of labels that the caller chooses, for the list table alone
SELECT t.tree_pos, c.stored_status, c.start_date, c.end_date,
  c.made_by_tenant_id NOT IN (t.id, COALESCE(t.parent_id, t.id), COALESCE(t.distributor_id, t.id)),
  c.id, c.public_id, c.name, c.version, COALESCE(v.renewal, 'auto'), COALESCE(v.entitlement, 'none'),
  c.stored_status = 'cancelled' AND c.visible_from IS NULL
FROM tenant t FORCE INDEX (tree_pos)
STRAIGHT_JOIN contract c ON c.tenant_id = t.id
LEFT JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version
WHERE t.tree_pos >= ? AND t.tree_pos < ? AND t.deleted_at IS NULL
ORDER BY t.tree_pos, c.id;

-- Whether a run ever succeeded is asked only as long as it matters.
-- name: list_fact_sources
-- exempt: an interval of labels that the caller chooses, for the list table alone
SELECT t.tree_pos, s.live, s.state, t.onboarded_at IS NULL AND EXISTS (
    SELECT 1 FROM source_run r WHERE r.source_id = s.id AND r.status = 'success' AND r.finished_at IS NOT NULL)
FROM tenant t FORCE INDEX (tree_pos)
STRAIGHT_JOIN billing_source s ON s.tenant_id = t.id
WHERE t.tree_pos >= ? AND t.tree_pos < ? AND t.deleted_at IS NULL;

-- Rows of tenants that are gone, deleted, or have another place now.
-- name: list_table_sweep
-- exempt: an interval of labels that the caller chooses, for the list table alone
DELETE l FROM tenant_list l
LEFT JOIN tenant t ON t.id = l.tenant_id AND t.tree_pos = l.tree_pos AND t.deleted_at IS NULL
WHERE l.tree_pos >= ? AND l.tree_pos < ? AND t.id IS NULL;

-- name: list_table_put
-- exempt: writes the row of one tenant, by its key
REPLACE INTO tenant_list (tree_pos, tenant_id, public_id, parent_public_id, tier, suspended, name, domain, created_at,
  search, admin_name, admin_pending, onboarding, tasks_done, tasks_total, rollup,
  s_failed, s_warning, s_success, s_not_available,
  c_active, c_scheduled, c_draft, c_expired, c_cancelled, c_superseded, next_change)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: list_total_put
-- exempt: writes the counters of one tenant, by its key
REPLACE INTO tenant_total (tenant_id, total, tier_2, tier_3, onboarding, suspended, r_failed, r_warning, r_success, version,
  c_total, c_active, c_scheduled, c_draft, c_expired, c_cancelled, c_superseded, c_tier_2, c_tier_3,
  c_ends_30, c_ends_60, c_ends_90, c_unbilled)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: list_table_onboarded
-- exempt: by the keys of tenants whose last task was found done
UPDATE tenant SET onboarded_at = ? WHERE id IN (?) AND onboarded_at IS NULL;

-- name: list_table_stored
-- exempt: an interval of labels that the caller chooses, for the list table alone
SELECT l.tree_pos, l.tenant_id, l.public_id, l.parent_public_id, l.tier, l.suspended, l.name, l.domain, l.created_at,
  l.search, l.admin_name, l.admin_pending, l.onboarding, l.tasks_done, l.tasks_total, l.rollup,
  l.s_failed, l.s_warning, l.s_success, l.s_not_available,
  l.c_active, l.c_scheduled, l.c_draft, l.c_expired, l.c_cancelled, l.c_superseded, l.next_change
FROM tenant_list l FORCE INDEX (PRIMARY)
WHERE l.tree_pos >= ? AND l.tree_pos < ?
ORDER BY l.tree_pos;

-- name: list_total_stored
-- exempt: reads the counters of one tenant, by its key
SELECT x.tenant_id, x.total, x.tier_2, x.tier_3, x.onboarding, x.suspended, x.r_failed, x.r_warning, x.r_success
FROM tenant_total x WHERE x.tenant_id = ?;

-- name: list_gram_put
-- exempt: one entry of the search index
REPLACE INTO tenant_gram (gram, tree_pos, near) VALUES (?, ?, ?);

-- name: list_gram_drop
-- exempt: entries of the search index, by their keys
DELETE FROM tenant_gram WHERE gram = ? AND tree_pos IN (?);

-- name: list_gram_forget
-- exempt: entries of the search index, by their keys
DELETE FROM tenant_gram WHERE gram IN (?) AND tree_pos = ?;

-- name: list_gram_stored
-- exempt: the whole search index, piece by piece
SELECT g.gram, g.tree_pos, g.near FROM tenant_gram g FORCE INDEX (PRIMARY)
WHERE g.gram > ? OR (g.gram = ? AND g.tree_pos > ?)
ORDER BY g.gram, g.tree_pos LIMIT ?;

-- name: list_gram_owner
-- exempt: the operator's comparison
SELECT t.public_id FROM tenant t WHERE t.tree_pos = ?;

-- name: list_owner
-- exempt: the operator's comparison
SELECT t.public_id FROM tenant t WHERE t.id = ?;

-- name: list_node_label
-- exempt: the label of one tenant, by its key; the row of its distributor, which has the zone, is not locked
SELECT t.tree_pos, t.deleted_at IS NOT NULL, COALESCE((
  SELECT d.time_zone FROM tenant d WHERE d.id = COALESCE(t.distributor_id, t.id)), 'UTC')
FROM tenant t WHERE t.id = ? FOR UPDATE;

-- name: list_node_stored
-- exempt: the stored row of one tenant, by its key
SELECT l.tree_pos, l.search FROM tenant_list l WHERE l.tenant_id = ?;

-- Locked in tree order, so that two writers never wait for each other.
-- name: list_nodes
-- exempt: by labels: a tenant and those above it
SELECT l.tree_pos, l.tenant_id, l.tier, l.onboarding, l.suspended, l.s_failed, l.s_warning, l.s_success, l.s_not_available
FROM tenant_list l FORCE INDEX (PRIMARY)
WHERE l.tree_pos IN (?) ORDER BY l.tree_pos FOR UPDATE;

-- What the rows directly below have together: of a distributor its resellers, of a reseller its customers.
-- name: list_node_below
-- exempt: by the label of the tenant whose row is made
SELECT SUM(l.s_failed), SUM(l.s_warning), SUM(l.s_success), SUM(l.s_not_available)
FROM tenant_list l FORCE INDEX (tier)
WHERE l.tier = ? AND l.tree_pos > ? AND l.tree_pos < ?;

-- name: list_node_store
-- exempt: by label, in the transaction that holds the row
UPDATE tenant_list SET s_failed = ?, s_warning = ?, s_success = ?, s_not_available = ?, rollup = ? WHERE tree_pos = ?;

-- Only what differs is written: a row that keeps its place leaves the keys alone whose columns it does not change.
-- name: list_node_change
-- exempt: by label, in the transaction that holds the row
UPDATE tenant_list SET tree_pos = ?, tenant_id = ?, public_id = ?, parent_public_id = ?, tier = ?, suspended = ?, name = ?, domain = ?,
  created_at = ?, search = ?, admin_name = ?, admin_pending = ?, onboarding = ?, tasks_done = ?, tasks_total = ?, rollup = ?,
  s_failed = ?, s_warning = ?, s_success = ?, s_not_available = ?,
  c_active = ?, c_scheduled = ?, c_draft = ?, c_expired = ?, c_cancelled = ?, c_superseded = ?, next_change = ?
WHERE tree_pos = ?;

-- name: list_node_rename
-- exempt: by label, in a transaction that holds its tenant
UPDATE tenant_list SET tree_pos = ?, name = ?, domain = ?, search = ? WHERE tree_pos = ?;

-- name: list_node_remove
-- exempt: by label, in the transaction that holds the row
DELETE FROM tenant_list WHERE tree_pos = ?;

-- name: list_total_new
-- exempt: makes the counters of one tenant, by its key
INSERT IGNORE INTO tenant_total (tenant_id) VALUES (?);

-- name: list_total_add
-- exempt: by the keys of tenants above one whose row the transaction holds
UPDATE tenant_total SET total = total + ?, tier_2 = tier_2 + ?, tier_3 = tier_3 + ?, onboarding = onboarding + ?,
  suspended = suspended + ?, r_failed = r_failed + ?, r_warning = r_warning + ?, r_success = r_success + ?,
  version = version + 1
WHERE tenant_id IN (?);

-- name: list_time_due
-- exempt: the housekeeper's work: all trees
SELECT l.tree_pos FROM tenant_list l FORCE INDEX (next_change)
WHERE l.next_change <= ? ORDER BY l.next_change LIMIT ? FOR UPDATE;

-- name: list_time_contracts
-- exempt: the housekeeper's work: by labels
SELECT l.tree_pos, c.stored_status, c.start_date, c.end_date,
  c.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id))
FROM tenant_list l FORCE INDEX (PRIMARY)
JOIN tenant n ON n.id = l.tenant_id
JOIN contract c ON c.tenant_id = l.tenant_id
WHERE l.tree_pos IN (?);

-- name: list_time_store
-- exempt: the housekeeper's work: by label
UPDATE tenant_list SET c_active = ?, c_scheduled = ?, c_draft = ?, c_expired = ?, c_cancelled = ?, c_superseded = ?,
  next_change = ?
WHERE tree_pos = ?;

-- Locked in the order in which a reported run locks: tenants, then sources, then rows of the list.
-- name: list_time_stale
-- exempt: the housekeeper's work: all trees
SELECT s.id, s.tenant_id FROM billing_source s FORCE INDEX (stale) WHERE s.stale_at < ? ORDER BY s.stale_at LIMIT ?;

-- name: list_time_tenants
-- exempt: the housekeeper's work: by the keys of tenants
SELECT t.id, t.tree_pos FROM tenant t WHERE t.id IN (?) AND t.deleted_at IS NULL ORDER BY t.id LOCK IN SHARE MODE;

-- name: list_time_sources
-- exempt: the housekeeper's work: by the keys of sources
SELECT s.id, s.tenant_id, s.state, s.live FROM billing_source s
WHERE s.id IN (?) AND s.stale_at < ? ORDER BY s.id FOR UPDATE;

-- name: list_time_source
-- exempt: the housekeeper's work: by the keys of sources
UPDATE billing_source SET state_since = stale_at, state = 2, stale_at = NULL WHERE id IN (?) AND state = 3;

-- name: list_time_source_seen
-- exempt: the housekeeper's work: by the keys of sources
UPDATE billing_source SET stale_at = NULL WHERE id IN (?);

-- Whether the search indexes are to be told what is near: an older program's are not.
-- name: list_near_missing
-- exempt: the operator's, when the schema is brought up: all trees
SELECT EXISTS (SELECT 1 FROM list_fill WHERE name = 'near')
  OR (EXISTS (SELECT 1 FROM tenant_gram) AND NOT EXISTS (SELECT 1 FROM tenant_gram g WHERE g.near > 0));

-- name: list_fill_begin
-- exempt: the operator's, when the schema is brought up: all trees
INSERT IGNORE INTO list_fill (name, since) VALUES (?, ?);

-- name: list_fill_end
-- exempt: the operator's, when the schema is brought up: all trees
DELETE FROM list_fill;
