-- A user and the state of its invitation. Invited: neither activated nor cancelled; expired when
-- invitation_expires_at has passed. The admin of a tenant is the first invited with role admin that is
-- neither deleted nor cancelled. job_function: a key of the table in app/users.c.
CREATE TABLE user_account (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  first_name VARCHAR(100) NOT NULL,
  last_name VARCHAR(100) NOT NULL,
  job_function VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  role ENUM('sales','admin') NOT NULL,
  child_role ENUM('none','sales','admin') NOT NULL DEFAULT 'none',
  password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  invited_at DATETIME(3) NOT NULL,
  invited_by_tenant_id BIGINT UNSIGNED NULL,
  invitation_hash BINARY(32) NULL,
  invitation_expires_at DATETIME(3) NULL,
  invitation_cancelled_at DATETIME(3) NULL,
  activated_at DATETIME(3) NULL,
  disabled_at DATETIME(3) NULL,
  deleted_at DATETIME(3) NULL,
  view_columns VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
  view_density VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  view_limit SMALLINT UNSIGNED NULL,
  version INT UNSIGNED NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY public_id (public_id),
  UNIQUE KEY email (email),
  UNIQUE KEY invitation (invitation_hash),
  KEY tenant (tenant_id, invited_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
