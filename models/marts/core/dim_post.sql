with
    posts as (select * from {{ ref("int_posts_described") }}),

    -- The same account may be known under several tools; its product is said in the row of the
    -- network itself.
    profiles as (
        select network, lower(profile_id) as profile, min(product) as product
        from {{ ref("profiles") }}
        where source = network
        group by network, lower(profile_id)
    ),

    final as (
        select
            posts.post_key,
            posts.natural_post_id,

            posts.posted_at,
            posts.posted_on,
            posts.first_seen_at,
            posts.last_seen_at,

            posts.network,
            posts.profile,
            coalesce(profiles.product, 'untagged') as product,

            posts.post_type,
            posts.permalink,

            posts.snapshots
        from posts
        left join profiles on profiles.network = posts.network and profiles.profile = posts.profile
    )

select *
from final
