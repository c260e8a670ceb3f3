-- One contract: reading its versions, writing new ones (app/contract*.c, db/contract_store.c). Versions are only ever added.

-- name: contract_by_id
-- A contract as one of its versions says it (0: the newest). Flags: made by a former parent; the version's author's tenant is one
-- that the viewer may know of. At the end what it supersedes, with the same flag.
SELECT c.id, c.public_id, c.version, c.stored_status, c.visible_from, c.cancel_reason, c.start_date, c.end_date,
  c.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id)),
  t.public_id, v.version, v.saved_at, v.saved_by_name,
  COALESCE(v.saved_by_tenant_id IN (n.id, n.parent_id, n.distributor_id), 0) OR v.saved_by_tenant_id IS NULL
    OR EXISTS (SELECT 1 FROM tenant b WHERE b.id = v.saved_by_tenant_id AND SCOPE(b)),
  v.name, v.start_date, v.end_date, v.renewal, v.entitlement,
  v.invoice_prefix, v.accounts, v.billing_name, v.billing_address, v.billing_city, v.billing_zip, v.billing_state,
  v.billing_country, v.invoice_email, v.change_email, v.notes,
  p.public_id, p.name, p.stored_status, p.start_date, p.end_date, p.visible_from,
  p.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id)), p.id
FROM contract c
JOIN tenant_list t ON t.tenant_id = c.tenant_id
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
JOIN contract_version v ON v.contract_id = c.id AND v.version = IF(? = 0, c.version, ?)
LEFT JOIN contract p ON p.id = c.supersedes_id
WHERE SCOPE(t) AND c.public_id = ?;

-- name: contract_by_keys
-- The same of several contracts as they say now, in the order of their keys, with the places of their tenants.
SELECT c.id, c.public_id, c.version, c.stored_status, c.visible_from, c.cancel_reason, c.start_date, c.end_date,
  c.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id)),
  t.public_id, v.version, v.saved_at, v.saved_by_name,
  COALESCE(v.saved_by_tenant_id IN (n.id, n.parent_id, n.distributor_id), 0) OR v.saved_by_tenant_id IS NULL
    OR EXISTS (SELECT 1 FROM tenant b WHERE b.id = v.saved_by_tenant_id AND SCOPE(b)),
  v.name, v.start_date, v.end_date, v.renewal, v.entitlement,
  v.invoice_prefix, v.accounts, v.billing_name, v.billing_address, v.billing_city, v.billing_zip, v.billing_state,
  v.billing_country, v.invoice_email, v.change_email, v.notes,
  p.public_id, p.name, p.stored_status, p.start_date, p.end_date, p.visible_from,
  p.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id)), p.id, t.tree_pos
FROM contract c FORCE INDEX (PRIMARY)
JOIN tenant_list t ON t.tenant_id = c.tenant_id
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version
LEFT JOIN contract p ON p.id = c.supersedes_id
WHERE SCOPE(t) AND c.id IN (?) ORDER BY c.id;

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

-- name: contract_successor
-- What has taken a contract's place.
SELECT s.public_id, s.name, s.stored_status, s.start_date, s.end_date, s.visible_from,
  s.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id))
FROM contract c
JOIN tenant_list t ON t.tenant_id = c.tenant_id
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
JOIN contract s ON s.tenant_id = c.tenant_id AND s.supersedes_id = c.id AND s.visible_from IS NOT NULL
WHERE SCOPE(t) AND c.id = ? ORDER BY s.id DESC LIMIT 1;

-- name: contract_accounts
-- The accounts that a contract of the tenant can name.
SELECT s.account, s.report FROM billing_source s
JOIN tenant_list t ON t.tenant_id = s.tenant_id
WHERE SCOPE(t) AND s.tenant_id = ? AND s.disconnected_at IS NULL
ORDER BY s.account LIMIT 1000;

-- name: contract_lock
-- Who changes a tenant's contracts goes one at a time: what is read after this stays so.
SELECT t.id FROM tenant t WHERE SCOPE(t) AND t.id = ? AND t.deleted_at IS NULL FOR UPDATE;

-- name: contract_in_the_way
-- A contract of the tenant, other than one, that is in force on a day of a term (an open end is NULL). Superseded ones are in
-- force until their end; one that was superseded before it began has no day.
SELECT c.public_id, c.name, c.start_date, c.end_date, c.stored_status,
  c.made_by_tenant_id NOT IN (t.id, COALESCE(t.parent_id, t.id), COALESCE(t.distributor_id, t.id))
FROM contract c JOIN tenant t ON t.id = c.tenant_id
WHERE SCOPE(t) AND t.id = ? AND c.id <> ? AND c.stored_status IN ('ready', 'superseded')
  AND (c.end_date IS NULL OR c.end_date >= c.start_date)
  AND c.start_date <= COALESCE(?, '9999-12-31') AND COALESCE(c.end_date, '9999-12-31') >= ?
ORDER BY c.start_date, c.id LIMIT 1;

-- name: contract_insert
INSERT INTO contract (public_id, tenant_id, made_by_tenant_id, stored_status, version, name, start_date, end_date, supersedes_id,
  created_at)
SELECT ?, t.id, ?, 'draft', 1, ?, ?, ?, ?, ? FROM tenant t WHERE SCOPE(t) AND t.id = ?;

-- name: contract_update
-- The next version's number, and what the lists show of it.
UPDATE contract c JOIN tenant t ON t.id = c.tenant_id
SET c.version = c.version + 1, c.name = ?, c.start_date = ?, c.end_date = ?, c.made_by_tenant_id = ?
WHERE SCOPE(t) AND c.id = ?;

-- name: contract_version_insert
-- What the newest version says.
INSERT INTO contract_version (contract_id, version, saved_at, saved_by_user_id, saved_by_name, saved_by_tenant_id, name,
  start_date, end_date, renewal, entitlement, invoice_prefix, accounts, billing_name, billing_address, billing_city,
  billing_zip, billing_state, billing_country, invoice_email, change_email, notes)
SELECT c.id, c.version, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
FROM contract c JOIN tenant t ON t.id = c.tenant_id WHERE SCOPE(t) AND c.id = ?;

-- name: contract_activate
UPDATE contract c JOIN tenant t ON t.id = c.tenant_id
SET c.stored_status = 'ready', c.visible_from = c.version, c.made_by_tenant_id = ?
WHERE SCOPE(t) AND c.id = ? AND c.stored_status = 'draft';

-- name: contract_cancel
UPDATE contract c JOIN tenant t ON t.id = c.tenant_id
SET c.stored_status = 'cancelled', c.cancel_reason = ?, c.made_by_tenant_id = ?
WHERE SCOPE(t) AND c.id = ?;

-- name: contract_supersede
-- It ends on the day before its successor begins: its next version, which contract_shorten writes.
UPDATE contract c JOIN tenant t ON t.id = c.tenant_id
SET c.stored_status = 'superseded', c.version = c.version + 1, c.end_date = ?, c.made_by_tenant_id = ?
WHERE SCOPE(t) AND c.id = ? AND c.stored_status = 'ready';

-- name: contract_shorten
-- As the version before, with the contract's end. Notes whose author the actor may not know stay behind.
INSERT INTO contract_version (contract_id, version, saved_at, saved_by_user_id, saved_by_name, saved_by_tenant_id, name,
  start_date, end_date, renewal, entitlement, invoice_prefix, accounts, billing_name, billing_address, billing_city,
  billing_zip, billing_state, billing_country, invoice_email, change_email, notes)
SELECT c.id, c.version, ?, ?, ?, ?, v.name, v.start_date, c.end_date, v.renewal, v.entitlement, v.invoice_prefix, v.accounts,
  v.billing_name, v.billing_address, v.billing_city, v.billing_zip, v.billing_state, v.billing_country, v.invoice_email,
  v.change_email, IF(COALESCE(v.saved_by_tenant_id IN (t.id, t.parent_id, t.distributor_id), 1)
    OR EXISTS (SELECT 1 FROM tenant b WHERE b.id = v.saved_by_tenant_id AND SCOPE(b)), v.notes, '')
FROM contract c JOIN tenant t ON t.id = c.tenant_id
JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version - 1
WHERE SCOPE(t) AND c.id = ?;

-- name: contract_standing
-- What a contract is now, after the lock.
SELECT c.stored_status, c.version, c.start_date, c.end_date, c.name, v.change_email, c.public_id
FROM contract c JOIN tenant t ON t.id = c.tenant_id
JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version
WHERE SCOPE(t) AND c.id = ?;
