-- Detects shares of voice that do not add up to one over the brands of a period and network, in
-- either form.
-- A returned row is a period and network with its sums.
with
    summed as (
        select
            period_kind,
            period_start_on,
            network,
            sum(share_any) as share_any,
            sum(share_fractional) as share_fractional,
            sum(mentions) as mentions,
            max(brand_mentions) as brand_mentions
        from {{ ref("kpi_share_of_voice") }}
        group by period_kind, period_start_on, network
    )

select *
from summed
where abs(share_any - 1) > 1e-9 or abs(share_fractional - 1) > 1e-9 or mentions <> brand_mentions
