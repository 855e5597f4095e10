"""The benchmarks measure something true: small ones are exact, and the page keeps its rows.

No time is asserted here: machines differ.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks import business_time, models, web
from benchmarks.measuring import Measurement, record


def test_business_time_on_random_calendars_equals_a_count_minute_by_minute(tmp_path: Path) -> None:
    import duckdb

    business_time.prepare(tmp_path, 2_000)
    business_time.build_clocks(tmp_path)
    for question in business_time.QUESTIONS:
        business_time.ask(tmp_path, question)
        assert business_time.recount(tmp_path, question, 50) == (50, 0)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        some, none, all_, missing = connection.execute(
            """
            select
                count(*) filter (where wait_business_s between 1 and wait_s - 1),
                count(*) filter (where wait_business_s = 0 and wait_s > 0),
                count(*) filter (where wait_business_s = wait_s and wait_s > 0),
                count(*) filter (where wait_business_s is null)
            from (
                select *, epoch(replied_at - clock_started_at) as wait_s from intermediate.waits
            )
            """
        ).fetchone()
    assert min(some, none, all_) > 100
    assert missing == 0


def test_web_events_made_up_are_found_again_and_every_model_gives_whole_credits(
    tmp_path: Path,
) -> None:
    expected = web.prepare(tmp_path, 5_000)
    web.build(tmp_path)
    found = web.count(tmp_path)
    assert found.items() >= expected.items()
    assert min(expected.values()) > 0
    assert (found["models"], found["whole"]) == (8, True)


def _thread(*items: tuple[float, str]) -> list[tuple]:
    """Items of a thread: (hours, kind); `in` is an eligible message of a customer."""
    return [
        ("t", int(hours * 3600), 0, 1, str(n), kind, kind == "in", kind == "in", f"m{n}")
        for n, (hours, kind) in enumerate(items)
    ]


def _first_replies(*items: tuple[float, str]) -> list[tuple[str, int | None]]:
    return [
        told
        for segment in models.segments(iter(_thread(*items)))
        for told in models.first_reply(segment)
    ]


def test_loop_restarts_the_clock_at_a_handover() -> None:
    told = _first_replies((0, "in"), (0.1, "bot"), (0.5, "bot_handoff"), (1, "human"))
    assert told == [("m0", 1800)]


def test_loop_never_lets_a_waiting_customer_expire() -> None:
    assert _first_replies((0, "in"), (100, "human")) == [("m0", 360_000)]
    assert _first_replies((0, "in"), (1, "human"), (80, "in")) == [("m0", 3600), ("m2", None)]


def test_loop_keeps_a_customer_who_returns_within_a_week_of_the_close() -> None:
    week = 7 * 24
    told = _first_replies((0, "in"), (1, "human"), (2, "closed"), (1 + week, "in"))
    assert told == [("m0", 3600)]
    told = _first_replies((0, "in"), (1, "human"), (2, "closed"), (2 + week, "in"))
    assert told == [("m0", 3600), ("m3", None)]


def test_page_replaces_the_rows_of_a_benchmark_and_keeps_the_others(tmp_path: Path) -> None:
    page = tmp_path / "results.md"
    record([Measurement("b", "w", "old", 1, 1), Measurement("a", "w", "kept", 1, 1)], page)
    record([Measurement("b", "w", "new", 1, 0)], page)
    rows = [line for line in page.read_text().splitlines() if line.startswith(("| a", "| b "))]
    assert [row.split(" | ")[2] for row in rows] == ["kept", "new"]
