with
    exported as (select * from {{ stream("ringcentral_engage", "sources") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by id order by {{ latest_version_first() }}
                    ) as place
                from exported
            )
        where place = 1
    ),

    final as (
        select
            id as profile_id,
            name as profile_name,
            lower(type) as network_word,
            coalesce(hidden_from_stats, false) as is_hidden_from_stats
        from latest
    )

select *
from final
