{%- set measures = {
    "first_reply_s": "first_reply_s",
    "first_reply_business_s": "first_reply_business_s",
    "first_close_s": "first_resolution_s",
    "final_close_s": "full_resolution_s",
    "human_replies": "replies",
    "reopens": "reopens",
} -%}

with
    metrics as (select * from {{ ref("stg_zendesk__ticket_metrics") }}),

    snapshots as (select * from {{ ref("stg_zendesk__ticket_snapshots") }}),

    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    created as (
        select ticket_id, min_by(created_at, form_rank) as created_at
        from
            (
                select ticket_id, created_at, 0 as form_rank
                from tickets
                where is_latest
                union all
                select ticket_id, created_at, 1 as form_rank
                from snapshots
                where is_latest
            ) as every_form
        group by ticket_id
    ),

    -- The API's minutes go before the account export's, which may have been made in passing.
    told as (
        {% for metric, column in measures.items() %}
            select
                ticket_id,
                '{{ metric }}' as metric,
                cast({{ column }} as double) as value,
                known_at as reported_at,
                0 as form_rank
            from metrics

            union all

            select
                ticket_id,
                '{{ metric }}' as metric,
                cast({{ column }} as double) as value,
                coalesce(updated_at, created_at) as reported_at,
                1 as form_rank
            from snapshots
            where is_latest
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    chosen as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by ticket_id, metric order by form_rank, reported_at desc, value
                    ) as place
                from told
                where value is not null
            )
        where place = 1
    ),

    final as (
        select
            'zendesk' as source,
            chosen.ticket_id as thread_id,
            created.created_at as opened_at,
            chosen.metric,
            chosen.value,
            chosen.reported_at
        from chosen
        inner join created on created.ticket_id = chosen.ticket_id
    )

select *
from final
