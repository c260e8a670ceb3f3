-- Billing sources: connecting, changing, what a reported run changes (db/source_run.c), runs by day (db/source_day.c).

-- The columns up to the last run are those of enum source_column (app/source.h); so are those of the two that follow.
-- name: customer_sources
SELECT s.id, s.public_id, t.public_id, s.account, s.report, s.location, s.state, s.state_since, s.connected_at,
  s.last_message, s.version, r.started_at, r.finished_at, r.status, r.row_count, r.period, r.message
FROM billing_source s
JOIN tenant_list t ON t.tenant_id = s.tenant_id
LEFT JOIN source_run r ON r.source_id = s.id
  AND r.started_at = (SELECT MAX(m.started_at) FROM source_run m WHERE m.source_id = s.id)
WHERE SCOPE(t) AND s.tenant_id = ? AND s.live = 1
ORDER BY s.account LIMIT 1000;

-- name: source_find
-- One connected source of a tenant, by its public ID.
SELECT s.id, s.public_id, t.public_id, s.account, s.report, s.location, s.state, s.state_since, s.connected_at,
  s.last_message, s.version, r.started_at, r.finished_at, r.status, r.row_count, r.period, r.message
FROM billing_source s
JOIN tenant_list t ON t.tenant_id = s.tenant_id
LEFT JOIN source_run r ON r.source_id = s.id
  AND r.started_at = (SELECT MAX(m.started_at) FROM source_run m WHERE m.source_id = s.id)
WHERE SCOPE(t) AND s.tenant_id = ? AND s.public_id = ? AND s.live = 1;

-- name: source_list
-- A page of all connected sources of the scope, in tree order: those behind a place (label and key of a source).
SELECT s.id, s.public_id, t.public_id, s.account, s.report, s.location, s.state, s.state_since, s.connected_at,
  s.last_message, s.version, r.started_at, r.finished_at, r.status, r.row_count, r.period, r.message, t.tree_pos
FROM tenant_list t FORCE INDEX (PRIMARY)
STRAIGHT_JOIN billing_source s ON s.tenant_id = t.tenant_id AND s.live = 1
LEFT JOIN source_run r ON r.source_id = s.id
  AND r.started_at = (SELECT MAX(m.started_at) FROM source_run m WHERE m.source_id = s.id)
WHERE SCOPE(t) AND t.tree_pos >= ? AND (t.tree_pos > ? OR s.id > ?)
ORDER BY t.tree_pos, s.id LIMIT ?;

-- name: source_runs
-- The newest runs of a source.
SELECT r.started_at, r.finished_at, r.status, r.row_count, r.period, r.message
FROM source_run r
JOIN billing_source s ON s.id = r.source_id
JOIN tenant_list t ON t.tenant_id = s.tenant_id
WHERE SCOPE(t) AND r.source_id = ?
ORDER BY r.started_at DESC LIMIT 30;

-- name: source_lock
-- Whoever changes the sources of a tenant waits here for whoever is at it.
SELECT t.id FROM tenant t WHERE SCOPE(t) AND t.id = ? AND t.deleted_at IS NULL FOR UPDATE;

-- name: source_account_inside
-- Who in the scope has an account connected, deleted ones too.
SELECT t.name, t.deleted_at IS NOT NULL
FROM tenant a
JOIN billing_source s ON s.distributor_id = COALESCE(a.distributor_id, a.id) AND s.account = ? AND s.live = 1
JOIN tenant t ON t.id = s.tenant_id
WHERE SCOPE(a) AND a.id = ? AND SCOPE(t) AND s.id <> ?;

-- name: source_account_anywhere
-- exempt: tells alone that an account is taken within the distributor of the acting tenant
SELECT 1 FROM tenant a
JOIN billing_source s ON s.distributor_id = COALESCE(a.distributor_id, a.id) AND s.account = ? AND s.live = 1
WHERE a.id = ? AND s.id <> ?;

-- name: source_insert
INSERT INTO billing_source (public_id, tenant_id, distributor_id, account, report, location, connected_at, state_since)
SELECT ?, t.id, COALESCE(t.distributor_id, t.id), ?, ?, ?, ?, ? FROM tenant t
WHERE SCOPE(t) AND t.id = ? AND t.deleted_at IS NULL;

-- name: source_update
UPDATE billing_source s JOIN tenant t ON t.id = s.tenant_id
SET s.account = ?, s.report = ?, s.location = ?, s.version = s.version + 1
WHERE SCOPE(t) AND s.id = ? AND s.version = ? AND s.live = 1;

-- name: source_disconnect
UPDATE billing_source s JOIN tenant t ON t.id = s.tenant_id
SET s.live = NULL, s.disconnected_at = ?, s.stale_at = NULL, s.version = s.version + 1
WHERE SCOPE(t) AND s.id = ? AND s.live = 1;

-- A reported run. The order of locks: tenant, rows of the list in tree order, counters by day.

-- The tenant of a connected source, held alone: its place and its sources stay what they are.
-- name: source_run_tenant
SELECT t.id, t.tree_pos, t.parent_id, COALESCE(t.distributor_id, t.id), t.tier = 3 AND t.onboarded_at IS NULL FROM tenant t
WHERE SCOPE(t) AND t.id = (SELECT s.tenant_id FROM tenant a
    JOIN billing_source s ON s.distributor_id = COALESCE(a.distributor_id, a.id) AND s.account = ? AND s.live = 1
    WHERE SCOPE(a) AND a.id = ?)
  AND t.deleted_at IS NULL FOR UPDATE;

-- A source of a tenant that is held, and the run that began at an instant if it is known.
-- name: source_run_source
-- exempt: a source of a tenant that was found in the scope
SELECT s.id, s.state, s.state_since, s.stale_at, s.connected_at, s.last_message,
  r.source_id IS NOT NULL, r.finished_at, r.status, r.row_count
FROM billing_source s
LEFT JOIN source_run r ON r.source_id = s.id AND r.started_at = ?
WHERE s.distributor_id = ? AND s.account = ? AND s.live = 1 AND s.tenant_id = ?;

-- name: source_run_insert
-- exempt: a source that was found in the scope, by its key
INSERT INTO source_run (source_id, started_at, finished_at, status, row_count, period, message)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: source_run_update
-- exempt: a source that was found in the scope, by its key
UPDATE source_run SET finished_at = ?, status = ?, row_count = ?, period = ?, message = ?
WHERE source_id = ? AND started_at = ?;

-- Of the finished runs of each status the latest: three looks into the key.
-- name: source_run_latest
-- exempt: a source that was found in the scope, by its key
SELECT l.status, l.finished_at, l.message FROM (
  (SELECT r.status, r.finished_at, r.started_at, r.message FROM source_run r FORCE INDEX (latest)
   WHERE r.source_id = ? AND r.status = 'success' AND r.finished_at IS NOT NULL
   ORDER BY r.finished_at DESC, r.started_at DESC LIMIT 1)
  UNION ALL
  (SELECT r.status, r.finished_at, r.started_at, r.message FROM source_run r FORCE INDEX (latest)
   WHERE r.source_id = ? AND r.status = 'warning' AND r.finished_at IS NOT NULL
   ORDER BY r.finished_at DESC, r.started_at DESC LIMIT 1)
  UNION ALL
  (SELECT r.status, r.finished_at, r.started_at, r.message FROM source_run r FORCE INDEX (latest)
   WHERE r.source_id = ? AND r.status = 'failed' AND r.finished_at IS NOT NULL
   ORDER BY r.finished_at DESC, r.started_at DESC LIMIT 1)
) l ORDER BY l.finished_at DESC, l.started_at DESC;

-- The beginning of the unbroken row of runs with one status: behind the last one of another status, and behind the last pause of
-- more than 48 hours when that would have made a warning of it (the second status).
-- name: source_run_since
-- exempt: a source that was found in the scope, by its key
SELECT MAX(x.finished_at) FROM (
  SELECT r.finished_at, LAG(r.finished_at) OVER (ORDER BY r.finished_at, r.started_at) AS earlier
  FROM source_run r FORCE INDEX (latest)
  WHERE r.source_id = ? AND r.status = ? AND r.finished_at > ?
) x WHERE x.earlier IS NULL OR (x.finished_at > x.earlier + INTERVAL 48 HOUR AND 'success' = ?);

-- Has the tenant a successful run besides this one?
-- name: source_run_others
-- exempt: a tenant whose source was found in the scope, by its key
SELECT EXISTS (SELECT 1 FROM billing_source s
  JOIN source_run r FORCE INDEX (latest) ON r.source_id = s.id AND r.status = 'success' AND r.finished_at IS NOT NULL
  WHERE s.tenant_id = ? AND NOT (s.id = ? AND r.started_at = ?));

-- name: source_run_state
-- exempt: a source that was found in the scope, by its key
UPDATE billing_source SET state = ?, state_since = ?, stale_at = ?, last_message = ? WHERE id = ?;

-- name: source_run_mend
-- exempt: the doctor's, on the whole installation
SELECT s.connected_at FROM billing_source s WHERE s.id = ? AND s.live = 1 FOR UPDATE;

-- Runs by day (db/source_day.c).

-- Each connection has slots of its own, so that writers of one tree seldom wait for each other.
-- name: source_day_add
-- exempt: counters of tenants above a source, by their keys
UPDATE source_day SET failed = failed + ?, warning = warning + ?, success = success + ?, running = running + ?,
  row_count = row_count + ?
WHERE tenant_id IN (?) AND day = ? AND slot = CONNECTION_ID() % 16;

-- name: source_day_new
-- exempt: counters of tenants above a source, by their keys
INSERT INTO source_day (failed, warning, success, running, row_count, tenant_id, day, slot)
SELECT ?, ?, ?, ?, ?, t.id, n.day, n.slot
FROM tenant t JOIN (SELECT ? AS day, CONNECTION_ID() % 16 AS slot) n
LEFT JOIN source_day d ON d.tenant_id = t.id AND d.day = n.day AND d.slot = n.slot
WHERE t.id IN (?) AND d.tenant_id IS NULL;

-- name: source_day_insert
-- exempt: the counters of one tenant, by its key
INSERT INTO source_day (tenant_id, day, slot, failed, warning, success, running, row_count) VALUES (?, ?, 0, ?, ?, ?, ?, ?);

-- name: source_day_tenants
-- exempt: the tenants at labels above a customer
SELECT t.id, t.tree_pos, COALESCE(t.time_zone, 'UTC') FROM tenant t WHERE t.tree_pos IN (?) AND t.deleted_at IS NULL ORDER BY t.id;

-- The runs of an interval of labels from an instant on, in tree order.
-- name: source_day_runs
-- exempt: an interval of labels that the caller chooses, for the counters alone
SELECT t.tree_pos, r.started_at, r.finished_at, r.status, r.row_count
FROM tenant t FORCE INDEX (tree_pos)
STRAIGHT_JOIN billing_source s FORCE INDEX (tenant) ON s.tenant_id = t.id
STRAIGHT_JOIN source_run r FORCE INDEX (PRIMARY) ON r.source_id = s.id AND r.started_at >= ?
WHERE t.tree_pos >= ? AND t.tree_pos < ? AND t.deleted_at IS NULL
ORDER BY t.tree_pos;

-- name: source_day_places
-- exempt: an interval of labels that the caller chooses, for the counters alone
SELECT t.tree_pos, t.id FROM tenant t FORCE INDEX (tree_pos)
WHERE t.tree_pos >= ? AND t.tree_pos < ? ORDER BY t.tree_pos LIMIT ?;

-- The runs of one tenant from an instant on.
-- name: source_day_own
-- exempt: the runs of one tenant, which the caller has found in the scope, by its key
SELECT r.started_at, r.finished_at, r.status, r.row_count FROM billing_source s
JOIN source_run r ON r.source_id = s.id AND r.started_at >= ?
WHERE s.tenant_id = ?;

-- name: source_day_clear
-- exempt: the counters of one tenant, by its key
DELETE FROM source_day WHERE tenant_id = ?;

-- name: source_day_stored
-- exempt: the counters of one tenant, by its key
SELECT d.day, SUM(d.failed), SUM(d.warning), SUM(d.success), SUM(d.running), SUM(d.row_count) FROM source_day d
WHERE d.tenant_id = ? AND d.day >= ? GROUP BY d.day;

-- name: source_day_below
SELECT d.day, SUM(d.failed), SUM(d.warning), SUM(d.success), SUM(d.running), SUM(d.row_count) FROM source_day d
JOIN tenant t ON t.id = d.tenant_id
WHERE SCOPE(t) AND d.tenant_id = ? AND d.day >= ? GROUP BY d.day;

-- name: source_day_of_customer
SELECT r.started_at, r.finished_at, r.status, r.row_count FROM tenant t
JOIN billing_source s ON s.tenant_id = t.id
JOIN source_run r ON r.source_id = s.id AND r.started_at >= ?
WHERE SCOPE(t) AND t.id = ?;

-- name: source_day_missing
-- exempt: the operator's, when the schema is brought up: all trees
SELECT EXISTS (SELECT 1 FROM list_fill WHERE name = 'source_day')
  OR (NOT EXISTS (SELECT 1 FROM source_day) AND EXISTS (SELECT 1 FROM source_run r JOIN billing_source s ON s.id = r.source_id));

-- name: source_day_expire
-- exempt: housekeeping over all
DELETE FROM source_day WHERE day < ? ORDER BY day LIMIT 1000;

-- Who follows time (db/lease.c).

-- name: lease_take
-- exempt: the housekeepers', about no tenant
UPDATE lease SET holder = ?, until = ? WHERE name = ? AND (holder = ? OR until < ? OR until > ?);

-- name: lease_read
-- exempt: the housekeepers', about no tenant
SELECT holder FROM lease WHERE name = ?;

-- name: lease_new
-- exempt: the housekeepers', about no tenant
INSERT INTO lease (holder, until, name) VALUES (?, ?, ?);

-- name: source_place
-- Where a source stands in source_list, connected still or not.
SELECT t.tree_pos, s.id FROM billing_source s JOIN tenant_list t ON t.tenant_id = s.tenant_id WHERE SCOPE(t) AND s.public_id = ?;

-- name: source_known
SELECT 1 FROM billing_source s JOIN tenant_list t ON t.tenant_id = s.tenant_id WHERE SCOPE(t) AND s.account = ? AND s.live = 1 LIMIT 1;
