-- The search index: for each tenant of tenant_list the pieces of its folded search text (text_grams()).
CREATE TABLE tenant_gram (
  gram BIGINT UNSIGNED NOT NULL,
  tree_pos BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (gram, tree_pos),
  KEY tree_pos (tree_pos)
) ENGINE=InnoDB DEFAULT CHARSET=ascii
