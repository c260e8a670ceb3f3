-- The language of the user's pages; catalogues of others than English are in xslt/i18n.
ALTER TABLE user_account ADD COLUMN language VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'en'
