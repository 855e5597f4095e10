"""A few tickets from the landing zone to the feeds: what each witness of a ticket tells.

The tickets are made up; every one has another witness of its history. Single columns of the files
are tested in `test_zendesk.py`, single rules beside the models.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.exports.registry import STREAMS
from tests.exports.conftest import KEY
from tests.exports.test_zendesk import csv

at = datetime.fromisoformat

MIA, TOM, ZOE = 9001, 9002, 9003
ANA, BO = 501, 502
SYSTEM = -1
PAGE = {"facebook_id": "page1"}


def comment(number: int, author: int, time: str, **more) -> dict:
    """A public comment typed into Zendesk, unless `more` says otherwise."""
    return {
        "id": number,
        "author_id": author,
        "public": True,
        "created_at": time,
        "plain_body": f"comment {number}",
        "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        **more,
    }


def came(channel: str, **sender: str) -> dict:
    """Where a customer's comment came from."""
    return {"via": {"channel": channel, "source": {"from": sender, "to": {}, "rel": None}}}


def audit(number: int, author: int, time: str, *events: tuple, **more) -> dict:
    """An audit of changes (field, new, old)."""
    return {
        "id": number,
        "author_id": author,
        "created_at": time,
        "via": {"channel": "rule" if author == SYSTEM else "web"},
        "events": [
            {
                "id": number * 10 + place,
                "type": "Create" if old == "created" else "Change",
                "field_name": field,
                "value": new,
                "previous_value": None if old == "created" else old,
            }
            for place, (field, new, old) in enumerate(events)
        ]
        + [{"id": number * 10 + 9, **event} for event in more.get("others", ())],
    }


# Its audits tell everything.
AUDITED = {
    "id": 1,
    "created_at": "2026-03-02T09:00:10Z",
    "updated_at": "2026-03-02T12:00:00Z",
    "status": "solved",
    "requester_id": MIA,
    "assignee_id": ANA,
    "group_id": 70,
    "tags": ["billing", "vip"],
    "via": {"channel": "facebook", "source": {"from": {}, "to": PAGE, "rel": "post"}},
    "comments": [
        comment(
            11,
            MIA,
            "2026-03-02T09:00:10Z",
            **came("facebook", facebook_id="fb9"),
            graph_object_id="p_1",
        ),
        comment(12, ANA, "2026-03-02T09:30:00Z", audit_id=103),
        comment(13, BO, "2026-03-02T09:40:00Z", public=False),
        comment(14, MIA, "2026-03-02T11:00:00Z", **came("facebook", facebook_id="fb9")),
        comment(15, ANA, "2026-03-02T11:30:00Z"),
    ],
    "audits": [
        audit(101, MIA, "2026-03-02T09:00:10Z", ("status", "new", "created")),
        audit(102, SYSTEM, "2026-03-02T09:01:00Z", ("assignee_id", str(ANA), None)),
        audit(
            103,
            ANA,
            "2026-03-02T09:30:00Z",
            ("status", "pending", "new"),
            others=[{"type": "AgentMacroReference", "macro_id": "888"}],
        ),
        audit(104, BO, "2026-03-02T09:40:00Z", ("priority", "urgent", None)),
        audit(105, MIA, "2026-03-02T11:00:00Z", ("status", "open", "pending")),
        audit(106, ANA, "2026-03-02T11:30:00Z", ("status", "solved", "open")),
        audit(107, SYSTEM, "2026-03-06T11:30:00Z", ("status", "closed", "solved")),
    ],
}
# Its clocks tell when it was put aside, solved and opened again.
CLOCKED = {
    "id": 2,
    "created_at": "2026-03-03T09:00:00Z",
    "updated_at": "2026-03-05T12:00:00Z",
    "status": "closed",
    "requester_id": TOM,
    "assignee_id": BO,
    "group_id": 71,
    "tags": [],
    "via": {"channel": "email", "source": {"to": {"address": "Help@lumen.example"}}},
    "comments": [
        comment(21, TOM, "2026-03-03T09:00:00Z", **came("email", address="tom@mail.example")),
        comment(22, BO, "2026-03-03T10:00:00Z"),
        comment(23, TOM, "2026-03-05T10:00:00Z", **came("email", address="tom@mail.example")),
    ],
}
CLOCKS = [
    ("2026-03-03T09:00:00Z", "activate", "agent_work_time", "requester_wait_time"),
    ("2026-03-03T10:00:00Z", "pause", "agent_work_time", "requester_wait_time"),
    ("2026-03-03T12:00:00Z", "activate", "requester_wait_time"),
    ("2026-03-04T09:00:00Z", "fulfill", "agent_work_time", "requester_wait_time"),
    ("2026-03-05T10:00:00Z", "activate", "agent_work_time", "requester_wait_time"),
    ("2026-03-05T11:00:00Z", "fulfill", "agent_work_time", "requester_wait_time"),
]
# Nothing but successive exports tells of it. The CSV's times are of Berlin, an hour ahead.
EXPORTED = {
    "id": 3,
    "created_at": "2026-03-06T09:00:20Z",
    "updated_at": "2026-03-06T09:20:00Z",
    "status": "new",
    "requester_id": ZOE,
    "assignee_id": None,
    "via": {"channel": "twitter", "source": {"to": {"username": "Lumen"}, "rel": "mention"}},
    "comments": [
        comment(31, ZOE, "2026-03-06T09:00:20Z", **came("twitter", username="zoe")),
        comment(32, SYSTEM, "2026-03-06T09:00:30Z", via={"channel": "rule"}),
        comment(33, ANA, "2026-03-06T10:00:00Z"),
        comment(34, ZOE, "2026-03-08T18:00:00Z", **came("twitter", username="zoe")),
    ],
}
ROW = {"ID": "3", "Requester ID": str(ZOE), "Created at": "2026-03-06 10:00", "Group": "Social"}
SNAPSHOTS = {
    "2026-03-07T1800": ROW
    | {
        "Assignee": "Ana",
        "Status": "Open",
        "Updated at": "2026-03-07 11:00",
        "Initially assigned at": "2026-03-06 10:30",
        "Tags": "billing",
    },
    "2026-03-10": ROW
    | {
        "Assignee": "Bo",
        "Status": "Solved",
        "Priority": "High",
        "Updated at": "2026-03-09 12:00",
        "Initially assigned at": "2026-03-06 10:30",
        "Assigned at": "2026-03-09 10:00",
        "Solved at": "2026-03-09 11:00",
        "Reopens": "1",
        "First resolution time in minutes": "2880",
        "Full resolution time in minutes": "4380",
        "First reply time in minutes": "60",
        "Satisfaction Score": "Bad",
        "Tags": "vip",
    },
}
# What gives names to ids.
NAMED = [
    {**ROW, "ID": "1", "Assignee": "Ana", "Status": "Closed", "Updated at": "2026-03-06 12:30"},
    {**ROW, "ID": "2", "Assignee": "Bo", "Status": "Closed", "Updated at": "2026-03-05 13:00"},
]
# Exported whole, then as too large, then as deleted.
LARGE = {
    "id": 4,
    "created_at": "2026-03-07T09:00:00Z",
    "updated_at": "2026-03-07T09:00:00Z",
    "status": "open",
    "requester_id": ZOE,
    "via": {"channel": "whatsapp"},
    "comments": [comment(41, ZOE, "2026-03-07T09:00:00Z", **came("whatsapp", phone="+49 30"))],
}
LEAN = {name: value for name, value in LARGE.items() if name != "comments"}
LATER = {
    "2026-03-10T0600": [{**LEAN, "updated_at": "2026-03-08T09:00:00Z", "status": "hold"}],
    "2026-03-11T0600": [{**LEAN, "updated_at": "2026-03-09T09:00:00Z", "status": "deleted"}],
}


@pytest.fixture(scope="module")
def feeds(
    parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], list[tuple]]:
    """Questions to the feeds, built from several pulls."""
    from orchestration.exports.lake import ensure_lake, extract_stream
    from orchestration.settings import Settings
    from tests import warehouses

    root = tmp_path_factory.mktemp("zendesk")
    landing, data = root / "landing", root / "data"
    now = datetime(2026, 3, 12, 6, tzinfo=UTC)
    tickets = "".join(json.dumps({"ticket": t}) + "\n" for t in (AUDITED, CLOCKED, EXPORTED, LARGE))
    put(landing, "tickets/tickets_2026-03-10T0000.ndjson", tickets)
    for time, page in LATER.items():
        put(landing, f"tickets/page_{time}.json", json.dumps({"tickets": page}))
    events = [
        {"metric": metric, "type": kind, "time": time, "ticket_id": 2, "instance_id": 1}
        for time, kind, *metrics in CLOCKS
        for metric in metrics
    ]
    numbered = [{"id": number, **event} for number, event in enumerate(events)]
    put(
        landing,
        "ticket_metric_events/events_2026-03-11.json",
        json.dumps({"ticket_metric_events": numbered}),
    )
    rating = {"id": 1, "ticket_id": 1, "assignee_id": ANA, "requester_id": MIA, "comment": "thanks"}
    rating |= {"score": "good", "created_at": "2026-03-03T11:30:00Z"}
    rating |= {"updated_at": "2026-03-03T15:30:00Z"}
    put(landing, "satisfaction_ratings/ratings_2026-03-11.ndjson", json.dumps(rating))
    for time, row in SNAPSHOTS.items():
        put(landing, f"tickets_csv/export-{time}.csv", csv(row))
    put(landing, "tickets_csv/export-2026-03-11.csv", csv(*NAMED, before="Summation column"))
    ensure_lake(data)
    for stream in STREAMS:
        extract_stream(
            stream,
            landing,
            data,
            pseudonym_key=KEY,
            as_of=now,
            now=now,
            export_zones={"zendesk": "Europe/Berlin"},
        )
    select = ["stg_zendesk__*", "int_zendesk_*"]
    warehouses.build(parsed_settings, Settings(data_dir=data), now, select, is_checked=True)

    def ask(sql: str) -> list[tuple]:
        import duckdb

        with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as session:
            session.execute("set search_path = 'intermediate'")
            return session.execute(sql).fetchall()

    return ask


def put(landing: Path, file: str, content: str) -> None:
    path = landing / "zendesk" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def events(feeds: Callable[[str], list[tuple]], ticket: int, *kinds: str) -> list[tuple]:
    """Events of these kinds: instant, kind, value, agent by name."""
    return feeds(
        f"""
        select event_at, event_kind, event_value, agent_name
        from int_zendesk_events as events
        left join
            (select distinct agent_id, agent_name from int_zendesk_agents) as agents
            on agents.agent_id = events.agent_id
        where thread_id = '{ticket}' and event_kind in {(*kinds, "")}
        order by event_at, length(natural_event_id), natural_event_id
        """
    )


STATES = ("status", "closed", "reopened")


def test_audits_tell_the_history_of_a_ticket(feeds) -> None:
    assert events(feeds, 1, *STATES) == [
        (at("2026-03-02 09:30:00"), "status", "pending", "Ana"),
        (at("2026-03-02 11:00:00"), "status", "open", None),
        (at("2026-03-02 11:30:00"), "closed", None, "Ana"),
    ]
    assert events(feeds, 1, "assigned", "priority", "replied", "other") == [
        (at("2026-03-02 09:00:10"), "priority", "normal", None),
        (at("2026-03-02 09:01:00"), "assigned", None, "Ana"),
        (at("2026-03-02 09:30:00"), "replied", "888", "Ana"),
        (at("2026-03-02 09:40:00"), "other", "internal_note", "Bo"),
        (at("2026-03-02 09:40:00"), "priority", "critical", "Bo"),
    ]


def test_clocks_tell_it_where_there_are_no_audits(feeds) -> None:
    assert events(feeds, 2, *STATES) == [
        (at("2026-03-03 10:00:00"), "status", "pending", "Bo"),
        (at("2026-03-03 12:00:00"), "status", "on_hold", "Bo"),
        (at("2026-03-04 09:00:00"), "closed", None, "Bo"),
        (at("2026-03-05 10:00:00"), "reopened", None, None),
        (at("2026-03-05 11:00:00"), "closed", None, "Bo"),
    ]


def test_successive_exports_tell_the_rest(feeds) -> None:
    assert events(feeds, 3, *STATES) == [
        (at("2026-03-08 09:00:20"), "closed", None, "Ana"),
        (at("2026-03-08 18:00:00"), "reopened", None, None),
        (at("2026-03-09 10:00:00"), "closed", None, "Bo"),
    ]
    assert events(feeds, 3, "assigned", "priority", "tagged", "untagged") == [
        (at("2026-03-06 09:00:20"), "priority", "normal", None),
        (at("2026-03-06 09:30:00"), "assigned", None, "Ana"),
        (at("2026-03-07 10:00:00"), "tagged", "billing", None),
        (at("2026-03-09 09:00:00"), "assigned", None, "Bo"),
        (at("2026-03-09 11:00:00"), "priority", "high", None),
        (at("2026-03-09 11:00:00"), "tagged", "vip", None),
        (at("2026-03-09 11:00:00"), "untagged", "billing", None),
    ]


def test_a_deleted_ticket_is_over_and_keeps_its_messages_without_text(feeds) -> None:
    assert events(feeds, 4, *STATES) == [
        (at("2026-03-08 09:00:00"), "status", "on_hold", None),
        (at("2026-03-09 09:00:00"), "closed", None, None),
    ]
    assert feeds(
        "select natural_message_id, is_removed, message_text from int_zendesk_messages "
        "where thread_id = '4'"
    ) == [("41", True, None)]


def test_public_comments_are_messages(feeds) -> None:
    rows = feeds(
        "select natural_message_id, direction, is_bot, is_private, message_type_word, profile_id, "
        "native_message_id, template_id from int_zendesk_messages where thread_id <> '4' order by 1"
    )
    post, mail, tweet = "facebook/comment", "email/message", "twitter/tweet"
    address = "help@lumen.example"
    assert rows == [
        ("11", "in", False, False, post, "page1", "p_1", None),
        ("12", "out", False, False, post, "page1", None, "888"),
        ("14", "in", False, False, post, "page1", None, None),
        ("15", "out", False, False, post, "page1", None, None),
        ("21", "in", False, True, mail, address, None, None),
        ("22", "out", False, True, mail, address, None, None),
        ("23", "in", False, True, mail, address, None, None),
        ("31", "in", False, False, tweet, "lumen", None, None),
        ("32", "out", True, False, tweet, "lumen", None, None),
        ("33", "out", False, False, tweet, "lumen", None, None),
        ("34", "in", False, False, tweet, "lumen", None, None),
    ]


def test_reported_numbers_are_seconds(feeds) -> None:
    assert feeds(
        "select metric, value, opened_at from int_zendesk_reported where thread_id = '3' order by 1"
    ) == [
        ("final_close_s", 262_800.0, at("2026-03-06 09:00:20")),
        ("first_close_s", 172_800.0, at("2026-03-06 09:00:20")),
        ("first_reply_s", 3_600.0, at("2026-03-06 09:00:20")),
        ("reopens", 1.0, at("2026-03-06 09:00:20")),
    ]


def test_ratings_and_scores_of_tickets_are_surveys(feeds) -> None:
    assert feeds(
        "select survey_id, sent_at, responded_at, score_word, has_comment "
        "from int_zendesk_surveys order by 1"
    ) == [
        ("1", at("2026-03-03 11:30:00"), at("2026-03-03 15:30:00"), "good", True),
        ("ticket:3", at("2026-03-09 11:00:00"), at("2026-03-09 11:00:00"), "bad", False),
    ]


def test_every_agent_of_the_feeds_has_a_name_and_no_customer_is_one(feeds) -> None:
    assert feeds("select distinct agent_name from int_zendesk_agents order by 1") == [
        ("Ana",),
        ("Bo",),
    ]
    assert feeds(
        "select count(*) from int_zendesk_events where agent_id not in "
        "(select agent_id from int_zendesk_agents)"
    ) == [(0,)]
