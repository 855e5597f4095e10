with
    exported as (select * from {{ stream("zendesk", "satisfaction_ratings") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by rating_id
                        order by updated_at desc, {{ latest_version_first() }}
                    ) as place
                from exported
                where
                    created_at <= {{ as_of() }}
                    and coalesce(updated_at, created_at) <= {{ as_of() }}
            )
        where place = 1
    ),

    worded as (
        select
            *,
            replace(
                replace(lower(score), '_without_comment', ''), '_with_comment', ''
            ) as score_word
        from latest
    ),

    -- Of an answer that is only `received` nobody says whether it was good.
    final as (
        select
            rating_id,
            ticket_id,

            created_at as sent_at,
            case
                when score_word in ('good', 'bad', 'received') then coalesce(updated_at, created_at)
            end as responded_at,

            requester_id,
            assignee_id,

            score_word,
            coalesce(lower(score) like '%with_comment', false) or comment is not null as has_comment
        from worded
    )

select *
from final
