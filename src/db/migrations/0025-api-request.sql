-- POSTs to the API that have succeeded, by token and Idempotency-Key, kept for a day: the same again gets the same answer, another
-- request under the key is refused. request_hash is that of path and body.
CREATE TABLE api_request (
  token_id BIGINT UNSIGNED NOT NULL,
  key_hash BINARY(32) NOT NULL,
  request_hash BINARY(32) NOT NULL,
  at DATETIME(3) NOT NULL,
  status SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  location VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
  answer MEDIUMTEXT NULL,
  PRIMARY KEY (token_id, key_hash),
  KEY at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
