with
    open_conversations as (select * from {{ ref("fct_conversation_daily") }} where is_in_scope),

    dates as (select * from {{ ref("dim_date") }} where day_ends_at <= {{ as_of() }}),

    beginning as (select min(day_on) as first_on from open_conversations),

    -- A day with nothing open is a day all the same: without it the last day of a period would be
    -- an earlier one.
    days as (
        select dates.date_on from dates inner join beginning on beginning.first_on <= dates.date_on
    ),

    rows_of_days as (
        select
            conversation_day_key as open_case_key,
            day_on,
            conversation_key,
            profile_key,
            agent_key,
            network,
            team,
            1 as open_cases,
            case when is_unanswered then 1 else 0 end as unanswered_cases,
            case when agent_key is not null then 1 else 0 end as assigned_open_cases,
            age_s,
            case when is_unanswered then wait_s end as wait_s
        from open_conversations

        union all

        select
            {{ surrogate_key(["date_on"]) }} as open_case_key,
            date_on as day_on,
            null as conversation_key,
            null as profile_key,
            null as agent_key,
            null as network,
            null as team,
            0 as open_cases,
            0 as unanswered_cases,
            0 as assigned_open_cases,
            null as age_s,
            null as wait_s
        from days
    ),

    final as (select * from rows_of_days)

select *
from final
