with
    engagement as (select * from {{ ref("fct_engagement") }} where level = 'profile'),

    post_engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    followers as (select * from {{ ref("fct_followers") }} where followers is not null),

    reach as (select * from {{ ref("fct_reach") }} where kind = 'total'),

    profiles as (select * from {{ ref("kpi_profile_names") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    periods as (
        select period_kind, period_start_on, max(date_on) as last_on
        from period_days
        group by period_kind, period_start_on
    ),

    -- What networks report by the day.
    days as (
        select engagement.*, profiles.profile_name
        from engagement
        inner join profiles on profiles.profile_key = engagement.profile_key
    ),

    day_slices as (
        {{
            own_slices(
                "days", {"overall": "'all'", "network": "network", "profile": "profile_name"}
            )
        }}
    ),

    reported as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            day_slices.slice_kind,
            day_slices.slice_value,
            sum(day_slices.impressions) as impressions,
            sum(day_slices.engagement_core) as engagement_core,
            sum(day_slices.impressions) filter (
                where day_slices.engagement_core is not null
            ) as engaged_impressions,
            sum(day_slices.engagement_core) filter (
                where day_slices.impressions is not null
            ) as seen_engagement_core,
            count(*) as profile_days
        from day_slices
        inner join period_days on period_days.date_on = day_slices.metric_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            day_slices.slice_kind,
            day_slices.slice_value
    ),

    {{ follower_spans("followers", "profiles") }},

    at_end as (
        select
            periods.period_kind,
            periods.period_start_on,
            spans.profile_key,
            spans.network,
            spans.profile_name,
            spans.followers
        from periods
        inner join
            follower_spans as spans
            on spans.valid_from_on <= periods.last_on
            and spans.valid_to_on > periods.last_on
    ),

    -- The day before a period is the start of it.
    at_start as (
        select periods.period_kind, periods.period_start_on, spans.profile_key, spans.followers
        from periods
        inner join
            follower_spans as spans
            on spans.valid_from_on < periods.period_start_on
            and spans.valid_to_on >= periods.period_start_on
    ),

    earned as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            post_engagement.profile_key,
            sum(post_engagement.engagement_core) as engagement_core,
            sum(post_engagement.shares) as shares
        from post_engagement
        inner join period_days on period_days.date_on = post_engagement.metric_on
        group by period_days.period_kind, period_days.period_start_on, post_engagement.profile_key
    ),

    followed as (
        select
            at_end.*,
            at_start.followers as followers_before,
            case
                when at_start.followers is not null then at_end.followers - at_start.followers
            end as net_followers,
            earned.engagement_core,
            earned.shares
        from at_end
        left join
            at_start
            on at_start.period_kind = at_end.period_kind
            and at_start.period_start_on = at_end.period_start_on
            and at_start.profile_key = at_end.profile_key
        left join
            earned
            on earned.period_kind = at_end.period_kind
            and earned.period_start_on = at_end.period_start_on
            and earned.profile_key = at_end.profile_key
    ),

    followed_slices as (
        {{
            own_slices(
                "followed",
                {"overall": "'all'", "network": "network", "profile": "profile_name"},
            )
        }}
    ),

    found_slices as (
        select distinct slice_kind, slice_value
        from followed_slices
        where slice_kind in ('overall', 'network')
    ),

    beginning as (select min(valid_from_on) as first_on from follower_spans),

    counted as (
        select
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            sum(followers) as followers,
            sum(followers_before) as followers_before,
            sum(net_followers) as net_followers,
            sum(engagement_core) as engagement_core,
            sum(shares) as shares,
            count(*) as profiles
        from followed_slices
        group by period_kind, period_start_on, slice_kind, slice_value
    ),

    -- Nobody reporting is not nobody following: such a period has a row without a value.
    gaps as (
        select
            periods.period_kind,
            periods.period_start_on,
            found_slices.slice_kind,
            found_slices.slice_value
        from periods
        inner join beginning on beginning.first_on <= periods.last_on
        cross join found_slices
        left join
            counted
            on counted.period_kind = periods.period_kind
            and counted.period_start_on = periods.period_start_on
            and counted.slice_kind = found_slices.slice_kind
            and counted.slice_value = found_slices.slice_value
        where counted.profiles is null
    ),

    at_end_and_start as (
        select *
        from counted

        union all

        select
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            null as followers,
            null as followers_before,
            null as net_followers,
            null as engagement_core,
            null as shares,
            0 as profiles
        from gaps
    ),

    -- The network's own figure as it is. The last window of a period, and its best day.
    last_windows as (
        select {{ all_but("place") }}
        from
            (
                select
                    period_days.period_kind,
                    period_days.period_start_on,
                    'profile' as slice_kind,
                    profiles.profile_name as slice_value,
                    reach.reach,
                    row_number() over (
                        partition by
                            period_days.period_kind, period_days.period_start_on, reach.profile_key
                        order by reach.window_end_on desc
                    ) as place
                from reach
                inner join profiles on profiles.profile_key = reach.profile_key
                inner join period_days on period_days.date_on = reach.window_end_on
                where reach.window_days = 28
            )
        where place = 1
    ),

    best_days as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            'profile' as slice_kind,
            profiles.profile_name as slice_value,
            max(reach.reach) as reach,
            count(*) as days
        from reach
        inner join profiles on profiles.profile_key = reach.profile_key
        inner join period_days on period_days.date_on = reach.window_end_on
        where reach.window_days = 1
        group by period_days.period_kind, period_days.period_start_on, profiles.profile_name
    ),

    final as (
        {{ kpi_row("last_windows", "K61", numerator="reach", n="1") }}
        union all
        {{ kpi_row("best_days", "K61_day", numerator="reach", n="days") }}
        union all
        {{
            kpi_rows(
                "reported",
                [
                    {"id": "K62_profile", "numerator": "impressions", "n": "profile_days"},
                    {"id": "K63_profile", "numerator": "engagement_core", "n": "profile_days"},
                    {
                        "id": "K64_profile",
                        "numerator": "seen_engagement_core",
                        "denominator": "engaged_impressions",
                        "n": "profile_days",
                    },
                ],
            )
        }}
        union all
        {{
            kpi_rows(
                "at_end_and_start",
                [
                    {"id": "K66", "numerator": "followers", "n": "profiles"},
                    {"id": "K66_net", "numerator": "net_followers", "n": "profiles"},
                    {
                        "id": "K66_growth",
                        "numerator": "net_followers",
                        "denominator": "followers_before",
                        "n": "profiles",
                    },
                    {
                        "id": "K64_follower",
                        "numerator": "engagement_core",
                        "denominator": "followers",
                        "n": "profiles",
                    },
                    {
                        "id": "K65_follower",
                        "numerator": "shares",
                        "denominator": "followers",
                        "n": "profiles",
                    },
                ],
            )
        }}
    )

select *
from final
