-- Detects assumptions of the return on investment that contradict: a line told twice for a year,
-- and no scenario by the name that stands for the company.
-- A returned row is the scenario and line with its fault.
with
    assumptions as (select * from {{ ref("roi_assumptions") }}),

    headline as (
        select count(*) as found
        from assumptions
        where scenario = '{{ var("roi_headline_scenario") }}'
    ),

    everything as (select count(*) as found from assumptions)

select scenario, line, 'told twice for a year' as fault
from assumptions
group by scenario, line, valid_from_on, flow, year
having count(*) > 1
union all
select
    '{{ var("roi_headline_scenario") }}' as scenario,
    cast(null as {{ dbt.type_string() }}) as line,
    'no assumptions for the headline scenario' as fault
from headline
cross join everything
where headline.found = 0 and everything.found > 0
