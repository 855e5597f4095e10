with
    profile_days as (select * from {{ ref("int_sprout_social_profile_days_named") }}),

    unioned as (
        {%- for kind, column in [
            ("total", "reach"),
            ("organic", "reach_organic"),
            ("paid", "reach_paid"),
        ] %}
            select
                'sprout_social' as source,
                network,
                profile_id,
                profile_name,
                1 as window_days,
                metric_on as window_end_on,
                day_zone,
                '{{ kind }}' as kind,
                {{ column }} as reach,
                exported_at
            from profile_days
            where {{ column }} is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {%- endfor %}
    )

select *
from unioned
