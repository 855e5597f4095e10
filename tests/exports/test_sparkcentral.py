"""Exports of Sparkcentral: file names with day-first stamps, wall times of a zone set elsewhere.

What the conversations in them amount to is tested beside the models.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from orchestration.exports.lake import dates_in_name

at = datetime.fromisoformat

CONVERSATIONS = (
    "Conversation ID,Medium,Channel,Channel Display Name,Contact Profile ID,"
    "Contact Primary Identifier,Contact Secondary Identifier,Created at,"
    "Last Status Change Agent ID,Resolved at,First Assigned at,Priority,Topic,Tags,Team,Status,"
    "Bot Started at,Bot Handed Over at\n"
)
MESSAGES = (
    "Message ID,Conversation ID,Network Message ID,Medium,Channel,Channel Display Name,Direction,"
    "Sent at,Agent ID,Is Automated,Contact Profile ID,Content,In Reply To,Is Private,Template ID,"
    "Sentiment\n"
)
RESOLVED = "sparkcentral/resolved_conversations"
OPEN = "sparkcentral/open_conversations"
WINDOW = "[03032026050000][04032026050000]"


def message(number: str, sent_at: str, direction: str = "Inbound", **cells: str) -> str:
    given = {"agent": "", "automated": "false", "contact": "155501", "content": "Hi"} | cells
    return (
        f"{number},c1,wamid.{number},WHATSAPP,wa-lumen,Lumen,{direction},{sent_at},"
        f'{given["agent"]},{given["automated"]},{given["contact"]},"{given["content"]}",,true,,\n'
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # A window, as documented, with and without its brackets and words.
        (
            f"[o7][message]{WINDOW}[8f1c].csv",
            [at("2026-03-03T05:00"), at("2026-03-04T05:00")],
        ),
        (
            "o7_message_03032026050000_04032026050000_8f1c.csv",
            [at("2026-03-03T05:00"), at("2026-03-04T05:00")],
        ),
        (
            "[o7][tag][from 31122025235959][to 01012026235959][u].csv",
            [at("2025-12-31T23:59:59"), at("2026-01-01T23:59:59")],
        ),
        # A snapshot has one stamp; an id may hold digits that look like a date.
        (
            "[o7][open-conversation][04032026050000][20250101-20260202].csv",
            [at("2026-03-04T05:00")],
        ),
        # No such day, and no stamp at all.
        ("[o7][open-conversation][31022026050000][u].csv", []),
        ("[o7][open-conversation][4032026050000][u].csv", []),
        # Year first, as other tools write it.
        ("messages_20260304050000.csv", [at("2026-03-04T05:00")]),
        ("messages_20201231235959.csv", [at("2020-12-31T23:59:59")]),
    ],
)
def test_stamps_in_file_names_begin_with_the_day(name: str, expected: list[datetime]) -> None:
    assert dates_in_name(name) == expected


def test_wall_times_are_read_in_the_zone_of_the_setting(zone) -> None:
    file = f"{RESOLVED}/[o7][resolved-conversation]{WINDOW}[u].csv"
    zone.drop(
        file,
        CONVERSATIONS
        + "c1,WHATSAPP,wa-lumen,Lumen,155501,Zoë,+49 151 1,2026-03-03 09:10:00,a1,"
        + '2026-03-03 10:00:00,2026-03-03 09:05:00,High,Billing,"tracker, how-to",Care,Resolved,'
        + ",\n",
    )
    report = zone.extract(RESOLVED, export_zones={"sparkcentral": "America/New_York"})
    assert [file.status for file in report.files] == ["loaded"]
    (row,) = zone.rows(RESOLVED)
    assert row["resolved_at"] == at("2026-03-03T15:00")
    assert row["first_assigned_at"] == at("2026-03-03T14:05")
    # So is the stamp in the file's name, which is the end of the window.
    assert row["_exported_at"] == at("2026-03-04T10:00")
    assert row["_exported_at_is_known"]
    assert (row["priority"], row["tags"]) == ("High", "tracker, how-to")
    for column in ("contact_profile_id", "contact_primary_identifier"):
        assert row[column].startswith("c_")
    assert "Zo" not in str(row)


def test_without_the_setting_the_file_says_what_to_do(zone) -> None:
    done = zone.load(
        f"sparkcentral/messages/[o7][message]{WINDOW}[u].csv",
        MESSAGES + message("m1", "2026-03-03 09:00:00"),
    )
    assert any("WAREHOUSE_EXPORT_ZONES=sparkcentral=" in warning for warning in done.warnings)
    assert zone.rows("sparkcentral/messages")[0]["sent_at"] == at("2026-03-03T09:00")


def test_a_list_without_times_has_a_name_in_the_zone_too(zone) -> None:
    zone.drop("sparkcentral/users/[o7][user][01072026000000][u].csv", "User ID,Name\na1,Una\n")
    zone.extract("sparkcentral/users", export_zones={"sparkcentral": "America/New_York"})
    (user,) = zone.rows("sparkcentral/users")
    assert user["_exported_at"] == at("2026-07-01T04:00")


def test_hour_that_exists_twice_is_read_as_the_first_and_noted(zone) -> None:
    zone.drop(
        "sparkcentral/messages/[o7][message][01112025000000][02112025235959][u].csv",
        MESSAGES + message("m1", "2025-11-02 01:30:00") + message("m2", "2025-11-02 03:30:00"),
    )
    report = zone.extract(
        "sparkcentral/messages", export_zones={"sparkcentral": "America/New_York"}
    )
    first, second = zone.rows("sparkcentral/messages")
    assert (first["sent_at"], first["_zone_notes"]) == (at("2025-11-02T05:30"), "sent_at")
    assert (second["sent_at"], second["_zone_notes"]) == (at("2025-11-02T08:30"), None)
    assert any("exist twice" in warning for warning in report.files[0].warnings)


def test_one_contact_is_one_pseudonym_in_messages_and_conversations(zone) -> None:
    zone.load(
        f"sparkcentral/messages/[o7][message]{WINDOW}[u].csv",
        MESSAGES
        + message("m1", "2026-03-03 09:00:00", content="Où est ma commande ?\nMerci")
        + message("m2", "2026-03-03 09:00:30", "Outbound", automated="true"),
    )
    zone.load(
        f"{OPEN}/[o7][open-conversation][04032026050000][u].csv",
        CONVERSATIONS + "c1,WHATSAPP,wa-lumen,Lumen,155501,Zoë,,,,,,,,,,Pending,,\n",
    )
    inbound, bot = zone.rows("sparkcentral/messages")
    (conversation,) = zone.rows(OPEN)
    assert inbound["contact_profile_id"] == conversation["contact_profile_id"]
    assert inbound["content"] == "Où est ma commande ?\nMerci"
    assert (inbound["direction"], bot["direction"], bot["is_automated"]) == (
        "inbound",
        "outbound",
        True,
    )
    assert inbound["is_private"] is True


def test_snapshot_of_an_empty_inbox_is_on_record(zone) -> None:
    """Nothing open is news: what was open before has been resolved."""
    done = zone.load(f"{OPEN}/[o7][open-conversation][05032026050000][u].csv", CONVERSATIONS)
    assert (done.status, done.rows_read) == ("loaded", 0)
    (record,) = zone.records()
    assert (record["status"], record["exported_at"]) == ("loaded", at("2026-03-05T05:00"))


def test_reported_times_removed_tags_and_users(zone) -> None:
    window = f"{WINDOW}[u].csv"
    zone.load(
        f"sparkcentral/response_times/[o7][response-times]{window}",
        "Conversation ID,Message ID,Response Time (s),Business Response Time (s),Agent ID,"
        "Replied at\nc1,m3,600,,a1,2026-03-03 09:10:00\nc1,m4,-5,,a1,2026-03-03 09:20:00\n",
    )
    zone.load(
        f"sparkcentral/tags/[o7][tag]{window}",
        "Tag,Conversation ID,Tagged at,Agent ID,Removed at\n"
        "Outage,c1,2026-03-03 09:07:00,,2026-03-03 09:30:00\n",
    )
    zone.load(
        f"sparkcentral/users/[o7][user]{window}",
        "User ID,Name,Email,Team,Role,Active\na1,Una,una@example.org,Care,Agent,false\n",
    )
    (reply,) = zone.rows("sparkcentral/response_times")
    assert (reply["response_s"], reply["response_business_s"]) == (600, None)
    (refused,) = zone.quarantine("sparkcentral/response_times")
    assert (refused["row"], refused["column_name"]) == (2, "response_s")
    (tag,) = zone.rows("sparkcentral/tags")
    assert tag["removed_at"] == at("2026-03-03T09:30")
    (user,) = zone.rows("sparkcentral/users")
    assert (user["name"], user["active"]) == ("Una", False)


def test_rows_that_cannot_be_meant_are_set_aside(zone) -> None:
    done = zone.load(
        f"sparkcentral/messages/[o7][message]{WINDOW}[u].csv",
        MESSAGES
        + message("m1", "2026-03-03 09:00:00")
        + message("m2", "03/04/2026 09:00")
        + message("", "2026-03-03 09:00:00")
        + message("1.22158E+17", "2026-03-03 09:00:00")
        + message("m5", "2031-03-03 09:00:00")
        + "m6,c1,w6,WHATSAPP\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 5)
    reasons = [row["reason"].split(":")[0] for row in zone.quarantine("sparkcentral/messages")]
    assert reasons == [
        "not an instant that exists",
        "missing value",
        "damaged id",
        "in the future",
        "truncated row",
    ]


def test_an_export_of_another_kind_in_the_folder_is_refused_with_the_columns_it_lacks(zone) -> None:
    done = zone.load(
        f"sparkcentral/messages/[o7][tag]{WINDOW}[u].csv",
        "Tag,Conversation ID,Tagged at,Agent ID\nOutage,c1,2026-03-03 09:07:00,\n",
    )
    assert done.status == "rejected"
    assert "message_id" in done.message
