-- The tenants a user has switched into last, for the switcher's list.
CREATE TABLE recent_tenant (
  user_id BIGINT UNSIGNED NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id, tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
