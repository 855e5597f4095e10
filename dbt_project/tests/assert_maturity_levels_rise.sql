-- Detects items of the maturity checklist whose levels do not rise, or that name a measure without
-- all four levels: their evidence would score wrongly in silence.
-- A returned row is such an item.
select item_id, evidence_metric, level_1, level_2, level_3, level_4
from {{ ref("maturity_items") }}
where
    evidence_metric is not null
    and not coalesce(level_1 < level_2 and level_2 < level_3 and level_3 < level_4, false)
