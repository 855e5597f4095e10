with
    posts as (select * from {{ ref("int_posts_described") }} where body like '%http%'),

    ordinals as (select ordinal from (values (1), (2), (3), (4), (5)) as numbers(ordinal)),

    links as (
        select
            posts.post_key,
            posts.network,
            posts.posted_on,
            {{ regex_nth(squeeze_spaces("posts.body"), "'https?://[^ <>]+'", "ordinals.ordinal") }}
            as link_url
        from posts
        cross join ordinals
    ),

    -- A full stop or a bracket after a link belongs to the sentence.
    addressed as (
        select
            post_key,
            network,
            posted_on,
            {{ page_address(regex_remove("replace(link_url, '&amp;', '&')", "'[.,;:!?)]+$'")) }}
            as address
        from links
        where link_url is not null
    ),

    final as (
        select
            {{ surrogate_key(["post_key", "address"]) }} as post_link_key,
            post_key,
            network,
            posted_on,
            address
        from addressed
        where address is not null
        group by post_key, network, posted_on, address
    )

select *
from final
