-- Where `tenantry import` puts the lines of its file, to check them against each other and the tenants that are there. Rows live
-- as long as the command; import_id tells commands apart and begins with the time.
-- tier: as the line says it, 0 when it does not; level: what it comes to. *_column: where the cell begins, for messages.
CREATE TABLE import_row (
  import_id BIGINT UNSIGNED NOT NULL,
  line BIGINT UNSIGNED NOT NULL,
  name_column INT UNSIGNED NOT NULL,
  domain_column INT UNSIGNED NOT NULL,
  tier_column INT UNSIGNED NOT NULL,
  id_column INT UNSIGNED NOT NULL,
  parent_column INT UNSIGNED NOT NULL,
  name VARCHAR(200) NOT NULL,
  domain VARCHAR(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tier TINYINT UNSIGNED NOT NULL,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  parent_public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  level TINYINT UNSIGNED NOT NULL DEFAULT 0,
  known TINYINT UNSIGNED NOT NULL DEFAULT 0,
  changed TINYINT UNSIGNED NOT NULL DEFAULT 0,
  tenant_id BIGINT UNSIGNED NULL,
  parent_id BIGINT UNSIGNED NULL,
  PRIMARY KEY (import_id, line),
  KEY public_id (import_id, public_id),
  KEY domain (import_id, domain),
  KEY tenant (import_id, tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
