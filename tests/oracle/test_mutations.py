"""The oracle itself: a model that is wrong in one place does not get past it.

Each case breaks one rule in the compiled SQL of one model; made-up worlds must show it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.oracle.bench import FACTS, SCORECARD, Bench
from tests.oracle.care import Row
from tests.oracle.worlds import EDGES, draw, export

WORLDS = 80


def swap(old: str, new: str) -> Callable[[str], str]:
    """What says one thing says another."""

    def changed(sql: str) -> str:
        assert old in sql, f"the model no longer says {old!r}"
        return sql.replace(old, new)

    return changed


FACT = tuple(FACTS)
KPI = (SCORECARD,)
CASES = {
    "reopening a second after seven days": (
        "int_conversation_items",
        swap(">= 604800", "> 604800"),
        FACT,
    ),
    "silence a second after 72 hours": (
        "int_conversation_items",
        swap(">= 259200", "> 259200"),
        FACT,
    ),
    "bots answer for people": (
        "int_conversation_items",
        swap("when is_bot then 'bot'", "when false then 'bot'"),
        FACT,
    ),
    "waits without business time are lost": (
        "fct_replies",
        swap("left join\n            clock as reply_clock", "join clock as reply_clock"),
        FACT,
    ),
    "a first reply at four hours misses": (
        "kpi_values_turns",
        swap("wait_s <= 14400", "wait_s < 14400"),
        KPI,
    ),
    "bot-contained turns count as unanswered": (
        "kpi_values_turns",
        swap("where not is_bot_contained and age_s > 86400", "where age_s > 86400"),
        KPI,
    ),
    "one touch is at most one reply": (
        "fct_conversations",
        swap("segments.human_replies = 1", "segments.human_replies <= 1"),
        FACT,
    ),
    "teams of today for replies of the past": (
        "fct_replies",
        swap("and turns.replied_at >= reply_team.valid_from_at", ""),
        FACT,
    ),
    "a target reached is a target missed": (
        "int_sla_outcomes",
        swap("elapsed_s > target_s", "elapsed_s >= target_s"),
        FACT,
    ),
    "resolutions never pause": (
        "int_sla_spans",
        swap("and followed.is_running", ""),
        FACT,
    ),
    "who never got an answer waits no more": (
        "fct_conversation_daily",
        swap(
            "coalesce(waiting.replied_at, cast('9999-12-31 00:00:00' as timestamp))",
            "waiting.replied_at",
        ),
        FACT,
    ),
    "the pace of 27 days for that of 28": (
        "kpi_values_backlog",
        swap("cast(-28 as integer)", "cast(-27 as integer)"),
        KPI,
    ),
    "medians of all waits": (
        "kpi_values_turns",
        swap(
            "quantile_cont(cast(sliced.wait_s as integer), 0.5)",
            "quantile_disc(sliced.wait_s, 0.5)",
        ),
        KPI,
    ),
}


@pytest.fixture(scope="module")
def answers(bench: Bench) -> dict[str, list[Row]]:
    """What the oracle says about some worlds, with the models as they are."""
    bench.warehouse.build(export([*EDGES, *draw(WORLDS)]))
    return bench.answers()


@pytest.mark.parametrize("name", CASES)
def test_the_oracle_notices(name: str, bench: Bench, answers: dict[str, list[Row]]) -> None:
    model, change, tables = CASES[name]
    try:
        bench.warehouse.mutate({model: change})
        found = bench.held_against({table: answers[table] for table in tables})
    finally:
        bench.warehouse.mutate({})
    assert found, "nothing differs: no world shows this mistake"
