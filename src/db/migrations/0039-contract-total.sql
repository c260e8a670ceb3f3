-- How many rows of contract_list stand in the subtree of a distributor or a reseller that it may see, whole and for each value of
-- one filter field. By what the rows say: of those whose next_change has passed a reader takes out what they count for.
ALTER TABLE tenant_total
  ADD COLUMN c_total INT NOT NULL DEFAULT 0,
  ADD COLUMN c_active INT NOT NULL DEFAULT 0,
  ADD COLUMN c_scheduled INT NOT NULL DEFAULT 0,
  ADD COLUMN c_draft INT NOT NULL DEFAULT 0,
  ADD COLUMN c_expired INT NOT NULL DEFAULT 0,
  ADD COLUMN c_cancelled INT NOT NULL DEFAULT 0,
  ADD COLUMN c_superseded INT NOT NULL DEFAULT 0,
  ADD COLUMN c_tier_2 INT NOT NULL DEFAULT 0,
  ADD COLUMN c_tier_3 INT NOT NULL DEFAULT 0,
  ADD COLUMN c_ends_30 INT NOT NULL DEFAULT 0,
  ADD COLUMN c_ends_60 INT NOT NULL DEFAULT 0,
  ADD COLUMN c_ends_90 INT NOT NULL DEFAULT 0,
  ADD COLUMN c_unbilled INT NOT NULL DEFAULT 0
