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

-- name: contract_list_texts
-- exempt: the rows of one tenant, by its key
SELECT k.search FROM contract_list k WHERE k.tenant_id = ?;

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

-- Their tenants' rows are locked first, as whoever changes a contract does.
-- name: contract_list_lock
-- exempt: the housekeeper's work: by labels
SELECT l.tree_pos FROM tenant_list l FORCE INDEX (PRIMARY) WHERE l.tree_pos IN (?) ORDER BY l.tree_pos FOR UPDATE;

-- Whether the tables were ever filled: an older program had none of them.
-- name: contract_list_missing
-- exempt: the operator's, when the schema is brought up: all trees
SELECT EXISTS (SELECT 1 FROM contract c JOIN tenant_list l ON l.tenant_id = c.tenant_id)
  AND NOT EXISTS (SELECT 1 FROM contract_list k);

-- name: contract_gram_put
-- exempt: one entry of the search index
INSERT INTO contract_gram (gram, tree_pos) VALUES (?, ?);

-- name: contract_gram_drop
-- exempt: entries of the search index, by their keys
DELETE FROM contract_gram WHERE gram = ? AND tree_pos IN (?);

-- name: contract_gram_forget
-- exempt: entries of the search index, by their keys
DELETE FROM contract_gram WHERE gram IN (?) AND tree_pos = ?;

-- name: contract_gram_stored
-- exempt: the whole search index, piece by piece
SELECT g.gram, g.tree_pos FROM contract_gram g FORCE INDEX (PRIMARY)
WHERE g.gram > ? OR (g.gram = ? AND g.tree_pos > ?)
ORDER BY g.gram, g.tree_pos LIMIT ?;
