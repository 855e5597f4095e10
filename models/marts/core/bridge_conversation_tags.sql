with
    carriers as (select * from {{ ref("int_conversation_segments") }}),

    tagged as (select * from {{ ref("int_conversation_tags") }}),

    profiles as (select * from {{ ref("int_profiles") }}),

    dimensions as (
        select 'product' as tag_kind
        union all
        select 'topic' as tag_kind
    ),

    -- Two tags of one product are one membership.
    memberships as (
        select distinct conversation_key, tag_kind, tag_value
        from tagged
        where tag_kind in ('product', 'topic')
    ),

    -- Every carrier has at least one row a kind: what nobody tagged is shown as untagged, not lost.
    final as (
        select
            {{
                surrogate_key(
                    ["carriers.conversation_key", "dimensions.tag_kind", "memberships.tag_value"]
                )
            }} as conversation_tag_key,
            carriers.conversation_key,
            dimensions.tag_kind,
            coalesce(
                memberships.tag_value,
                case when dimensions.tag_kind = 'product' then profiles.product end,
                'untagged'
            ) as tag_value
        from carriers
        cross join dimensions
        left join
            memberships
            on memberships.conversation_key = carriers.conversation_key
            and memberships.tag_kind = dimensions.tag_kind
        left join profiles on profiles.profile_key = carriers.profile_key
    )

select *
from final
