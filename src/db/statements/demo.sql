-- Demo data: written, moved to another day, thrown away. Only command/demo*.c uses these.

-- name: demo_state_get
-- exempt: about the database as a whole, no tenant's data
SELECT size, day FROM demo_state WHERE id = 1;

-- name: demo_state_set
-- exempt: about the database as a whole, no tenant's data
REPLACE INTO demo_state (id, size, day) VALUES (1, ?, ?);

-- name: demo_state_day
-- exempt: about the database as a whole, no tenant's data
UPDATE demo_state SET day = ? WHERE id = 1;

-- name: demo_any_tenant
-- exempt: the operator's look at the whole database: is it empty?
SELECT 1 FROM tenant LIMIT 1;

-- name: demo_tenant
-- exempt: an insert; the operator's, into an empty database
INSERT INTO tenant (id, public_id, tree_pos, tier, parent_id, distributor_id, name, domain, time_zone, created_at,
  onboarded_at, suspended_at, deleted_at, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: demo_user
-- exempt: an insert; the operator's, into an empty database
INSERT INTO user_account (id, public_id, tenant_id, email, first_name, last_name, job_function, role, child_role,
  password_hash, invited_at, invited_by_tenant_id, invitation_hash, invitation_expires_at, invitation_cancelled_at,
  activated_at, disabled_at, deleted_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: demo_contract
-- exempt: an insert; the operator's, into an empty database
INSERT INTO contract (id, public_id, tenant_id, made_by_tenant_id, stored_status, version, name, start_date, end_date,
  supersedes_id, cancel_reason, created_at, visible_from)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: demo_contract_version
-- exempt: an insert; the operator's, into an empty database
INSERT INTO contract_version (contract_id, version, saved_at, saved_by_user_id, saved_by_name, saved_by_tenant_id, name,
  start_date, end_date, renewal, entitlement, invoice_prefix, accounts, billing_name, billing_address, billing_city,
  billing_zip, billing_state, billing_country, invoice_email, change_email, notes)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: demo_source
-- exempt: an insert; the operator's, into an empty database
INSERT INTO billing_source (id, public_id, tenant_id, distributor_id, account, report, location, connected_at,
  disconnected_at, live, state, state_since, stale_at, last_message)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: demo_run
-- exempt: an insert; the operator's, into an empty database
INSERT INTO source_run (source_id, started_at, finished_at, status, row_count, period, message)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: demo_event
-- exempt: an insert; the operator's, into an empty database
INSERT INTO audit_event (at, tenant_id, action, actor_user_id, actor_name, actor_tenant_id, actor_tenant_name,
  acting_tenant_name, detail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- Moving: each takes the number of days.

-- name: demo_move_tenant
-- exempt: the operator's, on the whole database
UPDATE tenant SET created_at = created_at + INTERVAL ? DAY, onboarded_at = onboarded_at + INTERVAL ? DAY,
  suspended_at = suspended_at + INTERVAL ? DAY, deleted_at = deleted_at + INTERVAL ? DAY;

-- name: demo_move_user
-- exempt: the operator's, on the whole database
UPDATE user_account SET invited_at = invited_at + INTERVAL ? DAY,
  invitation_expires_at = invitation_expires_at + INTERVAL ? DAY,
  invitation_cancelled_at = invitation_cancelled_at + INTERVAL ? DAY,
  activated_at = activated_at + INTERVAL ? DAY, disabled_at = disabled_at + INTERVAL ? DAY,
  deleted_at = deleted_at + INTERVAL ? DAY;

-- name: demo_move_contract
-- exempt: the operator's, on the whole database
UPDATE contract SET start_date = start_date + INTERVAL ? DAY, end_date = end_date + INTERVAL ? DAY,
  created_at = created_at + INTERVAL ? DAY;

-- name: demo_move_contract_version
-- exempt: the operator's, on the whole database
UPDATE contract_version SET start_date = start_date + INTERVAL ? DAY, end_date = end_date + INTERVAL ? DAY,
  saved_at = saved_at + INTERVAL ? DAY;

-- name: demo_move_source
-- exempt: the operator's, on the whole database
UPDATE billing_source SET connected_at = connected_at + INTERVAL ? DAY,
  disconnected_at = disconnected_at + INTERVAL ? DAY, state_since = state_since + INTERVAL ? DAY,
  stale_at = stale_at + INTERVAL ? DAY;

-- Later runs first, so that none moves onto one that has yet to move.
-- name: demo_move_run
-- exempt: the operator's, on the whole database
UPDATE source_run SET period = DATE_FORMAT(started_at + INTERVAL ? DAY, '%Y-%m'),
  finished_at = finished_at + INTERVAL ? DAY, started_at = started_at + INTERVAL ? DAY
ORDER BY source_id DESC, started_at DESC;

-- name: demo_move_event
-- exempt: the operator's, on the whole database
UPDATE audit_event SET at = at + INTERVAL ? DAY;

-- name: demo_move_list
-- exempt: the operator's, on the whole database
UPDATE tenant_list SET created_at = created_at + INTERVAL ? DAY, next_change = next_change + INTERVAL ? DAY;

-- name: demo_move_contract_list
-- exempt: the operator's, on the whole database
UPDATE contract_list SET start_date = start_date + INTERVAL ? DAY, end_date = end_date + INTERVAL ? DAY,
  next_change = next_change + INTERVAL ? DAY;

-- What has become stale since, although its latest finished run was a success that is fresh again now.
-- name: demo_move_fresh
-- exempt: the operator's, on the whole database
UPDATE billing_source s JOIN (
    SELECT r.source_id, MAX(r.finished_at) AS finished_at FROM source_run r
    WHERE r.finished_at IS NOT NULL GROUP BY r.source_id) l ON l.source_id = s.id
  JOIN source_run r ON r.source_id = l.source_id AND r.finished_at = l.finished_at AND r.status = 'success'
SET s.state = 3, s.stale_at = l.finished_at + INTERVAL 48 HOUR
WHERE s.live = 1 AND s.state = 2 AND l.finished_at > ?;

-- Contracts that may have begun or ended between the two days: the list recounts their tenants.
-- name: demo_move_due
-- exempt: the operator's, on the whole database
UPDATE tenant_list l JOIN contract c ON c.tenant_id = l.tenant_id
SET l.next_change = '1970-01-01'
WHERE c.stored_status IN ('ready', 'superseded') AND (c.start_date BETWEEN ? AND ? OR c.end_date BETWEEN ? AND ?);

-- The same for the list of contracts, where coming nearer to the end (90, 60, 30 days) counts too.
-- name: demo_move_contracts_due
-- exempt: the operator's, on the whole database
UPDATE contract_list SET next_change = '1970-01-01'
WHERE stored IN ('ready', 'superseded') AND (start_date BETWEEN ? AND ? OR end_date BETWEEN ? AND ?
  OR end_date BETWEEN ? + INTERVAL 30 DAY AND ? + INTERVAL 30 DAY
  OR end_date BETWEEN ? + INTERVAL 60 DAY AND ? + INTERVAL 60 DAY
  OR end_date BETWEEN ? + INTERVAL 90 DAY AND ? + INTERVAL 90 DAY);

-- name: demo_move_contract_zones
-- exempt: the operator's, on the whole database
UPDATE tenant d STRAIGHT_JOIN contract_list k ON k.tree_pos >= d.tree_pos AND k.tree_pos < d.tree_pos + (1 << 50)
SET k.next_change = '1970-01-01'
WHERE d.tier = 1 AND d.time_zone <> 'UTC' AND k.next_change IS NOT NULL;

-- In a zone with summer time the same hour is another instant some days later.
-- name: demo_move_zones
-- exempt: the operator's, on the whole database
UPDATE tenant d STRAIGHT_JOIN tenant t ON t.distributor_id = d.id STRAIGHT_JOIN tenant_list l ON l.tenant_id = t.id
SET l.next_change = '1970-01-01'
WHERE d.tier = 1 AND d.time_zone <> 'UTC' AND l.next_change IS NOT NULL;

-- name: demo_distributors
-- exempt: the operator's, on the whole database
SELECT id, tree_pos FROM tenant WHERE tier = 1 ORDER BY tree_pos;

-- name: demo_wipe_tenant
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE tenant;
-- name: demo_wipe_user
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE user_account;
-- name: demo_wipe_contract
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE contract;
-- name: demo_wipe_contract_version
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE contract_version;
-- name: demo_wipe_source
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE billing_source;
-- name: demo_wipe_run
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE source_run;
-- name: demo_wipe_event
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE audit_event;
-- name: demo_wipe_list
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE tenant_list;
-- name: demo_wipe_total
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE tenant_total;
-- name: demo_wipe_gram
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE tenant_gram;
-- name: demo_wipe_contract_list
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE contract_list;
-- name: demo_wipe_contract_gram
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE contract_gram;
-- name: demo_wipe_day
-- exempt: the operator's: a demo that was not finished
TRUNCATE TABLE source_day;

-- name: demo_analyze
-- exempt: the operator's, on the whole database
ANALYZE TABLE tenant, tenant_list, tenant_total, tenant_gram, contract_list, contract_gram, user_account, contract, contract_version,
  billing_source, source_run, source_day, audit_event;
