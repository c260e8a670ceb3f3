-- Lists of contracts.

-- name: contracts_place
-- Where a contract stands in the list of all, for its cursor, and from whom it is hidden. A deleted tenant's place is known for 30
-- days.
SELECT n.tree_pos, c.id, COALESCE(t.hidden, 0) FROM contract c
JOIN tenant n ON n.id = c.tenant_id AND SCOPE(n)
LEFT JOIN contract_list t ON t.tree_pos = n.tree_pos AND t.contract_id = c.id AND SCOPE(t)
WHERE c.public_id = ? AND (n.deleted_at IS NULL OR n.deleted_at > ?);
