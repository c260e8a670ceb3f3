-- The operator's commands: distributor, user, doctor, export, and the numbering of the tree.

-- name: operator_tenant
-- exempt: the operator names the tenant that the command is about; the scope is made of it
SELECT t.id, t.public_id, t.tree_pos, t.name, d.time_zone
FROM tenant t JOIN tenant d ON d.id = t.distributor_id
WHERE t.public_id = ? AND t.deleted_at IS NULL;

-- name: operator_event
-- exempt: an insert; the operator's, about a tenant that the command has found
INSERT INTO audit_event (at, tenant_id, action, actor_name, actor_tenant_name, detail) VALUES (?, ?, ?, ?, '', ?);

-- name: operator_distributors
-- exempt: the operator's, on the whole installation
SELECT public_id, tree_pos FROM tenant WHERE tier = 1 AND deleted_at IS NULL ORDER BY tree_pos;

-- name: distributor_last
-- exempt: the operator's: which number is free
SELECT MAX(tree_pos) FROM tenant WHERE tree_pos < ? FOR UPDATE;

-- name: distributor_domain_taken
-- exempt: the operator's: is there such a distributor already?
SELECT 1 FROM tenant WHERE tier = 1 AND domain = ?;

-- name: distributor_insert
-- exempt: an insert; the operator's
INSERT INTO tenant (public_id, tree_pos, tier, name, domain, time_zone, created_at) VALUES (?, ?, 1, ?, ?, ?, ?);

-- name: distributor_own
-- exempt: the row that was inserted just now
UPDATE tenant SET distributor_id = id WHERE id = ?;

-- name: operator_id_taken
-- exempt: the operator's: public IDs are unique in the installation
SELECT 1 FROM tenant WHERE public_id = ?;

-- name: operator_user
-- exempt: the operator's: e-mails are unique in the installation
SELECT u.id, u.tenant_id, u.first_name, u.last_name, t.tree_pos, u.disabled_at, u.deleted_at, u.activated_at
FROM user_account u JOIN tenant t ON t.id = u.tenant_id
WHERE u.email = ?;

-- name: operator_user_insert
-- exempt: an insert; the operator's, into a tenant that the command has found
INSERT INTO user_account (public_id, tenant_id, email, first_name, last_name, job_function, role, child_role,
  password_hash, invited_at, activated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: operator_user_password
-- exempt: the operator's, one user
UPDATE user_account SET password_hash = ?, invitation_hash = NULL, invitation_expires_at = NULL,
  invitation_cancelled_at = NULL, activated_at = COALESCE(activated_at, ?), disabled_at = NULL, version = version + 1
WHERE id = ? AND deleted_at IS NULL;

-- name: operator_user_disable
-- exempt: the operator's, one user
UPDATE user_account SET disabled_at = ?, version = version + 1 WHERE id = ? AND disabled_at IS NULL;

-- name: operator_sessions_end
-- exempt: the operator's, one user's sessions
DELETE FROM session WHERE user_id = ?;

-- Numbering. A label has a part for the reseller (times 2^25) and one for the customer; the gap is the same everywhere.

-- name: tree_park_resellers
-- exempt: the operator's import and demo; the whole tree of a distributor
UPDATE tenant t JOIN (
    SELECT id, (33554431 DIV (COUNT(*) OVER () + 1)) * ROW_NUMBER() OVER (ORDER BY name, public_id) AS part
    FROM tenant WHERE parent_id = ?) p ON p.id = t.id
SET t.tree_pos = ? + p.part * 33554432;

-- name: tree_park_customers
-- exempt: the operator's import and demo; the whole tree of a distributor
UPDATE tenant t JOIN (
    SELECT c.id, r.tree_pos + (33554431 DIV (COUNT(*) OVER (PARTITION BY c.parent_id) + 1))
      * ROW_NUMBER() OVER (PARTITION BY c.parent_id ORDER BY c.name, c.public_id) AS tree_pos
    FROM tenant r JOIN tenant c ON c.parent_id = r.id WHERE r.parent_id = ?) p ON p.id = t.id
SET t.tree_pos = p.tree_pos;

-- name: tree_park_customers_of
-- exempt: the operator's import; all customers of a reseller
UPDATE tenant t JOIN (
    SELECT id, (33554431 DIV (COUNT(*) OVER () + 1)) * ROW_NUMBER() OVER (ORDER BY name, public_id) AS part
    FROM tenant WHERE parent_id = ?) p ON p.id = t.id
SET t.tree_pos = ? + p.part;

-- name: tree_unpark
-- exempt: what the statements above have parked
UPDATE tenant SET tree_pos = tree_pos - ? + ? WHERE tree_pos >= ?;

-- Doctor: each gives a public ID and a name (or a number) of what is wrong.

-- name: doctor_orphans
-- exempt: the operator's, on the whole installation
SELECT t.public_id, t.name FROM tenant t LEFT JOIN tenant p ON p.id = t.parent_id
WHERE (t.tier = 1) <> (t.parent_id IS NULL) OR (t.parent_id IS NOT NULL AND p.id IS NULL) OR p.tier <> t.tier - 1;

-- name: doctor_tree_of
-- exempt: the operator's, on the whole installation
SELECT t.public_id, t.name FROM tenant t LEFT JOIN tenant d ON d.id = t.distributor_id
WHERE d.id IS NULL OR d.tier <> 1 OR (t.tree_pos DIV 1125899906842624) <> (d.tree_pos DIV 1125899906842624);

-- name: doctor_interval
-- exempt: the operator's, on the whole installation
SELECT t.public_id, t.name FROM tenant t JOIN tenant p ON p.id = t.parent_id
WHERE t.tree_pos <= p.tree_pos OR t.tree_pos >= p.tree_pos + IF(p.tier = 1, 1125899906842624, 33554432)
  OR (t.tier = 2 AND t.tree_pos MOD 33554432 <> 0) OR (t.tier = 3 AND t.tree_pos MOD 33554432 = 0);

-- name: doctor_order
-- exempt: the operator's, on the whole installation
SELECT o.public_id, o.name FROM (
  SELECT public_id, name, LAG(name) OVER (PARTITION BY parent_id ORDER BY tree_pos) AS before_it
  FROM tenant WHERE tier > 1 AND deleted_at IS NULL) o
WHERE o.before_it > o.name;

-- name: doctor_users
-- exempt: the operator's, on the whole installation
SELECT u.public_id, u.email FROM user_account u LEFT JOIN tenant t ON t.id = u.tenant_id WHERE t.id IS NULL;

-- name: doctor_contracts
-- exempt: the operator's, on the whole installation
SELECT c.public_id, c.name FROM contract c LEFT JOIN tenant t ON t.id = c.tenant_id
  LEFT JOIN contract_version v ON v.contract_id = c.id AND v.version = c.version
WHERE t.id IS NULL OR v.version IS NULL;

-- Sources in another state than their latest finished run gives them (product.md "Source data"). A success that has become too old
-- meanwhile may still stand: that is the housekeeper's to follow.
-- name: doctor_source_states
-- exempt: the operator's, on the whole installation
SELECT s.public_id, s.account, s.id
FROM billing_source s
LEFT JOIN source_run r ON r.source_id = s.id AND r.started_at = (SELECT m.started_at FROM source_run m
  WHERE m.source_id = s.id AND m.finished_at IS NOT NULL ORDER BY m.finished_at DESC, m.started_at DESC LIMIT 1)
WHERE s.live = 1 AND NOT (s.last_message = COALESCE(r.message, '') AND CASE
  WHEN r.source_id IS NULL THEN s.state = 4 AND s.stale_at IS NULL
  WHEN r.status = 'failed' THEN s.state = 1 AND s.stale_at IS NULL
  WHEN r.status = 'warning' THEN s.state = 2 AND s.stale_at IS NULL
  WHEN s.state = 3 THEN s.stale_at <=> r.finished_at + INTERVAL 48 HOUR
  ELSE s.state = 2 AND s.stale_at IS NULL AND s.state_since = r.finished_at + INTERVAL 48 HOUR END);

-- name: doctor_sources
-- exempt: the operator's, on the whole installation
SELECT s.public_id, s.account FROM billing_source s LEFT JOIN tenant t ON t.id = s.tenant_id
WHERE t.id IS NULL OR s.distributor_id <> t.distributor_id;

-- name: doctor_makers
-- exempt: the operator's, on the whole installation
SELECT c.public_id, c.name FROM contract c LEFT JOIN tenant t ON t.id = c.made_by_tenant_id WHERE t.id IS NULL;

-- name: doctor_versions
-- exempt: the operator's, on the whole installation
SELECT v.contract_id, MAX(v.name) FROM contract_version v LEFT JOIN contract c ON c.id = v.contract_id
WHERE c.id IS NULL GROUP BY v.contract_id;

-- name: doctor_runs
-- exempt: the operator's, on the whole installation
SELECT r.source_id, COUNT(*) FROM source_run r LEFT JOIN billing_source s ON s.id = r.source_id
WHERE s.id IS NULL GROUP BY r.source_id;

-- name: doctor_tokens
-- exempt: the operator's, on the whole installation
SELECT a.public_id, a.name FROM api_token a LEFT JOIN tenant t ON t.id = a.tenant_id WHERE t.id IS NULL;

-- name: doctor_sessions
-- exempt: the operator's, on the whole installation
SELECT s.user_id, COUNT(*) FROM session s LEFT JOIN user_account u ON u.id = s.user_id WHERE u.id IS NULL GROUP BY s.user_id;

-- name: doctor_mails
-- exempt: the operator's, on the whole installation
SELECT o.id, o.recipient FROM outbox o LEFT JOIN user_account u ON u.id = o.user_id LEFT JOIN contract c ON c.id = o.contract_id
WHERE o.sent_at IS NULL AND ((o.user_id IS NOT NULL AND u.id IS NULL) OR (o.contract_id IS NOT NULL AND c.id IS NULL));

-- name: doctor_zones
-- exempt: the operator's, on the whole installation
SELECT public_id, name, COALESCE(time_zone, '') FROM tenant WHERE tier = 1 AND deleted_at IS NULL;
