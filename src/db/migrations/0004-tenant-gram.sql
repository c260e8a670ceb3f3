-- The search index: for each tenant of tenant_list the pieces of its folded search text (text_grams()).
-- No key by tree_pos: a tenant's entries follow from its search text, and filling a second key in another order
-- takes longer than all the rest.
CREATE TABLE tenant_gram (
  gram BIGINT UNSIGNED NOT NULL,
  tree_pos BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (gram, tree_pos)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
