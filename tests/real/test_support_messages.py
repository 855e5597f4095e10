"""Every record of the real support messages is in the facts, or refused with a reason.

The file has 2,499 records below its header. One tweet holds an unquoted line break, so the two
halves of it are records with cells missing: a person can see that they belong together, a program
that guessed would one day join what does not. They are refused, and shown where and why.
"""

from __future__ import annotations

import pytest

from tests.real import care_by_hand
from tests.real.by_hand import key

pytestmark = pytest.mark.real


def test_file_has_the_records_the_tests_speak_of(archive) -> None:
    assert archive.records == 2499
    assert len(archive.messages) == 2497
    assert len({message.id for message in archive.messages}) == 2497
    assert list(archive.damaged) == [2485, 2486]


def test_every_message_is_in_the_facts_or_in_quarantine_with_a_reason(
    archive, real_warehouse
) -> None:
    stored = {
        row["message_key"]
        for row in real_warehouse.rows(
            f"select message_key from core.fct_messages where source = '{care_by_hand.SOURCE}'"
        )
    }
    assert stored == {key("x", message.id) for message in archive.messages}

    refused = real_warehouse.lake(f"quarantine/{care_by_hand.SOURCE}/tweets")
    assert {row["row"] for row in refused} == set(archive.damaged)
    assert len(refused) == len(archive.damaged)
    for row in refused:
        assert row["file"] == care_by_hand.FILE
        assert "cell for every column" in row["reason"]
    assert len(stored) + len(refused) == archive.records


def test_account_of_the_file_adds_up(archive, real_warehouse) -> None:
    (account,) = (
        row
        for row in real_warehouse.lake("raw/extraction/files")
        if row["file"] == care_by_hand.FILE
    )
    assert account["status"] == "partly_quarantined"
    assert account["rows_read"] == archive.records
    assert account["rows_in_lake"] == len(archive.messages)
    assert account["rows_quarantined"] == len(archive.damaged)


def test_messages_keep_direction_and_instant(archive, real_warehouse) -> None:
    stored = {
        row["message_key"]: (row["direction"], row["sent_at"], row["is_eligible"])
        for row in real_warehouse.rows(
            "select message_key, direction, sent_at, is_eligible from core.fct_messages"
            f" where source = '{care_by_hand.SOURCE}'"
        )
    }
    assert stored == {
        key("x", message.id): (
            "in" if message.inbound else "out",
            message.sent_at,
            message.is_eligible,
        )
        for message in archive.messages
    }
