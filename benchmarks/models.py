"""The whole warehouse at a quarter of a million messages, and its first replies written by hand.

The hand-written loop takes the same classified messages and events and walks through them one by
one, as one would without a warehouse: it says what the models cost, and whether they are right. It
shares no SQL with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measurement, apart

MESSAGES = 250_000
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)
ZONE = "America/New_York"
WEEK_S = 7 * 86400
SILENCE_S = 72 * 3600
# The models that do what the loop does.
CARE_MODELS = (
    "int_conversation_items",
    "int_conversation_segments",
    "int_conversation_turns",
)


def run(folder: Path, scale: float) -> list[Measurement]:
    """Measure extraction, models and the loop; hold the two results against each other."""
    messages = max(1500, int(MESSAGES * scale))
    counts, _, _ = apart(simulate, folder, messages)
    rows, extract_s, extract_mb = apart(extract, folder)
    times, build_s, build_mb = apart(build, folder)
    (found, same, pure_s), _, loop_mb = apart(loop, folder)
    care_s = sum(times[model] for model in CARE_MODELS)
    size = f"{counts['messages']:,} messages, {counts['sessions']:,} sessions"
    slowest = ", ".join(f"{name} {times[name]:.1f} s" for name in sorted(times, key=times.get)[-3:])
    return [
        Measurement(
            "models",
            f"extract all streams: {size}, {counts['files']:,} files",
            f"{rows:,} rows in the lake",
            extract_s,
            extract_mb,
        ),
        Measurement(
            "models",
            f"dbt builds all tables of {size}",
            f"{len(times)} seeds and models; slowest: {slowest}",
            build_s,
            build_mb,
        ),
        Measurement(
            "models",
            "of these, from classified messages to turns",
            f"{len(CARE_MODELS)} models",
            care_s,
            0,
        ),
        Measurement(
            "models",
            "the same by a hand-written loop in Python",
            f"{same:,} of {found:,} first replies equal those of the models, to the second",
            pure_s,
            loop_mb,
        ),
    ]


def _settings(folder: Path) -> Any:
    from orchestration.settings import Settings

    return Settings(data_dir=folder, reporting_zone=ZONE, pseudonym_key="benchmark secret key")


def simulate(folder: Path, messages: int) -> dict[str, int]:
    """Write the landing zone."""
    from simulator.build import simulate as build_company

    return build_company(folder / "landing", None, messages=messages).counts


def extract(folder: Path) -> int:
    """Extract every stream; returns rows in the lake."""
    from orchestration.exports.lake import ensure_lake, report_undeclared
    from orchestration.exports.registry import STREAMS
    from orchestration.exports.together import Extraction
    from simulator.company import EXPORT_ZONES

    settings = _settings(folder)
    ensure_lake(folder)
    extraction = Extraction(
        STREAMS,
        settings.landing,
        folder,
        pseudonym_key=settings.secret(),
        as_of=AS_OF,
        export_zones=EXPORT_ZONES,
    )
    reports = [extraction.report(stream) for stream in STREAMS]
    report_undeclared(settings.landing, folder)
    return sum(report.rows_in_lake for report in reports)


def build(folder: Path) -> dict[str, float]:
    """Build seeds and models without tests; returns the seconds of each."""
    from orchestration import warehouse

    command = ["build", "--exclude-resource-type=unit_test", "--exclude-resource-type=test"]
    outcome = warehouse.invoke(_settings(folder), command, as_of=AS_OF)
    if not outcome.success:
        raise RuntimeError(f"dbt could not build the models: {outcome.exception}")
    return {done.node.name: done.execution_time for done in outcome.result.results}


def loop(folder: Path) -> tuple[int, int, float]:
    """First replies by hand; returns how many, how many equal the models', and the seconds."""
    import time

    import duckdb

    started = time.perf_counter()
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        items = connection.execute(
            """
            select thread_key, epoch(sent_at)::bigint, 0, length(natural_message_id),
                natural_message_id,
                case when direction = 'in' then 'in' when is_bot then 'bot' else 'human' end,
                is_eligible, direction = 'in' and not is_own, message_key
            from intermediate.int_messages_classified
            union all
            select thread_key, epoch(event_at)::bigint, 1, length(natural_event_id),
                natural_event_id, event_kind, false, false, null
            from intermediate.int_conversation_events_unioned
            where event_kind in ('closed', 'reopened', 'bot_handoff')
            """
        ).fetchall()
        items.sort(key=lambda item: item[:5])
        mine = {
            key: wait
            for _, thread in groupby(items, key=lambda item: item[0])
            for segment in segments(thread)
            for key, wait in first_reply(segment)
        }
        seconds = time.perf_counter() - started
        theirs = dict(
            connection.execute(
                "select first_message_key, wait_s from core.fct_replies where is_first"
            ).fetchall()
        )
    same = sum(theirs.get(key, -1) == wait for key, wait in mine.items())
    return max(len(mine), len(theirs)), same, seconds


def segments(thread: Iterator[tuple]) -> Iterator[list[tuple]]:
    """Cut the items of a thread into conversations, closes that change nothing left out."""
    segment: list[tuple] = []
    previous_at = closed_at = None
    is_closed = is_waiting = False
    for item in thread:
        at, kind = item[1], item[5]
        if kind == "closed":
            if is_closed:
                continue
            is_closed, is_waiting, closed_at = True, False, at
        elif kind == "reopened":
            if is_closed and at - closed_at < WEEK_S:
                is_closed, previous_at = False, at
        elif kind in ("in", "bot", "human"):
            if previous_at is not None and (
                (is_closed and at - closed_at >= WEEK_S)
                or (
                    not is_closed
                    and at - previous_at >= SILENCE_S
                    and (kind == "in" or not is_waiting)
                )
            ):
                yield segment
                segment, is_closed = [], False
            previous_at = at
            if kind == "in":
                is_closed, is_waiting = False, True
            elif kind == "human":
                is_waiting = False
        segment.append(item)
    if previous_at is not None:
        yield segment


def first_reply(segment: list[tuple]) -> Iterator[tuple[str, int | None]]:
    """Key of the first message and wait of a conversation's first turn, if it has one."""
    turns, turn = [], []
    for item in segment:
        turn.append(item)
        if item[5] in ("human", "closed"):
            turns.append(turn)
            turn = []
    turns.append(turn)
    judged = [told for told in map(_judged, turns) if told is not None]
    answered = [told for told in judged if told[1] is not None]
    yield from (answered or judged)[:1]


def _judged(turn: list[tuple]) -> tuple[str, int | None] | None:
    """A turn's first message and wait; None if it asks nothing or a bot contained it."""
    asked = [item for item in turn if item[6]]
    if not asked:
        return None
    key = next(item[8] for item in turn if item[7])
    start = asked[0][1]
    handoffs = [item[1] for item in turn if item[5] == "bot_handoff" and item[1] >= start]
    has_bot = any(item[5] == "bot" and item[1] >= start for item in turn)
    end = turn[-1][5]
    if end == "closed" and has_bot and not handoffs:
        return None
    return key, turn[-1][1] - (handoffs or [start])[0] if end == "human" else None
