-- Detects daily parts that differ from the facts they add up. A returned row is a measure and its
-- two totals.
with
    daily as (select * from {{ ref("kpi_web_daily") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }}),

    conversions as (select * from {{ ref("fct_conversions") }} where is_primary),

    totals as (
        select
            'sessions' as measure,
            (select coalesce(sum(sessions), 0) from daily) as in_daily,
            (select count(*) from sessions where not is_automated) as in_facts

        union all

        select
            'automated_sessions',
            (select coalesce(sum(automated_sessions), 0) from daily),
            (select count(*) from sessions where is_automated)

        union all

        select
            'social_sessions',
            (select coalesce(sum(social_sessions), 0) from daily),
            (select count(*) from sessions where is_social and not is_automated)
        {% for model in attribution_models() %}
            union all

            select
                'conversions_{{ model }}',
                (select coalesce(sum(conversions_{{ model }}), 0) from daily),
                (select count(*) from conversions)
        {% endfor %}
    )

select *
from totals
where abs(in_daily - in_facts) > 1e-6
