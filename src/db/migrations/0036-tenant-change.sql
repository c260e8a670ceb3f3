-- That a tenant's object changed, and when: a row for each reseller that has, or had, the tenant in its scope (0: a distributor's own row),
-- written anew with each change in the transaction of its list row (db/list_change.h). gone: the tenant has left that reseller, or is
-- deleted. mark: NULL until the change is committed and has its place in the order of all of the distributor's tree.
CREATE TABLE tenant_change (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  tenant_id BIGINT UNSIGNED NOT NULL,
  reseller_id BIGINT UNSIGNED NOT NULL,
  distributor_id BIGINT UNSIGNED NOT NULL,
  public_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  gone TINYINT UNSIGNED NOT NULL,
  mark BIGINT UNSIGNED NULL,
  PRIMARY KEY (id),
  UNIQUE KEY tenant (tenant_id, reseller_id),
  KEY distributor (distributor_id, mark, public_id),
  KEY reseller (reseller_id, mark, public_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
