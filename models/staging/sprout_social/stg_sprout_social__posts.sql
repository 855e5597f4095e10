with
    exported as (select * from {{ stream("sprout_social", "posts") }}),

    -- An export made after the as-of instant is not known yet; one of unknown age counts as the
    -- latest.
    known as (
        select
            *,
            case
                when _exported_at > {{ as_of() }} then {{ as_of() }} else _exported_at
            end as snapshot_at
        from exported
        where
            (not _exported_at_is_known or _exported_at <= {{ as_of() }})
            and created_time <= {{ as_of() }}
    ),

    -- One snapshot per post and instant of export, however many groups of profiles list it.
    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by guid, snapshot_at order by {{ latest_version_first() }}
                    ) as place
                from known
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["guid", "snapshot_at"]) }} as post_snapshot_key,
            {{ regex_remove("guid", "'^[A-Za-z_]+:'") }} as natural_post_id,
            customer_profile_id as profile_id,
            {{ regex_remove("profile_guid", "'^[A-Za-z_]+:'") }} as native_profile_id,
            lower({{ regex_remove("profile", "'^@'") }}) as profile_word,
            lower(network) as network_word,

            snapshot_at,
            created_time as posted_at,

            lower(post_type) as post_type,
            lower(content_category) as content_category,
            perma_link as permalink,
            text as body,
            coalesce(sent_by_id, sent_by_name) as publisher,
            is_boosted,

            impressions,
            impressions_unique as reach,
            reactions,
            likes,
            dislikes,
            reactions_love,
            reactions_haha,
            reactions_wow,
            reactions_sad,
            reactions_angry,
            comments_count as comments,
            shares_count as shares,
            saves,
            post_link_clicks as link_clicks,
            post_content_clicks as all_clicks,
            post_content_clicks_other as other_clicks,
            engagements_other,
            engagements,
            video_views,
            coalesce(followers_gained, subscribers_gained) as follows
        from deduplicated
    )

select *
from final
