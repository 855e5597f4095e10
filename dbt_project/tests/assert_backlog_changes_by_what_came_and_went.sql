-- Detects a broken backlog: open today = open yesterday + new + reopened - ended, summed up from
-- the first day.
-- A returned row is a profile's day on which the running sum of flows is not the number of open
-- conversations.
with
    days as (select * from {{ ref("kpi_care_daily") }}),

    summed as (
        select
            date_on,
            profile_key,
            open_cases,
            sum(new_cases + reopened_cases - ended_cases) over (
                partition by profile_key order by date_on
            ) as expected_open_cases
        from days
    )

select *
from summed
where open_cases is not null and open_cases <> expected_open_cases
