with
    page_days as (select * from {{ ref("stg_facebook__page_days") }}),

    -- Told apart by the network, and never added: who is reached both ways is in both.
    final as (
        {%- for kind, column in [
            ("total", "reach"),
            ("organic", "reach_organic"),
            ("paid", "reach_paid"),
        ] %}
            select
                'facebook' as source,
                'facebook' as network,
                page_id as profile_id,
                page_name as profile_name,
                window_days,
                metric_on as window_end_on,
                day_zone,
                '{{ kind }}' as kind,
                {{ column }} as reach,
                exported_at
            from page_days
            where {{ column }} is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {%- endfor %}
    )

select *
from final
