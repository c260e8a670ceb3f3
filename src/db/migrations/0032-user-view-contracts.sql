-- The columns of the Contracts list that a user has set; view_columns are those of the Customers list.
ALTER TABLE user_account ADD COLUMN view_contract_columns VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL
