-- A login whose password was right and whose one-time password is still to come. login_hash: SHA-256 of the browser's cookie from before
-- the login; password_digest: SHA-256 of the password's hash, so that a changed password ends it.
CREATE TABLE login_pending (
  login_hash BINARY(32) NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  password_digest BINARY(32) NOT NULL,
  since DATETIME(3) NOT NULL,
  PRIMARY KEY (login_hash),
  KEY since (since)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
