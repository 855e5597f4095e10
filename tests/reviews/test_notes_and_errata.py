"""What analysts wrote and what was told otherwise before: which of it a review shows, and how."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.reviews.blocks import Figure, Section
from orchestration.reviews.desk import Desk
from orchestration.reviews.periods import period_named
from orchestration.reviews.sections import errata, glance, notes
from orchestration.reviews.serving import SERVING_FILE, Snapshot
from orchestration.reviews.weekly import write_weekly_review
from tests.reviews.published import Published

NOTE = "note_id varchar, kind varchar, starts_on date, ends_on date, kpi_id varchar,"
NOTE += " network varchar, title varchar, body varchar, outcome varchar, author varchar"
CLOSED = "closed_kind varchar, closed_label varchar, period_start_on date, period_end_on date,"
CLOSED += " closed_as_of_at timestamp"
RESTATED = "restatement_key varchar, closed_kind varchar, closed_label varchar,"
RESTATED += " closed_end_on date, period_kind varchar, period_start_on date, kpi_id varchar,"
RESTATED += " slice_kind varchar, slice_value varchar, was_value double, now_value double,"
RESTATED += " was_reason varchar, now_reason varchar, relative_change double,"
RESTATED += " was_provisional boolean, cause varchar, note varchar, late_streams varchar,"
RESTATED += " was_definition_version varchar, now_definition_version varchar,"
RESTATED += " told_in_month varchar, told_in_quarter varchar"

HOSTILE = "<script>alert(1)</script> [x](javascript:1) | `code` \u202e=cmd " + "w" * 10_000
NOTES = [
    ("launch", "annotation", date(2025, 6, 10), date(2025, 6, 30), "K62", None, "Launch", "Posts."),
    (
        "outage",
        "annotation",
        date(2026, 2, 7),
        date(2026, 2, 8),
        "K13",
        None,
        "Outage",
        "All down.",
    ),
    ("april", "annotation", date(2026, 4, 1), date(2026, 4, 1), None, None, "April", "Too late."),
    ("long_ago", "annotation", date(2024, 1, 1), date(2024, 1, 2), None, None, "Old", "Too old."),
    ("hostile", "annotation", date(2026, 3, 25), None, None, None, HOSTILE, HOSTILE),
    ("evening", "tactic", date(2025, 11, 17), None, "K04", None, "Evening cover", "Two at noon."),
    (
        "whatsapp",
        "tactic",
        date(2026, 1, 12),
        None,
        "K04",
        "whatsapp",
        "One hour",
        "First in line.",
    ),
    ("ended", "tactic", date(2025, 1, 1), date(2025, 12, 31), None, None, "Ended", "Before."),
    ("fixed", "correction", date(2026, 1, 1), None, None, None, "Fixed", "Not a note to tell."),
]
CLOSINGS = [
    ("quarter", "2025-Q4", date(2025, 10, 1), date(2025, 12, 31), "2026-01-10 06:00:00"),
    ("month", "2026-02", date(2026, 2, 1), date(2026, 2, 28), "2026-03-10 06:00:00"),
    ("quarter", "2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2026-04-15 06:00:00"),
]


def restated(kpi_id: str, was: float | None, now: float | None, **other: Any) -> dict[str, Any]:
    """A restatement of the fourth quarter of 2025, unless it is said otherwise."""
    change = None if None in (was, now) or not was else (now - was) / abs(was)
    row = {
        "closed_kind": "quarter",
        "closed_label": "2025-Q4",
        "closed_end_on": date(2025, 12, 31),
        "period_kind": "quarter",
        "period_start_on": date(2025, 10, 1),
        "kpi_id": kpi_id,
        "slice_kind": "overall",
        "slice_value": "all",
        "was_value": was,
        "now_value": now,
        "relative_change": change,
        "was_provisional": False,
        "cause": "late_data",
        "late_streams": "phone/daily",
        "was_definition_version": "1",
        "now_definition_version": "1",
        **other,
    }
    return {"restatement_key": str(sorted(map(str, row.items()))), **row}


WEEK = {
    "closed_kind": "week",
    "closed_label": "2026-W12",
    "closed_end_on": date(2026, 3, 22),
    "period_kind": "week",
    "period_start_on": date(2026, 3, 16),
}
RESTATEMENTS = [
    restated("K04", 4.0, 5.0),
    restated("K01", 9000.0, 9100.0, cause="correction", note="Feed mended: it was cut off."),
    restated("K43", None, 0.8, was_reason="too_few", cause="definition_change"),
    restated("K01", 10.0, 11.0, slice_kind="network", slice_value="x"),
    restated("K01", 10.0, 11.0, period_kind="month"),
    restated("K21", 5.0, 6.0, told_in_month="2026-01"),
    restated("K20", 50.0, 60.0, closed_label="2026-Q1", closed_end_on=date(2026, 3, 31)),
    restated("K04", 2.0, 2.2, **WEEK),
    restated("K07", 0.5, 0.509, **WEEK),
    restated("K13", 0.0, 0.5, **WEEK, cause="time_passed", was_provisional=True),
    restated("K99", 1.0, 2.0, **WEEK),
]


def fill(connection: Any, table: str, columns: str, rows: Iterable[dict[str, Any]]) -> None:
    connection.execute(f"create table marts.{table} ({columns})")
    for row in rows:
        names = ", ".join(row)
        places = ", ".join("?" for _ in row)
        connection.execute(
            f"insert into marts.{table} ({names}) values ({places})", list(row.values())
        )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose snapshot has notes, closings and restatements."""
    folder = tmp_path_factory.mktemp("told")
    Published().write(folder)
    names = [each.split()[0] for each in NOTE.split(",")]
    closed = [each.split()[0] for each in CLOSED.split(",")]
    with duckdb.connect(str(folder / SERVING_FILE)) as connection:
        given = [dict(zip(names, note, strict=False)) for note in NOTES]
        given[5]["outcome"] = "Hours sooner."
        fill(connection, "kpi_review_notes", NOTE, given)
        rows = [dict(zip(closed, row, strict=True)) for row in CLOSINGS]
        fill(connection, "dim_closed_period", CLOSED, rows)
        fill(connection, "kpi_restatements", RESTATED, RESTATEMENTS)
    return folder


def words(section: Section) -> str:
    """All that a section says, figures in brackets."""

    def said(part: Any) -> str:
        if isinstance(part, Figure):
            return f"[{part.text}]"
        if isinstance(part, str):
            return part
        if isinstance(part, tuple | list):
            return " ".join(said(each) for each in part)
        names = ("title", "caption", "text", "content", "note", "sentence", "rows", "blocks")
        return " ".join(said(getattr(part, name)) for name in names if hasattr(part, name))

    return re.sub(r"[\s\u00a0]+", " ", f"{said(section.standfirst)} {said(section.blocks)}")


def at(folder: Path, kind: str, label: str, build: Any, *before: Any) -> Any:
    with Snapshot(folder) as snapshot:
        desk = Desk(snapshot, period_named(kind, label))
        for each in before:
            each(desk)
        return build(desk)


def test_events_of_the_period_stand_before_those_of_the_trend(told: Path) -> None:
    text = words(at(told, "quarter", "2026-Q1", notes.annotations))
    assert text.index("Outage. All down.") < text.index("Launch. Posts.")
    for absent in ("April", "Too old", "Two at noon", "Not a note to tell"):
        assert absent not in text


def test_an_event_stands_beside_its_measure_in_the_month_it_happened(told: Path) -> None:
    with Snapshot(told) as snapshot:
        desk = Desk(snapshot, period_named("quarter", "2026-Q1"))
        section = notes.annotations(desk)
        [row] = [row for row in section.blocks[0].rows if "Outage" in row[1].content]
        assert row[2].content.reading == desk.reading("K13", period_named("month", "2026-02"))
        assert row[2].note == f"{desk.definition('K13').name}, Feb 2026"


def test_a_tactic_tells_its_measure_before_it_began_and_now(told: Path) -> None:
    with Snapshot(told) as snapshot:
        desk = Desk(snapshot, period_named("quarter", "2026-Q1"))
        text = words(notes.tactics(desk))
        before = desk.reading("K04", period_named("quarter", "2025-Q3"))
        shown = {each.reading for each in desk.ledger.cells}
        assert {before, desk.reading("K04")} <= shown
        whatsapp = ("network", "whatsapp")
        assert desk.reading("K04", slice_=whatsapp) in shown
    assert "in the third quarter of 2025, before it began" in text
    assert "Hours sooner." in text
    assert "Since January 12, 2026, on WhatsApp." in text
    assert "Ended" not in text


def test_without_notes_and_closings_there_is_no_section(tmp_path: Path) -> None:
    Published().write(tmp_path)
    for build in (notes.annotations, notes.tactics, errata.build):
        assert at(tmp_path, "quarter", "2026-Q1", build) is None
    assert at(tmp_path, "week", "2026-W13", errata.brief) is None


def test_a_quarterly_report_tells_errata_of_earlier_quarters(told: Path) -> None:
    section = at(told, "quarter", "2026-Q1", errata.build)
    text = words(section)
    assert "First reply time (mean) [4.0 h] [5.0 h] [25.0%] Late data" in text
    assert "Inbound messages [9,000] [9,100] [1.1%] Correction" in text
    assert "[n/a] [80.0%] Definition" in text
    assert "closed as of January 10, 2026" in text
    assert "2 numbers of slices or single months" in text
    assert "Correction: Feed mended: it was cut off." in text
    assert "Late data: files came in after the numbers were told, of phone/daily" in text
    # Its own closing, and the month that is no business of its readers.
    assert "2026-Q1" not in text
    assert "February" not in text


def test_days_of_instants_are_those_of_the_reporting_zone(told: Path) -> None:
    """Four in the morning of 10 January in UTC is the evening before in New York."""
    with duckdb.connect(str(told / SERVING_FILE)) as connection:
        connection.execute(
            "update marts.dim_closed_period set closed_as_of_at = '2026-01-10 04:00:00' "
            "where closed_label = '2025-Q4'"
        )
    try:
        text = words(at(told, "quarter", "2026-Q1", errata.build))
    finally:
        with duckdb.connect(str(told / SERVING_FILE)) as connection:
            connection.execute(
                "update marts.dim_closed_period set closed_as_of_at = '2026-01-10 06:00:00' "
                "where closed_label = '2025-Q4'"
            )
    assert "closed as of January 9, 2026" in text


def test_what_a_closed_review_told_is_not_repeated_to_the_same_readers(told: Path) -> None:
    quarterly = words(at(told, "quarter", "2026-Q1", errata.build))
    monthly = words(at(told, "month", "2026-02", errata.build))
    assert "[5] [6]" in quarterly
    assert "[5] [6]" not in monthly
    assert "What earlier reviews told of closed periods is not repeated" in monthly


def test_a_monthly_review_answers_for_quarters_that_are_over(told: Path) -> None:
    """The quarter that ends with March is restated: the review of March is the next to come."""
    assert "[50] [60]" in words(at(told, "month", "2026-03", errata.build))
    assert "[50] [60]" not in words(at(told, "month", "2026-02", errata.build))


def test_a_closed_period_that_still_holds_is_said_to(told: Path) -> None:
    with duckdb.connect(str(told / SERVING_FILE)) as connection:
        connection.execute("begin; delete from marts.kpi_restatements; commit")
    try:
        text = words(at(told, "quarter", "2026-Q1", errata.build))
    finally:
        with duckdb.connect(str(told / SERVING_FILE)) as connection:
            connection.execute("drop table marts.kpi_restatements")
            fill(connection, "kpi_restatements", RESTATED, RESTATEMENTS)
    assert text.startswith("None: the numbers of the fourth quarter of 2025, which are closed")


def headlines(desk: Desk) -> None:
    glance.build(desk, ("K04", "K07"), ("K13",))


def test_an_update_tells_what_moved_by_more_than_two_per_cent(told: Path) -> None:
    """K07 moved by 1.8 %, K99 is on no page; what was nothing and is something has moved."""
    text = words(at(told, "week", "2026-W13", errata.build, headlines))
    assert text.startswith("2 measures of week 12 of 2026 moved")
    assert "[2.0 h] [2.2 h] [10.0%] Late data" in text
    assert "[0.0%] provisional [50.0%] Time" in text
    assert "50.9%" not in text
    brief = at(told, "week", "2026-W13", errata.brief, headlines)
    line = "".join(part.text if isinstance(part, Figure) else part for part in brief)
    assert "2 h → 2 h 12 min (late data)" in line.replace("\u00a0", " ")
    assert at(told, "week", "2026-W12", errata.build, headlines) is None


def test_notes_cannot_break_out_of_a_page(told: Path) -> None:
    folder = write_weekly_review(told, "2026-W13").folder
    page, text = (folder / "index.html").read_text(), (folder / "review.md").read_text()
    assert "<script>alert" not in page
    assert html.escape("<script>alert(1)</script>") in page
    assert "w" * 500 not in page
    for hidden in ("\u202e",):
        assert hidden not in page
        assert hidden not in text
    assert "<script" not in text
    with (folder / "numbers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"was_value", "now_value"} <= {row["column_name"] for row in rows}
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
