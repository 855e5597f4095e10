with
    keywords as (select * from {{ ref("int_mention_keywords") }}),

    final as (
        select
            mention_keyword_key,
            mention_key,
            keyword_key,

            keyword,
            keyword_kind,
            brand,
            campaign,
            is_own_brand,
            is_hashtag,
            is_exclusive,
            is_in_window
        from keywords
    )

select *
from final
