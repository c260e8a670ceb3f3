-- How often anything in the list rows of a tenant and all below it has changed: what a page that a browser has kept is compared by.
ALTER TABLE tenant_total ADD COLUMN version BIGINT UNSIGNED NOT NULL DEFAULT 0
