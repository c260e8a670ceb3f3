-- What monitoring asks (app/monitor.c, app/metrics.c): numbers of the whole installation, no tenant's data.

-- name: monitor_read
-- exempt: about the schema, no tenant's data
SELECT MAX(number) FROM schema_migration WHERE state = 'applied';

-- name: monitor_cluster
-- One server has no such variable, or says OFF.
-- exempt: about the server
SHOW GLOBAL VARIABLES LIKE 'wsrep_on';

-- name: monitor_cluster_status
-- exempt: about the server
SHOW GLOBAL STATUS LIKE 'wsrep_cluster_status';

-- name: monitor_cluster_ready
-- exempt: about the server
SHOW GLOBAL STATUS LIKE 'wsrep_ready';

-- name: monitor_outbox
-- Waiting, of these due, handed over without an answer; and since when the oldest waits.
-- exempt: counts over all
SELECT COUNT(IF(handed_at IS NULL, 1, NULL)), COUNT(IF(handed_at IS NULL AND next_attempt_at <= ?, 1, NULL)),
  COUNT(handed_at), MIN(IF(handed_at IS NULL, created_at, NULL))
FROM outbox WHERE sent_at IS NULL;

-- name: monitor_sources
-- The distributors' rows have the sums of all below them.
-- exempt: counts over all
SELECT COALESCE(SUM(l.s_failed), 0), COALESCE(SUM(l.s_warning), 0), COALESCE(SUM(l.s_success), 0),
  COALESCE(SUM(l.s_not_available), 0)
FROM tenant_list l WHERE l.tier = 1;
