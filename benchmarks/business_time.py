"""Ten million waits, looked up in the models of business time; a sample recounted by brute force.

The SQL is what dbt compiles from models and macros; only inputs are made up here. The recount walks
through every minute of a wait with Python's own time zones and knows nothing of that SQL.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from benchmarks.measuring import Measurement, apart

if TYPE_CHECKING:
    import duckdb
    from dbt.contracts.graph.manifest import Manifest

WAITS = 10_000_000
SAMPLE = 400
TARGET_S = 14_400
SEED = 20260415
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)
BEGIN = datetime(2025, 1, 1)  # noqa: DTZ001
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Auckland",
    "America/Sao_Paulo",
    "UTC",
)
MODELS = ("int_business_intervals", "int_business_clock", "int_business_clock_inverted")

# What facts ask of the clocks, with the macros they ask it by.
QUESTIONS = {
    "waits": """
        select
            turns.turn_number,
            turns.calendar_id,
            turns.clock_started_at,
            turns.replied_at,
            {{ business_seconds_between(
                "start_clock", "turns.clock_started_at", "reply_clock", "turns.replied_at"
            ) }} as wait_business_s
        from {{ ref("int_conversation_turns") }} as turns
        left join
            {{ ref("int_business_clock") }} as start_clock
            on {{ business_clock_at("start_clock", "turns.calendar_id", "turns.clock_started_at") }}
        left join
            {{ ref("int_business_clock") }} as reply_clock
            on {{ business_clock_at("reply_clock", "turns.calendar_id", "turns.replied_at") }}
    """,
    # Four open hours after the start.
    "deadlines": """
        with
            turns as (
                select
                    turns.turn_number,
                    turns.calendar_id,
                    turns.clock_started_at,
                    {{ business_reading("clock", "turns.clock_started_at") }} + 14400000000
                    as reading
                from {{ ref("int_conversation_turns") }} as turns
                left join
                    {{ ref("int_business_clock") }} as clock
                    on {{
                        business_clock_at("clock", "turns.calendar_id", "turns.clock_started_at")
                    }}
            )
        select
            turns.turn_number,
            turns.calendar_id,
            turns.clock_started_at,
            {{ business_instant("inverted", "turns.reading") }} as deadline_at
        from turns
        left join
            {{ ref("int_business_clock_inverted") }} as inverted
            on {{ business_reading_at("inverted", "turns.calendar_id", "turns.reading") }}
    """,
}


def run(folder: Path, scale: float) -> list[Measurement]:
    """Measure the models, then hold a sample of their waits against the recount."""
    waits = max(1000, int(WAITS * scale))
    apart(prepare, folder, waits)
    _, seconds, peak = apart(build_clocks, folder)
    found = [
        Measurement(
            "business_time",
            f"clocks of {len(ZONES)} random calendars, once a run",
            f"{len(MODELS)} models",
            seconds,
            peak,
        )
    ]
    for question, work in (("waits", "business seconds"), ("deadlines", "deadlines in open hours")):
        _, seconds, peak = apart(ask, folder, question)
        checked, wrong = recount(folder, question, SAMPLE)
        found.append(
            Measurement(
                "business_time",
                f"{work} of {waits:,} waits, {len(ZONES)} random calendars",
                f"{checked - wrong} of {checked} sampled equal a count minute by minute",
                seconds,
                peak,
            )
        )
    return found


def calendars(seed: int = SEED) -> dict[str, list[tuple]]:
    """Random rows of the calendar seeds: split and overnight shifts, holidays, changes of hours."""
    rng = random.Random(seed)  # noqa: S311
    rows: dict[str, list[tuple]] = {"calendars": [], "hours": [], "holidays": []}
    for zone in ZONES:
        name = f"in_{zone.split('/')[-1].lower()}"
        rows["calendars"].append((name, zone))
        change = date(2025, 1, 1) + timedelta(days=rng.randrange(450))
        for since, until in ((date(1970, 1, 1), change), (change, None)):
            for weekday in range(1, 8):
                edges = sorted(rng.sample(range(96), rng.choice((0, 2, 2, 2, 4))))
                if len(edges) == 2 and rng.random() < 0.25:
                    edges.reverse()
                shifts = [
                    (_clock(a), _clock(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)
                ]
                if rng.random() < 0.1:
                    shifts = [("00:00", "24:00")]
                rows["hours"] += [(name, since, until, weekday, *shift) for shift in shifts]
        days = rng.sample(range(470), 12)
        rows["holidays"] += [(name, date(2025, 1, 1) + timedelta(days=d)) for d in days]
    return rows


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def prepare(folder: Path, waits: int) -> None:
    """Compile the models and fill their inputs: calendars and turns."""
    import duckdb

    compile_queries(folder, QUESTIONS)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        fill_seeds(connection, calendars())
        _fill_turns(connection, waits)


def compile_queries(
    folder: Path, questions: dict[str, str], manifest: Manifest | None = None
) -> None:
    """Write the SQL of the models and of questions to them, as dbt compiles it, into a folder."""
    from orchestration import warehouse
    from orchestration.exports.lake import ensure_lake
    from orchestration.settings import Settings

    settings = Settings(data_dir=folder)
    ensure_lake(folder)
    commands = [["--select", *MODELS], *(["--inline", text] for text in questions.values())]
    nodes = []
    for command in commands:
        result = warehouse.invoke(
            settings,
            ["compile", *command, "--no-introspect"],
            as_of=AS_OF,
            manifest=manifest and copied(manifest),
        )
        if not result.success:
            raise RuntimeError(f"dbt could not compile the models: {result.exception}")
        nodes += [done.node for done in result.result.results]
    compiled = {node.name: node.compiled_code for node in nodes if node.name in MODELS}
    inline = [node.compiled_code for node in nodes if node.resource_type == "sql_operation"]
    for name, sql in [*compiled.items(), *zip(questions, inline, strict=True)]:
        (folder / f"{name}.sql").write_text(sql)


def copied(manifest: Manifest) -> Manifest:
    """A copy that dbt may change, without saved queries: its own copying does not take them."""
    saved_queries, manifest.saved_queries = manifest.saved_queries, {}
    try:
        return manifest.deepcopy()
    finally:
        manifest.saved_queries = saved_queries


def fill_seeds(connection: duckdb.DuckDBPyConnection, rows: dict[str, list[tuple]]) -> None:
    """Put calendars, hours and holidays where the models read the seeds."""
    connection.execute("create schema if not exists seeds")
    connection.execute("create schema if not exists intermediate")
    columns = {
        "calendars": "calendar_id varchar, zone varchar",
        "hours": "calendar_id varchar, valid_from_on date, valid_to_on date, iso_weekday integer,"
        " opens varchar, closes varchar",
        "holidays": "calendar_id varchar, holiday_on date",
    }
    for name, values in rows.items():
        connection.execute(f"create or replace table seeds.business_{name} ({columns[name]})")
        marks = ", ".join("?" * len(values[0]))
        connection.executemany(f"insert into seeds.business_{name} values ({marks})", values)


def _fill_turns(connection: duckdb.DuckDBPyConnection, waits: int) -> None:
    # Lengths spread over magnitudes, from seconds to four weeks, as real waits do.
    connection.execute(
        f"""
        create or replace table intermediate.int_conversation_turns as
        with
            names as (
                select calendar_id, row_number() over () - 1 as n from seeds.business_calendars
            ),
            drawn as (
                select
                    i as turn_number,
                    hash(i, 'calendar') % {len(ZONES)} as n,
                    hash(i, 'start') % 37500000 as start_s,
                    exp(15 * (hash(i, 'wait') % 1000000) / 1000000.0)::bigint % 2419200 as wait_s
                from range({waits}) as r(i)
            )
        select
            turn_number,
            calendar_id,
            timestamp '{BEGIN}' + to_seconds(start_s) as started_at,
            timestamp '{BEGIN}' + to_seconds(start_s) as clock_started_at,
            timestamp '{BEGIN}' + to_seconds(start_s + wait_s) as replied_at
        from drawn
        inner join names using (n)
        """
    )


def build_clocks(folder: Path) -> None:
    """Build the models, as a run does once for all facts that ask them."""
    create_tables(folder, *MODELS)


def ask(folder: Path, question: str) -> None:
    """Answer a question for every wait."""
    create_tables(folder, question)


def create_tables(folder: Path, *names: str) -> None:
    """Run compiled queries, in order, into tables of their names."""
    import duckdb

    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'; set threads = 2; set enable_progress_bar = false")
        connection.execute(f"set temp_directory = '{folder / 'spill'}'")
        for name in names:
            query = (folder / f"{name}.sql").read_text()
            connection.execute(f"create or replace table intermediate.{name} as {query}")


def recount(folder: Path, question: str, sample: int) -> tuple[int, int]:
    """Count a sample of answers again, minute by minute; returns (checked, different)."""
    import duckdb

    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            f"""
            select * exclude (turn_number)
            from intermediate.{question}
            order by hash(turn_number, 'sample')
            limit {sample}
            """
        ).fetchall()
    book = _Book(calendars())
    counts = {"waits": book.is_wait, "deadlines": book.is_deadline}
    wrong = [row for row in rows if not counts[question](*row)]
    for row in wrong[:5]:
        print(f"  differs: {row}")
    return len(rows), len(wrong)


class _Book:
    """The calendars, asked one minute at a time."""

    def __init__(self, rows: dict[str, list[tuple]]) -> None:
        self.zones = {name: ZoneInfo(zone) for name, zone in rows["calendars"]}
        self.hours = rows["hours"]
        self.holidays = set(rows["holidays"])
        self.shifts = cache(self._shifts)

    def is_wait(self, calendar: str, start: datetime, end: datetime, open_s: int | None) -> bool:
        """Whether so many open seconds lie between two instants."""
        return self.open_s(calendar, start, end) == open_s

    def is_deadline(self, calendar: str, start: datetime, deadline: datetime | None) -> bool:
        """Whether the open seconds of four hours are full at an instant and not a second before."""
        if deadline is None:
            return False
        just_before = deadline - timedelta(seconds=1)
        return (
            self.open_s(calendar, start, deadline) == TARGET_S
            and self.open_s(calendar, start, just_before) == TARGET_S - 1
        )

    def open_s(self, calendar: str, start: datetime, end: datetime) -> int:
        """Open seconds between two naive UTC instants; all edges of shifts are on whole minutes."""
        total = 0
        minute = start.replace(second=0)
        while minute < end:
            following = minute + timedelta(minutes=1)
            if self._is_open(calendar, minute.replace(tzinfo=UTC)):
                total += int((min(following, end) - max(minute, start)).total_seconds())
            minute = following
        return total

    def _is_open(self, calendar: str, instant: datetime) -> bool:
        today = instant.astimezone(self.zones[calendar]).date()
        around = (today - timedelta(days=1), today, today + timedelta(days=1))
        return any(
            opens <= instant < closes
            for day in around
            for opens, closes in self.shifts(calendar, day)
        )

    def _shifts(self, calendar: str, day: date) -> list[tuple[datetime, datetime]]:
        if (calendar, day) in self.holidays:
            return []
        return [
            (self._instant(calendar, day, opens), self._instant(calendar, day, closes, after=opens))
            for name, since, until, weekday, opens, closes in self.hours
            if name == calendar
            and weekday == day.isoweekday()
            and since <= day
            and (until is None or day < until)
        ]

    def _instant(self, calendar: str, day: date, clock: str, after: str = "") -> datetime:
        hour, minute = map(int, clock.split(":"))
        days = hour // 24 + (1 if after and clock <= after else 0)
        wall = datetime(day.year, day.month, day.day, hour % 24, minute) + timedelta(days=days)  # noqa: DTZ001
        return wall.replace(tzinfo=self.zones[calendar]).astimezone(UTC)
