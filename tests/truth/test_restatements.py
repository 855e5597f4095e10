"""Data that comes after a closing leaves the closed quarter alone and becomes its errata, exactly.

The expected errata are told by the scorecards themselves, before and after, compared here cell by
cell without the mart that tells them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import warehouse
from orchestration.closing import archive, delivery, records, review
from orchestration.closing.close import close
from orchestration.publish import Run, code_version, publish, published_tables
from orchestration.reviews.monthly import write_monthly_review
from orchestration.reviews.periods import period_named
from orchestration.reviews.serving import Snapshot
from orchestration.settings import Settings
from tests.truth.conftest import Workshop, World

SEED = 7
QUARTER, WEEK = "2026-Q1", "2026-W10"
PHONE = ("phone", "daily")
#: What the night desk had forgotten to hand in: two days of March, 30 calls in all.
LATE = """\
date,queue,calls_offered,calls_answered,calls_abandoned,talk_s,hold_s,after_call_s,agent_hours
2026-03-05,Night,12,10,2,3000,300,300,2.0
2026-03-20,Night,22,20,2,6000,600,600,4.0
"""
#: What a late file of the phone moves: its own models, what is told of files, and the comparison.
MOVED = ["stg_phone__daily+", "stg_extraction__files+", "source:closings+"]


@dataclass(frozen=True)
class Late:
    """A company whose quarter was closed, before and after its late file."""

    settings: Settings
    closed: archive.Closing
    closed_files: dict[str, bytes]
    before: Path
    after: Path
    unchanged: str
    again: str
    first: str


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def publish_now(settings: Settings, as_of: datetime) -> str:
    manifest = json.loads((warehouse.target_dir(settings) / "manifest.json").read_text())
    tables = published_tables(manifest)
    run = Run("run", as_of, code_version(), 1, "USD")
    return publish(settings, tables, run).snapshot_id


def rebuild(workshop: Workshop) -> None:
    done = warehouse.invoke(
        workshop.settings,
        ["run", "--no-write-json", "--select", *MOVED],
        as_of=workshop.as_of,
        manifest=workshop.manifest,
    )
    assert done.success, done.exception


@pytest.fixture(scope="module")
def late(
    world: Callable[[int], World], workshop: Workshop, tmp_path_factory: pytest.TempPathFactory
) -> Late:
    """Closed, refreshed without anything new, then refreshed with the late file."""
    company = world(SEED)
    settings = workshop.settings
    workshop.empty()
    workshop.extract(company.landing)
    shutil.copyfile(company.warehouse, settings.warehouse_path)
    first = publish_now(settings, workshop.as_of)
    closed = close(settings, QUARTER)
    files = files_of(closed.folder)
    with Snapshot(settings.data_dir) as snapshot:
        publication, marts = snapshot.publication(), snapshot.path
    delivered = replace(publication, as_of_at=datetime.fromisoformat("2026-03-09 11:00:00"))
    assert delivery.record(settings, marts, delivered, period_named("week", WEEK))

    records.bring_to_lake(settings.data_dir)
    rebuild(workshop)
    unchanged = publish_now(settings, workshop.as_of)
    rebuild(workshop)
    again = publish_now(settings, workshop.as_of)
    kept = tmp_path_factory.mktemp("before") / "kpi_marts.duckdb"
    shutil.copyfile(settings.serving_dir / kept.name, kept)

    landing = tmp_path_factory.mktemp("late")
    shutil.copytree(company.landing / "phone", landing / "phone")
    (landing / "phone" / "daily" / "phone_night_2026-04-10.csv").write_text(LATE)
    workshop.extract(landing, {PHONE})
    records.bring_to_lake(settings.data_dir)
    rebuild(workshop)
    publish_now(settings, workshop.as_of)
    after = settings.serving_dir / kept.name
    return Late(settings, closed, files, kept, after, unchanged, again, first)


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path.resolve()), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_closing_alone_restates_nothing_and_a_repeated_run_publishes_the_same(late: Late) -> None:
    assert ask(late.before, "select count(*) from marts.kpi_restatements") == [(0,)]
    assert ask(
        late.before, "select closed_kind, closed_label from marts.dim_closed_period order by all"
    ) == [("quarter", QUARTER), ("week", WEEK)]
    assert late.again == late.unchanged


def test_the_closed_quarter_is_unchanged_to_the_byte(late: Late) -> None:
    assert files_of(late.closed.folder) == late.closed_files
    archive.require_whole(late.closed, thoroughly=True)
    again = review.render(late.closed.path("serving"), late.closed.told)
    assert again == review.kept(late.closed)


def cells(path: Path) -> dict[tuple[Any, ...], float | None]:
    rows = ask(
        path,
        "select period_kind, period_start_on, kpi_id, slice_kind, slice_value, value"
        " from marts.kpi_scorecard",
    )
    return {tuple(row[:-1]): row[-1] for row in rows}


def differing(late: Late) -> dict[tuple[Any, ...], tuple[float | None, float | None]]:
    """Cells of the quarter and its months that the two scorecards tell otherwise."""
    was, now = cells(late.before), cells(late.after)
    months = {("month", date(2026, month, 1)) for month in (1, 2, 3)}
    wanted = {("quarter", date(2026, 1, 1)), *months}
    return {
        key: (was.get(key), now.get(key))
        for key in sorted(set(was) | set(now), key=str)
        if key[:2] in wanted and was.get(key) != now.get(key)
    }


def test_the_errata_are_exactly_the_cells_that_differ(late: Late) -> None:
    told = ask(
        late.after,
        "select period_kind, period_start_on, kpi_id, slice_kind, slice_value, was_value, now_value"
        " from marts.kpi_restatements where closed_kind = 'quarter'",
    )
    found = {row[:5]: row[5:] for row in told}
    expected = differing(late)
    assert {key[:2] for key in expected} == {
        ("quarter", date(2026, 1, 1)),
        ("month", date(2026, 3, 1)),
    }
    assert found == expected


def test_their_cause_is_the_late_file(late: Late) -> None:
    assert ask(
        late.after,
        "select distinct cause, late_files, late_streams, has_new_rules, was_definition_version,"
        " now_definition_version from marts.kpi_restatements",
    ) == [("late_data", 1, "phone/daily", False, "1", "1")]


def test_the_week_is_held_against_its_update(late: Late) -> None:
    """The fifth of March is in the week; the twentieth is not."""
    start = period_named("week", WEEK).starts_on
    told = ask(
        late.after,
        "select kpi_id, was_value, now_value from marts.kpi_restatements"
        " where closed_kind = 'week'",
    )
    was, now = cells(late.before), cells(late.after)
    expected = sorted(
        (key[2], was[key], now[key])
        for key in now
        if key[:2] == ("week", start) and key[3] == "overall" and was[key] != now[key]
    )
    assert expected
    assert sorted(told) == expected


def test_the_next_review_tells_was_now_and_why(late: Late) -> None:
    folder = write_monthly_review(late.settings.data_dir, "2026-03").folder
    page = (folder / "review.md").read_text()
    assert "Errata" in page
    assert "Late data: files came in after the numbers were told, of phone/daily" in page
    numbers = (folder / "numbers.csv").read_text()
    whole = [key for key in differing(late) if key[0] == "quarter" and key[3] == "overall"]
    assert whole
    for key in whole:
        assert "kpi_restatements,was_value" in numbers
        assert key[2] in numbers


def test_a_closed_later_period_tells_the_errata_for_the_last_time(late: Late) -> None:
    """March is closed with its errata told: the next month's review does not repeat them."""
    errata = close(late.settings, "2026-03").path("record", "errata.parquet")
    [(told,)] = duckdb.sql(f"select count(*) from '{errata}'").fetchall()
    [(known,)] = ask(
        late.after, "select count(*) from marts.kpi_restatements where closed_kind = 'quarter'"
    )
    assert told == known > 0
