-- Whose a session was, remembered for a while after it has ended: a form that was open in the browser then says whose it is by its
-- cookie alone (app/kept.h).
CREATE TABLE session_owner (
  token_hash BINARY(32) NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  begun_at DATETIME(3) NOT NULL,
  PRIMARY KEY (token_hash),
  KEY begun (begun_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
