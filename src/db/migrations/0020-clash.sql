-- Refusals of something that is taken outside of the tenant's scope, counted an hour by the tenant that asked.
CREATE TABLE clash (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  tenant_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY tenant (tenant_id, at),
  KEY at (at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
