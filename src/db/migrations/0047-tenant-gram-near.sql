-- What stands around a piece in its word (base/text.h), so that a part of a word is found and counted without looking at rows. 0: look at the row,
-- which an older program leaves and is never wrong. The table is made anew, with room for what is going to be filled in.
ALTER TABLE tenant_gram ADD COLUMN near BIGINT UNSIGNED NOT NULL DEFAULT 0, FORCE
