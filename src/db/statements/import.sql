-- `tenantry import`. Everything here is about the lines of one import (import_id) and the subtree of --into. Keys are forced:
-- the table is empty but for now, and what the server knows of it is old.

-- name: import_stage
-- exempt: an insert into the import's own table
INSERT INTO import_row (import_id, line, name_column, domain_column, tier_column, id_column, parent_column, name,
  domain, tier, public_id, parent_public_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: import_forget
-- exempt: the import's own table
DELETE FROM import_row WHERE import_id = ?;

-- name: import_forget_old
-- exempt: the import's own table
DELETE FROM import_row WHERE import_id < ?;

-- name: import_analyze
-- exempt: the import's own table
ANALYZE TABLE import_row;

-- Nobody adds to the tree meanwhile: those who do lock their parent's row.
-- name: import_lock
-- exempt: locks the tree's distributor and resellers
SELECT MAX(version) FROM tenant WHERE id = ? OR (parent_id = ? AND tier = 2) FOR UPDATE;

-- name: import_tree
-- exempt: the tree that --into is in: its distributor, and what is above --into
SELECT d.id, d.tree_pos, p.public_id FROM tenant t JOIN tenant d ON d.id = t.distributor_id
  LEFT JOIN tenant p ON p.id = t.parent_id
WHERE t.id = ?;

-- name: import_known
UPDATE import_row r STRAIGHT_JOIN tenant t FORCE INDEX (public_id) ON t.public_id = r.public_id
SET r.tenant_id = t.id, r.known = 1, r.level = t.tier, r.parent_id = t.parent_id
WHERE r.import_id = ? AND SCOPE(t) AND t.deleted_at IS NULL;

-- A line of a tenant that is not known: its tier as it says, else by its parent.
-- name: import_level
-- exempt: the import's own table
UPDATE import_row SET level = CASE WHEN tier > 0 THEN tier WHEN parent_public_id IN ('', ?) THEN ? ELSE 3 END
WHERE import_id = ? AND known = 0;

-- Checks: each gives the line, the column and up to two values for the message.

-- name: import_check_foreign
-- exempt: tells which IDs stand outside, in the same words for all
SELECT r.line, r.id_column, r.public_id FROM import_row r
  STRAIGHT_JOIN tenant t FORCE INDEX (public_id) ON t.public_id = r.public_id
WHERE r.import_id = ? AND r.known = 0;

-- name: import_check_id_twice
-- exempt: the import's own table
SELECT r.line, r.id_column, r.public_id, f.line FROM import_row r FORCE INDEX (PRIMARY) JOIN (
    SELECT public_id, MIN(line) AS line FROM import_row WHERE import_id = ? GROUP BY public_id HAVING COUNT(*) > 1
  ) f ON f.public_id = r.public_id
WHERE r.import_id = ? AND r.line > f.line;

-- name: import_check_domain_twice
-- exempt: the import's own table
SELECT r.line, r.domain_column, r.domain, f.line FROM import_row r FORCE INDEX (PRIMARY) JOIN (
    SELECT domain, MIN(line) AS line FROM import_row WHERE import_id = ? AND domain <> '' GROUP BY domain
    HAVING COUNT(*) > 1
  ) f ON f.domain = r.domain
WHERE r.import_id = ? AND r.line > f.line;

-- A domain that another tenant of the tree has, and keeps: one that is in the file gets another one there.
-- name: import_check_domain
-- exempt: a domain is unique within the distributor, also where --into does not reach
SELECT r.line, r.domain_column, r.domain FROM import_row r
  STRAIGHT_JOIN tenant t FORCE INDEX (domain) ON t.distributor_id = ? AND t.domain = r.domain
  LEFT JOIN import_row o FORCE INDEX (tenant) ON o.import_id = r.import_id AND o.tenant_id = t.id
WHERE r.import_id = ? AND (r.tenant_id IS NULL OR r.tenant_id <> t.id) AND o.line IS NULL;

-- name: import_check_tier
-- exempt: the import's own table
SELECT r.line, r.tier_column, r.public_id, ELT(r.level, 'Distributor', 'Reseller', 'Customer') FROM import_row r
WHERE r.import_id = ? AND r.known = 1 AND r.tier <> 0 AND r.tier <> r.level;

-- name: import_check_distributor
-- exempt: the import's own table
SELECT line, tier_column FROM import_row WHERE import_id = ? AND known = 0 AND level = 1;

-- The line of --into itself stays where it is.
-- name: import_check_into
-- exempt: the import's own table
SELECT line, parent_column FROM import_row
WHERE import_id = ? AND public_id = ? AND parent_public_id NOT IN ('', ?);

-- Below a reseller there are end customers alone.
-- name: import_check_below
-- exempt: the import's own table
SELECT line, tier_column FROM import_row WHERE import_id = ? AND level = 2 AND public_id <> ? AND ? = 2;

-- name: import_check_no_parent
-- exempt: the import's own table
SELECT line, parent_column FROM import_row
WHERE import_id = ? AND level = 3 AND parent_public_id = '' AND ? = 1;

-- name: import_check_reseller_parent
-- exempt: the import's own table
SELECT line, parent_column, parent_public_id FROM import_row
WHERE import_id = ? AND level = 2 AND public_id <> ? AND parent_public_id NOT IN ('', ?) AND ? = 1;

-- name: import_check_parent
SELECT r.line, r.parent_column, r.parent_public_id FROM import_row r
  LEFT JOIN import_row p FORCE INDEX (public_id) ON p.import_id = r.import_id AND p.public_id = r.parent_public_id
  LEFT JOIN tenant t FORCE INDEX (public_id) ON t.public_id = r.parent_public_id AND SCOPE(t) AND t.deleted_at IS NULL
WHERE r.import_id = ? AND r.level = 3 AND r.parent_public_id <> '' AND p.line IS NULL AND t.id IS NULL;

-- name: import_check_parent_tier
SELECT DISTINCT r.line, r.parent_column, r.parent_public_id FROM import_row r
  LEFT JOIN import_row p FORCE INDEX (public_id) ON p.import_id = r.import_id AND p.public_id = r.parent_public_id
  LEFT JOIN tenant t FORCE INDEX (public_id) ON t.public_id = r.parent_public_id AND SCOPE(t) AND t.deleted_at IS NULL
WHERE r.import_id = ? AND r.level = 3 AND r.parent_public_id <> '' AND COALESCE(p.level, t.tier, 2) <> 2;

-- Applying.

-- Which known tenants change. Compared byte by byte: a changed accent is a change.
-- name: import_find_changed
UPDATE import_row r STRAIGHT_JOIN tenant t FORCE INDEX (PRIMARY) ON t.id = r.tenant_id
  LEFT JOIN tenant p FORCE INDEX (public_id) ON p.public_id = r.parent_public_id AND SCOPE(p)
SET r.changed = 1
WHERE r.import_id = ? AND SCOPE(t) AND r.known = 1
  AND (CAST(r.name AS BINARY) <> CAST(t.name AS BINARY) OR r.domain <> t.domain
    OR (r.level = 3 AND NOT (p.id <=> t.parent_id) AND r.parent_public_id <> ''));

-- name: import_counts
-- exempt: the import's own table
SELECT SUM(known = 0), SUM(changed) FROM import_row WHERE import_id = ?;

-- Domains that change make room first, so that two tenants can swap theirs.
-- name: import_free_domains
UPDATE import_row r STRAIGHT_JOIN tenant t FORCE INDEX (PRIMARY) ON t.id = r.tenant_id
SET t.domain = CONCAT(LOWER(t.public_id), '.import.invalid')
WHERE r.import_id = ? AND SCOPE(t) AND r.changed = 1 AND r.domain <> t.domain;

-- name: import_make
-- exempt: an insert of what was checked, below --into
INSERT INTO tenant (public_id, tree_pos, tier, parent_id, distributor_id, name, domain, created_at)
SELECT r.public_id, ? + r.line, r.level, COALESCE(p.id, ?), ?, r.name, r.domain, ?
FROM import_row r LEFT JOIN tenant p FORCE INDEX (public_id) ON p.public_id = r.parent_public_id
WHERE r.import_id = ? AND r.known = 0 AND r.level = ?
ORDER BY r.line;

-- name: import_link
-- exempt: the tenants that were made just now
UPDATE import_row r STRAIGHT_JOIN tenant t FORCE INDEX (public_id) ON t.public_id = r.public_id
SET r.tenant_id = t.id
WHERE r.import_id = ? AND r.known = 0;

-- Who moves to another parent.
-- name: import_moved
SELECT t.id FROM import_row r STRAIGHT_JOIN tenant t FORCE INDEX (PRIMARY) ON t.id = r.tenant_id
  LEFT JOIN tenant p FORCE INDEX (public_id) ON p.public_id = r.parent_public_id AND SCOPE(p)
WHERE r.import_id = ? AND SCOPE(t) AND r.changed = 1 AND r.level = 3 AND r.parent_public_id <> '' AND NOT (p.id <=> t.parent_id);

-- What changed, as the audit log keeps it; before the change.
-- name: import_events_changed
INSERT INTO audit_event (at, tenant_id, action, actor_name, actor_tenant_name, detail)
SELECT ?, t.id, 'tenant.import', ?, '', JSON_OBJECT('name', JSON_OBJECT('from', t.name, 'to', r.name),
  'domain', JSON_OBJECT('from', t.domain, 'to', r.domain))
FROM import_row r STRAIGHT_JOIN tenant t FORCE INDEX (PRIMARY) ON t.id = r.tenant_id
WHERE r.import_id = ? AND SCOPE(t) AND r.changed = 1;

-- Parents that the file has made have no place in the tree yet.
-- name: import_change
UPDATE import_row r STRAIGHT_JOIN tenant t FORCE INDEX (PRIMARY) ON t.id = r.tenant_id
  LEFT JOIN tenant p FORCE INDEX (public_id) ON p.public_id = r.parent_public_id AND (SCOPE(p) OR p.tree_pos >= ?)
SET t.name = r.name, t.domain = r.domain, t.parent_id = IF(r.level = 3, COALESCE(p.id, t.parent_id), t.parent_id),
  t.version = t.version + 1
WHERE r.import_id = ? AND SCOPE(t) AND r.changed = 1;

-- name: import_events_made
-- exempt: the tenants that were made just now
INSERT INTO audit_event (at, tenant_id, action, actor_name, actor_tenant_name, detail)
SELECT ?, r.tenant_id, 'tenant.import', ?, '', '{}' FROM import_row r
WHERE r.import_id = ? AND r.known = 0 ORDER BY r.line;

-- A few lines into a large tree: one tenant after the other.

-- name: import_tree_size
-- exempt: the counter of the tree that --into is in
SELECT total FROM tenant_total WHERE tenant_id = ?;

-- name: import_new_rows
-- exempt: what was checked, below --into
SELECT r.public_id, r.name, r.domain, COALESCE(p.id, ?)
FROM import_row r LEFT JOIN tenant p FORCE INDEX (public_id) ON p.public_id = r.parent_public_id
WHERE r.import_id = ? AND r.known = 0 AND r.level = ? ORDER BY r.line;

-- name: import_changed_rows
SELECT r.tenant_id, r.name, r.domain, IF(r.level = 3, COALESCE(p.id, t.parent_id), t.parent_id)
FROM import_row r STRAIGHT_JOIN tenant t FORCE INDEX (PRIMARY) ON t.id = r.tenant_id
  LEFT JOIN tenant p FORCE INDEX (public_id) ON p.public_id = r.parent_public_id AND SCOPE(p)
WHERE r.import_id = ? AND SCOPE(t) AND r.changed = 1 ORDER BY r.line;

-- name: import_change_one
UPDATE tenant t SET t.name = ?, t.domain = ?, t.parent_id = ?, t.version = t.version + 1
WHERE SCOPE(t) AND t.id = ?;
