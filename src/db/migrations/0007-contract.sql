-- A contract as its newest version says it. Of the statuses only these are stored; scheduled, active
-- and expired follow from the dates and today (contract_status() in app/contracts.h).
CREATE TABLE contract (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  made_by_tenant_id BIGINT UNSIGNED NOT NULL,
  stored_status ENUM('draft','ready','cancelled','superseded') NOT NULL,
  version INT UNSIGNED NOT NULL DEFAULT 1,
  name VARCHAR(200) NOT NULL,
  start_date DATE NOT NULL,
  end_date DATE NULL,
  supersedes_id BIGINT UNSIGNED NULL,
  cancel_reason VARCHAR(1000) NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY public_id (public_id),
  KEY tenant (tenant_id, stored_status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
