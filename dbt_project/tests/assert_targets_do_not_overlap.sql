-- Detects two targets of one KPI, slice and kind of period that hold on the same day: which of them
-- decides the status would be chance.
-- A returned row is the KPI with both periods of validity.
select
    earlier.kpi_id,
    earlier.kind,
    earlier.slice_kind,
    earlier.slice_value,
    earlier.period_kind,
    earlier.valid_from_on,
    earlier.valid_to_on,
    later.valid_from_on as other_valid_from_on
from {{ ref("kpi_targets") }} as earlier
inner join
    {{ ref("kpi_targets") }} as later
    on later.kpi_id = earlier.kpi_id
    and later.kind = earlier.kind
    and later.slice_kind = earlier.slice_kind
    and coalesce(later.slice_value, '') = coalesce(earlier.slice_value, '')
    and coalesce(later.period_kind, '') = coalesce(earlier.period_kind, '')
    and (
        later.valid_from_on > earlier.valid_from_on
        or (
            later.valid_from_on = earlier.valid_from_on
            and later.target_value > earlier.target_value
        )
    )
    and (earlier.valid_to_on is null or later.valid_from_on < earlier.valid_to_on)
where earlier.kind = 'target'
