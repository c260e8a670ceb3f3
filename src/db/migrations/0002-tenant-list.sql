-- What a row of the Customers list shows, clustered in tree order: one row for each tenant that is
-- not deleted, written in the transaction of the facts that it repeats (db/list_table.h).
-- rollup: 1 failed, 2 warning, 3 success, 4 not available, of the tenant and all below it, from the
-- counts s_*. onboarding: 1 while tasks are open. c_*: contracts by status, today.
-- next_change: the instant at which c_* will be others; a reader recounts a row whose instant has passed.
CREATE TABLE tenant_list (
  tree_pos BIGINT UNSIGNED NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  parent_public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  tier TINYINT UNSIGNED NOT NULL,
  suspended TINYINT UNSIGNED NOT NULL DEFAULT 0,
  name VARCHAR(200) NOT NULL,
  domain VARCHAR(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  search VARCHAR(1400) COLLATE utf8mb4_bin NOT NULL,
  admin_name VARCHAR(201) NULL,
  admin_pending TINYINT UNSIGNED NOT NULL DEFAULT 0,
  onboarding TINYINT UNSIGNED NOT NULL DEFAULT 1,
  tasks_done TINYINT UNSIGNED NOT NULL DEFAULT 0,
  tasks_total TINYINT UNSIGNED NOT NULL DEFAULT 0,
  rollup TINYINT UNSIGNED NOT NULL DEFAULT 4,
  s_failed INT UNSIGNED NOT NULL DEFAULT 0,
  s_warning INT UNSIGNED NOT NULL DEFAULT 0,
  s_success INT UNSIGNED NOT NULL DEFAULT 0,
  s_not_available INT UNSIGNED NOT NULL DEFAULT 0,
  c_active SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  c_scheduled SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  c_draft SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  c_expired SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  c_cancelled SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  c_superseded SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  next_change DATETIME(3) NULL,
  PRIMARY KEY (tree_pos),
  UNIQUE KEY tenant (tenant_id),
  UNIQUE KEY public_id (public_id),
  KEY rollup (rollup),
  KEY onboarding (onboarding),
  KEY rollup_onboarding (rollup, onboarding),
  KEY tier (tier),
  KEY suspended (suspended),
  KEY next_change (next_change)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
