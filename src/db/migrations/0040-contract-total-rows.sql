-- The counters of what an older program has written. A subtree of a distributor (tier 1) is an interval of 2^50 labels, of a reseller
-- of 2^25. Hidden: bits of enum contract_viewer.
UPDATE tenant_total x JOIN (
  SELECT a.tenant_id, COUNT(NULLIF(k.contract_id, 0)) AS c_total,
    SUM(k.status = 0) AS c_active, SUM(k.status = 1) AS c_scheduled, SUM(k.status = 2) AS c_draft, SUM(k.status = 3) AS c_expired,
    SUM(k.status = 4) AS c_cancelled, SUM(k.status = 5) AS c_superseded,
    SUM(k.contract_id > 0 AND k.tier = 2) AS c_tier_2, SUM(k.contract_id > 0 AND k.tier = 3) AS c_tier_3,
    SUM(k.ends = 1) AS c_ends_30, SUM(k.ends = 2) AS c_ends_60, SUM(k.ends = 3) AS c_ends_90, SUM(k.unbilled) AS c_unbilled
  FROM tenant_list a
  STRAIGHT_JOIN contract_list k ON k.tree_pos >= a.tree_pos AND k.tree_pos < a.tree_pos + IF(a.tier = 1, 1 << 50, 1 << 25)
  WHERE a.tier < 3 AND (k.hidden & IF(a.tier = 1, 4, IF(k.tree_pos = a.tree_pos, 1, 2))) = 0
  GROUP BY a.tenant_id
) n ON n.tenant_id = x.tenant_id
SET x.c_total = n.c_total, x.c_active = n.c_active, x.c_scheduled = n.c_scheduled, x.c_draft = n.c_draft, x.c_expired = n.c_expired,
  x.c_cancelled = n.c_cancelled, x.c_superseded = n.c_superseded, x.c_tier_2 = n.c_tier_2, x.c_tier_3 = n.c_tier_3,
  x.c_ends_30 = n.c_ends_30, x.c_ends_60 = n.c_ends_60, x.c_ends_90 = n.c_ends_90, x.c_unbilled = n.c_unbilled
