-- The search index of the Contracts list: the pieces of names and IDs of a tenant's contracts. What its customers are found by
-- stands in tenant_gram.
CREATE TABLE contract_gram (
  gram BIGINT UNSIGNED NOT NULL,
  tree_pos BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (gram, tree_pos)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
