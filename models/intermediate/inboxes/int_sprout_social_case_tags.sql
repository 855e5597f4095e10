with
    listed as (select * from {{ ref("stg_sprout_social__case_tags") }}),

    snapshots as (select * from {{ ref("int_sprout_social_case_history") }}),

    tags as (select * from {{ ref("stg_sprout_social__tags") }}),

    -- A tag is gone with the first export of the case, after the last that shows it, without it.
    shown as (
        select
            case_id,
            tag_id,
            max(exported_at) as last_shown_at,
            min(tagged_at) as tagged_at,
            min_by(agent_id, tagged_at) as agent_id,
            min_by(is_automatic, tagged_at) as is_automatic
        from listed
        group by case_id, tag_id
    ),

    removals as (
        select shown.case_id, shown.tag_id, min(snapshots.changed_at) as removed_at
        from shown
        inner join
            snapshots
            on snapshots.case_id = shown.case_id
            and snapshots.exported_at > shown.last_shown_at
        group by shown.case_id, shown.tag_id
    ),

    final as (
        select
            {{ surrogate_key(["shown.case_id", "shown.tag_id"]) }} as case_tag_key,
            shown.case_id,
            shown.tag_id,
            coalesce(tags.tag_name, 'tag ' || shown.tag_id) as tag_name,
            shown.tagged_at,
            removals.removed_at,
            shown.agent_id,
            shown.is_automatic
        from shown
        left join removals on removals.case_id = shown.case_id and removals.tag_id = shown.tag_id
        left join tags on tags.tag_id = shown.tag_id
    )

select *
from final
