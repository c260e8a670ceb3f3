-- Changes of tenants, for those who follow them (db/list_change.h).

-- name: change_put
-- exempt: notes by their keys tenants whose rows the transaction writes
REPLACE INTO tenant_change (tenant_id, reseller_id, distributor_id, public_id, gone, mark)
SELECT t.id, CASE t.tier WHEN 2 THEN t.id WHEN 3 THEN t.parent_id ELSE 0 END, COALESCE(t.distributor_id, t.id), t.public_id,
  t.deleted_at IS NOT NULL, NULL
FROM tenant t WHERE t.id IN (?);

-- name: change_put_one
-- exempt: notes a tenant whose row the transaction writes, and which is there
REPLACE INTO tenant_change (tenant_id, reseller_id, distributor_id, public_id, gone, mark) VALUES (?, ?, ?, ?, 0, NULL);

-- name: change_put_at
-- exempt: the same by labels
REPLACE INTO tenant_change (tenant_id, reseller_id, distributor_id, public_id, gone, mark)
SELECT t.id, CASE t.tier WHEN 2 THEN t.id WHEN 3 THEN t.parent_id ELSE 0 END, COALESCE(t.distributor_id, t.id), t.public_id,
  t.deleted_at IS NOT NULL, NULL
FROM tenant t WHERE t.tree_pos IN (?);

-- name: change_left
-- exempt: by the keys of a tenant that was moved and of the reseller that had it
REPLACE INTO tenant_change (tenant_id, reseller_id, distributor_id, public_id, gone, mark)
SELECT t.id, ?, COALESCE(t.distributor_id, t.id), t.public_id, 1, NULL FROM tenant t WHERE t.id = ?;

-- name: change_distributor
-- exempt: which tree a label belongs to
SELECT t.id FROM tenant t WHERE t.tree_pos = ?;

-- name: change_mark_read
-- exempt: the numbers of one tree
SELECT m.last_mark, m.first_mark, EXISTS (
  SELECT 1 FROM tenant_change k WHERE k.distributor_id = m.distributor_id AND k.mark IS NULL)
FROM change_mark m WHERE m.distributor_id = ?;

-- name: change_mark_new
-- exempt: the numbers of one tree
INSERT IGNORE INTO change_mark (distributor_id) VALUES (?);

-- name: change_mark_lock
-- exempt: the numbers of one tree
SELECT m.last_mark, m.first_mark FROM change_mark m WHERE m.distributor_id = ? FOR UPDATE;

-- name: change_mark_store
-- exempt: the numbers of one tree
UPDATE change_mark SET last_mark = ?, first_mark = ? WHERE distributor_id = ?;

-- name: change_waiting
-- What is locked is being written: not committed yet, or about to change again. It comes with a later mark.
-- exempt: gives committed changes of one tree their places
SELECT k.id FROM tenant_change k FORCE INDEX (distributor)
WHERE k.distributor_id = ? AND k.mark IS NULL ORDER BY k.public_id LIMIT ? FOR UPDATE SKIP LOCKED;

-- name: change_number
-- exempt: gives committed changes of one tree their places
UPDATE tenant_change SET mark = ? WHERE id IN (?);

-- name: change_list_distributor
-- Changes of a distributor's tree behind a place in their order. Without a place in the list table: gone.
SELECT k.mark, k.public_id, l.tree_pos
FROM tenant a
JOIN tenant_change k FORCE INDEX (distributor) ON k.distributor_id = a.id
LEFT JOIN tenant_list l ON l.tenant_id = k.tenant_id AND SCOPE(l)
WHERE SCOPE(a) AND a.id = ? AND k.mark >= ? AND k.mark <= ? AND (k.mark > ? OR k.public_id > ?) AND (k.gone = 0 OR l.tree_pos IS NULL)
ORDER BY k.mark, k.public_id LIMIT ?;

-- name: change_list_reseller
SELECT k.mark, k.public_id, l.tree_pos
FROM tenant a
JOIN tenant_change k FORCE INDEX (reseller) ON k.reseller_id = a.id
LEFT JOIN tenant_list l ON l.tenant_id = k.tenant_id AND SCOPE(l)
WHERE SCOPE(a) AND a.id = ? AND k.mark >= ? AND k.mark <= ? AND (k.mark > ? OR k.public_id > ?)
ORDER BY k.mark, k.public_id LIMIT ?;

-- name: change_list_customer
SELECT k.mark, k.public_id, l.tree_pos
FROM tenant a
JOIN tenant_change k FORCE INDEX (tenant) ON k.tenant_id = a.id
LEFT JOIN tenant_list l ON l.tenant_id = k.tenant_id AND SCOPE(l)
WHERE SCOPE(a) AND a.id = ? AND k.mark >= ? AND k.mark <= ? AND (k.mark > ? OR k.public_id > ?) AND (k.gone = 0 OR l.tree_pos IS NULL)
ORDER BY k.mark, k.public_id LIMIT ?;

-- name: change_trees
-- exempt: housekeeping over all
SELECT m.distributor_id FROM change_mark m;

-- name: change_expire
-- exempt: housekeeping over all
DELETE FROM tenant_change WHERE distributor_id = ? AND mark < ? LIMIT 1000;
