-- The demo data that this database holds: its size and the day its dates are made for. Empty without demo data.
CREATE TABLE demo_state (
  id TINYINT UNSIGNED NOT NULL,
  size VARCHAR(10) CHARACTER SET ascii NOT NULL,
  day DATE NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
