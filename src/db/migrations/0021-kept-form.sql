-- A form that was sent when its session had ended, until its user logs in again in the same browser (known by its cookie from before
-- the login). number is that of its form token.
CREATE TABLE kept_form (
  login_hash BINARY(32) NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  tenant_public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number BINARY(16) NOT NULL,
  path VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body MEDIUMBLOB NOT NULL,
  address VARCHAR(45) CHARACTER SET ascii NOT NULL,
  kept_at DATETIME(3) NOT NULL,
  PRIMARY KEY (login_hash),
  KEY address (address, kept_at),
  KEY kept (kept_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
