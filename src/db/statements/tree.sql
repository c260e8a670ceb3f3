-- Places in the tree: new tenants between their neighbours, renamed and moved ones, used-up gaps (db/tree.c).

-- name: tree_lock
-- exempt: tenants by their keys; in the order of their keys, so that two writers never wait for each other
SELECT t.id, t.tree_pos, t.tier, t.deleted_at IS NOT NULL, t.parent_id, COALESCE(t.distributor_id, t.id), t.public_id FROM tenant t
WHERE t.id IN (?) ORDER BY t.id FOR UPDATE;

-- name: tree_facts
-- exempt: one tenant by its key
SELECT t.tree_pos, t.parent_id, t.public_id, t.name, t.domain, t.tier, COALESCE(p.tree_pos, 0), COALESCE(t.distributor_id, t.id)
FROM tenant t LEFT JOIN tenant p ON p.id = t.parent_id WHERE t.id = ?;

-- The sibling that stands before: by name (as the collation sees it), then by public ID.
-- name: tree_before
-- exempt: the siblings of a tenant whose parent's row is locked
SELECT s.tree_pos FROM tenant s FORCE INDEX (parent)
WHERE s.parent_id = ? AND s.name <= ? AND (s.name < ? OR s.public_id < ?) AND s.id <> ?
ORDER BY s.name DESC, s.public_id DESC LIMIT 1;

-- name: tree_next
-- exempt: an interval of labels below a parent whose row is locked
SELECT MIN(t.tree_pos) FROM tenant t WHERE t.tree_pos >= ? AND t.tree_pos < ?;

-- Siblings in a block of labels; the mask leaves out what is below them.
-- name: tree_block_count
-- exempt: an interval of labels below a parent whose row is locked
SELECT COUNT(*) FROM tenant t FORCE INDEX (tree_pos)
WHERE t.tree_pos >= ? AND t.tree_pos < ? AND (t.tree_pos & ?) = 0;

-- name: tree_block
-- exempt: an interval of labels below a parent whose row is locked
SELECT t.id, t.tree_pos FROM tenant t FORCE INDEX (tree_pos)
WHERE t.tree_pos >= ? AND t.tree_pos < ? AND (t.tree_pos & ?) = 0 ORDER BY t.tree_pos;

-- name: tree_insert
-- exempt: an insert below a parent whose row is locked
INSERT INTO tenant (public_id, tree_pos, tier, parent_id, distributor_id, name, domain, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: tree_label
-- exempt: one tenant by its key, in the transaction that holds its parent
UPDATE tenant SET tree_pos = ? WHERE id = ?;

-- A whole subtree to a place where nothing is.
-- name: tree_shift
-- exempt: an interval of labels below a parent whose row is locked
UPDATE tenant SET tree_pos = tree_pos - ? + ? WHERE tree_pos >= ? AND tree_pos < ?;

-- name: tree_shift_list
-- exempt: an interval of labels below a parent whose row is locked
UPDATE tenant_list SET tree_pos = tree_pos - ? + ? WHERE tree_pos >= ? AND tree_pos < ?;

-- name: tree_shift_grams
-- exempt: an interval of labels below a parent whose row is locked
UPDATE tenant_gram SET tree_pos = tree_pos - ? + ? WHERE gram IN (?) AND tree_pos >= ? AND tree_pos < ?;

-- Tenants to new labels, one by one in an order in which each finds its label free.
-- name: tree_relabel_up
-- exempt: by keys, below a parent whose row is locked
UPDATE tenant SET tree_pos = ELT(FIELD(id, ?), ?) WHERE id IN (?) ORDER BY tree_pos DESC;

-- name: tree_relabel_down
-- exempt: by keys, below a parent whose row is locked
UPDATE tenant SET tree_pos = ELT(FIELD(id, ?), ?) WHERE id IN (?) ORDER BY tree_pos;

-- name: tree_relabel_list_up
-- exempt: by keys, below a parent whose row is locked
UPDATE tenant_list SET tree_pos = ELT(FIELD(tenant_id, ?), ?) WHERE tenant_id IN (?) ORDER BY tree_pos DESC;

-- name: tree_relabel_list_down
-- exempt: by keys, below a parent whose row is locked
UPDATE tenant_list SET tree_pos = ELT(FIELD(tenant_id, ?), ?) WHERE tenant_id IN (?) ORDER BY tree_pos;

-- name: tree_texts
-- exempt: an interval of labels below a parent whose row is locked
SELECT l.tree_pos, l.search FROM tenant_list l FORCE INDEX (PRIMARY)
WHERE l.tree_pos >= ? AND l.tree_pos < ? ORDER BY l.tree_pos;

-- name: tree_drop_grams
-- exempt: an interval of labels below a parent whose row is locked
DELETE FROM tenant_gram WHERE gram IN (?) AND tree_pos >= ? AND tree_pos < ?;

-- The same for the rows of contracts and their search index.
-- name: tree_shift_contracts
-- exempt: an interval of labels below a parent whose row is locked
UPDATE contract_list SET tree_pos = tree_pos - ? + ? WHERE tree_pos >= ? AND tree_pos < ?;

-- name: tree_shift_contract_grams
-- exempt: an interval of labels below a parent whose row is locked
UPDATE contract_gram SET tree_pos = tree_pos - ? + ? WHERE gram IN (?) AND tree_pos >= ? AND tree_pos < ?;

-- name: tree_relabel_contracts_up
-- exempt: by keys, below a parent whose row is locked
UPDATE contract_list SET tree_pos = ELT(FIELD(tenant_id, ?), ?) WHERE tenant_id IN (?) ORDER BY tree_pos DESC;

-- name: tree_relabel_contracts_down
-- exempt: by keys, below a parent whose row is locked
UPDATE contract_list SET tree_pos = ELT(FIELD(tenant_id, ?), ?) WHERE tenant_id IN (?) ORDER BY tree_pos;

-- name: tree_contract_texts
-- exempt: an interval of labels below a parent whose row is locked
SELECT k.tree_pos, k.search FROM contract_list k FORCE INDEX (PRIMARY)
WHERE k.tree_pos >= ? AND k.tree_pos < ? ORDER BY k.tree_pos, k.contract_id;

-- name: tree_drop_contract_grams
-- exempt: an interval of labels below a parent whose row is locked
DELETE FROM contract_gram WHERE gram IN (?) AND tree_pos >= ? AND tree_pos < ?;
