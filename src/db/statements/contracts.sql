-- Lists of contracts.

-- The counters of who acts.
-- name: contracts_total
SELECT x.c_total, x.c_active, x.c_scheduled, x.c_draft, x.c_expired, x.c_cancelled, x.c_superseded, x.c_tier_2, x.c_tier_3,
  x.c_ends_30, x.c_ends_60, x.c_ends_90, x.c_unbilled
FROM tenant_list t
JOIN tenant_total x ON x.tenant_id = t.tenant_id
WHERE SCOPE(t) AND t.tenant_id = ?;

-- name: contracts_place
-- Where a contract stands in the list of all, for its cursor, and from whom it is hidden. A deleted tenant's place is known for 30
-- days.
SELECT n.tree_pos, c.id, COALESCE(t.hidden, 0) FROM contract c
JOIN tenant n ON n.id = c.tenant_id AND SCOPE(n)
LEFT JOIN contract_list t ON t.tree_pos = n.tree_pos AND t.contract_id = c.id AND SCOPE(t)
WHERE c.public_id = ? AND (n.deleted_at IS NULL OR n.deleted_at > ?);
