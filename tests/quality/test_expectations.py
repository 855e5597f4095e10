"""Healthy marts pass, and each expectation fails on the damage it is there for."""

from __future__ import annotations

import pytest

from orchestration.quality.expectations import Expectation, expectations
from orchestration.quality.frames import FRAMES
from orchestration.quality.loading import KINDS
from orchestration.quality.runner import evaluate
from orchestration.settings import Settings

from .conftest import change

LAST_WEEK = "period_kind = 'week' and period_start_on = date '2026-04-06'"
LAST_MONTH = "period_kind = 'month' and period_start_on = date '2026-03-01'"

# For each expectation the smallest damage that must not pass.
DAMAGE = {
    "period kinds are known": (
        "update kpi.kpi_scorecard set period_kind = 'year' where kpi_id = 'K50'"
    ),
    "statuses are known": "update kpi.kpi_scorecard set status = 'ok' where kpi_id = 'K50'",
    "reasons are known": (
        "update kpi.kpi_scorecard set value = null, null_reason = 'dunno' where kpi_id = 'K50'"
    ),
    "every cell has a value or a reason, never both": (
        "update kpi.kpi_scorecard set value = null where kpi_id = 'K50'"
    ),
    "every KPI is defined": "delete from seeds.kpi_definitions where kpi_id = 'K50'",
    "shares lie between 0 and 1": "update kpi.kpi_scorecard set value = 1.01 where kpi_id = 'K07'",
    "parts are not larger than the whole": (
        "update kpi.kpi_scorecard set numerator = 101 where kpi_id = 'K07'"
    ),
    "counts and waits are not negative": (
        f"update kpi.kpi_scorecard set value = -0.1 where kpi_id = 'K04' and {LAST_WEEK}"
    ),
    "counts of cases are not negative": "update kpi.kpi_scorecard set n = -1 where kpi_id = 'K04'",
    "average waits are under a year": (
        "update kpi.kpi_scorecard set value = 9000 where kpi_id = 'K04'"
    ),
    "net promoter scores lie between -100 and 100": (
        "update kpi.kpi_scorecard set value = -101 where kpi_id = 'K45'"
    ),
    "maturity lies between 0 and 100": (
        "update kpi.kpi_scorecard set value = 100.1 where kpi_id = 'K79'"
    ),
    "net sentiment lies between -1 and 1": (
        "update kpi.kpi_scorecard set value = -1.01 where kpi_id = 'K58'"
    ),
    "nothing returns less than all that was spent": (
        "update kpi.kpi_scorecard set value = -1.01 where kpi_id = 'K78'"
    ),
    "values lie above the lower bound of their interval": (
        "update kpi.kpi_scorecard set value_low = value + 1 where kpi_id = 'K07'"
    ),
    "values lie below the upper bound of their interval": (
        "update kpi.kpi_scorecard set value_high = value - 1 where kpi_id = 'K07'"
    ),
    "changes are not below minus one": (
        "update kpi.kpi_scorecard set value = -1.01 where kpi_id = 'K50'"
    ),
    "engagement rates lie between 0 and 1": (
        "update kpi.kpi_scorecard set value = 1.2 where kpi_id = 'K64'"
    ),
    "no period lies after the as-of": (
        "update kpi.kpi_scorecard set as_of_at = timestamp '2026-04-01 06:00:00'"
    ),
    "all numbers have one as-of": (
        "update kpi.kpi_scorecard set as_of_at = timestamp '2026-04-15 06:00:01'"
        " where kpi_id = 'K50'"
    ),
    "every series has every period": (
        "delete from kpi.kpi_scorecard where kpi_id = 'K04' and slice_value = 'facebook'"
        " and period_kind = 'month' and period_start_on = date '2025-09-01'"
    ),
    "every cell is there once": (
        "insert into kpi.kpi_scorecard from kpi.kpi_scorecard where kpi_id = 'K50' limit 1"
    ),
    "the scorecard reaches the as-of": (
        "delete from kpi.kpi_scorecard"
        " where period_kind = 'week' and period_start_on >= date '2026-04-06'"
    ),
    "the scorecard has rows": "delete from kpi.kpi_scorecard",
    "no table lost half of its rows": (
        "delete from kpi.kpi_care_daily where date_on < date '2026-03-01'"
    ),
    "the last week has a usual volume": (
        f"update kpi.kpi_scorecard set value = 1001 where kpi_id = 'K01' and {LAST_WEEK}"
    ),
    "rates stay near their history": (
        f"update kpi.kpi_scorecard set value = 0.49 where kpi_id = 'K07' and {LAST_MONTH}"
    ),
    "the mix of networks stays near its history": (
        "update kpi.kpi_scorecard set value = 20 where kpi_id = 'K01' and slice_value = 'x'"
        f" and {LAST_MONTH}"
    ),
    "agents have at most a hundred conversations in hand": (
        "update kpi.kpi_agents set concurrency = 101 where agent_name = 'Bo'"
    ),
    "a network's backlog is what came less what went": (
        "update kpi.kpi_backlog_daily set open_cases = open_cases + 1"
        " where day_on = date '2026-02-03' and team = 'red'"
    ),
    "hours of the week lie between 0 and 167": (
        "update kpi.kpi_coverage set hour_of_week = 168 where hour_of_week = 167"
    ),
    "turns answered within the hour are part of the demand": (
        "update kpi.kpi_coverage set answered_within_1h = 6 where hour_of_week = 9"
    ),
    "nobody on the work list waits for less than nothing": (
        "update kpi.kpi_unanswered set wait_s = -1 where urgency_rank = 1"
    ),
    "the work list has each urgency once": (
        "update kpi.kpi_unanswered set urgency_rank = 1 where urgency_rank = 2"
    ),
    "followers do not halve or double in a day": (
        "update kpi.kpi_audience_daily set followers_change = -followers - 1"
        " where metric_on = date '2026-02-03'"
    ),
    "share_of_voice: classified_mentions is part of mentions": (
        "update kpi.kpi_share_of_voice set neutral_mentions = 3 where brand = 'ours'"
    ),
    "share_of_voice: mentions is part of distinct_mentions": (
        "update kpi.kpi_share_of_voice set mentions = 7 where brand = 'theirs'"
    ),
    "simple shares of voice of a period add up to one": (
        "delete from kpi.kpi_share_of_voice where brand = 'ours'"
    ),
    "fractional shares of voice of a period add up to one": (
        "update kpi.kpi_share_of_voice set share_fractional = 0.51 where brand = 'ours'"
    ),
    "net sentiment of a brand lies between -1 and 1": (
        "update kpi.kpi_share_of_voice set net_sentiment = 1.01 where brand = 'ours'"
    ),
    "a crisis peaks between its beginning and its end": (
        "update kpi.kpi_crisis_episodes set peak_at = ended_at"
    ),
    "all models credit the same conversions of a day": (
        "delete from kpi.kpi_attribution_daily"
        " where date_on = date '2026-03-05' and model = 'last_touch'"
    ),
    "all models credit the same revenue of a day": (
        "update kpi.kpi_attribution_daily set revenue = revenue + 0.01"
        " where date_on = date '2026-03-05' and channel_group = 'Organic Social'"
    ),
    "credits of a day add up to whole conversions": (
        "update kpi.kpi_attribution_daily set conversions = 0.99 * conversions"
        " where date_on = date '2026-03-05'"
    ),
    **{
        f"{frame}: {column} is not negative": f"update kpi.{table} set {column}_markov = -1"
        for frame, table in (
            ("campaign_credits", "kpi_campaigns"),
            ("channel_credits", "kpi_channels"),
        )
        for column in ("conversions", "revenue", "roas")
    },
    **{
        f"advertising of {things} returns less than a hundred times its cost": (
            f"update kpi.kpi_{things} set roas_first_touch = 101"
        )
        for things in ("campaigns", "channels")
    },
    **{
        f"all models credit the same {what} to the channels of a period": (
            f"update kpi.kpi_channels set {what}_shapley = 0 where slice_value = 'Direct'"
        )
        for what in ("conversions", "revenue")
    },
    "a fault of links is seen in its month": (
        "update kpi.kpi_utm_governance set last_seen_on = date '2026-04-01'"
    ),
    **{
        f"{column} lies between -100 and 100": (
            f"update kpi.kpi_social_maturity set {column} = -100.1"
        )
        for column in ("investment_overrated", "innovation_overrated")
    },
    **{
        f"no scenario's {column} is a loss of more than all costs": (
            f"update kpi.kpi_roi set {column} = -1.01"
        )
        for column in ("roi_present_value", "roi_simple")
    },
    "cohorts: newly_converted_visitors is not negative": (
        "update kpi.kpi_cohorts set converted_visitors = 2 where months_since = 1"
    ),
    "cohorts: newly_converted_visitors is part of conversions": (
        "update kpi.kpi_cohorts set conversions = 2 where months_since = 0"
    ),
    "nobody joins a cohort later": (
        "update kpi.kpi_cohorts set visitors = 51 where months_since = 3 and network = 'x'"
    ),
    "no source has been silent for longer than usual": (
        "update kpi.kpi_data_quality set is_breach = true"
        " where measure = 'newest_row_age_days' and observed_on = date '2026-04-14'"
    ),
    "no day of the last week is missing that should be there": (
        "update kpi.kpi_data_quality set is_breach = true"
        " where measure = 'day_missing' and observed_on = date '2026-04-08'"
    ),
    "exports of the last week have the columns of those before": (
        "update kpi.kpi_data_quality set is_breach = true"
        " where measure = 'columns_missing' and observed_on = date '2026-04-10'"
    ),
    "published values are not restated much": (
        f"update kpi.kpi_scorecard set value = 4 where kpi_id = 'K04' and {LAST_MONTH}"
    ),
}


def damage(expectation: Expectation) -> str:
    if expectation.name in DAMAGE:
        return DAMAGE[expectation.name]
    columns = expectation.arguments
    broken = (
        f"{columns['column']} = -1"
        if "column" in columns
        else f"{columns['column_B']} = {columns['column_A']} + 1"
    )
    if expectation.table != "kpi_care_daily":
        return f"update kpi.{expectation.table} set {broken}"
    return f"update kpi.kpi_care_daily set {broken} where date_on = date '2026-02-03'"


def test_healthy_marts_hold_every_expectation(healthy: Settings) -> None:
    outcomes = evaluate(healthy, expectations())
    assert len(outcomes) == len(expectations())
    assert [outcome.lines() for outcome in outcomes if not outcome.held] == []


def test_the_first_time_there_is_no_history_to_compare_with(unpublished: Settings) -> None:
    looked_at = {outcome.expectation.frame for outcome in evaluate(unpublished, expectations())}
    assert looked_at == {name for name, frame in FRAMES.items() if not frame.compares}


@pytest.mark.parametrize("expectation", expectations(), ids=lambda expectation: expectation.name)
def test_each_expectation_can_fail(healthy: Settings, expectation: Expectation) -> None:
    change(healthy, damage(expectation))
    [outcome] = evaluate(healthy, [expectation])
    assert not outcome.held
    assert expectation.name in outcome.lines()[0]
    assert outcome.rows or outcome.observed is not None


def test_an_older_as_of_is_no_loss_of_rows(healthy: Settings) -> None:
    change(healthy, "delete from kpi.kpi_care_daily where date_on < date '2026-03-01'")
    change(healthy, "update kpi.kpi_scorecard set as_of_at = timestamp '2026-01-15 06:00:00'")
    kept = [e for e in expectations() if e.frame == "rows_against_publication"]
    assert all(outcome.held for outcome in evaluate(healthy, kept))


def test_hashtags_of_a_campaign_may_fall_silent(healthy: Settings) -> None:
    volumes = [e for e in expectations() if e.frame == "weekly_volumes"]
    change(healthy, f"update kpi.kpi_scorecard set value = 0 where kpi_id = 'K01' and {LAST_WEEK}")
    assert not any(outcome.held for outcome in evaluate(healthy, volumes))
    for table in ("kpi.kpi_scorecard", "seeds.kpi_definitions"):
        change(healthy, f"update {table} set kpi_id = 'K57' where kpi_id = 'K01'")
    assert all(outcome.held for outcome in evaluate(healthy, volumes))


def test_names_are_unique_and_every_frame_is_used() -> None:
    names = [expectation.name for expectation in expectations()]
    assert len(set(names)) == len(names)
    assert {expectation.frame for expectation in expectations()} == set(FRAMES)
    assert {e.suite for e in expectations()} == set(KINDS)


def test_a_silence_that_is_over_is_no_warning(healthy: Settings) -> None:
    """What was late a week ago and came since, or was missing before, warns nobody any more."""
    change(
        healthy,
        "update kpi.kpi_data_quality set is_breach = true where observed_on < date '2026-04-08'"
        " or measure = 'newest_row_age_days' and observed_on < date '2026-04-14'",
    )
    week = [e for e in expectations() if e.frame == "quality_last_week"]
    assert [e.name for e in week if e.severity != "warn"] == []
    assert all(outcome.held for outcome in evaluate(healthy, week))
