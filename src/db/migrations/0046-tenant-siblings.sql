-- Siblings in their order, so that the one before a tenant is found by one look at the key.
ALTER TABLE tenant
  DROP KEY parent,
  ADD KEY parent (parent_id, name, public_id)
