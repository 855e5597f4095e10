"""Three ways to the same waits, one after the other on one machine: time, memory, answers.

Running them and comparing belongs here; each way has a module of its own.
"""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measurement, apart
from benchmarks.peers import tickets, with_pandas

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
WEEKS = Path(__file__).with_name("weeks.sql")
# As the best-known open package does.
MOST_WEEKS = 52
# Every fact about care, and all it is made of.
FACTS = (
    "fct_messages",
    "fct_conversations",
    "fct_conversation_events",
    "fct_conversation_daily",
    "fct_replies",
    "fct_sla",
)
MEMORY = "3GB"
# Tickets by the name of the benchmark.
SIZES = {"peers_100k": 100_000, "peers_1m": 1_000_000}


def run(folder: Path, scale: float, name: str) -> list[Measurement]:
    """Measure every way for the tickets of a size; ours is what the others are compared with."""
    count = max(500, int(SIZES[name] * scale))
    data = folder / "data"
    data.mkdir(parents=True)
    apart(tickets.prepare, data, count)
    work = f"{count:,} tickets with six comments each"
    ours, ours_s, ours_mb = apart(build, data)
    _, weeks_s, weeks_mb = apart(cross_weeks, data)
    _, pandas_s, pandas_mb = apart(
        with_pandas.build,
        data / "lake" / "raw",
        SEEDS,
        tickets.CALENDAR,
        data / "pandas.parquet",
    )
    answers = compare(data)
    return [
        Measurement(name, f"{work}: every care fact, ours", ours["outcome"], ours_s, ours_mb),
        Measurement(
            name,
            f"{work}: waits in business time, each crossed with {MOST_WEEKS} weeks",
            said(answers["weeks"]),
            weeks_s,
            weeks_mb,
        ),
        Measurement(
            name,
            f"{work}: waits in business time, in pandas",
            said(answers["pandas"]),
            pandas_s,
            pandas_mb,
        ),
    ]


def said(answer: dict[str, int]) -> str:
    """How the answers of one way compare with ours, in words."""
    right = answer["waits"] - answer["differ"] - answer["missing"]
    words = f"{right:,} of {answer['waits']:,} waits equal ours to the second"
    causes = {
        "holiday": "waits over a holiday",
        "clock_change": "waits over a change of the clocks",
        "over_a_year": "waits of more than a year",
        "other": "for another reason",
    }
    told = [f"{answer[name]:,} {text}" for name, text in causes.items() if answer[name]]
    return f"{words}; different: {', '.join(told)}" if told else words


def build(data: Path) -> dict[str, Any]:
    """Build the care facts and all they are made of, without tests."""
    from orchestration import warehouse
    from orchestration.settings import Settings

    os.environ[warehouse.invoking.MEMORY_LIMIT] = MEMORY
    outcome = warehouse.invoke(
        Settings(data_dir=data, reporting_zone="Europe/Berlin"),
        [
            "build",
            "--resource-type=seed",
            "--resource-type=model",
            "--select",
            *(f"+{fact}" for fact in FACTS),
        ],
        as_of=tickets.AS_OF.replace(tzinfo=UTC),
    )
    if not outcome.success:
        failed = [r.message for r in outcome.result or () if r.status == "error"]
        raise RuntimeError(f"dbt could not build the models: {outcome.exception or failed}")
    times = {done.node.name: done.execution_time for done in outcome.result.results}
    slowest = ", ".join(f"{name} {times[name]:.1f} s" for name in sorted(times, key=times.get)[-5:])
    return {"outcome": f"{len(times)} seeds and models; slowest: {slowest}"}


def cross_weeks(data: Path) -> None:
    """Every wait crossed with weeks, in a file of its own."""
    import duckdb

    with duckdb.connect(str(data / "weeks.duckdb")) as connection:
        connection.execute("set threads = 2; set TimeZone = 'UTC'")
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"set temp_directory = '{data / 'spill'}'")
        for name, value in (
            ("raw", f"'{data / 'lake' / 'raw'}'"),
            ("seeds", f"'{SEEDS}'"),
            ("calendar", f"'{tickets.CALENDAR}'"),
            ("weeks", str(MOST_WEEKS)),
        ):
            connection.execute(f"set variable {name} = {value}")
        connection.execute(WEEKS.read_text(encoding="utf-8"))


def compare(data: Path) -> dict[str, dict[str, int]]:
    """Hold each way's waits against ours, and say why those that differ do.

    A wait that differs is put down to the first of these that lies within it: more weeks than the
    method knows, a holiday of the calendar, a change of the clocks.
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{data / 'warehouse.duckdb'}' as ours (read_only)")
        connection.execute(f"attach '{data / 'weeks.duckdb'}' as weeks (read_only)")
        return {
            "weeks": _compared(
                connection, "select first_comment_id as id, wait_business_s from weeks.answers"
            ),
            "pandas": _compared(
                connection,
                "select comment_id as id, wait_business_s"
                f" from read_parquet('{data / 'pandas.parquet'}')",
            ),
        }


def _compared(connection: Any, theirs: str) -> dict[str, int]:
    row = connection.execute(
        f"""
        with
            ours as (
                select
                    classified.natural_message_id as id,
                    replies.clock_started_at as began_at,
                    replies.replied_at,
                    replies.wait_business_s
                from ours.core.fct_replies as replies
                inner join ours.intermediate.int_messages_classified as classified
                    on classified.message_key = replies.first_message_key
                where replies.is_replied
            ),
            held as (
                select
                    ours.*,
                    theirs.id is null as is_missing,
                    theirs.wait_business_s is distinct from ours.wait_business_s as differs,
                    replied_at - began_at >= interval 52 weeks as over_a_year,
                    exists (
                        select 1 from read_csv('{SEEDS / "business_holidays.csv"}') as holidays
                        where calendar_id = '{tickets.CALENDAR}'
                            and holiday_on between cast(began_at - interval 1 day as date)
                            and cast(replied_at + interval 1 day as date)
                    ) as has_holiday,
                    epoch(timezone('Europe/Berlin', timezone('UTC', replied_at)) - replied_at)
                    <> epoch(timezone('Europe/Berlin', timezone('UTC', began_at)) - began_at)
                    as has_change
                from ours
                left join ({theirs}) as theirs on theirs.id = ours.id
            )
        select
            count(*),
            count(*) filter (where is_missing),
            count(*) filter (where differs and not is_missing),
            count(*) filter (where differs and over_a_year),
            count(*) filter (where differs and not over_a_year and has_holiday),
            count(*) filter (where differs and not over_a_year and not has_holiday and has_change),
            count(*) filter (
                where differs and not over_a_year and not has_holiday and not has_change
            )
        from held
        """
    ).fetchone()
    names = ("waits", "missing", "differ", "over_a_year", "holiday", "clock_change", "other")
    return dict(zip(names, row, strict=True))
