-- Of contracts that left draft before this was kept, the tenant sees what they say now.
UPDATE contract SET visible_from = version WHERE stored_status <> 'draft' AND visible_from IS NULL
