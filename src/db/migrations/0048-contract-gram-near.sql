-- The same for the contracts' search index.
ALTER TABLE contract_gram ADD COLUMN near BIGINT UNSIGNED NOT NULL DEFAULT 0, FORCE
