"""What a client of the Sprout Social API really saves, and what the feeds make of it.

Files are made up and small. Each rule of a model alone is tested beside that model; here are the
shapes of the files, and one company's week from the landing zone to the feeds.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.exports.casting import pseudonym
from orchestration.exports.sprout_social import STREAMS

at = datetime.fromisoformat

ANN = "urn:spt:core:account_login:42"
RULE = "urn:spt:core:automated_rule:7"
KEY = "a key for tests only"


def message(guid: str, time: str, **more) -> dict:
    """A message as the API returns it, received by the profile 5001 on X unless `more` differs."""
    return {
        "guid": guid,
        "network": "TWITTER",
        "post_type": "TWEET",
        "created_time": time,
        "from": {
            "guid": "twu:77",
            "name": "Mia Muster",
            "screen_name": "mia_muster",
            "profile_picture": "https://pictures.example/mia",
        },
        "profile_guid": "twu:900",
        "customer_profile_id": 5001,
        "text": 'Is this "data":[ broken?\nYes.',
        "perma_link": f"https://x.example/{guid}",
        "internal": {"tags": [{"id": 1}, {"id": 2}]},
        "language_code": "en",
    } | more


def sent(guid: str, time: str, user: int | None = None, **more) -> dict:
    """A message of ours; by `user` of the tool, else by the network's own app or a rule."""
    by = {"sent_by": {"id": user, "email": "ann@lumen.example"}} if user else {}
    ours = {"from": {"guid": "twu:900", "name": "Lumen"}, "internal": {"tags": [], **by}}
    return message(guid, time, **(ours | more))


def page(*rows: object, **more) -> str:
    """One page of the API on one line."""
    return json.dumps({"data": list(rows), "paging": {"next_cursor": "abc=="}} | more) + "\n"


def lines(*rows: dict) -> str:
    """Rows, one a line."""
    return "".join(json.dumps(row) + "\n" for row in rows)


ONE = message("t:1", "2026-03-02T10:00:00Z")
TWO = message("t:2", "2026-03-02T10:01:00Z")

SHAPES = {
    "a page": page(ONE, TWO),
    "pages, one a line": page(ONE) + page(TWO),
    "rows, one a line": lines(ONE, TWO),
    "pages of many lines": "\ufeff"
    + json.dumps({"paging": {"data": ["no row"]}, "data": [ONE]}, indent=2)
    + "\n"
    + json.dumps({"data": [TWO]}, indent=2),
    "a page with a row a line": '{"data": [\n' + json.dumps(ONE) + ",\n" + json.dumps(TWO) + "\n]}",
    "a list": json.dumps([ONE, TWO]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_are_the_same_in_every_shape_a_client_saves(zone, shape: str) -> None:
    done = zone.load("sprout_social/messages/messages_2026-03-03.json", SHAPES[shape])
    assert (done.status, done.rows_in_lake, done.warnings) == ("loaded", 2, ())
    first, second = zone.rows("sprout_social/messages")
    assert (first["guid"], second["guid"]) == ("t:1", "t:2")
    assert first["created_time"] == at("2026-03-02 10:00:00")
    assert first["text"] == 'Is this "data":[ broken?\nYes.'
    assert json.loads(first["tag_ids"]) == [{"id": 1}, {"id": 2}]
    assert first["customer_profile_id"] == "5001"
    assert (first["_source_row"], second["_source_row"]) == (1, 2)


def test_compressed_pages_are_read(zone) -> None:
    done = zone.load("sprout_social/messages/m.json.gz", gzip.compress(page(ONE, TWO).encode()))
    assert done.rows_in_lake == 2


def test_a_page_without_rows_is_no_error(zone) -> None:
    done = zone.load("sprout_social/messages/m.json", page())
    assert (done.status, done.rows_read) == ("loaded", 0)


def test_lists_keep_the_numbers_as_they_are_written(zone) -> None:
    actions = '{"first_reply":{"actor":12345678901234567890,"time_elapsed":0.10}}'
    row = json.dumps(ONE)[:-1] + f', "activity_metadata": {actions}}}'
    zone.load("sprout_social/messages/m.json", f'{{"data":[{row}]}}')
    (found,) = zone.rows("sprout_social/messages")
    assert "12345678901234567890" in found["activity_metadata"]


def test_people_are_masked_without_the_prefix_of_the_tool(zone) -> None:
    """The same person in an inbox that writes the bare id is the same pseudonym."""
    zone.load("sprout_social/messages/m.json", page(ONE))
    (row,) = zone.rows("sprout_social/messages")
    assert row["from_guid"] == masked("77")
    assert row["from_name"] == masked("Mia Muster")
    assert "muster" not in json.dumps(row, default=str).lower()


def test_own_message_is_told_by_the_ids_as_written(zone) -> None:
    nameless = {k: v for k, v in TWO.items() if k != "from"}
    zone.load(
        "sprout_social/messages/m.json", page(ONE, nameless, sent("t:3", TWO["created_time"]))
    )
    rows = zone.rows("sprout_social/messages")
    assert [row["is_from_profile"] for row in rows] == [False, None, True]


def test_fields_that_were_not_asked_for_are_empty(zone) -> None:
    """Without `fields` the API returns ids only; with some, those."""
    few = {"guid": "t:1", "created_time": "2026-03-02T10:00:00Z"}
    zone.load("sprout_social/messages/few.json", page(few))
    (row,) = zone.rows("sprout_social/messages")
    assert (row["text"], row["from_guid"], row["is_from_profile"]) == (None, None, None)
    refused = zone.load("sprout_social/messages/ids.json", page({"guid": "t:1"}))
    assert refused.status == "rejected"
    assert "created_time" in refused.message


def test_a_bad_row_costs_itself_only_and_names_nobody(zone) -> None:
    impossible = message("t:3", "2026-02-30T10:00:00Z")
    future = message("t:4", "2031-01-01T10:00:00Z")
    cut = json.dumps(message("t:5", "2026-03-02T10:00:00Z"))[:-40]
    content = page(ONE, impossible, "no object", {"guid": "t:6"}) + cut + "\n" + page(TWO, future)
    done = zone.load("sprout_social/messages/m.json", content)
    assert (done.status, done.rows_read, done.rows_in_lake) == ("partly_quarantined", 7, 2)
    refused = zone.quarantine("sprout_social/messages")
    assert [row["row"] for row in refused] == [2, 3, 4, 5, 7]
    assert [row["column_name"] for row in refused] == [
        "created_time",
        None,
        "created_time",
        None,
        "created_time",
    ]
    readable = [row["raw_text"] for row in refused if row["row"] != 5]
    assert masked("77") in readable[0]
    assert not any("uster" in text or "twu:77" in text for text in readable)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (json.dumps({"data": [ONE]}, indent=2)[:-30], "broken or not complete"),
        ('"User does not have permission"', "no header"),
        ('{"error": "page_cursor is invalid"}', "required column missing"),
    ],
)
def test_what_is_no_page_is_rejected_with_the_reason(zone, content: str, expected: str) -> None:
    done = zone.load("sprout_social/messages/m.json", content)
    assert (done.status, done.rows_in_lake) == ("rejected", 0)
    assert expected in done.message


def test_case_and_metadata_rows_are_read(zone) -> None:
    zone.load("sprout_social/cases/cases_2026-03-03T060000Z.json", page(CASE))
    zone.load("sprout_social/metadata/metadata_2026-03-01.ndjson", METADATA)
    (case,) = zone.rows("sprout_social/cases")
    assert (case["case_id"], case["status"], case["queue_id"]) == ("500", "OPEN", "756")
    assert json.loads(case["assigned_to"]) == [ANN]
    assert case["last_closed_time"] is None
    assert case["_exported_at"] == at("2026-03-03 06:00:00")
    kinds = {(row["kind"], row["id"]): row for row in zone.rows("sprout_social/metadata")}
    assert kinds["customer_profile", "5001"]["native_id"] == "900"
    assert kinds["tag", "1"]["text"] == "billing"
    assert kinds["user", "42"]["email"] == masked("ann@lumen.example")
    assert json.loads(kinds["team", "3"]["user_ids"]) == [42]


def masked(value: str) -> str:
    """The pseudonym of a text under the key of these tests."""
    import duckdb

    with duckdb.connect() as session:
        session.execute(f"set variable pseudonym_key = '{KEY}'")
        return session.execute(f"select {pseudonym(repr(value))}").fetchone()[0]


# --- a week ------------------------------------------------------------------------------------

CASE = {
    "case_id": "500",
    "type": "general",
    "group_id": "1196505",
    "priority": "HIGH",
    "status": "OPEN",
    "messages": [
        {
            "guid": "d:10",
            "msg_created_date": "2026-03-02T12:00:00Z",
            "case_message_direction": "RECEIVED",
            "is_anchor": True,
        }
    ],
    "created_by": RULE,
    "created_time": "2026-03-02T12:00:30Z",
    "updated_time": "2026-03-02T12:10:00Z",
    "assigned_to": [ANN],
    "assigned_by": RULE,
    "queue_id": "756",
    "tags": [{"tag_id": 1, "updated_by": ANN, "updated_time": "2026-03-02T12:11:00Z"}],
}
METADATA = lines(
    {
        "kind": "customer_profile",
        "customer_profile_id": 5001,
        "network_type": "twitter",
        "name": "Lumen",
        "native_id": "900",
    },
    {"kind": "tag", "tag_id": 1, "text": "billing", "type": "LABEL", "active": True},
    {"kind": "tag", "tag_id": 2, "text": "tracker", "type": "LABEL", "active": True},
    {"kind": "user", "id": 42, "name": "Ann", "email": "ann@lumen.example"},
    {"kind": "user", "id": 43, "name": "Bob", "email": "bob@lumen.example"},
    {"kind": "team", "id": 3, "name": "Tier 1", "user_ids": [42]},
    {"kind": "queue", "id": 756, "name": "Billing", "associated_teams": [3]},
)
LATER_METADATA = lines(
    {"kind": "tag", "tag_id": 1, "text": "billing", "type": "LABEL", "active": True},
    {"kind": "user", "id": 42, "name": "Ann", "email": "ann@lumen.example"},
    {"kind": "team", "id": 4, "name": "Tier 2", "user_ids": [42]},
)


def acted(**actions: tuple[str, str, int]) -> dict:
    """`activity_metadata` of (actor, time, elapsed) by action."""
    return {
        f"first_{word}": {"actor": actor, "timestamp": time, "time_elapsed": elapsed}
        for word, (actor, time, elapsed) in actions.items()
    }


DIRECT = {"post_type": "TWITTER_DIRECT_MESSAGE"}
OTHER = {"from": {"guid": "twu:88", "name": "Noa"}}
WEEK = [
    # Answered by the message after it, and completed; the rule's tag is no work of anybody.
    message(
        "t:1",
        "2026-03-02T10:00:00Z",
        activity_metadata=acted(
            reply=(ANN, "2026-03-02T10:20:02Z", 1202),
            tag=(RULE, "2026-03-02T10:00:01Z", 1),
            complete=(ANN, "2026-03-02T10:21:00Z", 1260),
        ),
    ),
    sent("t:2", "2026-03-02T10:20:00Z", 42),
    # Answered by somebody whose message is in no export.
    message(
        "t:3",
        "2026-03-02T11:00:00Z",
        **OTHER,
        activity_metadata=acted(reply=(ANN, "2026-03-02T11:30:00Z", 1800)),
    ),
    # Answered by a rule, which is nobody's reply.
    message(
        "t:4",
        "2026-03-02T11:00:00Z",
        activity_metadata=acted(reply=(RULE, "2026-03-02T11:00:05Z", 5)),
    ),
    sent("t:5", "2026-03-02T11:00:06Z"),
    message("d:10", "2026-03-02T12:00:00Z", **DIRECT, case_id="500"),
    sent("d:11", "2026-03-02T12:30:00Z", 42, **DIRECT, case_id="500"),
    message("d:12", "2026-03-02T12:00:00Z", **DIRECT, **OTHER),
    message("d:13", "2026-03-08T12:00:00Z", **DIRECT, **OTHER),
    message("f:14", "2026-03-02T12:00:00Z", post_type="TWITTER_FOLLOWER_ALERT"),
    message("q:15", "2026-03-02T12:00:00Z", post_type="HOLOGRAM_SHOUT"),
    # Our campaign, which answers nobody.
    sent("t:16", "2026-03-02T15:00:00Z", 43),
]


@pytest.fixture(scope="module")
def feeds(
    parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], list[dict]]:
    """Questions to the feeds, built from a week of exports in three pulls."""
    from orchestration.exports.lake import ensure_lake, extract_stream
    from orchestration.settings import Settings
    from tests import warehouses

    root = tmp_path_factory.mktemp("sprout")
    landing, data = root / "landing", root / "data"
    now = datetime(2026, 3, 10, 6, tzinfo=UTC)
    closed = {"last_closed_time": "2026-03-03T15:00:00Z"}
    snapshots = {
        "2026-03-03": CASE,
        "2026-03-04": CASE
        | closed
        | {"status": "CLOSED", "updated_time": "2026-03-03T15:00:00Z", "priority": "LOW"},
        "2026-03-05": CASE
        | closed
        | {
            "status": "IN_PROGRESS",
            "updated_time": "2026-03-04T09:00:00Z",
            "assigned_to": ["urn:spt:core:account_login:43"],
            "assigned_by": ANN,
            "priority": "LOW",
            "tags": [],
        },
    }
    first = [{k: v for k, v in row.items() if k != "activity_metadata"} for row in WEEK[:4]]
    put(landing, "messages/messages_2026-03-03T060000Z.json", page(*first))
    put(landing, "messages/messages_2026-03-09T060000Z.ndjson", lines(*WEEK))
    for day, case in snapshots.items():
        put(landing, f"cases/cases_{day}T060000Z.json", page(case))
    put(landing, "metadata/metadata_2026-03-01T060000Z.ndjson", METADATA)
    put(landing, "metadata/metadata_2026-03-05T060000Z.ndjson", LATER_METADATA)
    ensure_lake(data)
    for stream in STREAMS:
        extract_stream(stream, landing, data, pseudonym_key=KEY, as_of=now, now=now)
    select = ["network_aliases", "stg_sprout_social__*", "int_sprout_social_*"]
    warehouses.build(parsed_settings, Settings(data_dir=data), now, select, is_checked=True)

    def ask(sql: str) -> list[dict]:
        import duckdb

        with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as session:
            cursor = session.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return ask


def put(landing: Path, file: str, content: str) -> None:
    path = landing / "sprout_social" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_every_message_finds_its_thread(feeds) -> None:
    rows = feeds("select * from intermediate.int_sprout_social_messages")
    threads = {row["natural_message_id"]: row["thread_id"] for row in rows}
    assert threads == {
        "t:1": "t:1",
        "t:2": "t:1",
        "t:3": "t:3",
        "t:3:reply": "t:3",
        "t:4": "t:4",
        "t:5": "t:4",
        "d:10": "case:500",
        "d:11": "case:500",
        "d:12": f"private:5001:{masked('88')}",
        "d:13": f"private:5001:{masked('88')}",
        "q:15": "q:15",
        "t:16": "t:16",
    }


def test_messages_carry_what_the_network_and_the_tool_know(feeds) -> None:
    rows = feeds("select * from intermediate.int_sprout_social_messages")
    by_id = {row["natural_message_id"]: row for row in rows}
    asked, reply = by_id["t:1"], by_id["t:2"]
    assert (asked["native_message_id"], asked["native_contact_id"]) == ("1", masked("77"))
    assert (asked["message_type_word"], asked["tags_text"]) == ("twitter/tweet", "billing,tracker")
    assert (reply["direction"], reply["agent_id"], reply["contact_id"]) == ("out", "42", None)
    assert reply["in_reply_to_message_id"] == "t:1"
    assert {by_id[i]["is_bot"] for i in ("t:2", "t:16", "t:3:reply")} == {False}
    assert by_id["t:5"]["is_bot"] is True
    stand_in = by_id["t:3:reply"]
    assert (stand_in["sent_at"], stand_in["agent_id"]) == (at("2026-03-02 11:30:00"), "42")
    assert (stand_in["native_message_id"], stand_in["message_text"]) == (None, None)
    assert by_id["d:10"]["message_type_word"] == "twitter/message"
    assert by_id["q:15"]["message_type_word"] == "twitter/post"


def test_a_case_is_told_from_its_daily_exports(feeds) -> None:
    rows = feeds(
        "select event_kind, event_at, agent_id, event_value, is_automatic "
        "from intermediate.int_sprout_social_events where thread_id = 'case:500' "
        "order by event_at, event_kind"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("priority", at("2026-03-02 12:00:30"), None, "high", False),
        ("assigned", at("2026-03-02 12:10:00"), "42", None, True),
        ("tagged", at("2026-03-02 12:11:00"), "42", "billing", False),
        ("closed", at("2026-03-03 15:00:00"), "42", None, False),
        ("priority", at("2026-03-03 15:00:00"), None, "low", False),
        ("assigned", at("2026-03-04 09:00:00"), "43", None, False),
        ("reopened", at("2026-03-04 09:00:00"), None, None, True),
        ("untagged", at("2026-03-04 09:00:00"), None, "billing", False),
    ]


def test_actions_on_messages_are_events_and_a_rule_is_nobody(feeds) -> None:
    rows = feeds(
        "select natural_event_id, event_kind, agent_id, is_automatic "
        "from intermediate.int_sprout_social_events where thread_id not like 'case:%' order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("bot:t:5", "bot_started", None, True),
        ("t:1:complete", "completed", "42", False),
        ("t:1:tag", "tagged", None, True),
    ]


def test_reported_first_replies_leave_out_rules(feeds) -> None:
    rows = feeds(
        "select thread_id, metric, value from intermediate.int_sprout_social_reported order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("t:1", "first_reply_s", 1202.0),
        ("t:3", "first_reply_s", 1800.0),
    ]


def test_leavers_and_deleted_tags_keep_what_they_were(feeds) -> None:
    agents = feeds(
        "select agent_id, team, exported_at from intermediate.int_sprout_social_agents "
        "order by agent_id, exported_at"
    )
    assert [tuple(row.values()) for row in agents] == [
        ("42", "Tier 1", at("2026-03-01 06:00:00")),
        ("42", "Tier 2", at("2026-03-05 06:00:00")),
        ("43", None, at("2026-03-01 06:00:00")),
    ]
    tags = feeds("select tag_id, tag_name from staging.stg_sprout_social__tags order by 1")
    assert [tuple(row.values()) for row in tags] == [("1", "billing"), ("2", "tracker")]
    thread_tags = feeds("select * from intermediate.int_sprout_social_thread_tags")
    assert [(row["tags_text"], row["removed_at"]) for row in thread_tags] == [
        ("billing", at("2026-03-04 09:00:00"))
    ]
