-- An API token, stored as SHA-256 alone. maker_user_id: NULL for the operator's; made_by_tenant_id: the tenant that its maker acted
-- as. ended_at: from then on it is good for nothing, whatever happens later; ended_why says what ended it (but for expiry).
-- rate_*: requests counted in a minute (since 1970), as far as the hosts have written them down (db/rate.c).
CREATE TABLE api_token (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(100) NOT NULL,
  scope ENUM('ingest','read','write') NOT NULL,
  token_hash BINARY(32) NOT NULL,
  made_at DATETIME(3) NOT NULL,
  maker_user_id BIGINT UNSIGNED NULL,
  maker_name VARCHAR(201) NOT NULL,
  maker_tenant_id BIGINT UNSIGNED NULL,
  maker_tenant_name VARCHAR(200) NOT NULL DEFAULT '',
  made_by_tenant_id BIGINT UNSIGNED NULL,
  expires_at DATETIME(3) NOT NULL,
  used_at DATETIME(3) NULL,
  ended_at DATETIME(3) NULL,
  ended_why VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
  rate_minute INT UNSIGNED NOT NULL DEFAULT 0,
  rate_total INT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY public_id (public_id),
  UNIQUE KEY token (token_hash),
  KEY tenant (tenant_id),
  KEY maker (maker_user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
