-- Detects a backlog that came from nowhere: open at the end must be open at the beginning + new +
-- reopened − ended, and its ages must add up to it.
-- A returned row is a period and slice whose flow does not lead from one to the other.
with flow as (select * from {{ ref("kpi_backlog_flow") }})

select *
from flow
where
    opening_cases + new_cases + reopened_cases - ended_cases <> open_cases
    or aged_under_4h + aged_4h_to_1d + aged_1d_to_2d + aged_2d_to_7d + aged_7d_and_over
    <> open_cases
