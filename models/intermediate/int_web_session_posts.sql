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
        select named_ids.session_key, posts.post_key
        from named_ids
        inner join posts on lower(posts.natural_post_id) = named_ids.natural_post_id
    ),

    -- From the day of each post on, so many posts carry the link: a session looks up its day
    -- once, however many those are.
    carried as (
        select address, network, posted_on, count(*) as posts, min(post_key) as post_key
        from links
        group by address, network, posted_on
    ),

    link_days as (
        select
            address,
            network,
            posted_on,
            lead(posted_on) over (
                partition by address, network order by posted_on
            ) as next_posted_on,
            sum(posts) over (
                partition by address, network
                order by posted_on
                rows between unbounded preceding and current row
            ) as candidate_posts,
            post_key
        from carried
    ),

    by_content_counted as (
        select
            session_key,
            'utm_content' as post_match,
            count(distinct post_key) as candidate_posts,
            min(post_key) as post_key
        from by_content
        group by session_key
    ),

    by_link as (
        select
            sessions.session_key,
            'link' as post_match,
            link_days.candidate_posts,
            link_days.post_key
        from sessions
        inner join classified on classified.session_key = sessions.session_key
        inner join
            link_days
            on link_days.address = sessions.landing_address
            and link_days.network = classified.network
            and link_days.posted_on <= cast(sessions.started_at as date)
            and (
                link_days.next_posted_on is null
                or link_days.next_posted_on > cast(sessions.started_at as date)
            )
        left join by_content_counted on by_content_counted.session_key = sessions.session_key
        where by_content_counted.session_key is null
    ),

    candidates as (
        select session_key, post_match, candidate_posts, post_key
        from by_content_counted

        union all

        select session_key, post_match, candidate_posts, post_key
        from by_link
    ),

    -- A link that several posts carry tells which posts it may have been, not which one it was.
    final as (
        select
            session_key,
            case when candidate_posts = 1 then post_key end as post_key,
            case when candidate_posts = 1 then post_match else 'ambiguous' end as post_match,
            cast(candidate_posts as bigint) as candidate_posts
        from candidates
    )

select *
from final
