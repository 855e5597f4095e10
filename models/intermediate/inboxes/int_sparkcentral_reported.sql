with
    response_times as (select * from {{ ref("stg_sparkcentral__response_times") }}),

    -- The tool times the first reply of a person, from what the customer wrote before it.
    first_replies as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    {{ add_seconds("replied_at", "0 - round(coalesce(response_s, 0))") }}
                    as opened_at,
                    row_number() over (
                        partition by thread_id order by replied_at, length(message_id), message_id
                    ) as place
                from response_times
            )
        where place = 1
    ),

    final as (
        {% for metric, column in {
            "first_reply_s": "response_s",
            "first_reply_business_s": "response_business_s",
        }.items() %}
            select
                'sparkcentral' as source,
                thread_id,
                opened_at,
                '{{ metric }}' as metric,
                {{ column }} as value,
                exported_at as reported_at
            from first_replies
            where {{ column }} is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
