with
    sessions as (select * from {{ ref("int_web_session_sources") }}),

    classified as (select * from {{ ref("int_web_sessions_classified") }}),

    posts as (select * from {{ ref("int_posts_described") }}),

    links as (select * from {{ ref("int_post_links") }}),

    ordinals as (select ordinal from (values (0), (1), (2), (3), (4)) as numbers(ordinal)),

    -- The content word may be the id of the post, or carry it among other words as a run of digits.
    named_ids as (
        select distinct
            sessions.session_key,
            case
                when ordinals.ordinal = 0
                then sessions.content
                else {{ regex_nth("sessions.content", "'[0-9]{5,}'", "ordinals.ordinal") }}
            end as natural_post_id
        from sessions
        cross join ordinals
        where sessions.content is not null
    ),

    by_content as (
        select named_ids.session_key, posts.post_key, 'utm_content' as post_match
        from named_ids
        inner join posts on lower(posts.natural_post_id) = named_ids.natural_post_id
    ),

    by_link as (
        select sessions.session_key, links.post_key, 'link' as post_match
        from sessions
        inner join classified on classified.session_key = sessions.session_key
        inner join
            links
            on links.address = sessions.landing_address
            and links.network = classified.network
            and links.posted_on <= cast(sessions.started_at as date)
        left join by_content on by_content.session_key = sessions.session_key
        where by_content.session_key is null
    ),

    candidates as (
        select *
        from by_content
        union
        select *
        from by_link
    ),

    -- A link that several posts carry tells which posts it may have been, not which one it was.
    final as (
        select
            session_key,
            case when count(distinct post_key) = 1 then min(post_key) end as post_key,
            case
                when count(distinct post_key) = 1 then min(post_match) else 'ambiguous'
            end as post_match,
            count(distinct post_key) as candidate_posts
        from candidates
        group by session_key
    )

select *
from final
