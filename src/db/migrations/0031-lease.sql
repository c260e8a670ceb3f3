-- What one host alone does at a time, and until when it has it.
CREATE TABLE lease (
  name VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(255) NOT NULL,
  until DATETIME(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
