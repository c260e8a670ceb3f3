-- Forms that wait for the login of their user. There is no scope before a login; the cookie's hash is the key.

-- name: kept_put
-- Nothing, unless the cookie was once a session's: whose it was is the one who may take the form up again. The last two: how many an address may have, and since when they count.
-- exempt: the form is the browser's own
REPLACE INTO kept_form (login_hash, user_id, tenant_public_id, number, path, body, address, kept_at)
SELECT ?, o.user_id, ?, ?, ?, ?, ?, ? FROM session_owner o
WHERE o.token_hash = ? AND (SELECT COUNT(*) FROM kept_form k WHERE k.address = ? AND k.kept_at >= ?) < ?;

-- name: kept_waits
-- exempt: the form is the browser's own
SELECT 1 FROM kept_form WHERE login_hash = ? AND kept_at >= ?;

-- name: kept_read
-- exempt: the form is the browser's own
SELECT user_id = ?, tenant_public_id, HEX(number), path, body FROM kept_form WHERE login_hash = ? AND kept_at >= ? FOR UPDATE;

-- name: kept_follow
-- exempt: the form is the browser's own
UPDATE kept_form SET login_hash = ? WHERE login_hash = ?;

-- name: kept_delete
-- exempt: the form is the browser's own
DELETE FROM kept_form WHERE login_hash = ?;

-- name: kept_expire
-- exempt: housekeeping over all
DELETE FROM kept_form WHERE kept_at < ? LIMIT 1000;
