-- Who did what to which tenant; rows are only ever added. The actor is text, so that it outlives the user.
-- detail: a JSON object with what changed ("from" and "to" of each field), never a secret.
CREATE TABLE audit_event (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  at DATETIME(3) NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  action VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor_user_id BIGINT UNSIGNED NULL,
  actor_name VARCHAR(201) NOT NULL,
  actor_tenant_id BIGINT UNSIGNED NULL,
  actor_tenant_name VARCHAR(200) NOT NULL,
  acting_tenant_name VARCHAR(200) NULL,
  detail VARCHAR(4000) NOT NULL DEFAULT '{}',
  request_id VARCHAR(64) CHARACTER SET ascii NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY tenant (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
