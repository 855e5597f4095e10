"""Worked examples of the field, from exported rows to the numbers, and the tests that hold them.

An example whose numbers vendors publish belongs here; rules of ours alone are unit tests of models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.oracle.bench import Bench
from tests.oracle.stories import Story

# Example → the unit test beside the model that holds it. None of them may vanish.
UNIT_TESTS = {
    "received Monday 08:00, reply 09:20": "wait_before_opening_counts_from_opening",
    "received Friday 16:45, reply Monday 09:15": "weekend_between_two_days_counts_only_open_time",
    "the same over the clock change": "weekend_with_clock_change_counts_only_open_time",
    "reply at 09:15 meets 30 minutes": "reply_at_the_target_meets_it",
    "reply at 09:16 breaches them": "reply_a_minute_past_the_target_breaches_it",
    "Saturday 10:00 to 11:00": "wait_outside_hours_is_zero_seconds_and_stays_a_row",
    "bot 11:01, hand-over 11:02, person 11:30": "bot_handoff_starts_the_human_clock",
    "bot answers, person later": "bot_reply_does_not_stop_the_clock",
    "hours that change within a wait": "schedule_in_force_on_each_day_counts",
    "reopened Friday 14:00, person 14:10": "reopened_conversation_is_timed_from_its_reopening",
    "waits of 5, 20 and 240 minutes": "mean_median_and_p90_come_from_the_rows",
    "agent writes first": "brand_initiated_conversation_times_the_customers_message",
    "agent writes first, headline": "conversation_we_opened_is_in_no_slice_of_care",
    "Jen and Amanda": "case_of_two_people_is_touched_once_and_open_twice",
    "closed, reopened, closed": "open_time_is_the_sum_of_open_intervals",
    "a, a, b, a are two handoffs": "first_assignment_is_no_handoff",
}


def test_every_worked_example_has_its_unit_test(manifest: Mapping[str, Any]) -> None:
    there = {node["name"] for node in manifest["unit_tests"].values()}
    assert set(UNIT_TESTS.values()) - there == set()


def before_opening(story: Story) -> None:
    story.message("2026-03-02T13:00")
    story.reply("2026-03-02T14:20")


def over_a_weekend(story: Story) -> None:
    story.message("2026-02-27T21:45")
    story.reply("2026-03-02T14:15")


def over_the_clock_change(story: Story) -> None:
    story.message("2026-03-06T21:45")
    story.reply("2026-03-09T13:15")


def on_a_saturday(story: Story) -> None:
    story.message("2026-02-28T15:00")
    story.reply("2026-02-28T16:00")


def bot_hands_over(story: Story) -> None:
    story.message("2026-03-02T16:00")
    story.bot("2026-03-02T16:01")
    story.event("2026-03-02T16:02", "bot_handoff")
    story.reply("2026-03-02T16:30")


def bot_resolves_then_reopened(story: Story) -> None:
    story.message("2026-03-02T14:00")
    story.bot("2026-03-02T14:04")
    story.event("2026-03-02T14:05", "closed")
    story.message("2026-03-06T19:00")
    story.reply("2026-03-06T19:10")


def burst(story: Story) -> None:
    for minute in ("00", "05", "09"):
        story.message(f"2026-03-02T15:{minute}")
    story.reply("2026-03-02T15:20")
    story.reply("2026-03-02T15:25")


@pytest.mark.parametrize(
    ("told", "minutes", "business_minutes", "bot_minutes"),
    [
        (before_opening, 80, 20, None),
        (over_a_weekend, 3870, 30, None),
        (over_the_clock_change, 3810, 30, None),
        (on_a_saturday, 60, 0, None),
        (bot_hands_over, 28, 28, 1),
        (bot_resolves_then_reopened, 10, 10, None),
        (burst, 20, 20, None),
    ],
)
def test_first_reply_of_a_worked_example(
    told: Callable[[Story], None],
    minutes: int,
    business_minutes: int,
    bot_minutes: int | None,
    bench: Bench,
) -> None:
    story = Story()
    told(story)
    bench.warehouse.build(story.tables)
    (first,) = [row for row in bench.warehouse.rows("fct_replies") if row["is_first"]]
    assert first["wait_s"] == minutes * 60
    assert first["wait_business_s"] == business_minutes * 60
    assert first["bot_s"] == (None if bot_minutes is None else bot_minutes * 60)


@pytest.mark.parametrize(("reply", "outcome"), [("14:15", "met"), ("14:16", "breached")])
def test_equality_meets_a_target_of_thirty_minutes(reply: str, outcome: str, bench: Bench) -> None:
    story = Story(network="telegraph")
    story.tables["sla_policies"].append(
        {
            "policy_id": "half an hour",
            "metric": "first_reply",
            "network": "telegraph",
            "message_type": "all",
            "visibility": "all",
            "priority": "all",
            "vip": "all",
            "target_s": 1800,
            "warning_share": 0.5,
            "clock": "business",
            "pauses": False,
            "valid_from_on": story.tables["business_hours"][0]["valid_from_on"],
        }
    )
    story.message("2026-02-27T21:45")
    story.reply(f"2026-03-02T{reply}")
    bench.warehouse.build(story.tables)
    (promise,) = [
        row for row in bench.warehouse.rows("fct_sla") if row["policy_id"] == "half an hour"
    ]
    assert promise["outcome"] == outcome
    assert str(promise["deadline_at"]) == "2026-03-02 14:15:00"


def test_jen_and_amanda(bench: Bench) -> None:
    """Assigned 13:05, replied 13:10 and closed, reopened 13:45, closed again 14:00."""
    story = Story(calendar="always_open")
    story.message("2026-03-02T13:05:00")
    story.event("2026-03-02T13:05:00", "assigned", "amanda", is_automatic=False)
    story.reply("2026-03-02T13:10:00", "amanda")
    story.event("2026-03-02T13:20:00", "closed", "amanda")
    story.event("2026-03-02T13:45:00", "reopened", "amanda")
    story.event("2026-03-02T14:00:00", "closed", "amanda")
    bench.warehouse.build(story.tables)
    (case,) = bench.warehouse.rows("fct_conversations")
    assert case["first_reply_s"] == 5 * 60
    assert case["open_s"] == (15 + 15) * 60
    assert (case["last_closed_at"] - case["first_assigned_at"]).total_seconds() == 55 * 60
    assert case["reopens"] == 1


def test_what_we_open_is_in_no_headline(bench: Bench) -> None:
    story = Story()
    story.reply("2026-03-02T14:00")
    story.message("2026-03-02T15:00")
    story.reply("2026-03-02T15:15")
    bench.warehouse.build(story.tables)
    (turn,) = bench.warehouse.rows("fct_replies")
    assert turn["wait_s"] == 15 * 60
    cells = [row for row in bench.warehouse.rows("kpi_scorecard") if row["kpi_id"] == "K04"]
    assert {row["value"] for row in cells} == {None}
