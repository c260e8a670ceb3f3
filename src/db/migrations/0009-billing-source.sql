-- A source of billing data (CUR). state: 1 failed, 2 warning, 3 success, 4 not available, of its latest finished run and the
-- 48 hours rule; stale_at: the instant at which a success becomes a warning. An account is connected once
-- within a distributor; live is 1 while connected, NULL afterwards.
CREATE TABLE billing_source (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  distributor_id BIGINT UNSIGNED NOT NULL,
  account CHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  report VARCHAR(256) NOT NULL,
  location VARCHAR(1024) NOT NULL,
  connected_at DATETIME(3) NOT NULL,
  disconnected_at DATETIME(3) NULL,
  live TINYINT UNSIGNED NULL DEFAULT 1,
  state TINYINT UNSIGNED NOT NULL DEFAULT 4,
  state_since DATETIME(3) NOT NULL,
  stale_at DATETIME(3) NULL,
  last_message VARCHAR(500) NOT NULL DEFAULT '',
  version INT UNSIGNED NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY public_id (public_id),
  UNIQUE KEY account (distributor_id, account, live),
  KEY tenant (tenant_id),
  KEY stale (stale_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
