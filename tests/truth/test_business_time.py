"""Business time and deadlines against a count minute by minute, on random calendars.

Every minute of two years is painted open or closed from the shifts, with Python's own time zones;
counting painted minutes is the truth. No interval, running total or SQL of the models is used for
it. Two million waits and as many deadlines take about ten seconds of a core, and parsing the models
as much again.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from benchmarks import business_time
from tests.truth.conftest import Workshop

PAIRS = 100_000
SEED = 20260415
# Half and quarter hours, clocks that move by half an hour or by two, at midnight, in both halves
# of the world, by decree of the year, or never.
ZONES = (
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Havana",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Lisbon",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Antarctica/Troll",
    "UTC",
)
FIRST, LAST = date(2024, 12, 25), date(2027, 4, 1)
PAIRS_FROM, PAIRS_TO = datetime(2025, 1, 1), datetime(2026, 4, 15)  # noqa: DTZ001
MINUTE = 60_000_000

QUESTION = """
    with
        turns as (select * from {{ ref("int_conversation_turns") }}),
        clock as (select * from {{ ref("int_business_clock") }}),
        inverted as (select * from {{ ref("int_business_clock_inverted") }}),
        read as (
            select
                turns.*,
                {{
                    business_seconds_between(
                        "start_clock", "clock_started_at", "reply_clock", "replied_at"
                    )
                }} as wait_business_s,
                start_clock.is_open,
                {{ business_reading("start_clock", "clock_started_at") }}
                + target_s * 1000000 as reading
            from turns
            left join
                clock as start_clock
                on {{ business_clock_at("start_clock", "turns.calendar_id", "clock_started_at") }}
            left join
                clock as reply_clock
                on {{ business_clock_at("reply_clock", "turns.calendar_id", "replied_at") }}
        )
    select
        read.turn_number,
        read.wait_business_s,
        read.is_open,
        {{ business_instant("inverted", "read.reading") }} as deadline_at
    from read
    left join
        inverted
        on {{ business_reading_at("inverted", "read.calendar_id", "read.reading") }}
"""


def random_calendars() -> dict[str, list[tuple]]:
    """Rows of the calendar seeds, a calendar a zone.

    Split, overnight, overlapping and touching shifts, round-the-clock days, closed days, holidays,
    and hours that change on a date, with days between the versions that have none.
    """
    rng = random.Random(SEED)
    rows: dict[str, list[tuple]] = {"calendars": [], "hours": [], "holidays": []}
    for zone in ZONES:
        rows["calendars"].append((zone, zone))
        change = date(2025, 1, 1) + timedelta(days=rng.randrange(480))
        resumes = change + timedelta(days=rng.choice((0, 0, 3)))
        for since, until in ((date(1970, 1, 1), change), (resumes, None)):
            for weekday in range(1, 8):
                for _ in range(rng.choice((0, 1, 1, 2, 3))):
                    opens, closes = rng.sample(range(0, 1440, rng.choice((1, 15, 30))), 2)
                    shift = (_clock(opens), _clock(closes))
                    if rng.random() < 0.1:
                        shift = ("00:00", "24:00")
                    elif rng.random() < 0.1:
                        shift = (_clock(opens), "24:00")
                    rows["hours"].append((zone, since, until, weekday, *shift))
        days = rng.sample(range(800), 25)
        rows["holidays"] += [(zone, date(2025, 1, 1) + timedelta(days=d)) for d in days]
    return rows


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def painted(rows: dict[str, list[tuple]], calendar: str) -> np.ndarray:
    """Every minute from FIRST to LAST, UTC: true where the calendar is open."""
    zone = ZoneInfo(calendar)
    holidays = {day for name, day in rows["holidays"] if name == calendar}
    hours = [row[1:] for row in rows["hours"] if row[0] == calendar]
    minutes = np.zeros((LAST - FIRST).days * 1440, dtype=bool)
    for number in range((LAST - FIRST).days):
        day = FIRST + timedelta(days=number)
        for since, until, weekday, opens, closes in hours:
            if weekday == day.isoweekday() and since <= day and (until is None or day < until):
                if day in holidays:
                    continue
                ends_on = day + timedelta(days=closes <= opens)
                begin = max(0, _minute(day, opens, zone))
                minutes[begin : max(begin, _minute(ends_on, closes, zone))] = True
    return minutes


def _minute(day: date, clock: str, zone: ZoneInfo) -> int:
    """Minutes from FIRST to a wall time; the earlier of two, and past a gap that it lies in."""
    hours, minutes = map(int, clock.split(":"))
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    wall = midnight + timedelta(days=hours // 24, hours=hours % 24, minutes=minutes)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    beginning = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    return int((instant - beginning).total_seconds()) // 60


def random_pairs(rng: np.random.Generator, minutes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Microseconds from FIRST of starts and ends: a third lie within a second of an edge."""
    offset = (PAIRS_FROM.date() - FIRST).days * 1440 * MINUTE
    span = int((PAIRS_TO - PAIRS_FROM).total_seconds()) * 1_000_000
    starts = offset + rng.integers(0, span, PAIRS)
    whole = rng.random(PAIRS) < 0.7
    starts[whole] -= starts[whole] % 1_000_000
    edges = np.flatnonzero(np.diff(minutes)) + 1
    edges = edges[(edges * MINUTE > offset) & (edges * MINUTE < offset + span)] * MINUTE
    near = rng.random(PAIRS) < 0.33
    starts[near] = rng.choice(edges, near.sum()) + rng.integers(-1, 2, near.sum()) * 1_000_000
    lengths = np.exp(rng.uniform(0, 15, PAIRS)) * 1_000_000
    ends = np.minimum(starts + lengths.astype(np.int64), offset + span)
    whole = rng.random(PAIRS) < 0.7
    ends[whole] -= ends[whole] % 1_000_000
    near = rng.random(PAIRS) < 0.33
    ends[near] = rng.choice(edges, near.sum()) + rng.integers(-1, 2, near.sum()) * 1_000_000
    return np.minimum(starts, ends), np.maximum(starts, ends)


@pytest.fixture(scope="module")
def compared(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """A row a pair: what the models say of it, and what counting minutes says."""
    import duckdb

    folder = tmp_path_factory.mktemp("business_time")
    business_time.compile_queries(folder, {"answers": QUESTION}, workshop.manifest)
    rows = random_calendars()
    rng = np.random.default_rng(SEED)
    beginning = np.datetime64(FIRST, "us")
    counted = []
    for calendar in ZONES:
        minutes = painted(rows, calendar)
        total = np.concatenate(([0], np.cumsum(minutes, dtype=np.int64))) * MINUTE
        starts, ends = random_pairs(rng, minutes)
        targets = np.maximum(1, np.exp(rng.uniform(0, 13, PAIRS)).astype(np.int64))

        def open_us(instants, minutes=minutes, total=total):
            number = instants // MINUTE
            return total[number] + minutes[number] * (instants % MINUTE)

        needed = open_us(starts) + targets * 1_000_000
        full = np.searchsorted(total, needed)
        missing = np.minimum(full, len(minutes)) - 1
        deadlines = beginning + (missing * MINUTE + needed - total[missing])
        deadlines[full > len(minutes)] = np.datetime64("NaT")
        counted.append(
            pd.DataFrame(
                {
                    "calendar_id": calendar,
                    "clock_started_at": beginning + starts,
                    "replied_at": beginning + ends,
                    "target_s": targets,
                    "counted_s": (open_us(ends) - open_us(starts)) // 1_000_000,
                    "counted_open": minutes[starts // MINUTE],
                    "counted_deadline_at": deadlines,
                }
            )
        )
    pairs = pd.concat(counted, ignore_index=True)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        business_time.fill_seeds(connection, rows)
        connection.register("pairs", pairs.drop(columns=["counted_s", "counted_deadline_at"]))
        connection.execute(
            """
            create table intermediate.int_conversation_turns as
            select
                row_number() over () - 1 as turn_number,
                calendar_id,
                clock_started_at::timestamp as started_at,
                clock_started_at::timestamp as clock_started_at,
                replied_at::timestamp as replied_at,
                target_s
            from pairs
            """
        )
    business_time.create_tables(folder, *business_time.MODELS, "answers")
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        told = connection.sql("from intermediate.answers order by turn_number").df()
    assert len(told) == len(pairs) == PAIRS * len(ZONES)
    return pd.concat([pairs, told], axis=1)


def test_business_seconds_are_the_open_seconds_counted(compared: pd.DataFrame) -> None:
    wrong = compared[compared.wait_business_s != compared.counted_s]
    assert wrong.empty, f"{len(wrong)} waits differ\n{wrong.head(20).to_string()}"


def test_a_wait_begins_in_or_out_of_hours_as_its_minute_is_painted(compared: pd.DataFrame) -> None:
    assert (compared.is_open == compared.counted_open).all()


def test_a_deadline_is_the_instant_at_which_the_target_is_full(compared: pd.DataFrame) -> None:
    # What takes longer than the horizon has no deadline, in the models and in the count.
    within = compared[compared.counted_deadline_at < np.datetime64("2027-03-01")]
    assert len(within) > 0.99 * len(compared)
    wrong = within[within.deadline_at != within.counted_deadline_at]
    assert wrong.empty, f"{len(wrong)} deadlines differ\n{wrong.head(20).to_string()}"


def test_the_pairs_meet_what_makes_business_time_hard(compared: pd.DataFrame) -> None:
    rows = random_calendars()
    overnight = [row for row in rows["hours"] if row[5] <= row[4]]
    waits = compared.replied_at - compared.clock_started_at
    whole = waits.dt.total_seconds() // 1 == compared.counted_s
    assert len(overnight) > 50
    assert min((compared.counted_s == 0).sum(), whole.sum(), (~whole).sum()) > 10_000
    for zone in ZONES:
        assert 0.02 < painted(rows, zone).mean() < 0.98
