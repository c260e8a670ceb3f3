-- What is being filled from the facts for the first time (db/list_table.c). A row stays until that is done, however often it was cut off.
CREATE TABLE list_fill (
  name VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  since DATETIME(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
