-- What a row of the Contracts list shows, clustered in the order of the list: by tenant in tree order, then by contract.
-- Written in the transaction of the facts that it repeats (db/list_table.h), for tenants that are not deleted.
-- contract_id 0: a tenant with data, no contract in force and none that some of its viewers would see (stored 'none', status 6).
-- status, ends, hidden, unbilled: by the day. status: enum contract_status. ends: 1 within 30 days, 2 within 60, 3 within 90,
-- 0 not. hidden: from whom, bits of enum contract_viewer. unbilled: the tenant has data and no contract in force.
-- next_change: the instant at which these are others for any row of the tenant; a reader works them out anew then.
CREATE TABLE contract_list (
  tree_pos BIGINT UNSIGNED NOT NULL,
  contract_id BIGINT UNSIGNED NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  tenant_public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tenant_name VARCHAR(200) NOT NULL,
  tier TINYINT UNSIGNED NOT NULL,
  name VARCHAR(200) NOT NULL DEFAULT '',
  version INT UNSIGNED NOT NULL DEFAULT 0,
  stored ENUM('draft','ready','cancelled','superseded','none') NOT NULL,
  start_date DATE NULL,
  end_date DATE NULL,
  renewal ENUM('auto','manual','fixed') NOT NULL,
  entitlement ENUM('none','spp','ppa') NOT NULL,
  former TINYINT UNSIGNED NOT NULL DEFAULT 0,
  with_data TINYINT UNSIGNED NOT NULL DEFAULT 0,
  status TINYINT UNSIGNED NOT NULL,
  ends TINYINT UNSIGNED NOT NULL DEFAULT 0,
  hidden TINYINT UNSIGNED NOT NULL DEFAULT 0,
  unbilled TINYINT UNSIGNED NOT NULL DEFAULT 0,
  next_change DATETIME(3) NULL,
  search VARCHAR(2800) COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (tree_pos, contract_id),
  KEY tenant (tenant_id),
  KEY status (status),
  KEY ends (ends),
  KEY unbilled (unbilled),
  KEY tier (tier),
  KEY next_change (next_change)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
