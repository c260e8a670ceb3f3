-- One-time passwords of a user (auth/otp.h): the secret in base32, in force from otp_on_at on; the last step that was used, in which no
-- code is taken again; the SHA-256 of the recovery codes that are left, one behind the other.
ALTER TABLE user_account
  ADD COLUMN otp_secret VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN otp_on_at DATETIME(3) NULL,
  ADD COLUMN otp_step BIGINT UNSIGNED NULL,
  ADD COLUMN otp_recovery VARBINARY(320) NULL
