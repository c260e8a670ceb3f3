-- The Customers list, as far as its queries are not composed (db/list.c, db/list_sql.c).

-- name: list_rows_at
SELECT t.tree_pos, t.tenant_id, t.public_id, t.parent_public_id, t.name, t.domain, t.created_at,
  t.suspended, t.onboarding, t.tasks_done, t.tasks_total, t.admin_name, t.admin_pending, t.rollup,
  t.c_active, t.c_scheduled, t.c_draft, t.c_expired, t.c_cancelled, t.c_superseded, t.next_change
FROM tenant_list t FORCE INDEX (PRIMARY)
WHERE SCOPE(t) AND t.tree_pos IN (?)
ORDER BY t.tree_pos;

-- The contracts of rows whose counts are of a day that has passed.
-- name: list_contracts_of
SELECT t.tree_pos, c.stored_status, c.start_date, c.end_date,
  c.made_by_tenant_id NOT IN (n.id, COALESCE(n.parent_id, n.id), COALESCE(n.distributor_id, n.id))
FROM tenant_list t FORCE INDEX (PRIMARY)
JOIN tenant n ON n.id = t.tenant_id AND SCOPE(n)
JOIN contract c ON c.tenant_id = t.tenant_id
WHERE SCOPE(t) AND t.tree_pos IN (?);

-- name: list_cancelled_drafts
SELECT COUNT(*) FROM contract c JOIN tenant t ON t.id = c.tenant_id
WHERE SCOPE(t) AND t.id = ? AND c.stored_status = 'cancelled' AND c.visible_from IS NULL;

-- name: list_total
SELECT x.total, x.tier_2, x.tier_3, x.onboarding, x.suspended, x.r_failed, x.r_warning, x.r_success, t.onboarding
FROM tenant_list t
JOIN tenant_total x ON x.tenant_id = t.tenant_id
WHERE SCOPE(t) AND t.tenant_id = ?;

-- name: list_place
SELECT t.tree_pos FROM tenant t WHERE SCOPE(t) AND t.public_id = ? AND t.deleted_at IS NULL;

-- A deleted row's place is known for 30 days.
-- name: list_place_deleted_too
SELECT t.tree_pos FROM tenant t
WHERE SCOPE(t) AND t.public_id = ? AND (t.deleted_at IS NULL OR t.deleted_at > ?);
