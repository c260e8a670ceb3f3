-- How many rows of tenant_list stand in the subtree of a distributor or a reseller (itself included),
-- whole and for each value of one filter field: what the list counts without counting.
CREATE TABLE tenant_total (
  tenant_id BIGINT UNSIGNED NOT NULL,
  total INT UNSIGNED NOT NULL DEFAULT 0,
  tier_2 INT UNSIGNED NOT NULL DEFAULT 0,
  tier_3 INT UNSIGNED NOT NULL DEFAULT 0,
  onboarding INT UNSIGNED NOT NULL DEFAULT 0,
  suspended INT UNSIGNED NOT NULL DEFAULT 0,
  r_failed INT UNSIGNED NOT NULL DEFAULT 0,
  r_warning INT UNSIGNED NOT NULL DEFAULT 0,
  r_success INT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
