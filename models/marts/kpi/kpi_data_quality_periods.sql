{%- set about = ["source", "stream", "network", "profile_key", "measure"] -%}
{%- set details = ["checked_table", "column_name", "reason"] -%}
{%- set no_text = "cast(null as " ~ dbt.type_string() ~ ")" -%}

with
    quality as (select * from {{ ref("kpi_data_quality") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    dated as (
        select period_days.period_kind, period_days.period_start_on, quality.*
        from quality
        inner join period_days on period_days.date_on = quality.observed_on
    ),

    -- Each measure as a whole, and where there are several tables, columns or reasons each of them.
    levelled as (
        select
            period_kind,
            period_start_on,
            {% for name in about %} {{ name }}, {% endfor %}
            true as is_total,
            {% for name in details %} {{ no_text }} as {{ name }}, {% endfor %}
            observed_on,
            observed_at,
            value,
            is_breach
        from dated
        union all
        select
            period_kind,
            period_start_on,
            {% for name in about %} {{ name }}, {% endfor %}
            false,
            {% for name in details %} {{ name }}, {% endfor %}
            observed_on,
            observed_at,
            value,
            is_breach
        from dated
        where checked_table is not null or column_name is not null or reason is not null
    ),

    keyed as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "is_total"] + about + details) }}
            as quality_period_key,
            *
        from levelled
    ),

    placed as (
        -- A day may have several runs; only the last of them is the state. Days have no time.
        select
            *,
            observed_on = max(observed_on) over (partition by quality_period_key)
            and observed_at is not distinct from max(observed_at) over (
                partition by quality_period_key, observed_on
            ) as is_latest
        from keyed
    ),

    final as (
        select
            quality_period_key,
            profile_key,

            period_kind,
            period_start_on,
            max(observed_on) as latest_on,

            source,
            stream,
            network,
            checked_table,
            column_name,

            measure,
            reason,
            is_total,

            count(*) as observations,
            count(*) filter (where is_breach) as breaches,
            {{ exact_sum("value", digits=3) }} as total_value,
            max(value) as highest_value,
            {{ exact_sum("value", where="is_latest", digits=3) }} as latest_value
        from placed
        group by
            quality_period_key,
            period_kind,
            period_start_on,
            is_total,
            {% for name in about + details -%}
                {{ name }} {%- if not loop.last %},{% endif %}
            {% endfor %}
    )

select *
from final
