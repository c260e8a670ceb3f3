-- Every save of a contract, whole; rows are only ever added. accounts: "all", or 12-digit accounts
-- separated by spaces.
CREATE TABLE contract_version (
  contract_id BIGINT UNSIGNED NOT NULL,
  version INT UNSIGNED NOT NULL,
  saved_at DATETIME(3) NOT NULL,
  saved_by_user_id BIGINT UNSIGNED NULL,
  saved_by_name VARCHAR(201) NOT NULL,
  saved_by_tenant_id BIGINT UNSIGNED NULL,
  name VARCHAR(200) NOT NULL,
  start_date DATE NOT NULL,
  end_date DATE NULL,
  renewal ENUM('auto','manual','fixed') NOT NULL,
  entitlement ENUM('none','spp','ppa') NOT NULL,
  invoice_prefix VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  accounts VARCHAR(13000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'all',
  billing_name VARCHAR(200) NOT NULL DEFAULT '',
  billing_address VARCHAR(500) NOT NULL DEFAULT '',
  billing_city VARCHAR(100) NOT NULL DEFAULT '',
  billing_zip VARCHAR(20) NOT NULL DEFAULT '',
  billing_state VARCHAR(100) NOT NULL DEFAULT '',
  billing_country VARCHAR(2) NOT NULL DEFAULT '',
  invoice_email VARCHAR(254) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  change_email VARCHAR(254) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  notes VARCHAR(4000) NOT NULL DEFAULT '',
  PRIMARY KEY (contract_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
