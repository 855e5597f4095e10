with
    sent as (select * from {{ ref("kpi_human_messages") }}),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }} where utm_content is not null),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    sliced as (
        select slices.slice_kind, slices.slice_value, sent.*
        from sent
        inner join slices on slices.conversation_key = sent.conversation_key
        union all
        {{ own_slices("sent", {"team": "team", "agent": "agent"}) }}
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as human_messages,
            count(sliced.template_id) as from_template,
            count(*) filter (where sliced.redirect_kind = 'portal') as to_portal
        from sliced
        inner join period_days on period_days.date_on = sliced.sent_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    redirects as (
        select distinct redirect_content
        from sent
        where redirect_kind = 'portal' and redirect_content is not null
    ),

    arrived as (
        select period_days.period_kind, period_days.period_start_on, count(*) as sessions
        from sessions
        inner join redirects on redirects.redirect_content = sessions.utm_content
        inner join period_days on period_days.date_on = sessions.started_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    followed as (
        select counted.*, coalesce(arrived.sessions, 0) as sessions
        from counted
        left join
            arrived
            on arrived.period_kind = counted.period_kind
            and arrived.period_start_on = counted.period_start_on
        where counted.slice_kind = 'overall'
    ),

    final as (
        {{
            kpi_rows(
                "counted",
                [
                    {
                        "id": "K40",
                        "numerator": "from_template",
                        "denominator": "human_messages",
                    },
                    {"id": "K41", "numerator": "to_portal", "denominator": "human_messages"},
                ],
            )
        }}
        union all
        {{ kpi_row("followed", "K41_sessions", numerator="sessions", denominator="to_portal") }}
    )

select *
from final
