"""The benchmarks measure something true: small ones are exact, and the page keeps its rows.

No time is asserted here: machines differ.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import business_time, limit, models, page, web
from benchmarks.measuring import Measurement, apart, record, results
from benchmarks.peers import run as peers
from benchmarks.peers import tickets, with_pandas

if TYPE_CHECKING:
    from tests.conftest import Pipeline


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


def test_the_facts_by_hand_equal_the_warehouses_in_every_column(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    import duckdb

    target = tmp_path / "by_hand.duckdb"
    limit.build(pipeline.settings.data_dir, pipeline.settings.as_of, target)
    found = limit.compare(pipeline.settings.data_dir, target)
    assert {fact: told["wrong"] for fact, told in found.items() if told["wrong"]} == {}
    assert set(found) == set(limit.FACTS)
    assert all(told["rows"] == told["rows_theirs"] > 100 for told in found.values())
    spoil = "update fct_replies set wait_s = wait_s + 1 where turn_key = (select min(turn_key) from"
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"{spoil} fct_replies where wait_s is not null)")
        connection.execute("delete from fct_messages where rowid = 0")
    found = limit.compare(pipeline.settings.data_dir, target)
    assert found["fct_replies"]["wrong"] == {"wait_s": 1}
    assert found["fct_messages"]["wrong"]["message_key"] == 1


def test_waits_crossed_with_weeks_are_right_without_holidays_and_clock_changes(
    tmp_path: Path,
) -> None:
    import duckdb

    tickets.prepare(tmp_path, 1_000)
    peers.cross_weeks(tmp_path)
    raw, answers = tmp_path / "lake" / "raw", tmp_path / "pandas.parquet"
    with_pandas.build(raw, peers.SEEDS, tickets.CALENDAR, answers)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'weeks.duckdb'}' as weeks (read_only)")
        waits, summer, summer_equal, different, too_long = connection.execute(
            f"""
            select
                count(*),
                count(*) filter (where is_summer),
                count(*) filter (where is_summer and is_equal),
                count(*) filter (where not is_equal),
                count(*) filter (where not is_equal and is_long)
            from (
                select
                    pandas.wait_business_s = weeks.wait_business_s as is_equal,
                    pandas.wait_s > 364 * 86400 as is_long,
                    pandas.sent_at between '2025-05-05' and '2025-10-10' as is_summer
                from weeks.answers as weeks
                full join '{answers}' as pandas on pandas.comment_id = weeks.first_comment_id
            )
            """
        ).fetchone()
    assert waits == 3_000
    assert summer == summer_equal > 500
    assert different > too_long > 0


def _run(size: str, messages: int, **seconds: float) -> dict[str, Any]:
    steps = {page.FULL: 10, page.BY_HAND: 8, page.DAY: 0.4, page.EMPTY: 30} | seconds
    return {
        "size": size,
        "command": f"make bench SIZE={size}",
        "measured_on": "2026-04-15",
        "machine": "2 cores, 24 GB",
        "world": {"messages": messages, "web_events": 2 * messages, "seconds": 3},
        "steps": [
            {"work": work, "seconds": spent, "peak_mb": 500, "outcome": "done"}
            for work, spent in steps.items()
        ],
        "profile": [{"name": "fct_messages", "schema": "core", "seconds": 2.0, "rows": 7}],
        "profile_of_the_day": [
            {"name": "fct_replies", "schema": "core", "seconds": 1.0, "rows": 5},
            {"name": "fct_messages", "schema": "core", "seconds": 3.0, "rows": 8},
        ],
        "rows_of_the_day": 1_234,
        "differing": {
            "fct_replies": {"rows": 5, "rows_theirs": 6, "columns": 3, "wrong": {"wait_s": 1}}
        },
        "disk_mb": {"lake": 12.5},
    }


def test_a_missed_goal_and_growth_are_told(tmp_path: Path) -> None:
    runs = [_run("1m", 10), _run("10m", 100, **{page.FULL: 130, page.BY_HAND: 80})]
    told = {wanted: holds for wanted, _, holds in page.verdicts(runs)}
    assert list(told.values()) == [False, True, True, True, False]
    assert page.growth(*runs)[page.FULL] == pytest.approx(0.3)
    assert page.growth(*runs)[page.BY_HAND] == pytest.approx(0)


def test_page_shows_what_is_kept_and_the_chart_is_drawn(tmp_path: Path) -> None:
    kept = {"small": {}, "whole": {"1m": _run("1m", 10)}}
    page.write(kept, tmp_path / "page.md", tmp_path / "chart.svg")
    text = (tmp_path / "page.md").read_text()
    assert "| fct_replies | 5 | 6 | 3 | wait_s: 1 |" in text
    assert "| fct_messages | core | 2.0 | 100.0% | 100.0% | 7 |" in text
    assert "1,234 rows came" in text
    assert (
        "| fct_messages | core | 3.0 | 75.0% | 75.0% | 8 |\n"
        "| fct_replies | core | 1.0 | 25.0% | 100.0% | 5 |"
    ) in text
    assert (tmp_path / "chart.svg").read_text().startswith("<svg")


def test_the_page_is_drawn_from_the_figures_that_are_kept(tmp_path: Path) -> None:
    page.write(page=tmp_path / "page.md", chart=tmp_path / "chart.svg")
    assert (tmp_path / "page.md").read_text() == page.PAGE.read_text()


def test_figures_of_a_benchmark_are_replaced_and_the_others_kept(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    record([Measurement("b", "w", "old", 1, 1), Measurement("a", "w", "kept", 1, 1)], path)
    record([Measurement("b", "w", "new", 1, 0)], path)
    small = results(path)["small"]
    assert {name: part["rows"][0]["outcome"] for name, part in small.items()} == {
        "a": "kept",
        "b": "new",
    }


def test_peak_memory_is_that_of_the_process_that_worked() -> None:
    small, large = (apart(bytearray, size)[2] for size in (1, 200_000_000))
    assert large - small > 150
