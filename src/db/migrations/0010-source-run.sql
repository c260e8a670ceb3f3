-- One ingestion run of a source, named by the instant at which it started.
CREATE TABLE source_run (
  source_id BIGINT UNSIGNED NOT NULL,
  started_at DATETIME(3) NOT NULL,
  finished_at DATETIME(3) NULL,
  status ENUM('success','warning','failed') NULL,
  row_count BIGINT UNSIGNED NOT NULL DEFAULT 0,
  period CHAR(7) CHARACTER SET ascii NOT NULL,
  message VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (source_id, started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
