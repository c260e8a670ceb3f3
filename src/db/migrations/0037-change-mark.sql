-- The last mark of a distributor's tree, in milliseconds since 1970 but always ahead of the one before, and the first that changes can
-- still be asked since. Whoever gives marks holds the row.
CREATE TABLE change_mark (
  distributor_id BIGINT UNSIGNED NOT NULL,
  last_mark BIGINT UNSIGNED NOT NULL DEFAULT 0,
  first_mark BIGINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (distributor_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
