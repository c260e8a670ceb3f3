-- A login. The cookie's token is stored as SHA-256 alone. acting_tenant_id: the tenant whose perspective
-- the session has; NULL is the home tenant.
CREATE TABLE session (
  token_hash BINARY(32) NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  acting_tenant_id BIGINT UNSIGNED NULL,
  created_at DATETIME(3) NOT NULL,
  seen_at DATETIME(3) NOT NULL,
  address VARCHAR(45) CHARACTER SET ascii NOT NULL DEFAULT '',
  agent VARCHAR(200) NOT NULL DEFAULT '',
  notice VARCHAR(300) NULL,
  PRIMARY KEY (token_hash),
  KEY user (user_id),
  KEY seen (seen_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
