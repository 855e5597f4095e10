"""Exports that contradict themselves: what becomes of each, by the rule that is written down.

Rows that cannot be read at all are refused at extraction and tested there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.oracle.bench import Bench
from tests.oracle.stories import SOURCE, Story


def only(bench: Bench, table: str) -> dict[str, Any]:
    (row,) = bench.warehouse.rows(table)
    return row


def test_an_agent_who_left_keeps_the_last_team_known(bench: Bench) -> None:
    story = Story()
    story.agent("2026-01-01", "leaver", "care")
    story.agent("2026-01-01", "stayer", "care")
    story.agent("2026-02-01", "stayer", "experts")
    story.message("2026-03-02T14:00")
    story.reply("2026-03-02T15:00", "leaver")
    bench.warehouse.build(story.tables)
    assert only(bench, "fct_replies")["team"] == "care"
    assert {
        (row["agent_name"], row["team"])
        for row in bench.warehouse.rows("dim_agent")
        if row["is_current"]
    } == {("leaver", "care"), ("stayer", "experts")}


def test_an_agent_whom_no_export_lists_is_unassigned_not_lost(bench: Bench) -> None:
    story = Story()
    story.message("2026-03-02T14:00")
    story.reply("2026-03-02T15:00", "stranger")
    bench.warehouse.build(story.tables)
    turn = only(bench, "fct_replies")
    assert (turn["team"], turn["is_replied"]) == ("unassigned", True)
    assert turn["agent_key"] is not None


def test_a_tag_that_was_deleted_still_tags_and_counts_in_no_topic(bench: Bench) -> None:
    story = Story()
    story.message("2026-03-02T14:00", tags_text="a tag nobody describes")
    bench.warehouse.build(story.tables)
    slices = {
        (row["slice_kind"], row["slice_value"])
        for row in bench.warehouse.rows("kpi_scorecard")
        if row["kpi_id"] == "K01" and row["value"] == 1
    }
    assert ("tag", "a tag nobody describes") in slices
    assert ("topic", "untagged") in slices


def test_a_tag_taken_off_a_thread_counts_nowhere(bench: Bench) -> None:
    story = Story()
    story.message("2026-03-02T14:00")
    for tag, removed_at in (("billing", datetime.fromisoformat("2026-03-03")), ("outage", None)):
        story.tables[f"int_{SOURCE}_thread_tags"].append(
            {
                "source": SOURCE,
                "thread_id": "thread",
                "opened_at": datetime.fromisoformat("2026-03-02T14:00"),
                "removed_at": removed_at,
                "tags_text": tag,
            }
        )
    bench.warehouse.build(story.tables)
    tags = bench.warehouse.rows("bridge_conversation_tags")
    topics = {row["tag_value"] for row in tags if row["tag_kind"] == "topic"}
    assert topics == {"outage"}


def test_a_survey_answered_twice_counts_with_the_later_answer(bench: Bench) -> None:
    story = Story()
    story.message("2026-03-02T14:00")
    for number, (at, score) in enumerate((("2026-03-03", "5"), ("2026-03-04", "1"))):
        story.tables["stg_ringcentral_engage__responses"].append(
            {
                "response_id": f"r{number}",
                "intervention_id": "episode",
                "thread_id": "thread",
                "responded_at": datetime.fromisoformat(at),
                "contact_id": "contact",
                "score": score,
                "network_word": "twitter",
                "exported_at": datetime.fromisoformat("2026-03-05"),
            }
        )
    bench.warehouse.build(story.tables)
    survey = only(bench, "fct_survey_responses")
    assert (float(survey["score_text"]), survey["is_satisfied"]) == (1, False)
    assert only(bench, "fct_conversations")["csat_satisfied"] is False


def test_a_reply_before_its_question_answers_nothing(bench: Bench) -> None:
    story = Story()
    story.reply("2026-03-02T13:59", in_reply_to_message_id="m2")
    story.message("2026-03-02T14:00")
    bench.warehouse.build(story.tables)
    turn = only(bench, "fct_replies")
    assert (turn["is_replied"], turn["wait_s"]) == (False, None)
    assert only(bench, "fct_conversations")["initiated_by"] == "brand"


def test_a_case_closed_before_it_opened_is_open(bench: Bench) -> None:
    story = Story()
    story.event("2026-03-02T13:00", "closed", "agent")
    story.message("2026-03-02T14:00")
    bench.warehouse.build(story.tables)
    case = only(bench, "fct_conversations")
    assert (case["status"], case["closes"], case["first_close_s"]) == ("open", 0, None)
    assert case["opened_at"] == datetime.fromisoformat("2026-03-02T14:00")


def test_a_close_while_closed_changes_nothing_for_what_comes_after(bench: Bench) -> None:
    story = Story()
    story.message("2026-03-02T14:00")
    story.event("2026-03-02T15:00", "closed", "agent")
    story.event("2026-03-08T15:00", "closed", "agent")
    story.bot("2026-03-10T10:00")
    story.message("2026-03-10T10:01")
    bench.warehouse.build(story.tables)
    cases = sorted(bench.warehouse.rows("fct_conversations"), key=lambda row: row["opened_at"])
    assert [(row["initiated_by"], row["inbound_messages"]) for row in cases] == [
        ("customer", 1),
        ("brand", 1),
    ]


def test_a_handover_after_the_answer_restarts_no_clock(bench: Bench) -> None:
    story = Story()
    story.message("2026-03-02T14:00")
    story.reply("2026-03-02T15:00")
    story.event("2026-03-02T15:00", "bot_handoff")
    bench.warehouse.build(story.tables)
    assert only(bench, "fct_replies")["wait_s"] == 3600


def test_a_message_in_two_inboxes_is_one_message_and_one_thread(bench: Bench) -> None:
    story = Story()
    story.message("2026-03-02T14:00:20", native_message_id="n1", native_contact_id="c")
    story.message(
        "2026-03-02T14:00:00",
        source="sprout_social",
        thread_id="elsewhere",
        native_message_id="n1",
        native_contact_id="c",
        contact_id="another id",
    )
    story.message(
        "2026-03-02T14:05:00",
        source="sprout_social",
        thread_id="elsewhere",
        native_message_id="n2",
        native_contact_id="c",
        contact_id="another id",
    )
    bench.warehouse.build(story.tables)
    case = only(bench, "fct_conversations")
    assert case["inbound_messages"] == 2
    assert case["opened_at"] == datetime.fromisoformat("2026-03-02T14:00:20")


def test_a_contact_in_two_inboxes_is_one_contact_who_comes_back(bench: Bench) -> None:
    story = Story()
    story.message("2026-03-02T14:00", native_contact_id="c", tags_text="billing")
    story.reply("2026-03-02T14:10")
    story.event("2026-03-02T15:00", "closed", "agent")
    story.message(
        "2026-03-05T14:00",
        source="sprout_social",
        thread_id="elsewhere",
        native_contact_id="c",
        contact_id="another id",
        tags_text="billing",
    )
    bench.warehouse.build(story.tables)
    rows = bench.warehouse.rows("fct_conversations")
    assert len({row["contact_key"] for row in rows}) == 1
    (closed,) = [row for row in rows if row["status"] == "closed"]
    assert (closed["is_repeated_within_7d"], closed["is_fcr"]) == (True, False)
