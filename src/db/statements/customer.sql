-- One customer: what its details page and what opens from its row read.

-- name: customer_by_id
-- The list row (columns as in list_rows_at), version, source counts of the subtree, and the parent's name when the scope holds the parent.
SELECT t.tree_pos, t.tenant_id, t.public_id, t.parent_public_id, t.name, t.domain, t.created_at,
  t.suspended, t.onboarding, t.tasks_done, t.tasks_total, t.admin_name, t.admin_pending, t.rollup,
  t.c_active, t.c_scheduled, t.c_draft, t.c_expired, t.c_cancelled, t.c_superseded, t.next_change,
  n.version, t.s_failed, t.s_warning, t.s_success, t.s_not_available, p.name
FROM tenant_list t
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
LEFT JOIN tenant_list p ON p.public_id = t.parent_public_id AND SCOPE(p)
WHERE SCOPE(t) AND t.public_id = ?;

-- name: customer_tasks
-- The facts that onboarding tasks follow: an admin that is not cancelled; an active admin; a contract that has left draft;
-- any contract; a connected source; a successful run. And when it was completed.
SELECT
  EXISTS (SELECT 1 FROM user_account u WHERE u.tenant_id = t.tenant_id AND u.role = 'admin'
    AND u.deleted_at IS NULL AND u.invitation_cancelled_at IS NULL),
  EXISTS (SELECT 1 FROM user_account u WHERE u.tenant_id = t.tenant_id AND u.role = 'admin'
    AND u.deleted_at IS NULL AND u.disabled_at IS NULL AND u.activated_at IS NOT NULL),
  EXISTS (SELECT 1 FROM contract c WHERE c.tenant_id = t.tenant_id AND c.stored_status <> 'draft'),
  EXISTS (SELECT 1 FROM contract c WHERE c.tenant_id = t.tenant_id),
  EXISTS (SELECT 1 FROM billing_source s WHERE s.tenant_id = t.tenant_id AND s.live = 1),
  EXISTS (SELECT 1 FROM billing_source s JOIN source_run r ON r.source_id = s.id
    WHERE s.tenant_id = t.tenant_id AND r.status = 'success' AND r.finished_at IS NOT NULL),
  n.onboarded_at
FROM tenant_list t
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
WHERE SCOPE(t) AND t.tenant_id = ?;

-- name: customer_blame
-- Sources below a place that failed or warn, failed ones first: leaves are found by the key on rollup.
SELECT b.public_id, b.name, b.state, b.state_since, b.last_message, b.account FROM (
  (SELECT t.tree_pos, t.public_id, t.name, s.state, s.state_since, s.last_message, s.account
   FROM tenant_list t FORCE INDEX (rollup)
   JOIN billing_source s ON s.tenant_id = t.tenant_id AND s.live = 1 AND s.state = 1
   WHERE SCOPE(t) AND t.rollup = 1 AND t.tree_pos >= ? AND t.tree_pos < ?
   ORDER BY t.tree_pos LIMIT 50)
  UNION ALL
  (SELECT t.tree_pos, t.public_id, t.name, s.state, s.state_since, s.last_message, s.account
   FROM tenant_list t FORCE INDEX (rollup)
   JOIN billing_source s ON s.tenant_id = t.tenant_id AND s.live = 1 AND s.state = 2
   WHERE SCOPE(t) AND t.rollup IN (1, 2) AND t.tree_pos >= ? AND t.tree_pos < ?
   ORDER BY t.tree_pos LIMIT 50)
) b ORDER BY b.state, b.tree_pos LIMIT 50;

-- name: customer_users
-- The users of a tenant, in the order of invitation.
SELECT u.public_id, u.first_name, u.last_name, u.email, u.job_function, u.role, u.child_role, u.invited_at,
  u.activated_at, u.invitation_cancelled_at, u.invitation_expires_at, u.disabled_at,
  (SELECT IF(o.sent_at IS NOT NULL, '', IF(o.handed_at IS NOT NULL, 'unconfirmed', 'waiting')) FROM outbox o
    WHERE o.user_id = u.id AND o.kind = 'invitation' ORDER BY o.id DESC LIMIT 1)
FROM user_account u
JOIN tenant_list t ON t.tenant_id = u.tenant_id
WHERE SCOPE(t) AND u.tenant_id = ? AND u.deleted_at IS NULL
ORDER BY u.invited_at, u.id LIMIT 1000;

-- name: customer_events
-- A page of a tenant's audit log, newest first. The last columns: the actor's tenant is one that the viewer may know of (within the
-- scope, or above the tenant now); what it acted as may be a former parent: the event is older than the last move. Drafts of
-- contracts are not the tenant's to know of (own). What was done to contracts before the last move is not the present parent's: what
-- it may see of them, their versions say.
SELECT e.at, e.action, e.actor_name, e.actor_tenant_name, e.acting_tenant_name, e.detail,
  COALESCE(e.actor_tenant_id IN (n.id, n.parent_id, n.distributor_id), 0) OR e.actor_tenant_id IS NULL
    OR EXISTS (SELECT 1 FROM tenant b WHERE b.id = e.actor_tenant_id AND SCOPE(b)),
  e.acting_tenant_name <> n.name AND e.id < COALESCE((SELECT MAX(m.id) FROM audit_event m
    WHERE m.tenant_id = e.tenant_id AND m.action = 'tenant.move'), 0)
FROM audit_event e
JOIN tenant_list t ON t.tenant_id = e.tenant_id
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
WHERE SCOPE(t) AND e.tenant_id = ?
  AND CASE ?
    WHEN 'own' THEN e.action NOT IN ('contract.create', 'contract.draft', 'contract.discard')
    WHEN 'parent' THEN e.action NOT LIKE 'contract.%' OR e.id > COALESCE((SELECT MAX(m.id) FROM audit_event m
      WHERE m.tenant_id = e.tenant_id AND m.action = 'tenant.move'), 0)
    ELSE 1 END
ORDER BY e.id DESC LIMIT ? OFFSET ?;

-- name: audit_insert
-- exempt: the subject was found in the scope by the handler
INSERT INTO audit_event (at, tenant_id, action, actor_user_id, actor_name, actor_tenant_id, actor_tenant_name,
  acting_tenant_name, detail, request_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: recent_put
-- exempt: the user's own list
REPLACE INTO recent_tenant (user_id, tenant_id, at) VALUES (?, ?, ?);

-- name: recent_list
-- The tenants below home that the user has switched into last.
SELECT t.tree_pos FROM recent_tenant r
JOIN tenant_list t ON t.tenant_id = r.tenant_id
WHERE SCOPE(t) AND r.user_id = ? ORDER BY r.at DESC LIMIT 10;

-- name: tenant_suspend
UPDATE tenant t SET t.suspended_at = ?, t.version = t.version + 1
WHERE SCOPE(t) AND t.id = ? AND t.suspended_at IS NULL;

-- name: tenant_reactivate
UPDATE tenant t SET t.suspended_at = NULL, t.version = t.version + 1
WHERE SCOPE(t) AND t.id = ? AND t.suspended_at IS NOT NULL;

-- name: tenant_name
SELECT t.name FROM tenant t WHERE SCOPE(t) AND t.public_id = ?;
