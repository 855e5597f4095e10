with
    interventions as (select * from {{ ref("stg_ringcentral_engage__interventions") }}),

    -- A handling episode tags the conversation in force when it began.
    final as (
        select
            'ringcentral_engage' as source,
            thread_id,
            opened_at,
            cast(null as timestamp) as removed_at,
            tags_text
        from interventions
        where tags_text is not null
    )

select *
from final
