with
    case_tags as (select * from {{ ref("int_sprout_social_case_tags") }}),

    final as (
        select
            'sprout_social' as source,
            'case:' || case_id as thread_id,
            tagged_at as opened_at,
            removed_at,
            tag_name as tags_text
        from case_tags
    )

select *
from final
