-- What is taken elsewhere (app/clash.c).

-- name: clash_count
-- exempt: counts the acting tenant's own refusals
SELECT COUNT(*), MIN(at) FROM clash WHERE tenant_id = ? AND at >= ?;

-- name: clash_insert
-- exempt: an insert; the acting tenant's own refusal
INSERT INTO clash (tenant_id, at) VALUES (?, ?);

-- name: clash_distributor
-- exempt: the distributor of the acting tenant: whom to ask, and whose Activity tells of it
SELECT d.id, d.name FROM tenant t JOIN tenant d ON d.id = COALESCE(t.distributor_id, t.id) WHERE t.id = ?;

-- name: clash_expire
-- exempt: housekeeping over all
DELETE FROM clash WHERE at < ? LIMIT 1000;
