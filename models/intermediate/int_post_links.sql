with
    posts as (select * from {{ ref("int_posts_described") }} where body like '%http%'),

    ordinals as (select ordinal from (values (1), (2), (3), (4), (5)) as numbers(ordinal)),

    texts as (select post_key, network, posted_on, {{ squeeze_spaces("body") }} as body from posts),

    links as (
        select
            texts.post_key,
            texts.network,
            texts.posted_on,
            {{ regex_nth("texts.body", "'https?://[^ <>]+'", "ordinals.ordinal") }} as link_url
        from texts
        cross join ordinals
    ),

    -- A full stop or a bracket after a link belongs to the sentence.
    trimmed as (
        select
            post_key,
            network,
            posted_on,
            {{ regex_remove("replace(link_url, '&amp;', '&')", "'[.,;:!?)]+$'") }} as link_url
        from links
        where link_url is not null
    ),

    addressed as (
        select post_key, network, posted_on, {{ page_address("link_url") }} as address from trimmed
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
