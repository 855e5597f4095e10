{%- set metrics = post_metrics() -%}

with
    snapshots as (select * from {{ ref("int_post_snapshots") }}),

    -- Of the sources that report a metric of a post the first of the list tells its whole history:
    -- two tools look at different instants, and changes between them are changes of nothing.
    tellers as (
        select
            post_key,
            {% for metric in metrics -%}
                min(case when {{ metric }} is not null then source_rank end) as {{ metric }}_rank,
            {% endfor -%}
            min(source_rank) as first_rank
        from snapshots
        group by post_key
    ),

    told as (
        select
            snapshots.post_snapshot_key,
            snapshots.post_key,
            snapshots.source,
            snapshots.source_rank,
            snapshots.network,
            snapshots.snapshot_at,
            snapshots.source_rank = tellers.first_rank as is_first_source,
            {% for metric in metrics -%}
                case
                    when snapshots.source_rank = tellers.{{ metric }}_rank
                    then snapshots.{{ metric }}
                end as {{ metric }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from snapshots
        inner join tellers on tellers.post_key = snapshots.post_key
    ),

    -- A snapshot of which another source tells everything says nothing.
    final as (
        select
            post_snapshot_key,
            post_key,
            source,
            source_rank,
            network,

            snapshot_at,

            {% for metric in metrics -%} {{ metric }}, {% endfor -%}
            {{ engagement_core("told") }} as engagement_core
        from told
        where is_first_source or coalesce({{ metrics | join(", ") }}) is not null
    )

select *
from final
