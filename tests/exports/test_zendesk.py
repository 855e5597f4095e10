"""What Zendesk really exports: wall times of the account, odd units, envelopes, lists of people.

Files are made up and small. What the rows mean is tested beside the models.
"""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from orchestration.exports.casting import pseudonym

at = datetime.fromisoformat

BERLIN = {"zendesk": "Europe/Berlin"}
CSV_COLUMNS = (
    "ID,Requester,Requester ID,Requester external id,Requester email,Requester domain,Submitter,"
    "Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Assigned at,"
    "Organization,Due date,Initially assigned at,Solved at,Resolution time,Satisfaction Score,"
    "Group stations,Assignee stations,Reopens,Replies,First reply time in minutes,"
    "First reply time in minutes within business hours,First resolution time in minutes,"
    "First resolution time in minutes within business hours,Full resolution time in minutes,"
    "Full resolution time in minutes within business hours,Agent wait time in minutes,"
    "Agent wait time in minutes within business hours,Requester wait time in minutes,"
    "Requester wait time in minutes within business hours,On hold time in minutes,"
    "On hold time in minutes within business hours,Product [list]"
)
TICKET = {
    "ID": "7001",
    "Requester": "Mia Muster",
    "Requester ID": "9001",
    "Requester email": "mia@example.com",
    "Assignee": "Ana Agent",
    "Group": "Social",
    "Subject": "My order of Mia Muster",
    "Tags": "billing vip",
    "Status": "On-hold",
    "Priority": "Urgent",
    "Via": "X (formerly Twitter) DM",
    "Created at": "2026-01-05 12:00",
    "Updated at": "2026-01-06 08:30",
    "Solved at": "-",
    "Resolution time": "26",
    "Satisfaction Score": "Not Offered",
    "Reopens": "1",
    "Replies": "2",
    "First reply time in minutes": "35",
    "First reply time in minutes within business hours": "0",
    "Full resolution time in minutes": "1561",
    "Product [list]": "Tracker",
}


def csv(*rows: dict, before: str = "") -> str:
    """An account export of these tickets, with a column in front where `before` names one."""
    names = CSV_COLUMNS.split(",")
    lead = [before] if before else []
    lines = [",".join([*lead, *names])]
    lines += [
        ",".join(["", *cells][not before :])
        for cells in ([r.get(n, "") for n in names] for r in rows)
    ]
    return "\n".join(lines) + "\n"


def load_csv(zone, text: str, **more):
    """Extract one account export."""
    zone.drop("zendesk/tickets_csv/export-2026-02-01.csv", text)
    (done,) = zone.extract("zendesk/tickets_csv", **more).files
    return done


def masked(zone, value: str) -> str:
    """The pseudonym of a value in this zone."""
    import duckdb

    with duckdb.connect() as session:
        session.execute(f"set variable pseudonym_key = '{zone.key}'")
        return session.execute(f"select {pseudonym(repr(value))}").fetchone()[0]


def test_wall_times_of_the_account_export_are_of_the_zone_that_is_set(zone):
    done = load_csv(zone, csv(TICKET), export_zones=BERLIN)
    (row,) = zone.rows("zendesk/tickets_csv")
    assert done.warnings == ()
    assert row["created_at"] == at("2026-01-05 11:00:00")
    assert row["updated_at"] == at("2026-01-06 07:30:00")
    assert row["solved_at"] is None, "a dash is no value"


def test_without_a_zone_the_report_names_the_setting(zone):
    done = load_csv(zone, csv(TICKET))
    assert any("WAREHOUSE_EXPORT_ZONES=zendesk=<zone>" in w for w in done.warnings)


def test_resolution_time_is_hours_and_the_others_are_minutes(zone):
    load_csv(zone, csv(TICKET), export_zones=BERLIN)
    (row,) = zone.rows("zendesk/tickets_csv")
    assert row["resolution_time_h"] == 26
    assert row["full_resolution_time_in_minutes"] == 1561
    assert row["first_reply_time_in_minutes"] == 35
    assert row["first_reply_time_in_minutes_within_business_hours"] == 0
    assert row["first_resolution_time_in_minutes"] is None, "empty is not zero"


def test_an_old_file_starts_with_a_summation_column(zone):
    done = load_csv(zone, csv(TICKET, before="Summation column"), export_zones=BERLIN)
    (row,) = zone.rows("zendesk/tickets_csv")
    assert (done.status, done.warnings) == ("loaded", ())
    assert row["ticket_id"] == "7001"


def test_words_are_put_into_one_spelling_and_the_accounts_own_fields_are_kept_aside(zone):
    load_csv(zone, csv(TICKET), export_zones=BERLIN)
    (row,) = zone.rows("zendesk/tickets_csv")
    assert (row["status"], row["satisfaction_score"]) == ("hold", "unoffered")
    assert json.loads(row["_extra"]) == {"Product [list]": "Tracker"}


def test_a_row_of_the_account_export_names_no_customer(zone):
    load_csv(zone, csv(TICKET, {**TICKET, "ID": "7002", "Reopens": "-3"}), export_zones=BERLIN)
    (row,) = zone.rows("zendesk/tickets_csv")
    (refused,) = zone.quarantine("zendesk/tickets_csv")
    for text in (str(row), str(refused)):
        assert "Muster" not in text
        assert "example.com" not in text
        assert "9001" not in text
    assert row["requester_id"] == masked(zone, "9001")


COMMENT = {
    "id": 1,
    "author_id": 9001,
    "public": True,
    "created_at": "2026-01-05T11:00:00Z",
    "body": "Where is my order?",
    "html_body": "<p>Where is my order?</p>",
    "via": {
        "channel": "facebook",
        "source": {
            "from": {"name": "Mia Muster", "facebook_id": "fb9", "profile_url": "https://f/mia"},
            "rel": "post",
        },
    },
    "graph_object_id": "77_88",
}
JSON_TICKET = {
    "id": 7001,
    "created_at": "2026-01-05T11:00:00Z",
    "updated_at": "2026-01-06T07:30:00Z",
    "status": "open",
    "requester_id": 9001,
    "assignee_id": 501,
    "description": "Where is my order?",
    "tags": ["billing", "vip"],
    "via": {"channel": "facebook", "source": {"from": {"name": "Mia Muster"}, "rel": "post"}},
    "custom_fields": [{"id": 1, "value": "+49 30 1234"}],
    "comments": [COMMENT],
    "audits": [
        {
            "id": 3,
            "author_id": -1,
            "created_at": "2026-01-05T11:05:00Z",
            "events": [
                {"id": 31, "type": "Change", "field_name": "assignee_id", "value": "501"},
                {"id": 32, "type": "Change", "field_name": "subject", "value": "Mia Muster"},
                {"id": 33, "type": "Comment", "body": "Dear Mia Muster"},
                {"id": 34, "type": "Change", "field_name": "tags", "value": ["a"]},
            ],
        }
    ],
}


def line(document: dict) -> str:
    return json.dumps(document) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        line(JSON_TICKET),
        line({"ticket": JSON_TICKET}),
        line({"tickets": [JSON_TICKET], "after_cursor": "MTU3", "end_of_stream": True}),
        json.dumps({"tickets": [JSON_TICKET]}, indent=2),
    ],
    ids=["bare", "envelope", "page", "page_of_several_lines"],
)
def test_a_ticket_reads_alike_bare_in_an_envelope_and_in_a_page(zone, text):
    done = zone.load("zendesk/tickets/tickets_2026-02-01.json", text)
    (row,) = zone.rows("zendesk/tickets")
    assert (done.status, done.warnings) == ("loaded", ())
    assert (row["ticket_id"], row["channel"], row["rel"]) == ("7001", "facebook", "post")
    assert json.loads(row["tags"]) == ["billing", "vip"]
    assert row["_extra"] is None


def test_of_comments_and_audits_only_declared_fields_are_kept_and_people_are_pseudonyms(zone):
    zone.load("zendesk/tickets/tickets_2026-02-01.json", line({"ticket": JSON_TICKET}))
    (row,) = zone.rows("zendesk/tickets")
    (comment,) = json.loads(row["comments"])
    assert comment["author_id"] == row["requester_id"] == masked(zone, "9001")
    assert comment["native_sender"] == comment["sender"] == masked(zone, "fb9")
    assert comment["native_id"] == "77_88"
    assert comment["public"] == "true"
    (audit,) = json.loads(row["audits"])
    assert audit["author_id"] == "-1", "the system is nobody"
    changes = {event["id"]: (event["field_name"], event["value"]) for event in audit["events"]}
    assert changes == {
        "31": ("assignee_id", masked(zone, "501")),
        "32": (None, None),
        "33": (None, None),
        "34": ("tags", '["a"]'),
    }
    assert changes["31"][1] == row["assignee_id"]
    for secret in ("Muster", "9001", "1234", "https://f/mia", "html_body"):
        assert secret not in str(row)


def test_a_refused_ticket_shows_no_person_either(zone):
    broken = {**JSON_TICKET, "created_at": "yesterday"}
    zone.load("zendesk/tickets/tickets_2026-02-01.json", line({"ticket": broken}))
    (refused,) = zone.quarantine("zendesk/tickets")
    assert (refused["column_name"], refused["found"]) == ("created_at", "yesterday")
    for secret in ("Muster", "9001", "1234"):
        assert secret not in refused["raw_text"]


def test_a_large_ticket_comes_without_its_comments_and_is_a_row_all_the_same(zone):
    lean = {k: v for k, v in JSON_TICKET.items() if k not in ("comments", "audits")}
    zone.load("zendesk/tickets/large_2026-02-01.json", line({"ticket": lean}))
    (row,) = zone.rows("zendesk/tickets")
    assert (row["comments"], row["audits"]) == (None, None)


def test_comments_that_are_no_list_are_refused(zone):
    broken = {**JSON_TICKET, "comments": {"id": 1}}
    zone.load("zendesk/tickets/tickets_2026-02-01.json", line(broken) + line(JSON_TICKET))
    (refused,) = zone.quarantine("zendesk/tickets")
    assert refused["column_name"] == "comments"
    assert len(zone.rows("zendesk/tickets")) == 1


def test_a_last_page_without_tickets_is_no_error(zone):
    page = {"tickets": [], "after_cursor": None, "end_of_stream": True}
    done = zone.load("zendesk/tickets/page_2026-02-01.json", json.dumps(page))
    assert (done.status, done.rows_read) == ("loaded", 0)


def test_metrics_have_minutes_on_both_clocks(zone):
    metric = {
        "id": 5,
        "ticket_id": 7001,
        "created_at": "2026-01-05T11:00:00Z",
        "reopens": 1,
        "replies": 2,
        "reply_time_in_minutes": {"calendar": 35, "business": 0},
        "full_resolution_time_in_minutes": {"calendar": 1561, "business": None},
        "solved_at": None,
    }
    zone.load("zendesk/ticket_metrics/m_2026-02-01.json", json.dumps({"ticket_metrics": [metric]}))
    (row,) = zone.rows("zendesk/ticket_metrics")
    assert (row["reply_time_min_calendar"], row["reply_time_min_business"]) == (35, 0)
    assert row["full_resolution_time_min_calendar"] == 1561
    assert row["full_resolution_time_min_business"] is None
    assert (row["reopens"], row["solved_at"]) == (1, None)


def test_a_breach_to_come_is_no_error_of_the_clock(zone):
    event = {
        "id": 8,
        "ticket_id": 7001,
        "metric": "reply_time",
        "instance_id": 1,
        "type": "breach",
        "time": "2027-01-05T11:00:00Z",
    }
    done = zone.load("zendesk/ticket_metric_events/e_2026-02-01.json", line(event))
    assert done.status == "loaded"
    (row,) = zone.rows("zendesk/ticket_metric_events")
    assert (row["event_type"], row["happened_at"]) == ("breach", at("2027-01-05 11:00:00"))


def test_a_rating_keeps_its_score_and_not_its_person(zone):
    rating = {
        "id": 11,
        "ticket_id": 7001,
        "score": "good_with_comment",
        "requester_id": 9001,
        "assignee_id": 501,
        "created_at": "2026-01-07T11:00:00Z",
        "updated_at": "2026-01-08T11:00:00Z",
        "comment": "Thanks!",
        "url": "https://example.zendesk.com/ratings/11",
    }
    done = zone.load(
        "zendesk/satisfaction_ratings/r_2026-02-01.json",
        json.dumps({"satisfaction_ratings": [rating]}),
    )
    (row,) = zone.rows("zendesk/satisfaction_ratings")
    assert done.warnings == ()
    assert (row["rating_id"], row["score"]) == ("11", "good_with_comment")
    assert row["requester_id"] == masked(zone, "9001")
