-- Lists of contracts.

-- name: contracts_of
-- The contracts of a tenant, newest first. The last column: made by a former parent.
SELECT c.public_id, c.name, c.version, c.stored_status, c.start_date, c.end_date, v.renewal, v.entitlement,
  c.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id))
FROM contract c
JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version
JOIN tenant_list t ON t.tenant_id = c.tenant_id
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
WHERE SCOPE(t) AND c.tenant_id = ?
ORDER BY c.start_date DESC, c.id DESC LIMIT 1000;

-- name: contract_place
-- Where a contract stands in the list of all, for its cursor.
SELECT t.tree_pos, c.id FROM contract c
JOIN tenant_list t ON t.tenant_id = c.tenant_id
WHERE SCOPE(t) AND c.public_id = ?;

-- name: contracts_after
-- The contracts of the scope behind a place, by customer in tree order. A reseller (the fifth value: 1) does not see what former
-- parents of its customers have drafted, cancelled or superseded.
SELECT c.public_id, c.name, c.version, c.stored_status, c.start_date, c.end_date, v.renewal, v.entitlement,
  c.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id)),
  t.public_id, t.name, t.tier, t.tree_pos, c.id
FROM tenant_list t FORCE INDEX (PRIMARY)
STRAIGHT_JOIN contract c ON c.tenant_id = t.tenant_id
STRAIGHT_JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
STRAIGHT_JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version
WHERE SCOPE(t) AND t.tree_pos >= ? AND (t.tree_pos > ? OR c.id > ?) AND (t.tree_pos <> ? OR c.stored_status <> 'draft')
  AND (? = 0 OR t.tree_pos = ? OR c.stored_status = 'ready'
    OR c.made_by_tenant_id IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id))
    OR (c.stored_status = 'superseded' AND c.end_date >= ?))
ORDER BY t.tree_pos, c.id LIMIT ?;

-- name: contracts_before
SELECT c.public_id, c.name, c.version, c.stored_status, c.start_date, c.end_date, v.renewal, v.entitlement,
  c.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id)),
  t.public_id, t.name, t.tier, t.tree_pos, c.id
FROM tenant_list t FORCE INDEX (PRIMARY)
STRAIGHT_JOIN contract c ON c.tenant_id = t.tenant_id
STRAIGHT_JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
STRAIGHT_JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version
WHERE SCOPE(t) AND t.tree_pos <= ? AND (t.tree_pos < ? OR c.id < ?) AND (t.tree_pos <> ? OR c.stored_status <> 'draft')
  AND (? = 0 OR t.tree_pos = ? OR c.stored_status = 'ready'
    OR c.made_by_tenant_id IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id))
    OR (c.stored_status = 'superseded' AND c.end_date >= ?))
ORDER BY t.tree_pos DESC, c.id DESC LIMIT ?;

-- name: contracts_count
-- How many there are, to a bound.
SELECT COUNT(*) FROM (
  SELECT 1 FROM tenant_list t FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN contract c ON c.tenant_id = t.tenant_id
  STRAIGHT_JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
  WHERE SCOPE(t) AND (t.tree_pos <> ? OR c.stored_status <> 'draft')
    AND (? = 0 OR t.tree_pos = ? OR c.stored_status = 'ready'
      OR c.made_by_tenant_id IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id))
      OR (c.stored_status = 'superseded' AND c.end_date >= ?))
  LIMIT ?
) bounded;
