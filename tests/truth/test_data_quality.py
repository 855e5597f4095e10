"""The data-quality marts of a simulated company, computed a second time from its facts and files.

The second computation is plain Python, day by day, without windows or SQL of ours.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Pipeline

DAYS = 400
FACTS = {
    "messages": """
        select profiles.source, messages.network, profiles.profile_key, messages.sent_on
        from core.bridge_message_profiles as copies
        inner join core.fct_messages as messages on messages.message_key = copies.message_key
        inner join core.dim_profile as profiles on profiles.profile_key = copies.profile_key
    """,
    "profile_days": """
        select source, network, profile_key, metric_on from intermediate.int_profile_days
    """,
    "mentions": """
        select distinct on (source, network, mention_key) source, network, null, sent_on
        from core.fct_mentions
    """,
    "web_sessions": "select source, null, null, started_on from core.fct_web_sessions",
    "phone_days": "select 'phone', null, null, date_on from core.fct_phone_daily",
    "ad_days": "select 'ad_spend', network, null, date_on from core.fct_ad_spend",
    "orders": "select 'crm', null, null, ordered_on from core.fct_orders",
}

Feed = tuple[str, str, str | None, str | None]


@pytest.fixture(scope="module")
def yesterday(pipeline: Pipeline) -> date:
    zone = ZoneInfo(pipeline.settings.reporting_zone)
    return pipeline.settings.as_of.astimezone(zone).date() - timedelta(days=1)


@pytest.fixture(scope="module")
def counted(pipeline: Pipeline) -> dict[Feed, Counter[date]]:
    found: dict[Feed, Counter[date]] = defaultdict(Counter)
    for feed, sql in FACTS.items():
        for source, network, profile, day in pipeline.warehouse(sql):
            found[source, feed, network, profile][day] += 1
    return found


@pytest.fixture(scope="module")
def rhythms(pipeline: Pipeline, yesterday: date) -> dict[str, tuple[date, int]]:
    """Source → day of its latest export, and the longest time between two of the last 120 days."""
    zone = ZoneInfo(pipeline.settings.reporting_zone)
    days: dict[str, set[date]] = defaultdict(set)
    files = pipeline.serving(
        "select source, exported_at at time zone 'UTC', exported_at_is_known"
        " from marts.extraction_files"
    )
    for source, at, is_known in files:
        if not is_known or at <= pipeline.settings.as_of:
            days[source].add(min(at, pipeline.settings.as_of).astimezone(zone).date())
    found = {}
    for source, exported in days.items():
        line = sorted(exported)
        gaps = [
            (later - earlier).days
            for earlier, later in pairwise(line)
            if later > yesterday - timedelta(days=120)
        ]
        found[source] = (line[-1], max(gaps, default=0))
    return found


def day_by_day(
    rows: Counter[date], feed: str, yesterday: date, rhythm: tuple[date, int]
) -> dict[date, dict[str, Any]]:
    """What the models should say of each day of one feed."""
    last_export, export_gap = rhythm
    first, found, gaps = min(rows), {}, {}
    latest = first
    for place in range((yesterday - first).days + 1):
        day = first + timedelta(days=place)
        if rows[day]:
            if day != first:
                gaps[day] = (day - latest).days
            latest = day
        age = (day - latest).days
        # The calendar begins with the first row: there are no weeks before it.
        before = [
            rows[day - timedelta(weeks=back)]
            for back in range(1, 9)
            if day - timedelta(weeks=back) >= first
        ]
        usual = spread = None
        is_expected = is_unusual = False
        if len(before) >= 4:
            usual = sum(before) / len(before)
            spread = math.sqrt(sum((each - usual) ** 2 for each in before) / (len(before) - 1))
            if feed in ("profile_days", "phone_days"):
                is_expected = 2 * sum(each > 0 for each in before) >= len(before)
            else:
                is_expected = usual >= 5 and usual >= 2 * spread
            away = abs(rows[day] - usual) / max(spread, math.sqrt(max(usual, 1)))
            is_unusual = rows[day] > 0 and (usual >= 5 or rows[day] >= 20) and away > 4
        past = [gap for at, gap in gaps.items() if 0 < (day - at).days <= 90]
        silence = max(past, default=None)
        is_stale = (
            len(before) >= 4
            and silence is not None
            and age > max(2, 2 * silence, silence + export_gap)
            and age <= 90
        )
        is_due = last_export > day or (yesterday - last_export).days > export_gap
        found[day] = {
            "day_rows": (float(rows[day]), is_unusual),
            "newest_row_age_days": (float(age), is_stale),
        }
        if is_expected:
            is_missing = rows[day] == 0
            found[day]["day_missing"] = (float(is_missing), is_missing and is_due)
    return found


def test_every_day_of_every_feed_is_as_counted_by_hand(
    pipeline: Pipeline, yesterday: date, counted, rhythms
) -> None:
    begins = yesterday - timedelta(days=DAYS - 1)
    expected = {}
    for key, rows in counted.items():
        if max(rows) < yesterday - timedelta(days=DAYS):
            continue
        told = Counter({day: count for day, count in rows.items() if day <= yesterday})
        days = day_by_day(told, key[1], yesterday, rhythms[key[0]])
        for day, measures in days.items():
            if day >= begins:
                expected |= {(*key, day, name): value for name, value in measures.items()}
    found = {
        row[:6]: row[6:]
        for row in pipeline.serving(
            "select source, stream, network, profile_key, observed_on, measure, value, is_breach"
            " from marts.kpi_data_quality"
            " where measure in ('day_rows', 'day_missing', 'newest_row_age_days')"
        )
    }
    assert len(found) > 10_000
    differing = {
        key: (expected.get(key), found.get(key))
        for key in expected.keys() | found.keys()
        if expected.get(key) != found.get(key)
    }
    assert dict(list(differing.items())[:5]) == {}


def test_rows_of_streams_are_those_of_the_files(pipeline: Pipeline, yesterday: date) -> None:
    """Each content once, however many files have it; nothing that was exported after the as-of."""
    zone = ZoneInfo(pipeline.settings.reporting_zone)
    begins = yesterday - timedelta(days=DAYS - 1)
    sums: Counter[tuple[str, str, str]] = Counter()
    seen = set()
    files = pipeline.serving(
        "select source, stream, file_sha256, exported_at at time zone 'UTC', rows_read,"
        " rows_in_lake, rows_quarantined from marts.extraction_files order by exported_at"
    )
    for source, stream, content, at, read, kept, refused in files:
        if at > pipeline.settings.as_of or (source, stream, content) in seen:
            continue
        seen.add((source, stream, content))
        if at.astimezone(zone).date() >= begins:
            sums[source, stream, "rows_read"] += read
            sums[source, stream, "rows_kept"] += kept
            sums[source, stream, "rows_quarantined"] += refused
    found = {
        row[:3]: row[3]
        for row in pipeline.serving(
            "select source, stream, measure, sum(value) from marts.kpi_data_quality"
            " where measure in ('rows_read', 'rows_kept', 'rows_quarantined') group by all"
        )
    }
    assert +sums == +Counter(found)
    assert sum(n for (*_, measure), n in sums.items() if measure == "rows_quarantined") > 10


def test_the_summary_of_the_run_is_there_and_tells_what_was_published(pipeline: Pipeline) -> None:
    text = (pipeline.settings.data_dir / "runs" / f"{pipeline.run_id}.md").read_text()
    [[snapshot]] = pipeline.serving("select snapshot_id from marts.publication")
    assert text.startswith("# refresh succeeded")
    assert f"Snapshot {snapshot}" in text
    [[rows]] = pipeline.serving(
        "select sum(rows_read) from marts.extraction_files where stream = 'posts' and source = 'x'"
    )
    [line] = [each for each in text.splitlines() if each.startswith("| x/posts ")]
    assert f"{rows:,}" in line
    assert "slowest tables" in text
