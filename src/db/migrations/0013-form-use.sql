-- The numbers of form tokens that a success has used up: the same token with the same body again gets the same
-- answer, with another body it is refused.
CREATE TABLE form_use (
  number BINARY(16) NOT NULL,
  body_hash BINARY(32) NOT NULL,
  location VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  used_at DATETIME(3) NOT NULL,
  PRIMARY KEY (number),
  KEY used (used_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
