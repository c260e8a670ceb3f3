-- The tree of tenants: the facts. What a list row shows of them stands in tenant_list.
-- tree_pos is the label of scope/scope.h; it changes with renames and moves, so nothing refers to it.
CREATE TABLE tenant (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tree_pos BIGINT UNSIGNED NOT NULL,
  tier TINYINT UNSIGNED NOT NULL,
  parent_id BIGINT UNSIGNED NULL,
  distributor_id BIGINT UNSIGNED NULL,
  name VARCHAR(200) NOT NULL,
  domain VARCHAR(253) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(3) NOT NULL,
  onboarded_at DATETIME(3) NULL,
  suspended_at DATETIME(3) NULL,
  deleted_at DATETIME(3) NULL,
  version INT UNSIGNED NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY public_id (public_id),
  UNIQUE KEY tree_pos (tree_pos),
  UNIQUE KEY domain (distributor_id, domain),
  KEY parent (parent_id, name),
  KEY deleted (deleted_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
