"""Where the numbers stand: what the section picks from the marts, and what it says of nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.reviews.blocks import Chart, Missing, Prose, Remark, Section
from orchestration.reviews.desk import Desk
from orchestration.reviews.ledger import query
from orchestration.reviews.periods import Period, month, quarter, week
from orchestration.reviews.sections import quality
from orchestration.reviews.serving import SERVING_FILE, Snapshot
from tests.reviews import marts
from tests.reviews.blocks_read import captions, chart, plain, said, table
from tests.reviews.published import Published

MARCH, Q1, WEEK = month("2026-03"), quarter("2026-Q1"), week("2026-W13")
LATE = "Sources that were late, missing or unusual"
READ = "Files exported in March 2026, by stream"
REFUSED = "Rows set aside, by stream and reason"
CHECKS = "Tables whose checks did not all pass"
REDEFINED = "Definitions that changed in the time that this page compares"
UNCHANGED = "No definition changed in the time that this page compares."
SILENT = {"source": "x", "stream": "profile_days", "network": "x", "profile_key": "p"}
WELL = {"source": "ga4", "stream": "web_sessions"}


def row(period: Period, measure: str, total: float = 0.0, **more: Any) -> dict[str, Any]:
    named = "/".join(str(more.get(each, "")) for each in ("source", "stream", "reason"))
    return {
        "quality_period_key": f"{period.kind}/{period.starts_on}/{measure}/{named}",
        "period_kind": period.kind,
        "period_start_on": period.starts_on,
        "latest_on": min(period.ends_on, date(2026, 3, 31)),
        "measure": measure,
        "is_total": True,
        "observations": 31,
        "breaches": 0,
        "total_value": total,
        "highest_value": total,
        "latest_value": total,
        **more,
    }


def of_feeds(period: Period) -> list[dict[str, Any]]:
    """A profile that fell silent, and web sessions that came in as usual."""
    late = {"highest_value": 9.0, "latest_value": 7.0, "breaches": 4}
    return [
        row(period, "day_missing", 3, **SILENT | {"observations": 30, "breaches": 3}),
        row(period, "day_rows", 22, **SILENT | {"breaches": 1}),
        row(period, "newest_row_age_days", **SILENT | late),
        row(period, "day_rows", 900, **WELL),
        row(period, "newest_row_age_days", **WELL),
    ]


def of_files() -> list[dict[str, Any]]:
    posts = {"source": "x", "stream": "posts"}
    part = {**posts, "is_total": False}
    return [
        row(MARCH, "rows_read", 1210, **posts),
        row(MARCH, "rows_kept", 1200, **posts),
        row(MARCH, "rows_quarantined", 10, **posts),
        row(MARCH, "rows_quarantined", 9, **part, reason="damaged id", column_name="post_id"),
        row(MARCH, "rows_quarantined", 1, **part, reason="negative value", column_name="likes"),
        row(MARCH, "columns_missing", 1, **part, column_name="media_views"),
        row(MARCH, "columns_new", 1, **part, column_name="<b>Odd</b>", reason="not declared"),
    ]


def of_checks() -> list[dict[str, Any]]:
    what = {"source": "warehouse", "is_total": False, "checked_table": "kpi_scorecard"}
    return [row(MARCH, "checks_warned", 2, **what, observations=2)]


def days() -> list[dict[str, Any]]:
    """The silent profile day by day: a row until the 24th, then none."""
    found = []
    for place in range(31):
        on = date(2026, 3, 1) + timedelta(days=place)
        age = float(max(0, on.day - 24))
        found.append(
            {
                "quality_key": f"age/{on}",
                "observed_on": on,
                "measure": "newest_row_age_days",
                "value": age,
                "is_breach": age > 3,
                **SILENT,
            }
        )
    return found


Writer = Callable[..., Path]


@pytest.fixture(scope="module")
def snapshot_with(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    def write(*rows: Mapping[str, Any], with_marts: bool = True) -> Path:
        data_dir = tmp_path_factory.mktemp("quality")
        with duckdb.connect(str(Published(without=("extraction_files",)).write(data_dir))) as made:
            if with_marts:
                marts.create(made, "kpi_data_quality_periods", rows)
                marts.create(made, "kpi_data_quality", days())
                profile = {"profile_key": "p", "profile_name": "Lumen on X", "network": "x"}
                marts.create(made, "dim_profile", [profile])
        return data_dir

    return write


@pytest.fixture(scope="module")
def full(snapshot_with: Writer) -> Path:
    weeks = [week(f"2026-W{number:02d}") for number in range(1, 15)]
    feeds = [each for period in (MARCH, Q1, *weeks) for each in of_feeds(period)]
    return snapshot_with(*feeds, *of_files(), *of_checks())


@pytest.fixture
def section(full: Path) -> Iterator[Callable[..., tuple[Section, Desk]]]:
    with Snapshot(full) as snapshot:

        def build(period: Period = MARCH, *, brief: bool = False) -> tuple[Section, Desk]:
            desk = Desk(snapshot, period)
            return quality.build(desk, brief=brief), desk

        yield build


def test_a_source_that_was_late_is_named_and_the_others_are_counted(section) -> None:
    found, _ = section()
    assert table(found, LATE) == [["Lumen on X (profile days, X)", "30", "3", "1", "9", "7"]]
    [note] = [b.note for b in found.blocks if getattr(b, "caption", "") == LATE]
    assert "1 feed came in as usual" in plain(note)


def test_a_month_is_drawn_by_day_and_a_quarter_by_week(section) -> None:
    by_day = chart(section()[0], "quality-ages").table
    assert [each.label for each in by_day.columns][-2:] == ["30", "31"]
    assert by_day.rows[0][-1].content.text == "7"
    by_week = chart(section(Q1)[0], "quality-ages").table
    assert len(by_week.columns) == 1 + 14
    assert by_week.rows[0][-1].content.text == "9"


def test_rows_are_told_by_stream_and_reason(section) -> None:
    found, _ = section()
    assert table(found, READ) == [["x/posts", "1,210", "1,200", "10", "none"]]
    assert table(found, REFUSED) == [
        ["x/posts", "damaged id", "Post id", "9"],
        ["x/posts", "negative value", "Likes", "1"],
    ]


def test_columns_that_came_and_went_are_told(section) -> None:
    found, _ = section()
    assert table(found, "Columns of exports") == [
        ["x/posts", "new, and read by nothing", "<b>Odd</b>"],
        ["x/posts", "no longer there", "media_views"],
    ]


def test_tables_whose_checks_warned_are_named(section) -> None:
    found, _ = section()
    [line] = table(found, CHECKS)
    assert line[:4] == ["kpi_scorecard", "Checks warned", "2", "2"]
    assert any("passed" in said(b.sentence) for b in found.blocks if isinstance(b, Prose))


def test_every_number_is_the_one_its_query_reads(section, full: Path) -> None:
    found, desk = section()
    shown = desk.ledger.quantities
    assert len(shown) > 40
    with duckdb.connect(str(full / "serving" / "kpi_marts.duckdb"), read_only=True) as serving:
        for each in shown:
            [(value,)] = serving.execute(query(each.reading)).fetchall()
            assert value == each.reading.value, query(each.reading)
    assert found.section_id == "quality"


def test_a_brief_section_has_late_sources_and_nothing_else(section) -> None:
    found, _ = section(WEEK, brief=True)
    assert captions(found) == {LATE}
    assert not any(isinstance(block, Chart) for block in found.blocks)


def test_nothing_wrong_is_said_in_one_line(snapshot_with: Writer) -> None:
    with Snapshot(snapshot_with(row(MARCH, "day_rows", 900, **WELL))) as snapshot:
        found = quality.build(Desk(snapshot, MARCH))
    remarks = [plain(block.text) for block in found.blocks if isinstance(block, Remark)]
    assert (
        "Nothing was late, missing or unusual: 1 feed came in on every day they should." in remarks
    )
    assert "Nothing was set aside." in remarks
    assert "No stream gained or lost a column." in remarks
    assert captions(found).isdisjoint({LATE, REFUSED, CHECKS})


@pytest.mark.parametrize("period", [MARCH, Q1, WEEK])
def test_a_snapshot_without_these_marts_is_no_reason_to_fail(
    snapshot_with: Writer, period: Period
) -> None:
    with Snapshot(snapshot_with(with_marts=False)) as snapshot:
        found = quality.build(Desk(snapshot, period))
    missing = {block.what for block in found.blocks if isinstance(block, Missing)}
    assert {"Rows by stream", "Rows by day"} <= missing


def redefined(path: Path, since: str) -> None:
    """The first reply time means something else: the same row with the next version."""
    with duckdb.connect(str(path / SERVING_FILE)) as connection:
        connection.execute(
            "update marts.kpi_definitions set version = '2', valid_from_on = ? "
            "where kpi_id = 'K04'",
            [since],
        )


def test_a_definition_that_changed_in_the_time_compared_is_listed(snapshot_with: Writer) -> None:
    path = snapshot_with()
    redefined(path, "2026-02-01")
    with Snapshot(path) as snapshot:
        found = table(quality.build(Desk(snapshot, Q1)), REDEFINED)
        assert not captions(quality.build(Desk(snapshot, quarter("2025-Q4")))) & {REDEFINED}
    assert [[plain(cell) for cell in line[:3]] for line in found] == [
        ["First reply time (mean)", "version 2", "February 1, 2026"]
    ]


def test_no_definition_changed_is_said_when_the_change_is_older(snapshot_with: Writer) -> None:
    path = snapshot_with()
    redefined(path, "2025-01-01")
    with Snapshot(path) as snapshot:
        found = quality.build(Desk(snapshot, Q1))
    assert REDEFINED not in captions(found)
    assert UNCHANGED in {block.text for block in found.blocks if isinstance(block, Remark)}


def test_networks_that_count_otherwise_are_named_with_the_measures_of_the_page(
    snapshot_with: Writer,
) -> None:
    path = snapshot_with()
    since = date(2026, 2, 1)
    changes = [
        ("K62", "network", "x", since),
        ("K63", "network", "x", since),
        ("K65", "network", "x", since),
        ("K62", "overall", "all", since),
        ("K62", "network", "youtube", date(2024, 2, 1)),
    ]
    names = ("kpi_id", "slice_kind", "slice_value", "changed_on")
    with duckdb.connect(str(path / SERVING_FILE)) as connection:
        rows = [dict(zip(names, each, strict=True)) for each in changes]
        marts.create(connection, "kpi_definition_breaks", rows)
    with Snapshot(path) as snapshot:
        desk = Desk(snapshot, Q1)
        shown = [desk.figure(kpi_id) for kpi_id in ("K62", "K63")]
        found = quality.build(desk)
    assert len(shown) == 2
    [line] = table(found, "Networks that changed what they count")
    measures = "Engagement (core) and Impressions"
    assert [plain(cell) for cell in line] == ["X", "February 1, 2026", measures]
    assert UNCHANGED not in {block.text for block in found.blocks if isinstance(block, Remark)}
