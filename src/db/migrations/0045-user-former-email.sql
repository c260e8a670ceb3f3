-- SHA-256 of the address that a deleted user had, which is free again: single sign-on must not make the user anew.
ALTER TABLE user_account ADD COLUMN former_email_hash BINARY(32) NULL, ADD KEY former_email (former_email_hash)
