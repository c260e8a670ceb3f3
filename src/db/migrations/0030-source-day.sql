-- Reported runs by the day on which they started (of the tree's zone), of a distributor or reseller with everything below it, for the
-- ingestion history. A row is shared out over slots (of the source's key), so that writers of one tree seldom wait for each other; readers add
-- them up. Kept for a month (db/source_day.h); a customer's own days are counted from its runs.
CREATE TABLE source_day (
  tenant_id BIGINT UNSIGNED NOT NULL,
  day DATE NOT NULL,
  slot TINYINT UNSIGNED NOT NULL,
  success INT NOT NULL DEFAULT 0,
  warning INT NOT NULL DEFAULT 0,
  failed INT NOT NULL DEFAULT 0,
  running INT NOT NULL DEFAULT 0,
  row_count BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, day, slot),
  KEY day (day)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
