-- The link by which a user sets a forgotten password: one at a time, stored as SHA-256, made when its mail is sent.
ALTER TABLE user_account
  ADD COLUMN reset_hash BINARY(32) NULL,
  ADD COLUMN reset_expires_at DATETIME(3) NULL,
  ADD UNIQUE KEY reset (reset_hash)
