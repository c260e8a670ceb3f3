-- Failed logins of the last 15 minutes: by account and address, and by address.
CREATE TABLE login_failure (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  at DATETIME(3) NOT NULL,
  address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  email_hash BINARY(32) NOT NULL,
  PRIMARY KEY (id),
  KEY address (address, at),
  KEY account (email_hash, address, at),
  KEY at (at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
