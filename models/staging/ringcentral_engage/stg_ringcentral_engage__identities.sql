with
    exported as (select * from {{ stream("ringcentral_engage", "identities") }}),

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
            id as contact_id,
            foreign_id as native_contact_id,
            created_at,
            lower(community_type) as network_word,
            coalesce(puppet, false) as is_own,
            tw_followers_count as x_followers,
            ig_followers_count as instagram_followers
        from latest
    )

select *
from final
