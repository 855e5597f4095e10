"""A small healthy warehouse with what the checks look at, and the same thing published before."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import Run, Table, publish
from orchestration.quality.frames import ATTRIBUTION_MODELS
from orchestration.settings import Settings

HEALTHY = """
create schema kpi; create schema core; create schema seeds;

create table seeds.kpi_definitions as
select * from (values
    ('K01', 'count', 'A', 'messages', 'W M Q'),
    ('K04', 'hours', 'N', 'turns', 'W M Q'),
    ('K07', 'share', 'N', 'turns', 'W M Q'),
    ('K45', 'points', 'N', 'nps', 'Q'),
    ('K50', 'change', 'N', 'messages', 'Q'),
    ('K58', 'ratio', 'N', 'sentiment', 'Q'),
    ('K78', 'ratio', 'N', 'roi', 'Q'),
    ('K79', 'points', 'N', 'maturity', 'Q'),
    ('K64', 'share', 'N', 'posts', 'M Q')
) as t (kpi_id, unit, additivity, family, cadence);

create table core.dim_period as
select 'week' as period_kind, d::date as period_start_on, d::date + 6 as period_end_on
from range(date '2025-03-31', date '2026-04-15', interval 7 day) as r (d)
union all
select 'month', d::date, (d + interval 1 month)::date - 1
from range(date '2025-04-01', date '2026-04-15', interval 1 month) as r (d)
union all
select 'quarter', d::date, (d + interval 3 month)::date - 1
from range(date '2025-04-01', date '2026-04-15', interval 3 month) as r (d);

create table kpi.kpi_scorecard as
select
    periods.*,
    definitions.kpi_id,
    slices.slice_kind,
    slices.slice_value,
    case definitions.unit when 'count' then 200 when 'hours' then 3.5 else 0.8 end::double as value,
    80::double as numerator,
    100::double as denominator,
    100 as n,
    value - 0.1 as value_low,
    value + 0.1 as value_high,
    'green' as status,
    null::varchar as null_reason,
    period_end_on >= date '2026-04-14' as is_provisional,
    timestamp '2026-04-15 06:00:00' as as_of_at
from core.dim_period as periods, seeds.kpi_definitions as definitions,
    (values ('overall', 'all'), ('network', 'x'), ('network', 'facebook'))
        as slices (slice_kind, slice_value)
where definitions.cadence <> 'Q' or periods.period_kind = 'quarter';

create table kpi.kpi_care_daily as
select
    d::date as date_on, 'p1' as profile_key,
    9 as inbound_messages, 8 as inbound_to_us_messages, 1 as brand_love_messages,
    6 as needs_response_turns, 4 as first_replies, 9000 as first_reply_s,
    8000 as first_reply_business_s, 3 as first_replies_within_4h, 4 as first_replies_decided_4h,
    2 as first_replies_within_1h, 4 as first_replies_decided_1h, 5 as replies, 9900 as reply_s,
    6 as mature_turns, 5 as mature_replied_turns, 6 as mature_72h_turns,
    5 as mature_72h_replied_turns, 2 as vip_mature_turns, 1 as vip_mature_replied_turns,
    7 as actioned_messages, 3 as service_messages, 2 as untagged_messages, 4 as first_turns,
    1 as out_of_hours_first_turns, 3 as replies_with_policy, 2 as replies_as_policy,
    3 as handled_cases, 2 as resolved_cases, 1 as resolved_in_channel_cases, 2 as handoffs,
    1 as cross_team_handoffs, 600 as assign_s, 900 as handle_s, 2 as aged_first_closes,
    1 as reopened_first_closes, 2 as final_closes, 1 as one_touch_cases, 2 as aged_final_closes,
    1 as first_contact_resolutions, 2 as bot_started_cases, 1 as bot_resolved_cases,
    8 as human_messages, 2 as template_messages, 1 as portal_redirects, 3 as csat_answers,
    2 as csat_satisfied, 4 as mature_surveys, 3 as mature_answered_surveys,
    3 as new_cases, 1 as reopened_cases, 2 as ended_cases, 7 as open_cases, 2 as unanswered_cases
from range(date '2026-01-01', date '2026-04-15', interval 1 day) as r (d);

create table kpi.kpi_agents as
select
    'month' as period_kind, date '2026-03-01' as period_start_on, name as agent_name,
    40 as replies, 2.5 as first_reply_mean_h, 0.8 as first_replies_within_4h, 0.9 as csat,
    1.5::double as concurrency, number as speed_rank
from (values ('Ada', 1), ('Bo', 2)) as t (name, number);

create table kpi.kpi_topics as
select
    'month' as period_kind, date '2026-03-01' as period_start_on, name as topic,
    30 as conversations, 2.5 as first_reply_mean_h, 0.8 as within_4h_share, number as volume_rank
from (values ('billing', 1), ('technical', 2)) as t (name, number);

create table kpi.kpi_backlog_daily as
select
    'x' as network, team, d::date as day_on, 3 as new_cases, 1 as reopened_cases,
    2 as ended_cases, 2 * row_number() over (partition by team order by d) as open_cases,
    1 as unanswered_cases
from range(date '2026-01-01', date '2026-04-15', interval 1 day) as r (d),
    (values ('red'), ('blue')) as t (team);

create table kpi.kpi_coverage as
select
    'month' as period_kind, date '2026-03-01' as period_start_on, 'x' as network,
    hour as hour_of_week, 5 as demand_turns, 3 as answered_within_1h, 4 as replies
from range(168) as r (hour);

create table kpi.kpi_unanswered as
select 'c' || number as conversation_key, number as urgency_rank, 3600 * number as wait_s
from range(1, 9) as r (number);

create table kpi.kpi_audience_daily as
select
    d::date as metric_on, 'p1' as profile_key, 20000 as followers, 10 as followers_change,
    2 as profile_posts_published, 900 as day_reach
from range(date '2026-01-01', date '2026-04-15', interval 1 day) as r (d);

create table kpi.kpi_share_of_voice as
select
    'month' as period_kind, date '2026-03-01' as period_start_on, 'all' as network, *,
    9 as brand_mentions, 6 as distinct_mentions, 0.0::double as net_sentiment
from (values
    ('ours', 4, 3.0, 4 / 9, 3 / 6, 3, 1, 1, 1),
    ('theirs', 5, 3.0, 5 / 9, 3 / 6, 5, 2, 1, 2),
    ('nobodys', 0, 0.0, 0.0, 0.0, 0, 0, 0, 0)
) as t (
    brand, mentions, fractional_mentions, share_any, share_fractional, unique_authors,
    positive_mentions, neutral_mentions, negative_mentions
);

create table kpi.kpi_attribution_daily as
select
    d::date as date_on, model, channel_group, credit::double as conversions,
    50 * credit::double as revenue
from range(date '2026-03-01', date '2026-04-01', interval 1 day) as r (d),
    (values
        ('last_touch', 'Direct', 2.0),
        ('linear', 'Direct', 0.5),
        ('linear', 'Organic Social', 1.5)
    ) as t (model, channel_group, credit);

create table kpi.kpi_posts as
select
    'post ' || number as post_key, number as local_hour_of_week, 1000 as impressions,
    0.05::double as engagement_rate, 0.04::double as engagement_rate_at_age,
    1 as error_comments, 9 as sessions, 8 as visitors,
    1.0::double as conversions_last_touch, 0.5::double as conversions_linear,
    60.0::double as revenue_last_touch, 30.0::double as revenue_linear
from range(168) as r (number);

create table kpi.kpi_channels as
select
    'month' as period_kind, date '2026-03-01' as period_start_on, *,
    0 as unconverted_costs, 20 as sessions, 15 as engaged_sessions,
    7 as mentions, 4 as positive_mentions
from (values
    ('channel_group', 'Direct', null::double),
    ('channel_group', 'Paid Social', 20.0),
    ('network', 'facebook', 20.0)
) as t (slice_kind, slice_value, ad_cost);

create table kpi.kpi_campaigns as
select
    'month' as period_kind, date '2026-03-01' as period_start_on, *,
    5.0::double as other_cost, coalesce(ad_cost, 0) + 5 as cost,
    20 as sessions, 15 as engaged_sessions, 3 as posts, 7 as mentions
from (values ('spring', 20.0), ('always_on', null::double)) as t (campaign, ad_cost);

create table kpi.kpi_utm_governance as
select
    fault, date '2026-03-01' as month_on, date '2026-03-01' as first_seen_on,
    date '2026-03-31' as last_seen_on, 12 as sessions, 1 as conversions, 80.0::double as revenue
from (values ('untagged_social'), ('space_in_campaign')) as t (fault);

create table kpi.kpi_social_maturity as
select
    assessed_on as assessment_on, 60.0::double as investment, 40.0::double as innovation,
    65.0::double as investment_self, 45.0::double as innovation_self,
    50.0::double as investment_evidence, null::double as innovation_evidence,
    15.0::double as investment_overrated, null::double as innovation_overrated,
    13 as items, 12 as items_answered, 9 as items_backed
from (values (date '2025-12-31'), (date '2026-03-31')) as t (assessed_on);

create table kpi.kpi_roi as
select
    'expected' as scenario, 0.1::double as discount_rate, 300.0::double as benefits,
    100.0::double as costs, 250.0::double as present_benefits, 95.0::double as present_costs,
    1.63::double as roi_present_value, 2.0::double as roi_simple, 40.0::double as measured_costs;

create table kpi.kpi_cohorts as
select
    date '2025-10-01' as cohort_month_on, network, age as months_since, 50 as visitors,
    3 + age as converted_visitors, 4 as conversions, 100.0::double as revenue
from range(6) as r (age), (values ('x'), ('facebook')) as t (network);

create table kpi.kpi_data_quality as
select
    d::date as observed_on, 'x' as source, 'profile_days' as stream, measure, 0.0::double as value,
    false as is_breach
from range(date '2026-03-01', date '2026-04-15', interval 1 day) as r (d),
    (values ('newest_row_age_days'), ('day_missing'), ('columns_missing')) as t (measure);

create table kpi.kpi_crisis_episodes as
select
    timestamp '2026-03-02 10:00:00' as started_at, timestamp '2026-03-02 11:00:00' as peak_at,
    timestamp '2026-03-02 14:00:00' as ended_at, 90 as messages, 80 as classified_messages,
    60 as negative_messages, 40 as peak_messages, 12.0::double as usual_messages,
    1800 as acknowledge_s, 9000 as first_wait_s;
""" + "".join(
    f"""
alter table kpi.{table} add column conversions_{model} double default 1.0;
alter table kpi.{table} add column revenue_{model} double default 50.0;
alter table kpi.{table} add column roas_{model} double;
update kpi.{table} set roas_{model} = revenue_{model} / ad_cost;
"""
    for table in ("kpi_campaigns", "kpi_channels")
    for model in ATTRIBUTION_MODELS
)


def change(settings: Settings, sql: str) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(sql)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder every test gets a copy of."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("quality"))
    change(settings, HEALTHY)
    files = settings.data_dir / "lake" / "raw" / "extraction" / "files"
    files.mkdir(parents=True)
    duckdb.sql(
        "copy (select 1 as rows_read, 1 as rows_in_lake, 0 as rows_quarantined,"
        f" now() as extracted_at) to '{files / 'part-1.parquet'}' (format parquet)"
    )
    tables = [Table("kpi", "kpi_scorecard"), Table("kpi", "kpi_care_daily")]
    as_of = datetime(2026, 4, 15, 6, tzinfo=UTC)
    publish(settings, tables, Run("run-1", as_of, "abc", 1, reporting_currency="EUR"))
    return settings.data_dir


@pytest.fixture
def healthy(prepared: Path, tmp_path: Path) -> Settings:
    """A healthy warehouse, published as it is."""
    shutil.copytree(prepared, tmp_path / "data", symlinks=True)
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def unpublished(healthy: Settings) -> Settings:
    """A healthy warehouse that has never been published."""
    shutil.rmtree(healthy.serving_dir)
    return healthy
