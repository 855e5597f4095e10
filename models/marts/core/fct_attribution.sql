with
    conversions as (select * from {{ ref("fct_conversions") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }}),

    -- Elapsed time to the microsecond, not midnights crossed: day 180 sharp is still inside.
    touches as (
        select
            conversions.conversion_key,
            sessions.session_key,
            sessions.started_at,
            sessions.channel_group,
            sessions.network,
            sessions.is_social,
            sessions.is_source_known,
            {{ seconds_between("sessions.started_at", "conversions.converted_at") }} as before_s
        from conversions
        inner join
            sessions
            on sessions.visitor_key = conversions.visitor_key
            and sessions.started_at <= conversions.converted_at
            and {{ add_seconds("sessions.started_at", var("attribution_lookback_s")) }}
            >= conversions.converted_at
    ),

    recent as (
        select
            *,
            max(case when is_source_known then 1 else 0 end) over (
                partition by conversion_key
            ) as has_known_touch
        from touches
    ),

    -- A direct visit tells nothing about who sent the visitor; it earns credit only where there
    -- is nothing else.
    eligible as (select * from recent where is_source_known or has_known_touch = 0),

    last_touches as (
        select *, 'last_touch' as model, 1.0 as credit
        from recent
        qualify
            row_number() over (
                partition by conversion_key order by started_at desc, session_key desc
            )
            = 1
    ),

    last_non_direct_touches as (
        select *, 'last_non_direct' as model, 1.0 as credit
        from eligible
        qualify
            row_number() over (
                partition by conversion_key order by started_at desc, session_key desc
            )
            = 1
    ),

    first_touches as (
        select *, 'first_touch' as model, 1.0 as credit
        from eligible
        qualify row_number() over (partition by conversion_key order by started_at, session_key) = 1
    ),

    linear_touches as (
        select
            *,
            'linear' as model,
            cast(1 as double) / count(*) over (partition by conversion_key) as credit
        from eligible
    ),

    credits as (
        select conversion_key, session_key, model, credit
        from last_touches
        union all
        select conversion_key, session_key, model, credit
        from last_non_direct_touches
        union all
        select conversion_key, session_key, model, credit
        from first_touches
        union all
        select conversion_key, session_key, model, credit
        from linear_touches
    ),

    positions as (
        select
            conversion_key,
            session_key,
            channel_group,
            network,
            is_social,
            before_s,
            row_number() over (
                partition by conversion_key order by started_at, session_key
            ) as touch_position,
            count(*) over (partition by conversion_key) as touches
        from recent
    ),

    models as (
        select model
        from
            (values ('last_touch'), ('last_non_direct'), ('first_touch'), ('linear')) as names(
                model
            )
    ),

    -- No visit that could be blamed: the credit is shown as nobody's, not lost.
    unattributed as (
        select conversions.conversion_key, models.model
        from conversions
        cross join models
        left join
            (select distinct conversion_key from recent) as attributed
            on attributed.conversion_key = conversions.conversion_key
        where attributed.conversion_key is null
    ),

    credited as (
        select
            credits.conversion_key,
            credits.session_key,
            credits.model,
            positions.channel_group,
            positions.network,
            positions.is_social,
            credits.credit,
            positions.touch_position,
            positions.touches,
            positions.before_s
        from credits
        inner join
            positions
            on positions.conversion_key = credits.conversion_key
            and positions.session_key = credits.session_key

        union all

        select
            conversion_key,
            null as session_key,
            model,
            'Unattributed' as channel_group,
            null as network,
            false as is_social,
            1.0 as credit,
            null as touch_position,
            0 as touches,
            null as before_s
        from unattributed
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["credited.conversion_key", "credited.session_key", "credited.model"]
                )
            }} as attribution_key,
            credited.conversion_key,
            credited.session_key,
            credited.model,

            conversions.converted_at,
            conversions.converted_on,

            credited.channel_group,
            credited.network,
            credited.is_social,
            conversions.conversion_kind,
            conversions.is_primary,
            conversions.currency,

            cast(credited.touch_position as bigint) as touch_position,
            cast(credited.touches as bigint) as touches,
            cast(credited.before_s as double) / 86400 as days_before,
            cast(credited.credit as double) as credit,
            cast(credited.credit * conversions.value as double) as credited_value
        from credited
        inner join conversions on conversions.conversion_key = credited.conversion_key
    )

select *
from final
