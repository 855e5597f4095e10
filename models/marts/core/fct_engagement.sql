{%- set post_columns = post_metrics() -%}
{%- set profile_columns = profile_metrics() -%}
{%- set metrics = (post_columns + profile_columns) | unique | list -%}

with
    changes as (select * from {{ ref("int_post_metric_changes") }}),

    profile_days as (select * from {{ ref("int_profile_days") }}),

    definitions as (select * from {{ ref("metric_definitions") }} where metric = 'impressions'),

    posts as (
        select
            {{ surrogate_key(["'post'", "post_key", "metric_on"]) }} as engagement_key,
            'post' as level,
            post_key,
            profile_key,
            network,
            min_by(source, source_rank) as source,
            'snapshot' as basis,
            metric_on,
            'UTC' as day_zone,
            max(snapshot_at) as snapshot_at,
            min(snapshot_number) = 1 as is_first_value,
            count(*) filter (where is_restatement) > 0 as is_restatement,
            {% for metric in metrics -%}
                {% if metric in post_columns %} cast(sum({{ metric }}) as bigint)
                {%- else %} cast(null as bigint)
                {%- endif %} as {{ metric }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from changes
        group by post_key, profile_key, network, metric_on
    ),

    -- A day of which only followers are known is not a day of engagement.
    profiles as (
        select
            {{ surrogate_key(["'profile'", "profile_key", "metric_on"]) }} as engagement_key,
            'profile' as level,
            cast(null as {{ dbt.type_string() }}) as post_key,
            profile_key,
            network,
            source,
            'daily' as basis,
            metric_on,
            day_zone,
            exported_at as snapshot_at,
            false as is_first_value,
            is_restatement,
            {% for metric in metrics -%}
                {% if metric in profile_columns %} {{ metric }}
                {%- else %} cast(null as bigint)
                {%- endif %} as {{ metric }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from profile_days
        where coalesce({{ profile_columns | join(", ") }}) is not null
    ),

    united as (
        select *
        from posts

        union all

        select *
        from profiles
    ),

    days as (select distinct network, metric_on from united),

    versions as (
        select
            days.network,
            days.metric_on,
            max_by(definitions.definition_version, definitions.valid_from_on) as definition_version
        from days
        inner join
            definitions
            on definitions.network = days.network
            and definitions.valid_from_on <= days.metric_on
        group by days.network, days.metric_on
    ),

    final as (
        select
            united.engagement_key,
            united.level,
            united.post_key,
            united.profile_key,

            united.metric_on,
            united.day_zone,
            united.snapshot_at,

            united.network,
            united.source,
            united.basis,
            versions.definition_version,
            united.is_first_value,
            united.is_restatement,

            {% for metric in metrics -%} united.{{ metric }}, {% endfor -%}
            {{ engagement_core("united") }} as engagement_core
        from united
        left join
            versions on versions.network = united.network and versions.metric_on = united.metric_on
    )

select *
from final
