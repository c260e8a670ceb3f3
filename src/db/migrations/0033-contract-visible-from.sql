-- The first version that the tenant itself may read: the one that was marked as active. NULL: it never was, the tenant sees
-- nothing of it. It stays when the contract is cancelled or superseded.
ALTER TABLE contract
  ADD COLUMN visible_from INT UNSIGNED NULL
