"""Texts of the usual shapes are cast as they are: to what taking them apart would give."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import duckdb
import pytest

from orchestration.exports import casting
from orchestration.exports.contract import Column, instant
from orchestration.exports.registry import STREAMS

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
DAYS = ("2025-03-30", "2025-10-26", "2025-11-02", "2025-04-06", "2025-02-30", "2024-02-29")
CLOCKS = ("00:00", "01:30", "02:00", "02:30", "23:59", "24:00", "25:00")
SECONDS = ("", ":00", ":59", ":60")
ENDS = ("", "Z", "-0400", "+05:30", "+0545", "+14:00", "+99:00", "-00:00", "+0017")
TEXTS = tuple(
    day + between + clock + seconds + end
    for day in (*DAYS, "1899-12-31", "0013-09-24", "9999-01-01")
    for between in "T "
    for clock in CLOCKS
    for seconds in SECONDS
    for end in ENDS
)


@pytest.fixture(scope="module")
def session() -> duckdb.DuckDBPyConnection:
    """A session with the texts in a table."""
    session = duckdb.connect(config={"threads": 1})
    session.execute("set TimeZone = 'UTC'")
    rows = ", ".join(f"({casting.literal(text)})" for text in TEXTS)
    session.execute(f"create table texts as select * from (values {rows}) as t(text)")
    return session


def _values(session: duckdb.DuckDBPyConnection, sql: str) -> dict[str, object]:
    return dict(session.execute(f"select text, {sql} from texts").fetchall())


@pytest.mark.parametrize("zone", ZONES)
def test_a_usual_text_is_the_instant_it_is_when_taken_apart(
    session: duckdb.DuckDBPyConnection, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = Column("at", instant(zone=zone))
    usual = _values(session, casting.value(column, "text"))
    is_wall = _values(session, casting.is_wall_time(column, "text"))
    monkeypatch.setattr(casting, "_usual", lambda *_: "null")
    monkeypatch.setattr(casting, "_has_shape", lambda *_: "false")
    assert usual == _values(session, casting.value(column, "text"))
    assert is_wall == _values(session, casting.is_wall_time(column, "text"))
    assert sum(value is not None for value in usual.values()) > len(TEXTS) // 4


def test_no_format_without_a_zone_reads_a_text_with_an_offset() -> None:
    """Whether a text is a wall time is told by its shape, before any format is tried."""
    formats = {
        form
        for stream in STREAMS
        for column in stream.columns
        for form in column.type.formats
        if column.type.kind == "instant" and "%z" not in form
    }
    texts = ("2026-03-31T23:59:00Z", "2026-03-31 23:59+0200", "2026-03-31 23:59:00-04:00")
    assert formats
    for form in formats:
        for text in texts:
            with pytest.raises(ValueError):
                datetime.strptime(text, form)  # noqa: DTZ007


def test_a_clock_with_an_offset_behind_it_is_no_wall_time_in_any_format() -> None:
    """Nor is it tried with the formats of wall times, none of which would read it."""
    local = datetime(2026, 3, 31, 23, 59, 58, tzinfo=UTC)
    mixed = {
        column.type.formats
        for stream in STREAMS
        for column in stream.columns
        if any("%z" in form for form in column.type.formats)
    }
    assert mixed
    for formats in mixed:
        unzoned = [form for form in formats if "%z" not in form]
        for text in (local.strftime(form) for form in unzoned):
            assert not re.search(casting.OFFSET_AFTER_CLOCK, text)
            for form in unzoned:
                with pytest.raises(ValueError):
                    datetime.strptime(f"{text}-0400", form)  # noqa: DTZ007
