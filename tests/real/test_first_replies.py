"""Turns and first replies of the real support messages, counted again in plain Python.

`care_by_hand.py` follows the written definitions with loops, the warehouse with window functions;
every turn must agree, row by row, and so must the KPIs of the quarter most messages are from.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

import pytest

from tests.real import care_by_hand
from tests.real.by_hand import key
from tests.real.conftest import AS_OF

pytestmark = pytest.mark.real

QUARTER = (datetime(2017, 10, 1), datetime(2018, 1, 1))  # noqa: DTZ001 - naive instants are UTC


@pytest.fixture(scope="module")
def turns(archive) -> list[care_by_hand.Turn]:
    return care_by_hand.all_turns(archive.messages)


@pytest.fixture(scope="module")
def of_the_quarter(turns) -> list[care_by_hand.Turn]:
    start, end = QUARTER
    return [turn for turn in turns if turn.is_in_scope and start <= turn.started_at < end]


@pytest.fixture(scope="module")
def scorecard(real_warehouse) -> dict[str, dict]:
    rows = real_warehouse.rows(
        "select kpi_id, value, numerator, denominator, n from kpi.kpi_scorecard"
        " where period_kind = 'quarter' and period_start_on = date '2017-10-01'"
        " and slice_kind = 'overall'"
    )
    return {row["kpi_id"]: row for row in rows}


def test_every_turn_agrees_row_by_row(turns, real_warehouse) -> None:
    columns = (
        "first_message_key",
        "reply_message_key",
        "customer_messages",
        "started_at",
        "clock_started_at",
        "replied_at",
        "wait_s",
        "initiated_by",
        "is_eligible",
        "is_in_scope",
        "is_replied",
        "is_first",
    )
    stored = real_warehouse.rows(
        f"select {', '.join(columns)} from core.fct_replies where source = '{care_by_hand.SOURCE}'"
    )
    counted = [
        (
            key("x", turn.first_message.id),
            turn.reply and key("x", turn.reply.id),
            turn.customer_messages,
            turn.started_at,
            turn.started_at,
            turn.reply and turn.reply.sent_at,
            turn.wait_s,
            turn.initiated_by,
            turn.is_eligible,
            turn.is_in_scope,
            turn.reply is not None,
            turn.is_first,
        )
        for turn in turns
    ]
    in_sql = {row["first_message_key"]: tuple(row[name] for name in columns) for row in stored}
    in_python = {row[0]: row for row in counted}
    assert len(in_sql) == len(stored)
    assert len(in_python) == len(counted)
    assert in_sql == in_python


def test_file_holds_what_makes_the_comparison_worth_it(turns) -> None:
    assert len(turns) == 1218
    assert sum(turn.reply is not None for turn in turns) > 1000
    assert any(turn.initiated_by == "brand" for turn in turns)
    assert any(not turn.is_eligible for turn in turns)
    assert any(turn.customer_messages > 1 for turn in turns)
    assert any(turn.wait_s is not None and turn.wait_s > 72 * 3600 for turn in turns)


def test_first_reply_time_of_the_quarter(of_the_quarter, scorecard) -> None:
    hours = [
        turn.wait_s / 3600 for turn in of_the_quarter if turn.is_first and turn.reply is not None
    ]
    assert scorecard["K04"]["n"] == scorecard["K04"]["denominator"] == len(hours)
    assert scorecard["K04"]["numerator"] == pytest.approx(sum(hours), rel=1e-12)
    assert scorecard["K04"]["value"] == pytest.approx(sum(hours) / len(hours), rel=1e-12)
    assert scorecard["K05"]["n"] == len(hours)
    assert scorecard["K05"]["value"] == pytest.approx(median(hours), rel=1e-12)


def test_share_of_replied_turns_of_the_quarter(of_the_quarter, scorecard) -> None:
    as_of = AS_OF.replace(tzinfo=None)
    old_enough = [turn for turn in of_the_quarter if as_of - turn.started_at > timedelta(hours=24)]
    replied = sum(turn.reply is not None for turn in old_enough)
    assert scorecard["K03"]["value"] == len(of_the_quarter)
    assert scorecard["K13"]["denominator"] == len(old_enough)
    assert scorecard["K13"]["numerator"] == replied
    assert scorecard["K13"]["value"] == pytest.approx(replied / len(old_enough), rel=1e-12)
