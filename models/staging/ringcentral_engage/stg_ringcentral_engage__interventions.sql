{%- set units = {"seconds": 1.0, "minutes": 60.0} -%}
{%- if var("ringcentral_duration_unit") not in units -%}
    {{
        exceptions.raise_compiler_error(
            "ringcentral_duration_unit must be seconds or minutes, found "
            ~ var("ringcentral_duration_unit")
        )
    }}
{%- endif -%}
{%- set unit_s = units[var("ringcentral_duration_unit")] -%}

with
    exported as (select * from {{ stream("ringcentral_engage", "interventions") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where created_at <= {{ as_of() }}
            )
        where place = 1
    ),

    -- The tool's `closed_at` is its last reply, not the close, so it is named for what it is. Waits
    -- are in the unit the tool is set to, time at work always in seconds; an average is kept as the
    -- sum it was made from, so that it can be added up.
    final as (
        select
            id as intervention_id,
            content_thread_id as thread_id,

            created_at as opened_at,
            closed_at as last_reply_or_close_at,
            satisfaction_sent_at as survey_sent_at,

            user_id as agent_id,
            identity_id as contact_id,

            status as status_word,
            categories as tags_text,
            satisfaction_response_id as survey_response_id,
            lower(source_type) as network_word,
            source_id as profile_id,

            first_identity_content_id as first_message_id,
            first_user_reply_at as reported_first_reply_at,
            first_user_reply_in * {{ unit_s }} as reported_first_reply_s,
            first_user_reply_in_bh * {{ unit_s }} as reported_first_reply_business_s,
            user_reply_in_average
            * user_reply_in_average_count
            * {{ unit_s }} as reported_replies_s,
            user_reply_in_average_bh
            * user_reply_in_average_count
            * {{ unit_s }} as reported_replies_business_s,
            case
                when user_reply_in_average is not null then user_reply_in_average_count
            end as reported_timed_replies,
            handling_time as reported_handle_s,
            user_replies_count as reported_human_replies,

            _exported_at as exported_at
        from latest
    )

select *
from final
