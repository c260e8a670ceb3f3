-- Mail about a contract: what it tells of is what this version says, or what it says other than the one before.
ALTER TABLE outbox
  ADD COLUMN contract_version INT UNSIGNED NULL
