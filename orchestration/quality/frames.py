"""The frames expectations look at: one query each, over the warehouse and the last publication.

Joining, counting and comparing for a check belongs here. Bounds do not (they are expectations), and
nothing here is read by a mart.

`published` is the snapshot readers have now, `rows_now` the size of every table of the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

#: The attached snapshot, in a frame's query.
PUBLISHED = "published"
#: The table of how many rows each table of the warehouse has now.
ROWS_NOW = "rows_now"


@dataclass(frozen=True)
class Frame:
    """A query. `compares` says that it needs a published snapshot to compare with."""

    sql: str
    compares: bool = False


SCORECARD = Frame(
    """
    select
        cells.*,
        definitions.unit,
        definitions.family,
        (cells.value is null) <> (cells.null_reason is null) as has_either_value_or_reason,
        cells.period_start_on::timestamp < cells.as_of_at + interval 1 day as has_begun
    from kpi.kpi_scorecard as cells
    left join seeds.kpi_definitions as definitions on definitions.kpi_id = cells.kpi_id
    """
)

#: Slices with a row for every period; the others have rows where there are cases.
DENSE_SLICES = ("overall", "network", "product", "topic", "team", "channel_group")

# One row a series: how many of the periods between the first and the last are not there.
SCORECARD_SERIES = Frame(
    """
    with
        spans as (
            select period_kind, min(period_start_on) as first_on, max(period_start_on) as last_on
            from kpi.kpi_scorecard
            group by period_kind
        ),

        expected as (
            select spans.period_kind, count(*) as periods
            from spans
            inner join
                core.dim_period as periods
                on periods.period_kind = spans.period_kind
                and periods.period_start_on between spans.first_on and spans.last_on
            group by spans.period_kind
        ),

        series as (
            select kpi_id, slice_kind, slice_value
            from kpi.kpi_scorecard
            where slice_kind in ({dense})
            union
            select kpi_id, 'overall', 'all' from seeds.kpi_definitions
        ),

        found as (
            select period_kind, kpi_id, slice_kind, slice_value, count(*) as periods
            from kpi.kpi_scorecard
            group by period_kind, kpi_id, slice_kind, slice_value
        )

    select
        series.kpi_id,
        series.slice_kind,
        series.slice_value,
        expected.period_kind,
        expected.periods - coalesce(found.periods, 0) as missing_periods
    from series
    inner join seeds.kpi_definitions as definitions on definitions.kpi_id = series.kpi_id
    cross join expected
    left join
        found
        on found.period_kind = expected.period_kind
        and found.kpi_id = series.kpi_id
        and found.slice_kind = series.slice_kind
        and found.slice_value = series.slice_value
    where definitions.cadence <> 'Q' or expected.period_kind = 'quarter'
    """.replace("{dense}", ", ".join(f"'{kind}'" for kind in DENSE_SLICES))
)

SCORECARD_PERIODS = Frame(
    """
    select
        period_kind,
        date_diff('day', max(period_end_on), max(as_of_at)::date) as days_without_a_period
    from kpi.kpi_scorecard
    group by period_kind
    """
)

# The last whole week against the median of the eight before it.
WEEKLY_VOLUMES = Frame(
    """
    with
        weeks as (
            select
                cells.kpi_id,
                cells.period_start_on,
                cells.value,
                median(cells.value) over (
                    partition by cells.kpi_id
                    order by cells.period_start_on
                    rows between 8 preceding and 1 preceding
                ) as usual
            from kpi.kpi_scorecard as cells
            inner join
                seeds.kpi_definitions as definitions
                on definitions.kpi_id = cells.kpi_id
                and definitions.unit = 'count'
                and definitions.additivity = 'A'
                -- Hashtags of a campaign are written while it lasts: a fall is no missing export.
                and definitions.kpi_id not in ('K56', 'K57')
            where
                cells.period_kind = 'week'
                and cells.slice_kind = 'overall'
                and cells.period_end_on::timestamp + interval 2 day <= cells.as_of_at
        )

    select kpi_id, period_start_on, value, usual, value / usual as of_usual
    from weeks
    where usual >= 20
    qualify row_number() over (partition by kpi_id order by period_start_on desc) = 1
    """
)

# The last whole month's rates against the median of the six before it.
MONTHLY_RATES = Frame(
    """
    with
        months as (
            select
                cells.kpi_id,
                cells.period_start_on,
                cells.value,
                cells.n,
                median(cells.value) over (
                    partition by cells.kpi_id
                    order by cells.period_start_on
                    rows between 6 preceding and 1 preceding
                ) as usual
            from kpi.kpi_scorecard as cells
            inner join
                seeds.kpi_definitions as definitions
                on definitions.kpi_id = cells.kpi_id
                and definitions.unit = 'share'
            where
                cells.period_kind = 'month'
                and cells.slice_kind = 'overall'
                and not cells.is_provisional
        )

    select kpi_id, period_start_on, value, usual, value - usual as moved
    from months
    where n >= 30 and usual is not null
    qualify row_number() over (partition by kpi_id order by period_start_on desc) = 1
    """
)

# Each network's share of the inbound messages, the last whole month against the three before it.
NETWORK_MIX = Frame(
    """
    with
        months as (
            select
                slice_value as network,
                period_start_on,
                value / nullif(sum(value) over (partition by period_start_on), 0) as share,
                sum(value) over (partition by period_start_on) as messages
            from kpi.kpi_scorecard
            where
                kpi_id = 'K01'
                and period_kind = 'month'
                and slice_kind = 'network'
                and period_end_on::timestamp + interval 2 day <= as_of_at
        ),

        compared as (
            select
                *,
                avg(share) over (
                    partition by network
                    order by period_start_on
                    rows between 3 preceding and 1 preceding
                ) as usual
            from months
        )

    select network, period_start_on, share, usual, share - usual as moved
    from compared
    where messages >= 100 and usual is not null
    qualify row_number() over (partition by network order by period_start_on desc) = 1
    """
)

# Rows of each table now and in the publication readers have; an older as-of is no loss.
ROWS_AGAINST_PUBLICATION = Frame(
    """
    with
        before as (
            select counted.key as table_name, counted.value::bigint as rows_before
            from
                published.marts.publication as publication,
                json_each(publication.rows_per_table::json) as counted
            where
                publication.as_of_at
                <= (select max(as_of_at) from kpi.kpi_scorecard)
        )

    select
        before.table_name,
        before.rows_before,
        rows_now.rows as rows_now,
        rows_now.rows / before.rows_before as kept
    from before
    inner join rows_now on rows_now.table_name = before.table_name
    where before.rows_before >= 100
    """,
    compares=True,
)

# Values that were final when they were published, now and then.
RESTATED_CELLS = Frame(
    """
    select
        was.period_kind,
        was.period_start_on,
        was.kpi_id,
        was.value as value_before,
        cells.value as value_now,
        abs(cells.value - was.value) / greatest(abs(was.value), 1e-9) as restated
    from published.marts.kpi_scorecard as was
    inner join
        kpi.kpi_scorecard as cells
        on cells.period_kind = was.period_kind
        and cells.period_start_on = was.period_start_on
        and cells.kpi_id = was.kpi_id
        and cells.slice_kind = was.slice_kind
        and cells.slice_value = was.slice_value
        and cells.as_of_at >= was.as_of_at
    where
        was.slice_kind = 'overall'
        and not was.is_provisional
        and was.period_end_on < was.as_of_at::date
        and was.n >= 30
    """,
    compares=True,
)

CARE_DAILY = Frame("select * from kpi.kpi_care_daily")

AGENTS = Frame("select * from kpi.kpi_agents")

TOPICS = Frame("select * from kpi.kpi_topics")

# A day of a network: what was open the evening before, came and went must be open now.
BACKLOG_DAYS = Frame(
    """
    with
        days as (
            select
                network,
                day_on,
                sum(new_cases + reopened_cases - ended_cases) as moved_cases,
                sum(open_cases) as open_cases,
                sum(unanswered_cases) as unanswered_cases
            from kpi.kpi_backlog_daily
            group by network, day_on
        ),

        balanced as (
            select
                *,
                sum(moved_cases) over (partition by network order by day_on) as expected_cases
            from days
        )

    select *, open_cases - expected_cases as surplus_cases
    from balanced
    where open_cases is not null
    """
)

COVERAGE_HOURS = Frame("select * from kpi.kpi_coverage")

WORK_LIST = Frame("select * from kpi.kpi_unanswered")

AUDIENCE_DAILY = Frame(
    """
    select
        *,
        greatest(followers, followers - followers_change) as followers_at_most,
        abs(followers_change) / nullif(followers_at_most, 0) as changed_share
    from kpi.kpi_audience_daily
    """
)

# A row a brand, with the sums over all brands it is compared with.
SHARE_OF_VOICE = Frame(
    """
    select
        *,
        positive_mentions + neutral_mentions + negative_mentions as classified_mentions,
        sum(share_any) over comparison as all_shares_any,
        sum(share_fractional) over comparison as all_shares_fractional
    from kpi.kpi_share_of_voice
    window comparison as (partition by period_kind, period_start_on, network)
    """
)

ATTRIBUTION_DAILY = Frame("select * from kpi.kpi_attribution_daily")

# A row a day and model: what it credits less than the model that credits most.
ATTRIBUTION_DAYS = Frame(
    """
    with
        days as (select distinct date_on from kpi.kpi_attribution_daily),

        models as (select distinct model from kpi.kpi_attribution_daily),

        credited as (
            select date_on, model, sum(conversions) as conversions, sum(revenue) as revenue
            from kpi.kpi_attribution_daily
            group by date_on, model
        ),

        filled as (
            select
                days.date_on,
                models.model,
                coalesce(credited.conversions, 0) as conversions,
                coalesce(credited.revenue, 0) as revenue
            from days
            cross join models
            left join
                credited
                on credited.date_on = days.date_on
                and credited.model = models.model
        )

    select
        *,
        max(conversions) over day - conversions as missing_conversions,
        max(revenue) over day - revenue as missing_revenue,
        abs(conversions - round(conversions)) as part_of_a_conversion
    from filled
    window day as (partition by date_on)
    """
)

POSTS = Frame("select * from kpi.kpi_posts")

CAMPAIGNS = Frame("select * from kpi.kpi_campaigns")

CHANNELS = Frame("select * from kpi.kpi_channels")

ATTRIBUTION_MODELS = (
    "last_touch",
    "last_non_direct",
    "first_touch",
    "linear",
    "position_based",
    "time_decay",
    "markov",
    "shapley",
)

# The credits of a mart that has a column a model: one row a model, also without a return.
_CREDITS = """
    select *
    from
        kpi.{table} unpivot include nulls (
            (conversions, revenue, roas) for model in ({models})
        )
    """.replace(
    "{models}",
    ", ".join(
        f"(conversions_{model}, revenue_{model}, roas_{model}) as '{model}'"
        for model in ATTRIBUTION_MODELS
    ),
)

CAMPAIGN_CREDITS = Frame(_CREDITS.replace("{table}", "kpi_campaigns"))

CHANNEL_CREDITS = Frame(_CREDITS.replace("{table}", "kpi_channels"))

# A row a period and model: what it credits to channel groups less than the model that credits most.
CHANNEL_PERIODS = Frame(
    """
    with
        credits as ({credits}),

        periods as (
            select
                period_kind,
                period_start_on,
                model,
                sum(conversions) as conversions,
                sum(revenue) as revenue
            from credits
            where slice_kind = 'channel_group'
            group by period_kind, period_start_on, model
        )

    select
        *,
        max(conversions) over period - conversions as missing_conversions,
        max(revenue) over period - revenue as missing_revenue
    from periods
    window period as (partition by period_kind, period_start_on)
    """.replace("{credits}", CHANNEL_CREDITS.sql)
)

LINK_FAULTS = Frame(
    """
    select
        *,
        first_seen_on <= last_seen_on
        and date_trunc('month', first_seen_on) = month_on
        and date_trunc('month', last_seen_on) = month_on as is_of_its_month
    from kpi.kpi_utm_governance
    """
)

MATURITY = Frame("select * from kpi.kpi_social_maturity")

ROI = Frame("select * from kpi.kpi_roi")

# A row a cohort and age, held against the age before and against the first.
COHORTS = Frame(
    """
    select
        *,
        converted_visitors
        - coalesce(lag(converted_visitors) over cohort, 0) as newly_converted_visitors,
        visitors - first_value(visitors) over cohort as joined_visitors
    from kpi.kpi_cohorts
    window cohort as (partition by cohort_month_on, network order by months_since)
    """
)

CRISES = Frame(
    """
    select *, started_at <= peak_at and peak_at < ended_at as peaks_within
    from kpi.kpi_crisis_episodes
    """
)

# What was measured of the data itself in the week before the as-of.
QUALITY_LAST_WEEK = Frame(
    """
    with
        days as (
            select max(observed_on) as last_on
            from kpi.kpi_data_quality
            where measure = 'newest_row_age_days'
        )

    select quality.*, quality.observed_on = days.last_on as is_last_day
    from kpi.kpi_data_quality as quality
    inner join days on quality.observed_on > days.last_on - 7
    """
)

FRAMES: Mapping[str, Frame] = MappingProxyType(
    {
        "scorecard": SCORECARD,
        "scorecard_series": SCORECARD_SERIES,
        "scorecard_periods": SCORECARD_PERIODS,
        "weekly_volumes": WEEKLY_VOLUMES,
        "monthly_rates": MONTHLY_RATES,
        "network_mix": NETWORK_MIX,
        "rows_against_publication": ROWS_AGAINST_PUBLICATION,
        "restated_cells": RESTATED_CELLS,
        "care_daily": CARE_DAILY,
        "agents": AGENTS,
        "topics": TOPICS,
        "backlog_days": BACKLOG_DAYS,
        "coverage_hours": COVERAGE_HOURS,
        "work_list": WORK_LIST,
        "audience_daily": AUDIENCE_DAILY,
        "share_of_voice": SHARE_OF_VOICE,
        "attribution_daily": ATTRIBUTION_DAILY,
        "attribution_days": ATTRIBUTION_DAYS,
        "posts": POSTS,
        "campaigns": CAMPAIGNS,
        "campaign_credits": CAMPAIGN_CREDITS,
        "channels": CHANNELS,
        "channel_credits": CHANNEL_CREDITS,
        "channel_periods": CHANNEL_PERIODS,
        "link_faults": LINK_FAULTS,
        "maturity": MATURITY,
        "roi": ROI,
        "cohorts": COHORTS,
        "crises": CRISES,
        "quality_last_week": QUALITY_LAST_WEEK,
    }
)
