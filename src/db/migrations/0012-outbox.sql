-- Mail to send, written in the transaction of what it tells of. It names its subject; a secret link
-- is made when the message is sent.
CREATE TABLE outbox (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id BIGINT UNSIGNED NULL,
  contract_id BIGINT UNSIGNED NULL,
  recipient VARCHAR(254) COLLATE utf8mb4_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  next_attempt_at DATETIME(3) NOT NULL,
  sent_at DATETIME(3) NULL,
  last_error VARCHAR(500) NULL,
  PRIMARY KEY (id),
  KEY due (sent_at, next_attempt_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
