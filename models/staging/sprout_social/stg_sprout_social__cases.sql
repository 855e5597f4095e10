with
    exported as (select * from {{ stream("sprout_social", "cases") }}),

    -- Every export is kept: a case shows its present only, and its past is in earlier exports.
    one_row_an_export as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    coalesce(
                        {{ json_text("assigned_to", "'$[0]'") }},
                        case when assigned_to not like '[%' then assigned_to end
                    ) as assignee,
                    row_number() over (
                        partition by case_id, _exported_at order by {{ latest_version_first() }}
                    ) as place
                from exported
                where
                    (_exported_at <= {{ as_of() }} or not _exported_at_is_known)
                    and coalesce(created_time <= {{ as_of() }}, true)
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["case_id", "_exported_at"]) }} as case_export_key,
            case_id,

            _exported_at as exported_at,
            created_time as created_at,
            updated_time as updated_at,
            last_closed_time as last_closed_at,

            {{ sprout_person("assignee") }} as agent_id,
            {{ sprout_is_rule("assigned_by") }} as is_assigned_by_rule,
            queue_id,

            lower(type) as case_type,
            -- IN_PROGRESS is in an example of the documentation and not in its list.
            case
                when upper(status) = 'CLOSED'
                then 'closed'
                when upper(status) = 'ON_HOLD'
                then 'on_hold'
                else 'open'
            end as status,
            lower(status) as status_word,
            case
                when lower(priority) in ('critical', 'high', 'low')
                then lower(priority)
                when priority is not null
                then 'normal'
            end as priority
        from one_row_an_export
    )

select *
from final
