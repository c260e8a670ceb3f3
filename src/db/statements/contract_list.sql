-- The rows of the Contracts list and their search index, made of the facts and compared with them (db/contract_write.c).

-- name: contract_list_put
-- exempt: writes rows of one tenant, by its key
INSERT INTO contract_list (tree_pos, contract_id, tenant_id, public_id, tenant_public_id, tenant_name, tier, name, version,
  stored, start_date, end_date, renewal, entitlement, former, with_data, status, ends, hidden, unbilled, next_change, search)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: contract_list_sweep
-- exempt: an interval of labels that the caller chooses, to be written anew
DELETE FROM contract_list WHERE tree_pos >= ? AND tree_pos < ?;

-- name: contract_list_drop
-- exempt: the rows of one tenant, by its key
DELETE FROM contract_list WHERE tenant_id = ?;

-- name: contract_list_renamed
-- exempt: by its key, in a transaction that holds its tenant
UPDATE contract_list SET tree_pos = ?, tenant_name = ?, search = ? WHERE tree_pos = ? AND contract_id = ?;

-- What the stored rows count for in the counters above them, and what they are found by.
-- name: contract_list_counted
-- exempt: by labels, in a transaction that holds the rows of their tenants
SELECT k.tree_pos, k.contract_id, k.tier, k.status, k.ends, k.hidden, k.unbilled, k.search FROM contract_list k FORCE INDEX (PRIMARY)
WHERE k.tree_pos IN (?) ORDER BY k.tree_pos;

-- name: contract_total_add
-- exempt: by the keys of tenants above one whose row the transaction holds
UPDATE tenant_total SET c_total = c_total + ?, c_active = c_active + ?, c_scheduled = c_scheduled + ?, c_draft = c_draft + ?,
  c_expired = c_expired + ?, c_cancelled = c_cancelled + ?, c_superseded = c_superseded + ?, c_tier_2 = c_tier_2 + ?,
  c_tier_3 = c_tier_3 + ?, c_ends_30 = c_ends_30 + ?, c_ends_60 = c_ends_60 + ?, c_ends_90 = c_ends_90 + ?,
  c_unbilled = c_unbilled + ?
WHERE tenant_id IN (?);

-- name: contract_total_stored
-- exempt: reads the counters of one tenant, by its key
SELECT x.c_total, x.c_active, x.c_scheduled, x.c_draft, x.c_expired, x.c_cancelled, x.c_superseded, x.c_tier_2, x.c_tier_3,
  x.c_ends_30, x.c_ends_60, x.c_ends_90, x.c_unbilled
FROM tenant_total x WHERE x.tenant_id = ?;

-- What these counters should be: the bits are those of who looks at the tenant itself and at those below.
-- name: contract_total_counted
-- exempt: an interval of labels that the caller chooses, for the operator's comparison
SELECT COUNT(NULLIF(k.contract_id, 0)),
  SUM(k.status = 0), SUM(k.status = 1), SUM(k.status = 2), SUM(k.status = 3), SUM(k.status = 4), SUM(k.status = 5),
  SUM(k.contract_id > 0 AND k.tier = 2), SUM(k.contract_id > 0 AND k.tier = 3),
  SUM(k.ends = 1), SUM(k.ends = 2), SUM(k.ends = 3), SUM(k.unbilled)
FROM contract_list k FORCE INDEX (PRIMARY)
WHERE k.tree_pos >= ? AND k.tree_pos < ? AND (k.hidden & IF(k.tree_pos = ?, ?, ?)) = 0;

-- name: contract_list_stored
-- exempt: an interval of labels that the caller chooses, for the operator's comparison
SELECT k.tree_pos, k.contract_id, k.tenant_id, k.public_id, k.tenant_public_id, k.tenant_name, k.tier, k.name, k.version,
  k.stored, k.start_date, k.end_date, k.renewal, k.entitlement, k.former, k.with_data, k.search, k.status, k.ends, k.hidden,
  k.unbilled, k.next_change
FROM contract_list k FORCE INDEX (PRIMARY)
WHERE k.tree_pos >= ? AND k.tree_pos < ? ORDER BY k.tree_pos, k.contract_id;

-- name: contract_list_due
-- exempt: the housekeeper's work: all trees
SELECT DISTINCT k.tree_pos FROM contract_list k FORCE INDEX (next_change)
WHERE k.next_change <= ? LIMIT ?;

-- Whether the tables are to be filled: an older program had none of them, or it was begun and cut off.
-- name: contract_list_missing
-- exempt: the operator's, when the schema is brought up: all trees
SELECT EXISTS (SELECT 1 FROM list_fill WHERE name = 'contract_list')
  OR (EXISTS (SELECT 1 FROM contract c JOIN tenant_list l ON l.tenant_id = c.tenant_id)
    AND NOT EXISTS (SELECT 1 FROM contract_list k));

-- name: contract_gram_put
-- exempt: one entry of the search index
REPLACE INTO contract_gram (gram, tree_pos, near) VALUES (?, ?, ?);

-- name: contract_gram_drop
-- exempt: entries of the search index, by their keys
DELETE FROM contract_gram WHERE gram = ? AND tree_pos IN (?);

-- name: contract_gram_forget
-- exempt: entries of the search index, by their keys
DELETE FROM contract_gram WHERE gram IN (?) AND tree_pos = ?;

-- name: contract_gram_stored
-- exempt: the whole search index, piece by piece
SELECT g.gram, g.tree_pos, g.near FROM contract_gram g FORCE INDEX (PRIMARY)
WHERE g.gram > ? OR (g.gram = ? AND g.tree_pos > ?)
ORDER BY g.gram, g.tree_pos LIMIT ?;
