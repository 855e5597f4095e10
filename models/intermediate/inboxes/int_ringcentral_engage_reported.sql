{%- set metrics = {
    "first_reply_s": "reported_first_reply_s",
    "first_reply_business_s": "reported_first_reply_business_s",
    "replies_s": "reported_replies_s",
    "replies_business_s": "reported_replies_business_s",
    "timed_replies": "reported_timed_replies",
    "handle_s": "reported_handle_s",
    "human_replies": "reported_human_replies",
} -%}

with
    interventions as (select * from {{ ref("stg_ringcentral_engage__interventions") }}),

    final as (
        {% for metric, column in metrics.items() %}
            select
                'ringcentral_engage' as source,
                thread_id,
                opened_at,
                '{{ metric }}' as metric,
                cast({{ column }} as double) as value,
                exported_at as reported_at
            from interventions
            where {{ column }} is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
