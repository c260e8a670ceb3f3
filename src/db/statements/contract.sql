-- One contract.

-- name: contract_by_id
-- A contract as one of its versions says it (0: the newest). The last columns: made by a former parent; its author's tenant is
-- one that the viewer may know of.
SELECT c.id, c.public_id, c.version, c.stored_status, c.cancel_reason, p.public_id,
  v.version, v.saved_at, v.saved_by_name, v.name, v.start_date, v.end_date, v.renewal, v.entitlement,
  v.invoice_prefix, v.accounts, v.billing_name, v.billing_address, v.billing_city, v.billing_zip, v.billing_state,
  v.billing_country, v.invoice_email, v.change_email, v.notes, t.tree_pos, t.tenant_id, c.start_date, c.end_date,
  c.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id)),
  COALESCE(v.saved_by_tenant_id IN (n.id, n.parent_id, n.distributor_id), 0) OR v.saved_by_tenant_id IS NULL
    OR EXISTS (SELECT 1 FROM tenant b WHERE b.id = v.saved_by_tenant_id AND SCOPE(b))
FROM contract c
JOIN tenant_list t ON t.tenant_id = c.tenant_id
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
JOIN contract_version v ON v.contract_id = c.id AND v.version = IF(? = 0, c.version, ?)
LEFT JOIN contract p ON p.id = c.supersedes_id
WHERE SCOPE(t) AND c.public_id = ?;

-- name: contract_versions
SELECT v.version, v.saved_at, v.saved_by_name,
  COALESCE(v.saved_by_tenant_id IN (n.id, n.parent_id, n.distributor_id), 0) OR v.saved_by_tenant_id IS NULL
    OR EXISTS (SELECT 1 FROM tenant b WHERE b.id = v.saved_by_tenant_id AND SCOPE(b))
FROM contract_version v
JOIN contract c ON c.id = v.contract_id
JOIN tenant_list t ON t.tenant_id = c.tenant_id
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
WHERE SCOPE(t) AND v.contract_id = ?
ORDER BY v.version DESC LIMIT 200;
