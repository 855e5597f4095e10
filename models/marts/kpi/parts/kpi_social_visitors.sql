with
    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    conversions as (select * from {{ ref("fct_conversions") }} where is_primary),

    {{ followed_visitors("sessions", "conversions") }},

    final as (
        select
            visitor_key,

            started_on as first_social_on,

            network,

            1 as followed_visitors,
            is_converted as converted_visitors
        from followed_visitors
    )

select *
from final
