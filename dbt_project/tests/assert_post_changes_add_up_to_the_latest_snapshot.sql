-- Detects daily changes that drift from the lifetime values they were taken from, restatements
-- included. A returned row is a post whose changes of some metric do not add up to the last value
-- that the first source of the list to report the metric gives.
{%- set metrics = post_metrics() %}
with
    engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    snapshots as (select * from {{ ref("int_post_snapshots") }}),

    added as (
        select
            post_key,
            {% for metric in metrics -%}
                sum({{ metric }}) as {{ metric }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from engagement
        group by post_key
    ),

    -- Sorted first by source and then by time, whatever the model does in between.
    latest as (
        select
            post_key,
            {% for metric in metrics -%}
                max_by(
                    {{ metric }},
                    case
                        when {{ metric }} is not null
                        then
                            cast(1000 - source_rank as {{ dbt.type_string() }})
                            || cast(snapshot_at as {{ dbt.type_string() }})
                    end
                ) as {{ metric }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from snapshots
        group by post_key
    )

select latest.post_key
from latest
left join added on added.post_key = latest.post_key
where
    added.post_key is null
    {% for metric in metrics %}
        or added.{{ metric }} is distinct from latest.{{ metric }}
    {% endfor %}
